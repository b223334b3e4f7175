import type { Instrument } from '../../engine/instrument.ts';
import { nextFailures, retryWaitMs } from '../reconnect.ts';
import type { Transport, TransportInput } from '../transport.ts';
import { decodePublicFrame } from './wire/public-frame.ts';
import type { PublicFrame } from './wire/public-frame.ts';
import { ping, subscribe } from './wire/stream-requests.ts';

const STEP_MS = 10_000;
const USUAL_SILENCE_MS = 30_000;
/** A ping goes out while there is time for its answer. */
const PINGS_A_SILENCE = 1.5;

export type TopicStreamParts = {
  readonly transport: Transport;
  readonly instrument: Instrument;
  readonly topics: readonly string[];
  /** From now on frames are told; what was said before was not. */
  readonly subscribed: () => void;
  /** Nothing was heard after `heardMs`. */
  readonly lost?: (heardMs: number) => void;
  readonly frame: (frame: PublicFrame) => void;
  /** Without a word for so long a connection counts as dead. */
  readonly silenceMs?: number;
  readonly problem: (text: string) => void;
};

/** A subscription to public topics: connected again whenever it is lost, refused or silent. */
export class TopicStream {
  readonly #parts: TopicStreamParts;
  readonly #silenceMs: number;
  #state: 'down' | 'connecting' | 'subscribing' | 'subscribed' = 'down';
  #dueMs = Infinity;
  #heardMs = -Infinity;
  #pingMs = Infinity;
  #failures = 0;
  #requests = 0;

  constructor(parts: TopicStreamParts) {
    this.#parts = parts;
    this.#silenceMs = parts.silenceMs ?? USUAL_SILENCE_MS;
  }

  get wakeMs(): number {
    if (this.#state !== 'subscribed') return this.#dueMs;
    return Math.min(this.#pingMs, this.#heardMs + this.#silenceMs);
  }

  connect(nowMs: number): void {
    this.#state = 'connecting';
    this.#dueMs = nowMs + STEP_MS;
    this.#parts.transport.connect('public');
  }

  input(input: Extract<TransportInput, { socket: unknown }>, nowMs: number): void {
    if (this.#state === 'down') return;
    switch (input.t) {
      case 'open':
        if (this.#state !== 'connecting') return;
        this.#state = 'subscribing';
        this.#dueMs = nowMs + STEP_MS;
        this.#send(subscribe(this.#nextId(), this.#parts.topics));
        return;
      case 'close':
        this.#lost(nowMs);
        return;
      case 'frame':
        this.#heardMs = nowMs;
        this.#frame(input.body, nowMs);
        return;
    }
  }

  tend(nowMs: number): void {
    if (nowMs < this.wakeMs) return;
    if (this.#state === 'down') this.connect(nowMs);
    else if (this.#state !== 'subscribed' || this.#heardMs + this.#silenceMs <= nowMs)
      this.#drop(nowMs);
    else {
      this.#pingMs = nowMs + this.#silenceMs / PINGS_A_SILENCE;
      this.#send(ping(this.#nextId()));
    }
  }

  #frame(body: unknown, nowMs: number): void {
    const { instrument, problem, topics } = this.#parts;
    const decoded = decodePublicFrame(body, instrument);
    if (!decoded.ok) problem(decoded.problems.join('; '));
    const frame = decoded.ok ? decoded.value : decoded.sound;
    if (frame === undefined) return;
    if (frame.kind !== 'control') this.#parts.frame(frame);
    else if (frame.op === 'subscribe') {
      if (this.#state !== 'subscribing') return;
      if (frame.success) this.#acknowledged(nowMs);
      else {
        problem(`the venue refused to tell ${topics.join(', ')}`);
        this.#drop(nowMs);
      }
    }
  }

  #acknowledged(nowMs: number): void {
    this.#state = 'subscribed';
    this.#failures = 0;
    this.#pingMs = nowMs + this.#silenceMs / PINGS_A_SILENCE;
    this.#parts.subscribed();
  }

  #drop(nowMs: number): void {
    this.#parts.transport.disconnect('public');
    this.#lost(nowMs);
  }

  #lost(nowMs: number): void {
    const wasSubscribed = this.#state === 'subscribed';
    this.#state = 'down';
    this.#dueMs = nowMs + retryWaitMs(this.#failures, nowMs);
    this.#failures = nextFailures(this.#failures);
    if (wasSubscribed) this.#parts.lost?.(this.#heardMs);
  }

  #send(body: unknown): void {
    this.#parts.transport.send('public', body);
  }

  #nextId(): string {
    this.#requests += 1;
    return `topics-${this.#requests}`;
  }
}
