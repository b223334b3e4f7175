import { Chance } from '../venue/chance.ts';
import type { FaultKind } from './faults.ts';
import type { Connection, Happening } from './happening.ts';
import type { Socket } from '../live/session/protocol.ts';
import type { Topic } from '../venue/exchange/streams.ts';
import type { Stage } from './stage.ts';
import { spoiled } from '../venue/host/spoiled-frame.ts';

/** Stands for the API secret: the laboratory looks for it in every byte that is written (S11). */
export const SECRET_CANARY = 'canary-7f3e-secret';

const FRAME_FAULTS: readonly FaultKind[] = [
  'frameLost',
  'frameTwice',
  'frameLate',
  'fieldMissing',
  'enumUnknown',
];
const MOST_LATE_MS = 15_000;

/** The two sockets of a process, and what the exchange says on them. */
export class StreamLine {
  readonly #stage: Stage;
  readonly #delays: Chance;
  readonly #open: Record<Socket, Connection | undefined> = {
    private: undefined,
    public: undefined,
  };
  #connections = 0;

  constructor(stage: Stage, seed: number) {
    this.#stage = stage;
    this.#delays = new Chance(seed, 'stream delays');
  }

  current(socket: Socket): Connection | undefined {
    return this.#open[socket];
  }

  connect(socket: Socket, run: number): void {
    this.drop(socket);
    const { dice } = this.#stage;
    this.#connections += 1;
    const connection: Connection = {
      socket,
      run,
      number: this.#connections,
      isOpen: false,
      isSilent: false,
      isMute: dice.oneOf(['subscribeMute'], `${socket} subscribe`) !== undefined,
      echoes: socket === 'private' && dice.oneOf(['secretEcho'], 'login') !== undefined,
      isAuthed: false,
      topics: new Set(),
      lastFrameMs: 0,
    };
    this.#open[socket] = connection;
    const fails = this.#stage.isPartitioned || dice.oneOf(['connectFails'], socket) !== undefined;
    const afterMs = this.#delays.between(30, 200);
    this.#stage.put(fails ? 1_000 : afterMs, { t: fails ? 'closed' : 'opened', connection });
  }

  /** The process closes it itself, or is gone: nothing more is said about it. */
  drop(socket: Socket): void {
    const connection = this.#open[socket];
    if (connection !== undefined) connection.isOpen = false;
    this.#open[socket] = undefined;
  }

  die(socket: Socket, target: string): void {
    const connection = this.#open[socket];
    if (connection === undefined) return;
    this.#stage.trace.note(this.#stage.nowMs, `${target}: ${socket} socket`);
    this.#stage.put(0, { t: 'closed', connection });
  }

  silence(socket: Socket): void {
    const connection = this.#open[socket];
    if (connection !== undefined) connection.isSilent = true;
  }

  /** What the process says: login, subscriptions, pings. */
  receive(socket: Socket, body: unknown): void {
    const connection = this.#open[socket];
    if (connection === undefined || !connection.isOpen || connection.isSilent) return;
    if (this.#stage.isPartitioned || !isRequest(body)) return;
    switch (body.op) {
      case 'auth':
        this.#login(connection);
        return;
      case 'subscribe':
        this.#subscribe(connection, body);
        return;
      case 'ping':
        this.#say(connection, pong(socket, body.req_id, this.#stage.nowMs), 0);
        return;
      default:
        this.#say(connection, { ...ack(body), success: false, ret_msg: 'error:invalid op' }, 0);
    }
  }

  /** A private frame the exchange has pushed. Nobody keeps it for a socket that is not there. */
  pushPrivate(topic: Topic, body: unknown): void {
    const connection = this.#open.private;
    if (connection === undefined || !hasTopic(connection, topic)) return;
    const fault = this.#stage.dice.oneOf(FRAME_FAULTS, topic);
    switch (fault) {
      case 'frameLost':
        return;
      case 'frameTwice':
        this.#say(connection, body, 0);
        this.#say(connection, body, 0);
        return;
      case 'frameLate': {
        const { dice } = this.#stage;
        const scripted = dice.scriptedDelayMs;
        const lateMs =
          scripted >= 0 ? scripted : dice.chance('frameLate').between(100, MOST_LATE_MS);
        this.#stage.disturb(this.#stage.nowMs + lateMs);
        this.#say(connection, body, lateMs);
        return;
      }
      case 'fieldMissing':
      case 'enumUnknown':
        this.#say(connection, spoiled(body, fault, this.#stage.dice.chance(fault)), 0);
        return;
      default:
        this.#say(connection, body, 0);
    }
  }

  pushPublic(topic: string, body: unknown): void {
    const connection = this.#open.public;
    if (connection !== undefined && hasTopic(connection, topic)) this.#say(connection, body, 0);
  }

  #login(connection: Connection): void {
    const reply = { success: true, ret_msg: '', op: 'auth', conn_id: `c${connection.number}` };
    if (connection.echoes) {
      connection.echoes = false;
      const request = { op: 'auth', args: ['key', 0, SECRET_CANARY] };
      this.#say(connection, { ...reply, success: false, ret_msg: 'error:USVC1111', request }, 0);
      return;
    }
    connection.isAuthed = true;
    this.#say(connection, reply, 0);
  }

  #subscribe(connection: Connection, body: Request): void {
    if (connection.isMute) return;
    if (connection.socket === 'private' && !connection.isAuthed) {
      this.#say(connection, { ...ack(body), success: false, ret_msg: 'error:not logged in' }, 0);
      return;
    }
    for (const topic of body.args ?? []) connection.topics.add(String(topic));
    this.#say(connection, { ...ack(body), conn_id: `c${connection.number}` }, 0);
  }

  #say(connection: Connection, body: unknown, lateMs: number): void {
    const stage = this.#stage;
    if (!connection.isOpen || connection.isSilent || stage.isPartitioned) return;
    const dueMs = stage.nowMs + this.#delays.between(2, 50);
    const happening: Happening = { t: 'frame', connection, body };
    if (lateMs > 0) {
      stage.agenda.put(dueMs + lateMs, happening);
      return;
    }
    connection.lastFrameMs = Math.max(connection.lastFrameMs, dueMs);
    stage.agenda.put(connection.lastFrameMs, happening);
  }
}

type Request = {
  readonly op: string;
  readonly req_id?: unknown;
  readonly args?: readonly unknown[];
};

function isRequest(body: unknown): body is Request {
  return typeof body === 'object' && body !== null && 'op' in body && typeof body.op === 'string';
}

function ack(body: Request): Record<string, unknown> {
  return { success: true, ret_msg: '', op: body.op, req_id: body.req_id ?? '' };
}

/** `order` covers `order.linear`. */
function hasTopic(connection: Connection, topic: string): boolean {
  for (const each of connection.topics) {
    if (each === topic || each.startsWith(`${topic}.`)) return true;
  }
  return false;
}

function pong(socket: Socket, reqId: unknown, nowMs: number): Record<string, unknown> {
  const req_id = reqId ?? '';
  return socket === 'private'
    ? { req_id, op: 'pong', args: [String(nowMs)], conn_id: 'c' }
    : { success: true, ret_msg: 'pong', conn_id: 'c', req_id, op: 'ping' };
}
