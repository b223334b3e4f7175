import { sharedFloat64, sharedInt32 } from '../../market/shared-columns.ts';
import type { Tape } from '../../market/tape.ts';
import type { FundingIndex } from '../run-record.ts';
import type { RowClock } from './row-clock.ts';
import { rowAt } from './row-clock.ts';

/** Funding settlements laid over the rows. */
export type Settlements = {
  readonly count: number;
  readonly timeMs: Float64Array;
  /** The first row whose close has the settlement behind it. */
  readonly row: Int32Array;
  readonly longCost: Float64Array;
  readonly shortCost: Float64Array;
  /** The same costs, each at the close before its settlement: money units x ticks. */
  readonly longCostTicks: Float64Array;
  readonly shortCostTicks: Float64Array;
};

export function buildSettlements(
  tape: Tape,
  clock: RowClock,
  funding: FundingIndex,
): Settlements {
  const count = funding.count;
  const row = sharedInt32(count);
  for (let i = 0; i < count; i += 1) row[i] = rowAt(clock, funding.timeMs[i] as number);
  const { timeMs, longCost, shortCost } = funding;
  const longCostTicks = costTicks(tape, row, longCost);
  const shortCostTicks = costTicks(tape, row, shortCost);
  return { count, timeMs, row, longCost, shortCost, longCostTicks, shortCostTicks };
}

function costTicks(tape: Tape, row: Int32Array, cost: Float64Array): Float64Array {
  const sums = sharedFloat64(row.length + 1);
  for (let i = 0; i < row.length; i += 1) {
    const last = Math.min(row[i] as number, tape.count) - 1;
    const ticks = last < 0 ? tape.open[0] : tape.close[last];
    const step = (cost[i + 1] as number) - (cost[i] as number);
    sums[i + 1] = (sums[i] as number) + step * (ticks ?? 0);
  }
  return sums;
}

/** What `net` steps pay for settlements [from, to), money units, unrounded. */
export function fundingCost(s: Settlements, net: number, from: number, to: number): number {
  if (net === 0 || to <= from) return 0;
  return net > 0
    ? net * ((s.longCost[to] as number) - (s.longCost[from] as number))
    : -net * ((s.shortCost[to] as number) - (s.shortCost[from] as number));
}
