import { sharedFloat64, sharedInt32 } from '../../market/shared-columns.ts';
import type { Tape } from '../../market/tape.ts';

/** Runs of candles without a gap, so that a time finds its row without searching the tape. */
export type RowClock = {
  readonly intervalMs: number;
  readonly runCount: number;
  /** Open time of each run's first row. */
  readonly runStartMs: Float64Array;
  /** First row of each run; one more entry closes the last run with the tape's row count. */
  readonly runRow: Int32Array;
};

export function buildRowClock(tape: Tape): RowClock {
  const rows: number[] = [];
  for (let row = 0; row < tape.count; row += 1) {
    const openMs = tape.openTimeMs[row] as number;
    const continues = row > 0 && openMs === (tape.openTimeMs[row - 1] as number) + tape.intervalMs;
    if (!continues) rows.push(row);
  }
  const runCount = rows.length;
  const runStartMs = sharedFloat64(runCount);
  const runRow = sharedInt32(runCount + 1);
  runRow.set(rows);
  runRow[runCount] = tape.count;
  for (let run = 0; run < runCount; run += 1)
    runStartMs[run] = tape.openTimeMs[runRow[run] as number] as number;
  return { intervalMs: tape.intervalMs, runCount, runStartMs, runRow };
}

/**
 * The first row whose candle closes after the moment: an event at t is part of every close from
 * that row on. An event on the boundary of two candles belongs to the later one, one inside a gap
 * to the candle after it.
 */
export function rowAt(clock: RowClock, atMs: number): number {
  const run = lastRunBy(clock, atMs);
  if (run < 0) return 0;
  const sinceMs = atMs - (clock.runStartMs[run] as number);
  const row = (clock.runRow[run] as number) + Math.floor(sinceMs / clock.intervalMs);
  const runEnd = clock.runRow[run + 1] as number;
  return row < runEnd ? row : runEnd;
}

/** The last run that starts at or before the moment; -1 before the first. */
function lastRunBy(clock: RowClock, atMs: number): number {
  let low = 0;
  let high = clock.runCount;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((clock.runStartMs[middle] as number) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
