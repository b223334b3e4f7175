import { InvariantError } from '../engine/invariant.ts';

/**
 * Candles as columns over shared memory; row i covers [openTimeMs[i], openTimeMs[i] + intervalMs).
 * Prices are integer ticks; volume is whole quantity steps, rounded down (docs/data.md).
 * Rows are in time order, aligned to the interval, without duplicates; gaps are allowed.
 */
export type Tape = {
  readonly symbol: string;
  readonly category: 'linear' | 'inverse';
  readonly intervalMs: number;
  readonly count: number;
  readonly openTimeMs: Float64Array;
  readonly open: Int32Array;
  readonly high: Int32Array;
  readonly low: Int32Array;
  readonly close: Int32Array;
  readonly volumeSteps: Float64Array;
  /** False when the source had no volume column; then volumeSteps is all zero. */
  readonly hasVolume: boolean;
};

/** Funding settlements in time order. */
export type FundingHistory = {
  readonly count: number;
  readonly timeMs: Float64Array;
  readonly rate: Float64Array;
};

/** Bytes of a tape's columns in their order in shared memory: time, volume, then four prices. */
export function tapeBytes(count: number): number {
  return count * (8 + 8 + 4 * 4);
}

/** An empty tape over one SharedArrayBuffer, to be filled or mapped by a worker. */
export function tapeOver(
  buffer: SharedArrayBuffer,
  count: number,
  head: Pick<Tape, 'symbol' | 'category' | 'intervalMs' | 'hasVolume'>,
): Tape {
  const prices = 16 * count;
  return {
    ...head,
    count,
    openTimeMs: new Float64Array(buffer, 0, count),
    volumeSteps: new Float64Array(buffer, 8 * count, count),
    open: new Int32Array(buffer, prices, count),
    high: new Int32Array(buffer, prices + 4 * count, count),
    low: new Int32Array(buffer, prices + 8 * count, count),
    close: new Int32Array(buffer, prices + 12 * count, count),
  };
}

/** The rows with openTimeMs in [fromMs, toMs), sharing the memory. */
export function sliceTape(tape: Tape, fromMs: number, toMs: number): Tape {
  const first = lowerBound(tape.openTimeMs, fromMs);
  const last = lowerBound(tape.openTimeMs, toMs);
  return {
    ...tape,
    count: last - first,
    openTimeMs: tape.openTimeMs.subarray(first, last),
    volumeSteps: tape.volumeSteps.subarray(first, last),
    open: tape.open.subarray(first, last),
    high: tape.high.subarray(first, last),
    low: tape.low.subarray(first, last),
    close: tape.close.subarray(first, last),
  };
}

/** Whether any candle is missing between the first and the last. */
export function hasGaps({ count, openTimeMs, intervalMs }: Tape): boolean {
  return openTimeMs[count - 1] !== (openTimeMs[0] ?? 0) + (count - 1) * intervalMs;
}

/** Index of the first element >= value in an ascending column. */
export function lowerBound(column: Float64Array, value: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Names of candle intervals as the command line and Bybit write them, in ms. */
const INTERVALS: Readonly<Record<string, number>> = {
  '1s': 1_000,
  '1m': 60_000,
  '3m': 180_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '2h': 7_200_000,
  '4h': 14_400_000,
  '6h': 21_600_000,
  '12h': 43_200_000,
  '1d': 86_400_000,
  '1w': 604_800_000,
};

export const INTERVAL_NAMES: readonly string[] = Object.keys(INTERVALS);

/** The interval in ms, or undefined when the name is unknown. */
export function intervalMs(name: string): number | undefined {
  return Object.hasOwn(INTERVALS, name) ? INTERVALS[name] : undefined;
}

export function intervalName(ms: number): string {
  for (const [name, value] of Object.entries(INTERVALS)) if (value === ms) return name;
  throw new InvariantError(`no name for an interval of ${ms} ms`);
}
