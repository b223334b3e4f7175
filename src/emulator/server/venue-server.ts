import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Dialect } from '../../venue/host/stream-connection.ts';
import type { Emulation } from '../emulation.ts';
import type { Signatures } from './signatures.ts';
import type { Wire } from './wire.ts';

const MOST_BODY_BYTES = 1024 * 1024;
const RET_PARAMETER = 10001;
const RET_PERMISSION = 10005;
const NOT_FOUND = '<html><head><title>404 Not Found</title></head><body>nginx</body></html>';

export type VenueServerParts = {
  readonly emulation: Emulation;
  readonly wire: Wire;
  readonly signatures: Signatures;
  readonly wallMs: () => number;
  /** Brings venue time to the present before something arrives. */
  readonly catchUp: () => void;
  /** Something has arrived. */
  readonly arrived: () => void;
};

/** REST and the three WebSocket endpoints of the venue, on one port. */
export class VenueServer {
  readonly server: Server;
  readonly #parts: VenueServerParts;
  readonly #streams = new WebSocketServer({ noServer: true, maxPayload: MOST_BODY_BYTES });

  constructor(parts: VenueServerParts) {
    this.#parts = parts;
    this.server = createServer((request, response) => {
      this.#read(request, response);
    });
    this.server.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket, head);
    });
    // Clients keep their connections between requests for longer than a venue minute may last.
    this.server.keepAliveTimeout = 60_000;
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
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BODY_BYTES) request.destroy();
      else chunks.push(chunk);
    });
    request.on('end', () => {
      this.#answer(request, response, Buffer.concat(chunks).toString('utf8'));
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { emulation, wire, signatures } = this.#parts;
    const [path = '', query = ''] = splitOnce(request.url ?? '', '?');
    const { method } = request;
    if ((method !== 'GET' && method !== 'POST') || !path.startsWith('/v5/')) {
      response.writeHead(404, { 'Content-Type': 'text/html' }).end(NOT_FOUND);
      return;
    }
    if (path === '/v5/market/time') {
      this.#tellTime(response);
      return;
    }
    this.#parts.catchUp();
    const http = wire.addRequest(response);
    const refuse = (retCode: number, retMsg: string): void => {
      wire.carry(emulation.refuse(http, retCode, retMsg));
      this.#parts.arrived();
    };
    const payload = method === 'GET' ? query : body;
    const refused = path.startsWith('/v5/market/')
      ? undefined
      : signatures.refuse({ headers: request.headers, payload });
    const params = method === 'GET' ? Object.fromEntries(new URLSearchParams(query)) : bodyOf(body);
    if (refused !== undefined) refuse(refused.retCode, refused.retMsg);
    else if (params === undefined) refuse(RET_PARAMETER, 'the body is not a JSON object');
    else if (method === 'POST' && emulation.host.account.keyInfo['readOnly'] === 1)
      refuse(RET_PERMISSION, 'this key may only read');
    else {
      wire.carry(emulation.http({ http, method, path, params }));
      this.#parts.arrived();
    }
  }

  /** The clock that signatures are checked by: a client that sets its own by it can sign. */
  #tellTime(response: ServerResponse): void {
    const nowMs = this.#parts.wallMs();
    const result = { timeSecond: String(Math.floor(nowMs / 1_000)), timeNano: `${nowMs}000000` };
    const body = { retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: nowMs };
    response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(body));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { emulation } = this.#parts;
    const [path = ''] = splitOnce(request.url ?? '', '?');
    const dialect = dialectOf(path, emulation.host.category);
    if (dialect === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#parts.catchUp();
    const number = emulation.open(dialect);
    if (number === undefined) {
      socket.destroy();
      this.#parts.arrived();
      return;
    }
    // Also of a handshake that comes to nothing.
    socket.on('close', () => {
      emulation.closed(number);
    });
    socket.on('error', () => {
      socket.destroy();
    });
    this.#streams.handleUpgrade(request, socket, head, (stream) => {
      this.#serve(number, stream);
    });
  }

  #serve(number: number, stream: WebSocket): void {
    const { emulation, wire } = this.#parts;
    wire.addSocket(number, stream);
    stream.on('message', (data) => {
      this.#parts.catchUp();
      wire.carry(emulation.receive(number, parsed(String(data))));
      this.#parts.arrived();
    });
    stream.on('close', () => {
      wire.dropSocket(number);
      emulation.closed(number);
      this.#parts.arrived();
    });
    stream.on('error', () => {
      stream.terminate();
    });
    this.#parts.arrived();
  }
}

function dialectOf(path: string, category: string): Dialect | undefined {
  if (path === '/v5/private') return 'private';
  if (path === '/v5/trade') return 'trade';
  return path === `/v5/public/${category}` ? 'public' : undefined;
}

function bodyOf(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = text === '' ? {} : parsed(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** Undefined where it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function splitOnce(text: string, at: string): readonly [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}
