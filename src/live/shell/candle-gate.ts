import type { ClosedCandle } from '../../brokers/candle-feed.ts';

/**
 * Holds the history back until it is complete, so that nothing is decided on a candle of long ago:
 * before a first start it warms the indicators, and after a restart it is told while the process
 * recovers, when nothing is decided.
 */
export class CandleGate {
  readonly #intervalMs: number;
  readonly #pass: (candle: ClosedCandle) => void;
  readonly #complete: () => void;
  #held: ClosedCandle[] | undefined = [];

  constructor(intervalMs: number, pass: (candle: ClosedCandle) => void, complete: () => void) {
    this.#intervalMs = intervalMs;
    this.#pass = pass;
    this.#complete = complete;
  }

  take(candle: ClosedCandle, nowMs: number): void {
    if (this.#held === undefined) {
      this.#pass(candle);
      return;
    }
    this.#held.push(candle);
    // The one that closed last: the next is still open.
    if (candle.closeMs + this.#intervalMs > nowMs) this.#complete();
  }

  get isOpen(): boolean {
    return this.#held === undefined;
  }

  /** What was held, once; from now on candles pass. */
  open(): readonly ClosedCandle[] {
    const held = this.#held ?? [];
    this.#held = undefined;
    return held;
  }
}
