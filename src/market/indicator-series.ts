import { InputError, InvariantError } from '../engine/invariant.ts';
import type { IndicatorNeed } from '../engine/strategy.ts';
import { indicatorColumn } from '../indicators/columns.ts';
import { sharedFloat64 } from './shared-columns.ts';
import type { Tape } from './tape.ts';

/** Closed indicator candles of one interval and the indicators over them. Shared by all points. */
export type IndicatorSeries = {
  readonly intervalMs: number;
  readonly count: number;
  readonly openTimeMs: Float64Array;
  /** When the candle closes; known one `market` leg later. */
  readonly closeTimeMs: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Row-major: values[row x needs + i]; NaN while warming up. */
  readonly values: Float64Array;
  readonly needs: readonly IndicatorNeed[];
};

/**
 * Resamples the tape on UTC boundaries. The tape's first bucket is dropped if the tape starts
 * inside it; a later bucket counts if it holds any candle; an empty one does not exist. A bucket
 * the tape ends inside is never closed, and so never known.
 */
export function indicatorSeries(tape: Tape, needs: readonly IndicatorNeed[]): IndicatorSeries {
  if (needs.length === 0) return NO_SERIES;
  const intervalMs = commonInterval(needs, tape);
  const candles = resample(tape, intervalMs);
  const columns = needs.map((need) => indicatorColumn(need, candles));
  const values = sideBySide(columns, candles.count);
  return { ...candles, intervalMs, values, needs };
}

function sideBySide(columns: readonly Float64Array[], count: number): Float64Array {
  const step = columns.length;
  const rows = sharedFloat64(count * step);
  columns.forEach((column, i) => {
    for (let row = 0, at = i; row < count; row += 1, at += step) rows[at] = column[row] as number;
  });
  return rows;
}

const NONE = new Float64Array(0);
const NO_SERIES: IndicatorSeries = {
  intervalMs: 0,
  count: 0,
  openTimeMs: NONE,
  closeTimeMs: NONE,
  high: NONE,
  low: NONE,
  close: NONE,
  values: NONE,
  needs: [],
};

function commonInterval(needs: readonly IndicatorNeed[], tape: Tape): number {
  const intervalMs = needs[0]?.intervalMs ?? tape.intervalMs;
  if (needs.some((need) => need.intervalMs !== intervalMs)) {
    throw new InvariantError('a strategy names indicators of different intervals');
  }
  if (intervalMs % tape.intervalMs !== 0) {
    throw new InputError(
      `the indicator interval (${intervalMs / 60_000} min) is not a multiple of the candles' ` +
        `(${tape.intervalMs / 60_000} min): choose a longer indicator interval or shorter candles`,
    );
  }
  return intervalMs;
}

type Resampled = Omit<IndicatorSeries, 'intervalMs' | 'values' | 'needs'>;

/** Candles of a longer interval; see indicatorSeries for which buckets count. */
export function resample(tape: Tape, intervalMs: number): Resampled {
  const { openTimeMs: times, high: highs, low: lows, close: closes, count } = tape;
  const startMs = times[0] ?? 0;
  const tapeEndMs = (times[count - 1] ?? 0) + tape.intervalMs;
  const most = count === 0 ? 0 : Math.min(count, Math.ceil((tapeEndMs - startMs) / intervalMs));
  const openTimeMs = sharedFloat64(most);
  const closeTimeMs = sharedFloat64(most);
  const high = sharedFloat64(most);
  const low = sharedFloat64(most);
  const close = sharedFloat64(most);
  let row = 0;
  const firstEndMs = bucketEnd(startMs, intervalMs);
  if (startMs !== firstEndMs - intervalMs)
    while (row < count && (times[row] as number) < firstEndMs) row += 1;
  let found = 0;
  while (row < count) {
    const closeMs = bucketEnd(times[row] as number, intervalMs);
    if (closeMs > tapeEndMs) break;
    let top = highs[row] as number;
    let bottom = lows[row] as number;
    for (row += 1; row < count && (times[row] as number) < closeMs; row += 1) {
      const rowTop = highs[row] as number;
      const rowBottom = lows[row] as number;
      if (rowTop > top) top = rowTop;
      if (rowBottom < bottom) bottom = rowBottom;
    }
    openTimeMs[found] = closeMs - intervalMs;
    closeTimeMs[found] = closeMs;
    high[found] = top;
    low[found] = bottom;
    close[found] = closes[row - 1] as number;
    found += 1;
  }
  const kept = (column: Float64Array): Float64Array =>
    found === most ? column : column.subarray(0, found);
  return {
    count: found,
    openTimeMs: kept(openTimeMs),
    closeTimeMs: kept(closeTimeMs),
    high: kept(high),
    low: kept(low),
    close: kept(close),
  };
}

/** End of the UTC bucket a time lies in. */
function bucketEnd(timeMs: number, intervalMs: number): number {
  return (Math.floor(timeMs / intervalMs) + 1) * intervalMs;
}
