import { sharedInt32 } from './shared-columns.ts';
import type { Tape } from './tape.ts';

/**
 * Which rows each candle close concerns, when it is known at knownMs[k]. Row numbers are a superset
 * of what counts, never less:
 * - firstRow[k]: the row whose price is the latest at `knownMs[k] - lookBackMs`, however old;
 * - settledRow[k]: the first row that opens after `knownMs[k] + settleMs`, and if the market is
 *   closed at that moment the one after, for what arrives in a gap waits for its first price.
 * The close's whole window is [firstRow[k], settledRow[k + 1]); of the last one, to the tape's end.
 */
export type CloseWindows = {
  readonly count: number;
  readonly firstRow: Int32Array;
  readonly settledRow: Int32Array;
};

export function closeWindows(
  tape: Tape,
  knownMs: Float64Array,
  lookBackMs: number,
  settleMs: number,
): CloseWindows {
  const { count, openTimeMs, intervalMs } = tape;
  const closes = knownMs.length;
  const firstRow = sharedInt32(closes);
  const settledRow = sharedInt32(closes);
  let first = 0;
  let settled = 0;
  for (let k = 0; k < closes; k += 1) {
    const backMs = (knownMs[k] as number) - lookBackMs;
    const settledMs = (knownMs[k] as number) + settleMs;
    while (first + 1 < count && (openTimeMs[first + 1] as number) <= backMs) first += 1;
    while (settled < count && (openTimeMs[settled] as number) <= settledMs) settled += 1;
    const inGap = settled > 0 && (openTimeMs[settled - 1] as number) + intervalMs <= settledMs;
    firstRow[k] = first;
    settledRow[k] = Math.min(count, inGap ? settled + 1 : settled);
  }
  return { count: closes, firstRow, settledRow };
}
