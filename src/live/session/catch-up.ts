import type { Instrument } from '../../engine/instrument.ts';
import {
  queryExecutions,
  queryOpenOrders,
  queryPosition,
} from '../../brokers/bybit/wire/queries.ts';
import type { Reply } from '../../brokers/bybit/wire/reply.ts';
import type { WireRequest } from '../../brokers/bybit/wire/requests.ts';

const CALM_EVERY_MS = 60_000;
/** On the sockets' beat, so that one waking serves all. */
const BEAT_MS = 20_000;
/** Without the private stream, reads are all there is. */
const DEAF_EVERY_MS = 5_000;
const AGAIN_FIRST_MS = 500;
const AGAIN_LAST_MS = 8_000;
/** Read lag, clocks that differ, and room to spare: what is read again is told apart by execId. */
const OVERLAP_MS = 60_000;
const LONGEST_WINDOW_MS = 7 * 86_400_000 - 60_000;
/** A position may run ahead of the executions that explain it; after this long it is a difference. */
const DIFFERS_AFTER_MS = 20_000;
const LATE_AFTER_MS = 60_000;

type Phase = 'idle' | 'orders' | 'executions' | 'position';

/** What a round has come to; `holed`: something of it could not be read. */
export type Verdict = 'agrees' | 'again' | 'differs' | 'holed';

/** What a read has led to, beyond its own records. */
export type Progress =
  | 'reading'
  /** The last page of open orders. */
  | 'orders-read'
  | 'executions-read'
  | 'position-read';

/**
 * Compares belief and venue by reading: open orders, executions since the watermark, position. It
 * runs at the start, after every gap of the private stream, and every minute in calm. The
 * watermark moves only when the executions have been read to their last page.
 */
export class CatchUp {
  phase: Phase = 'idle';
  /** Answers to an earlier round are nobody's. */
  round = 0;
  startedMs = NaN;
  askedMs = NaN;
  dueMs = Infinity;
  /** Another gap came while this round was reading. */
  again = false;
  waiting = false;
  /** Some row of this round could not be read. */
  holed = false;
  failures = 0;
  /** Venue time up to which executions have been read whole. */
  watermarkMs = NaN;
  /** The venue's clock when the present read of executions began. */
  venueMs = NaN;
  cursor = '';
  differsSinceMs = NaN;
  lateAtMs = Infinity;
  readonly seen = new Set<string>();
  readonly #instrument: Instrument;
  readonly #ask: (request: WireRequest, round: number) => void;

  constructor(instrument: Instrument, ask: (request: WireRequest, round: number) => void) {
    this.#instrument = instrument;
    this.#ask = ask;
  }

  get wakeMs(): number {
    return Math.min(this.waiting ? Infinity : this.dueMs, this.lateAtMs);
  }

  start(nowMs: number): void {
    if (this.phase !== 'idle') {
      this.again = true;
      return;
    }
    this.startedMs = nowMs;
    this.lateAtMs = nowMs + LATE_AFTER_MS;
    this.failures = 0;
    this.#begin('orders', nowMs);
  }

  /** A new process: whatever was being read is not. */
  restart(nowMs: number): void {
    this.phase = 'idle';
    this.again = false;
    this.differsSinceMs = NaN;
    if (Number.isNaN(this.watermarkMs)) this.watermarkMs = nowMs;
    this.start(nowMs);
  }

  /** True once in a while when a round takes too long. */
  tend(nowMs: number): boolean {
    if (!this.waiting && this.dueMs <= nowMs) {
      if (this.phase === 'idle') this.start(nowMs);
      this.#read(nowMs);
    }
    if (this.lateAtMs > nowMs) return false;
    this.lateAtMs = nowMs + LATE_AFTER_MS;
    return true;
  }

  failed(round: number, nowMs: number): void {
    if (round !== this.round || !this.waiting) return;
    this.waiting = false;
    this.cursor = '';
    const waitMs = Math.min(AGAIN_FIRST_MS * 2 ** this.failures, AGAIN_LAST_MS);
    this.failures = Math.min(this.failures + 1, 8);
    this.dueMs = nowMs + waitMs;
  }

