import { MS_PER_DAY } from '../../engine/units.ts';
import type { RunRecord } from '../run-record.ts';
import type { MetricsIndex } from './metrics-index.ts';
import { midnightPlace } from './metrics-index.ts';
import type { MetricsScratch } from './scratch.ts';
import { fundingCost } from './settlements.ts';
import { worthOf } from './worth.ts';

/**
 * Profit at closes, after readLedger: money units, 0 at the start. A row has every fill and
 * settlement before its close behind it. Rows must be asked for in ascending order.
 */
export class EquityWalk {
  readonly #index: MetricsIndex;
  readonly #states: MetricsScratch['states'];
  readonly #scale: number;
  #fill = -1;

  constructor(record: RunRecord, index: MetricsIndex, scratch: MetricsScratch) {
    this.#index = index;
    this.#states = scratch.states;
    this.#scale = record.instrument.valuePerStep(1);
  }

  /** `settled`: how many settlements the row's close has behind it. */
  profitAt(row: number, closeTicks: number, settled: number): number {
    const states = this.#states;
    while (this.#fill + 1 < states.count && (states.row[this.#fill + 1] as number) <= row) {
      this.#fill += 1;
    }
    if (this.#fill < 0) return 0;
    const cash = states.cash[this.#fill] as number;
    const net = states.net[this.#fill] as number;
    if (net === 0) return cash;
    const { settlements, inverse } = this.#index;
    const worth = worthOf(inverse, closeTicks);
    const funding = fundingCost(settlements, net, states.settled[this.#fill] as number, settled);
    return cash + net * this.#scale * worth - funding;
  }
}

/** Profit at every close of the run; the last one is the final, closed profit. Money units. */
export function profitAtCloses(
  record: RunRecord,
  index: MetricsIndex,
  scratch: MetricsScratch,
  finalProfit: number,
): Float64Array {
  const rows = record.endRow - record.firstRow;
  const profit = new Float64Array(rows);
  const walk = new EquityWalk(record, index, scratch);
  const { settlements } = index;
  const { count } = settlements;
  let settled = 0;
  for (let i = 0; i + 1 < rows; i += 1) {
    const row = record.firstRow + i;
    while (settled < count && (settlements.row[settled] as number) <= row) settled += 1;
    profit[i] = walk.profitAt(row, record.tape.close[row] as number, settled);
  }
  if (rows > 0) profit[rows - 1] = finalProfit;
  return profit;
}

/** Days of a run: one to each UTC midnight inside it, one more to its end. */
export function dayCountOf(record: RunRecord): number {
  const { startMs, endMs } = record;
  if (endMs <= startMs) return 0;
  return Math.ceil(endMs / MS_PER_DAY) - Math.floor(startMs / MS_PER_DAY);
}

/** End of day i: the i-th UTC midnight after the start, for the last day the end of the run. */
export function dayEndMs(record: RunRecord, day: number): number {
  const midnightMs = (Math.floor(record.startMs / MS_PER_DAY) + 1 + day) * MS_PER_DAY;
  return Math.min(midnightMs, record.endMs);
}

/** Fills scratch.dailyProfit: profit at the last close by each day end, closed at the last. */
export function readDailyProfit(
  record: RunRecord,
  index: MetricsIndex,
  scratch: MetricsScratch,
  finalProfit: number,
): void {
  const days = dayCountOf(record);
  const walk = new EquityWalk(record, index, scratch);
  const first = days === 0 ? 0 : midnightPlace(index, dayEndMs(record, 0));
  scratch.dayCount = days;
  for (let day = 0; day < days; day += 1) {
    const place = first + day;
    const rows = place < 0 ? 0 : (index.rowsByMidnight[place] ?? record.endRow);
    if (day === days - 1 || rows >= record.endRow) scratch.dailyProfit[day] = finalProfit;
    else if (rows <= record.firstRow) scratch.dailyProfit[day] = 0;
    else {
      const ticks = index.closeByMidnight[place] as number;
      const settled = index.settledByMidnight[place] as number;
      scratch.dailyProfit[day] = walk.profitAt(rows - 1, ticks, settled);
    }
  }
}
