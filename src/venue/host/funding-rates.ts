import type { Instrument } from '../../engine/instrument.ts';
import type { FundingHistory } from '../../market/tape.ts';
import { lowerBound } from '../../market/tape.ts';
import { withoutZeros } from '../exchange/decimals.ts';

export type Settlement = { readonly timeMs: number; readonly rate: string };

/** What the history says and, where it does not reach, the instrument's own rate, both ways. */
export class FundingRates {
  readonly everyMs: number;
  readonly fallback: string;
  readonly #history: FundingHistory | undefined;

  constructor(instrument: Instrument, history: FundingHistory | undefined) {
    this.#history = history;
    this.everyMs = instrument.fundingIntervalMs > 0 ? instrument.fundingIntervalMs : Infinity;
    this.fallback = instrument.spec.fallbackFundingRate ?? '0';
  }

  get isPaid(): boolean {
    return Number.isFinite(this.everyMs);
  }

  rateAt(timeMs: number): string | undefined {
    const history = this.#history;
    if (history === undefined) return undefined;
    const at = lowerBound(history.timeMs, timeMs);
    return history.timeMs[at] === timeMs ? decimal(history.rate[at] ?? 0) : undefined;
  }

  /** The settlement that comes next, after `nowMs`; its rate is shown before it is due. */
  next(nowMs: number): Settlement | undefined {
    if (!this.isPaid) return undefined;
    const timeMs = (Math.floor(nowMs / this.everyMs) + 1) * this.everyMs;
    return { timeMs, rate: this.rateAt(timeMs) ?? this.fallback };
  }

  /** Newest first, in [fromMs, toMs], none after `nowMs`. */
  settled(fromMs: number, toMs: number, nowMs: number, limit: number): readonly Settlement[] {
    if (!this.isPaid) return [];
    const found: Settlement[] = [];
    let timeMs = Math.floor(Math.min(toMs, nowMs) / this.everyMs) * this.everyMs;
    for (; timeMs >= Math.max(0, fromMs) && found.length < limit; timeMs -= this.everyMs) {
      found.push({ timeMs, rate: this.rateAt(timeMs) ?? this.fallback });
    }
    return found;
  }
}

function decimal(rate: number): string {
  return withoutZeros(rate.toFixed(10));
}
