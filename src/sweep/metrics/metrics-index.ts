import { MS_PER_DAY } from '../../engine/units.ts';
import type { Instrument } from '../../engine/instrument.ts';
import { invariant } from '../../engine/invariant.ts';
import { sharedFloat64, sharedInt32 } from '../../market/shared-columns.ts';
import type { Tape } from '../../market/tape.ts';
import type { FundingIndex, RunRecord } from '../run-record.ts';
import type { EquityTrees } from './equity-tree.ts';
import { buildEquityTrees } from './equity-tree.ts';
import type { RangeTree } from './range-tree.ts';
import { buildRangeTree } from './range-tree.ts';
import type { RowClock } from './row-clock.ts';
import { buildRowClock } from './row-clock.ts';
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
  /** Sum over rows [0, i) of the unsigned worth of the close: close or 1/close, in ticks. */
  readonly closeSum: Float64Array;
  readonly firstMidnightMs: number;
  /** Rows closed by each UTC midnight from firstMidnightMs to the tape's end. */
  readonly rowsByMidnight: Int32Array;
  /** Last close by each of these midnights, ticks; 0 before the first. */
  readonly closeByMidnight: Int32Array;
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
  return {
    inverse: tape.category === 'inverse',
    clock,
    equity: buildEquityTrees(tape, settlements, instrument.valuePerStep(1)),
    ranges: buildRangeTree(tape),
    settlements,
    closeSum: closeSums(tape),
    firstMidnightMs,
    rowsByMidnight: byMidnight,
    closeByMidnight: closesBy(byMidnight, tape),
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

function closeSums(tape: Tape): Float64Array {
  const inverse = tape.category === 'inverse';
  const sums = sharedFloat64(tape.count + 1);
  let sum = 0;
  for (let row = 0; row < tape.count; row += 1) {
    const close = tape.close[row] as number;
    sum += inverse ? 1 / close : close;
    sums[row + 1] = sum;
  }
  return sums;
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
