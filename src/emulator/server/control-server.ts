import { timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { InputError } from '../../engine/invariant.ts';
import { COMMANDS, statusOf } from './control-commands.ts';
import type { ControlParts } from './control-commands.ts';
import { VirtualTime } from './virtual-time.ts';

const MOST_BODY_BYTES = 64 * 1024;

/** Commands to the emulator itself, on a port and with a token of its own. */
export class ControlServer {
  readonly server: Server;
  readonly #parts: ControlParts;
  readonly #token: string;
  readonly #streams = new WebSocketServer({ noServer: true, maxPayload: MOST_BODY_BYTES });

  constructor(parts: ControlParts, token: string) {
    this.#parts = parts;
    this.#token = token;
    this.server = createServer((request, response) => {
      this.#read(request, response);
    });
    this.server.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket, head);
    });
  }

  close(): Promise<void> {
    this.#streams.close();
    this.server.closeAllConnections();
    return new Promise((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
  }

  #read(request: IncomingMessage, response: ServerResponse): void {
    const refused = this.#refuse(request);
    if (refused !== undefined) {
      send(response, refused, { error: 'not for you: token, Host or Origin is wrong' });
      return;
    }
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > MOST_BODY_BYTES) request.destroy();
    });
    request.on('end', () => {
      this.#answer(request, response, text);
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse, text: string): void {
    const name = (request.url ?? '').slice(1);
    const { clock } = this.#parts;
    if (request.method === 'GET' && name === 'status') {
      clock.catchUp();
      send(response, 200, statusOf(this.#parts));
      return;
    }
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (request.method !== 'POST' || command === undefined) {
      send(response, 404, { error: `GET /status, or POST ${Object.keys(COMMANDS).join(', ')}` });
      return;
    }
    try {
      clock.catchUp();
      command(text === '' ? {} : (JSON.parse(text) as unknown), this.#parts);
      clock.arrived();
      send(response, 200, statusOf(this.#parts));
    } catch (error) {
      send(response, 400, { error: whyNot(error) });
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { clock } = this.#parts;
    if (this.#refuse(request) !== undefined || request.url !== '/time') {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#streams.handleUpgrade(request, socket, head, (stream) => {
      if (!(clock instanceof VirtualTime)) stream.close(4000, 'time is the wall clock here');
      else if (!clock.attach(stream)) stream.close(4009, 'another client keeps time');
    });
  }

  /** Loopback alone is no protection: a web page can ask a port of this machine, too. */
  #refuse({ headers }: IncomingMessage): number | undefined {
    const { port } = this.server.address() as AddressInfo;
    const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
    if (!hosts.includes(headers.host ?? '')) return 403;
    const { origin } = headers;
    if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) return 403;
    const given = Buffer.from((headers.authorization ?? '').replace(/^Bearer /, ''));
    const right = Buffer.from(this.#token);
    return given.length === right.length && timingSafeEqual(given, right) ? undefined : 401;
  }
}

function whyNot(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`;
  }
  if (error instanceof InputError) return error.message;
  if (error instanceof SyntaxError) return 'the body is not JSON';
  throw error;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(`${JSON.stringify(body)}\n`);
}
