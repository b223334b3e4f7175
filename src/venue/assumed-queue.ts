import { MS_PER_HOUR } from '../engine/units.ts';
import { lowerBound } from '../market/tape.ts';
import type { TradeTape } from '../market/trade-tape.ts';
import { volumeBefore } from '../market/trade-volume.ts';
import type { QueueAhead } from './execution-profile.ts';

/** Where a profile says nothing: a minute of trading, more than most queues of a liquid market. */
export const DEFAULT_QUEUE_AHEAD: QueueAhead = { type: 'traded', seconds: 60 };

/** What is assumed to stand ahead of an order that joins a price: trades do not show the book. */
export class AssumedQueue {
  readonly #timeMs: Float64Array;
  readonly #before: Float64Array;
  readonly #fixedSteps: number;
  readonly #spanMs: number;

  constructor(trades: TradeTape, ahead: QueueAhead, qtyStep: number) {
    this.#timeMs = trades.timeMs;
    this.#spanMs = ahead.type === 'traded' ? ahead.seconds * 1_000 : 0;
    this.#before = volumeBefore(trades);
    this.#fixedSteps = fixedSteps(ahead, qtyStep);
  }

  /** Steps traded before a trade. */
  tradedBefore(trade: number): number {
    return this.#before[trade] as number;
  }

  /** Steps ahead of an order that joins at a time, after the trades of that ms. */
  stepsAt(nowMs: number): number {
    if (this.#spanMs === 0) return this.#fixedSteps;
    const lately = this.#tradedIn(nowMs, this.#spanMs);
    // A quiet minute has no empty book: what an hour has at this rate is the least.
    const usual = (this.#tradedIn(nowMs, MS_PER_HOUR) * this.#spanMs) / MS_PER_HOUR;
    return Math.max(lately, Math.ceil(usual));
  }

  #tradedIn(nowMs: number, spanMs: number): number {
    const to = lowerBound(this.#timeMs, nowMs + 1);
    const from = lowerBound(this.#timeMs, nowMs + 1 - spanMs);
    return (this.#before[to] as number) - (this.#before[from] as number);
  }
}

function fixedSteps(ahead: QueueAhead, qtyStep: number): number {
  if (ahead.type === 'never') return Infinity;
  // The quotient of two decimals: what is a whole number of steps must not become one more.
  return ahead.type === 'quantity' ? Math.ceil(ahead.qty / qtyStep - 1e-9) : 0;
}
