import type { Instrument } from '../engine/instrument.ts';
import { lowerBound } from './tape.ts';
import type { FundingHistory, Tape } from './tape.ts';

/**
 * Funding as prefix sums over settlements: entry i is what one step held through settlements
 * 0..i-1 has paid, in fractional money units. Cost of holding q steps over settlements [a, b) =
 * q x (sum[b] - sum[a]), rounded once when the position changes.
 */
export type FundingIndex = {
  readonly count: number;
  readonly timeMs: Float64Array;
  /** count + 1 entries; positive = a long paid. */
  readonly longCost: Float64Array;
  /** count + 1 entries; positive = a short paid, negative = it received. */
  readonly shortCost: Float64Array;
};

/**
 * Settlements in [startMs, endMs). The history's where it covers a time, else the instrument's
 * fallback rate at its interval: charged to longs, never credited to shorts. The value is taken at
 * the open of the candle that holds the settlement, or the last close before it in a gap.
 */
export function fundingIndex(
  tape: Tape,
  instrument: Instrument,
  history: FundingHistory | undefined,
  startMs: number,
  endMs: number,
  mark?: Tape,
): FundingIndex {
  const rows = settlements(instrument, history, startMs, endMs);
  const count = rows.length;
  const timeMs = new Float64Array(count);
  const longCost = new Float64Array(count + 1);
  const shortCost = new Float64Array(count + 1);
  rows.forEach((row, i) => {
    const price =
      (mark === undefined ? NaN : priceAt(mark, row.timeMs, true)) ||
      priceAt(tape, row.timeMs, false);
    const paid = Number.isNaN(price) ? 0 : instrument.valuePerStep(price) * row.rate;
    timeMs[i] = row.timeMs;
    longCost[i + 1] = (longCost[i] ?? 0) + paid;
    shortCost[i + 1] = (shortCost[i] ?? 0) - (row.fallback ? 0 : paid);
  });
  return { count, timeMs, longCost, shortCost };
}

type Settlement = { readonly timeMs: number; readonly rate: number; readonly fallback: boolean };

function settlements(
  instrument: Instrument,
  history: FundingHistory | undefined,
  startMs: number,
  endMs: number,
): Settlement[] {
  const rows: Settlement[] = [];
  const known = new Set<number>();
  const first = history?.timeMs[0] ?? Infinity;
  const last = history?.timeMs[(history?.count ?? 0) - 1] ?? -Infinity;
  for (let i = 0; i < (history?.count ?? 0); i += 1) {
    const timeMs = history?.timeMs[i] ?? NaN;
    if (timeMs < startMs || timeMs >= endMs) continue;
    rows.push({ timeMs, rate: history?.rate[i] ?? 0, fallback: false });
    known.add(timeMs);
  }
  const step = instrument.fundingIntervalMs;
  if (step > 0 && instrument.fallbackFundingRate !== 0) {
    for (let timeMs = Math.ceil(startMs / step) * step; timeMs < endMs; timeMs += step) {
      if (timeMs >= first && timeMs <= last) continue;
      if (!known.has(timeMs))
        rows.push({ timeMs, rate: instrument.fallbackFundingRate, fallback: true });
    }
  }
  return rows.sort((a, b) => a.timeMs - b.timeMs);
}

/** Open of the candle that holds the time, else the last close before it; NaN before the first. */
function priceAt(tape: Tape, timeMs: number, mustHold: boolean): number {
  const after = lowerBound(tape.openTimeMs, timeMs + 1);
  const row = after - 1;
  const openTime = tape.openTimeMs[row];
  if (openTime === undefined) return NaN;
  if (timeMs < openTime + tape.intervalMs) return tape.open[row] ?? NaN;
  return mustHold ? NaN : (tape.close[row] ?? NaN);
}
