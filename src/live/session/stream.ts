import {
  PRIVATE_TOPICS,
  ping,
  publicTopics,
  subscribe,
} from '../../brokers/bybit/wire/stream-requests.ts';
import { nextFailures, retryWaitMs } from '../../brokers/reconnect.ts';
import type { ControlFrame } from '../../brokers/bybit/wire/control-frame.ts';
import type { Effect, Socket } from './protocol.ts';

/** How long each step of a connection, and silence, may take. */
const STEP_MS = 10_000;
const PING_EVERY_MS = 20_000;
const SILENCE_MS = 30_000;

type StreamState = 'down' | 'connecting' | 'authenticating' | 'subscribing' | 'subscribed';

/**
 * One socket, with a watchdog of its own: a subscription counts once its acknowledgement is here,
 * and a socket that says nothing is taken for dead.
 */
export class Stream {
  state: StreamState = 'down';
  /** When the present step must be done, or the next attempt is due. */
  dueMs = Infinity;
  heardMs = 0;
  pingMs = Infinity;
  failures = 0;
  requests = 0;
  /** The last login was refused; a person has been told. */
  isRefused = false;
  readonly #socket: Socket;
  readonly #symbol: string;
  readonly #effects: Effect[];

  constructor(socket: Socket, symbol: string, effects: Effect[]) {
    this.#socket = socket;
    this.#symbol = symbol;
    this.#effects = effects;
  }

  get wakeMs(): number {
    if (this.state !== 'subscribed') return this.dueMs;
    return Math.min(this.pingMs, this.heardMs + SILENCE_MS);
  }

  connect(nowMs: number): void {
    this.state = 'connecting';
    this.dueMs = nowMs + STEP_MS;
    this.#effects.push({ t: 'connect', socket: this.#socket });
  }

  opened(nowMs: number): void {
    if (this.state !== 'connecting') return;
    this.heardMs = nowMs;
    this.dueMs = nowMs + STEP_MS;
    if (this.#socket === 'public') {
      this.#subscribe();
      return;
    }
    this.state = 'authenticating';
    // The shell adds key and signature: no secret is known here.
    this.#send({ op: 'auth', req_id: this.#nextId() });
  }

  closed(nowMs: number): void {
    if (this.state === 'down') return;
    this.state = 'down';
    this.dueMs = nowMs + retryWaitMs(this.failures, nowMs);
    this.failures = nextFailures(this.failures);
  }

  /** Any frame proves that the socket lives. */
  heard(nowMs: number): void {
    this.heardMs = nowMs;
  }

  /** True when this frame completed the subscription. */
  control(frame: ControlFrame, nowMs: number): boolean {
    if (frame.op === 'auth' && this.state === 'authenticating') {
      if (frame.success) {
        this.isRefused = false;
        this.dueMs = nowMs + STEP_MS;
        this.#subscribe();
      } else this.#refused(nowMs);
    } else if (frame.op === 'subscribe' && this.state === 'subscribing') {
      if (!frame.success) this.#drop(nowMs);
      else {
        this.state = 'subscribed';
        this.failures = 0;
        this.pingMs = nextPingMs(nowMs);
        return true;
      }
    }
    return false;
  }

  tend(nowMs: number): void {
    if (this.state === 'down') {
      if (this.dueMs <= nowMs) this.connect(nowMs);
      return;
    }
    if (this.state !== 'subscribed') {
      if (this.dueMs <= nowMs) this.#drop(nowMs);
      return;
    }
    if (this.heardMs + SILENCE_MS <= nowMs) {
      this.#drop(nowMs);
      return;
    }
    if (this.pingMs > nowMs) return;
    this.pingMs = nextPingMs(nowMs);
    this.#send(ping(this.#nextId()));
  }

  /** Tried again, since the clock or the venue may mend; a key that is wrong only a person can. */
  #refused(nowMs: number): void {
    if (!this.isRefused) {
      const text = `the venue refused the login of the ${this.#socket} stream`;
      this.#effects.push({ t: 'alarm', code: 'configuration', text });
    }
    this.isRefused = true;
    this.#drop(nowMs);
  }

  #drop(nowMs: number): void {
    this.#effects.push({ t: 'disconnect', socket: this.#socket });
    this.closed(nowMs);
  }

  #subscribe(): void {
    this.state = 'subscribing';
    const topics = this.#socket === 'private' ? PRIVATE_TOPICS : publicTopics(this.#symbol);
    this.#send(subscribe(this.#nextId(), topics));
  }

  #nextId(): string {
    this.requests += 1;
    return `${this.#socket}-${this.requests}`;
  }

  #send(body: unknown): void {
    this.#effects.push({ t: 'send', socket: this.#socket, body });
  }
}

/** Both sockets ping at the same moments: one waking serves both. */
function nextPingMs(nowMs: number): number {
  return (Math.floor(nowMs / PING_EVERY_MS) + 1) * PING_EVERY_MS;
}
