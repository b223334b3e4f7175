import { MS_PER_DAY } from '../../engine/units.ts';
import type { Instrument } from '../../engine/instrument.ts';
import { invariant } from '../../engine/invariant.ts';
import { sharedInt32 } from '../../market/shared-columns.ts';
import type { Tape } from '../../market/tape.ts';
import type { FundingIndex, RunRecord } from '../run-record.ts';
import type { EquityTrees } from './equity-tree.ts';
import { buildEquityTrees } from './equity-tree.ts';
import type { RangeTree } from './range-tree.ts';
import { buildRangeTree } from './range-tree.ts';
import type { RowClock } from './row-clock.ts';
import { buildRowClock } from './row-clock.ts';
import { ROW_FLOATS, newRowTable } from './row-table.ts';
import type { RowTable } from './row-table.ts';
import type { Settlements } from './settlements.ts';
import { buildSettlements } from './settlements.ts';

/** What every point of a sweep asks of the same tape and funding, found once. */
export type MetricsIndex = MetricsColumns & {
  readonly tape: Tape;
  readonly funding: FundingIndex;
};

/** All of the index but what it was made of: threads build it once and hand it on. */
export type MetricsColumns = {
  readonly inverse: boolean;
  readonly clock: RowClock;
  readonly equity: EquityTrees;
  readonly ranges: RangeTree;
  readonly settlements: Settlements;
  readonly rows: RowTable;
  readonly firstMidnightMs: number;
  /** Rows closed by each UTC midnight from firstMidnightMs to the tape's end. */
  readonly rowsByMidnight: Int32Array;
  /** Last close by each of these midnights, ticks; 0 before the first. */
  readonly closeByMidnight: Int32Array;
  /** Settlements that this close has behind it. */
  readonly settledByMidnight: Int32Array;
};

export function buildMetricsIndex(
  tape: Tape,
  funding: FundingIndex,
  instrument: Instrument,
): MetricsIndex {
  return { ...metricsColumns(tape, funding, instrument), tape, funding };
}

export function metricsColumns(
  tape: Tape,
  funding: FundingIndex,
  instrument: Instrument,
): MetricsColumns {
  const clock = buildRowClock(tape);
  const settlements = buildSettlements(tape, clock, funding);
  const firstOpenMs = tape.openTimeMs[0] ?? 0;
  const firstMidnightMs = (Math.floor(firstOpenMs / MS_PER_DAY) + 1) * MS_PER_DAY;
  const byMidnight = midnightRows(tape, firstMidnightMs);
  const rows = newRowTable(tape.count);
  writeCloseSums(tape, rows);
  return {
    inverse: tape.category === 'inverse',
    clock,
    equity: buildEquityTrees(tape, settlements, instrument.valuePerStep(1)),
    ranges: buildRangeTree(tape, rows),
    settlements,
    rows,
    firstMidnightMs,
    rowsByMidnight: byMidnight,
    closeByMidnight: closesBy(byMidnight, tape),
    settledByMidnight: settledBy(byMidnight, settlements),
  };
}

/** An index of another tape would give plausible nonsense, so it stops the run. */
export function checkIndex(index: MetricsIndex, record: RunRecord): void {
  invariant(
    index.tape === record.tape && index.funding === record.fundingIndex
      && index.equity.scale === record.instrument.valuePerStep(1),
    `metrics index of ${index.tape.symbol} does not belong to this run's tape, funding and contract`,
  );
}

/** Place of a UTC midnight in the columns by midnight; it may lie before or beyond them. */
export function midnightPlace(index: MetricsIndex, midnightMs: number): number {
  return Math.round((midnightMs - index.firstMidnightMs) / MS_PER_DAY);
}

/** Sum over rows [0, i) of the unsigned worth of the close: close or 1/close, in ticks. */
export function closeSumBefore({ rows }: MetricsIndex, row: number): number {
  return rows.floats[row * ROW_FLOATS] as number;
}

function writeCloseSums(tape: Tape, { floats }: RowTable): void {
  const inverse = tape.category === 'inverse';
  let sum = 0;
  for (let row = 0; row < tape.count; row += 1) {
    const close = tape.close[row] as number;
    sum += inverse ? 1 / close : close;
    floats[(row + 1) * ROW_FLOATS] = sum;
  }
}

function midnightRows(tape: Tape, firstMidnightMs: number): Int32Array {
  const lastOpenMs = tape.openTimeMs[tape.count - 1] ?? -Infinity;
  const lastCloseMs = lastOpenMs + tape.intervalMs;
  const days = Math.max(0, Math.ceil((lastCloseMs - firstMidnightMs) / MS_PER_DAY));
  const rows = sharedInt32(days);
  let row = 0;
  for (let day = 0; day < days; day += 1) {
    const lastOpen = firstMidnightMs + day * MS_PER_DAY - tape.intervalMs;
    while (row < tape.count && (tape.openTimeMs[row] as number) <= lastOpen) row += 1;
    rows[day] = row;
  }
  return rows;
}

function closesBy(rows: Int32Array, tape: Tape): Int32Array {
  const closes = sharedInt32(rows.length);
  for (let day = 0; day < rows.length; day += 1)
    closes[day] = tape.close[(rows[day] ?? 0) - 1] ?? 0;
  return closes;
}

function settledBy(midnights: Int32Array, { row, count }: Settlements): Int32Array {
  const columns = sharedInt32(midnights.length);
  let settled = 0;
  for (let day = 0; day < midnights.length; day += 1) {
    while (settled < count && (row[settled] as number) < (midnights[day] ?? 0)) settled += 1;
    columns[day] = settled;
  }
  return columns;
}
