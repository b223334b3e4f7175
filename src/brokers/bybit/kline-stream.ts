import type { Instrument } from '../../engine/instrument.ts';
import { nextFailures, retryWaitMs } from '../reconnect.ts';
import type { Transport, TransportInput } from '../transport.ts';
import { decodePublicFrame } from './wire/public-frame.ts';
import type { CandleRecord } from './wire/records.ts';
import { ping, subscribe } from './wire/stream-requests.ts';

const STEP_MS = 10_000;
const PING_EVERY_MS = 20_000;
const SILENCE_MS = 30_000;

export type KlineStreamParts = {
  readonly transport: Transport;
  readonly instrument: Instrument;
  readonly topic: string;
  /** From now on closed candles are told; what closed before was not. */
  readonly subscribed: () => void;
  readonly candle: (candle: CandleRecord, venueMs: number) => void;
  readonly problem: (text: string) => void;
};

/** The subscription to one kline topic: connected again whenever it is lost, refused or silent. */
export class KlineStream {
  readonly #parts: KlineStreamParts;
  #state: 'down' | 'connecting' | 'subscribing' | 'subscribed' = 'down';
  #dueMs = Infinity;
  #heardMs = -Infinity;
  #pingMs = Infinity;
  #failures = 0;
  #requests = 0;

  constructor(parts: KlineStreamParts) {
    this.#parts = parts;
  }

  get wakeMs(): number {
    if (this.#state !== 'subscribed') return this.#dueMs;
    return Math.min(this.#pingMs, this.#heardMs + SILENCE_MS);
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
        this.#send(subscribe(this.#nextId(), [this.#parts.topic]));
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
    else if (this.#state !== 'subscribed' || this.#heardMs + SILENCE_MS <= nowMs) this.#drop(nowMs);
    else {
      this.#pingMs = nowMs + PING_EVERY_MS;
      this.#send(ping(this.#nextId()));
    }
  }

  #frame(body: unknown, nowMs: number): void {
    const { instrument, candle, problem } = this.#parts;
    const decoded = decodePublicFrame(body, instrument);
    if (!decoded.ok) problem(decoded.problems.join('; '));
    const frame = decoded.ok ? decoded.value : decoded.sound;
    if (frame === undefined) return;
    if (frame.kind === 'candles') {
      for (const record of frame.records) if (record.closed) candle(record, frame.atMs);
    } else if (frame.kind === 'control' && frame.op === 'subscribe') {
      if (this.#state !== 'subscribing') return;
      if (frame.success) this.#acknowledged(nowMs);
      else {
        problem(`the venue refused the topic ${this.#parts.topic}`);
        this.#drop(nowMs);
      }
    }
  }

  #acknowledged(nowMs: number): void {
    this.#state = 'subscribed';
    this.#failures = 0;
    this.#pingMs = nowMs + PING_EVERY_MS;
    this.#parts.subscribed();
  }

  #drop(nowMs: number): void {
    this.#parts.transport.disconnect('public');
    this.#lost(nowMs);
  }

  #lost(nowMs: number): void {
    this.#state = 'down';
    this.#dueMs = nowMs + retryWaitMs(this.#failures, nowMs);
    this.#failures = nextFailures(this.#failures);
  }

  #send(body: unknown): void {
    this.#parts.transport.send('public', body);
  }

  #nextId(): string {
    this.#requests += 1;
    return `kline-${this.#requests}`;
  }
}
