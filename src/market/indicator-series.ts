import { InputError, InvariantError } from '../engine/invariant.ts';
import type { IndicatorNeed } from '../engine/strategy.ts';
import { indicatorColumn } from '../indicators/columns.ts';
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
  const values = new Float64Array(candles.count * needs.length);
  for (let row = 0; row < candles.count; row += 1) {
    columns.forEach((column, i) => {
      values[row * needs.length + i] = column[row] ?? NaN;
    });
  }
  return { ...candles, intervalMs, values, needs };
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
  const { openTimeMs: times, count } = tape;
  const bucketOf = (row: number): number => Math.floor((times[row] ?? 0) / intervalMs);
  const opens: number[] = [];
  const closes: number[] = [];
  const high: number[] = [];
  const low: number[] = [];
  const close: number[] = [];
  let row = 0;
  const firstBucket = count > 0 ? bucketOf(0) : 0;
  if (count > 0 && (times[0] ?? 0) !== firstBucket * intervalMs) {
    while (row < count && bucketOf(row) === firstBucket) row += 1;
  }
  const tapeEndMs = (times[count - 1] ?? 0) + tape.intervalMs;
  while (row < count) {
    const bucket = bucketOf(row);
    const closeMs = (bucket + 1) * intervalMs;
    if (closeMs > tapeEndMs) break;
    let top = -Infinity;
    let bottom = Infinity;
    let last = 0;
    for (; row < count && (times[row] ?? Infinity) < closeMs; row += 1) {
      top = Math.max(top, tape.high[row] ?? top);
      bottom = Math.min(bottom, tape.low[row] ?? bottom);
      last = tape.close[row] ?? last;
    }
    opens.push(bucket * intervalMs);
    closes.push(closeMs);
    high.push(top);
    low.push(bottom);
    close.push(last);
  }
  return {
    count: closes.length,
    openTimeMs: Float64Array.from(opens),
    closeTimeMs: Float64Array.from(closes),
    high: Float64Array.from(high),
    low: Float64Array.from(low),
    close: Float64Array.from(close),
  };
}