  isAwaited(round: number): boolean {
    return round === this.round && this.waiting;
  }

  /** A page is here and its records have been taken in. */
  answered(reply: Reply, nowMs: number): Progress {
    this.waiting = false;
    this.failures = 0;
    const { result } = reply;
    const cursor = 'nextCursor' in result ? result.nextCursor : '';
    if (this.phase === 'executions' && this.cursor === '')
      this.venueMs = Math.min(reply.timeMs > 0 ? reply.timeMs : this.askedMs, this.#windowEndMs());
    if (cursor !== '' && cursor !== this.cursor) {
      this.cursor = cursor;
      this.dueMs = nowMs;
      return 'reading';
    }
    if (this.phase === 'orders') {
      this.#begin('executions', nowMs);
      return 'orders-read';
    }
    if (this.phase === 'executions') {
      const more = this.#windowEndMs() < this.askedMs + OVERLAP_MS;
      if (!this.holed) this.watermarkMs = this.venueMs;
      this.#begin(more && !this.holed ? 'executions' : 'position', nowMs);
      return 'executions-read';
    }
    return 'position-read';
  }

  /**
   * What the position has shown. True: the round is over. A difference is read again for a while
   * before it counts as one.
   */
  compared(agrees: boolean, deaf: boolean, nowMs: number): Verdict {
    if (this.holed) {
      this.passOver(nowMs);
      return 'holed';
    }
    if (agrees) {
      this.differsSinceMs = NaN;
      if (this.again) {
        this.again = false;
        this.#begin('orders', nowMs);
        return 'again';
      }
      this.#rest(deaf ? nowMs + DEAF_EVERY_MS : nextCalmMs(nowMs));
      return 'agrees';
    }
    if (Number.isNaN(this.differsSinceMs)) this.differsSinceMs = nowMs;
    if (nowMs - this.differsSinceMs < DIFFERS_AFTER_MS) {
      this.#begin('executions', nowMs);
      this.dueMs = nowMs + AGAIN_FIRST_MS * 2;
      return 'again';
    }
    this.#rest(nowMs + DEAF_EVERY_MS);
    return 'differs';
  }

  /** This round ends without having read everything; the next one begins soon. */
  passOver(nowMs: number): void {
    this.waiting = false;
    this.#rest(nowMs + DEAF_EVERY_MS);
  }

  #rest(dueMs: number): void {
    this.phase = 'idle';
    this.dueMs = dueMs;
    this.lateAtMs = Infinity;
  }

  #begin(phase: Phase, nowMs: number): void {
    this.phase = phase;
    this.round += 1;
    this.cursor = '';
    this.waiting = false;
    this.dueMs = nowMs;
    if (phase === 'orders') {
      this.seen.clear();
      this.holed = false;
    }
  }

  #read(nowMs: number): void {
    this.waiting = true;
    if (this.cursor === '') {
      this.askedMs = nowMs;
      if (this.phase === 'orders') this.seen.clear();
    }
    this.#ask(this.#request(), this.round);
  }

  /** The venue reads no more than seven days at once: longer ones are read one after the other. */
  #windowEndMs(): number {
    return (
      Math.min(this.askedMs, this.watermarkMs - 2 * OVERLAP_MS + LONGEST_WINDOW_MS) + OVERLAP_MS
    );
  }

  #request(): WireRequest {
    switch (this.phase) {
      case 'executions': {
        const endMs = this.#windowEndMs();
        const startMs = Math.max(this.watermarkMs - OVERLAP_MS, 0);
        return queryExecutions(Math.min(startMs, endMs), endMs, this.#instrument, this.cursor);
      }
      case 'position':
        return queryPosition(this.#instrument);
      default:
        return queryOpenOrders(this.#instrument, this.cursor);
    }
  }
}

function nextCalmMs(nowMs: number): number {
  return Math.floor((nowMs + CALM_EVERY_MS) / BEAT_MS) * BEAT_MS;
}
