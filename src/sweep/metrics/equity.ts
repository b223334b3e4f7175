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
  #settled = 0;

  constructor(record: RunRecord, index: MetricsIndex, scratch: MetricsScratch) {
    this.#index = index;
    this.#states = scratch.states;
    this.#scale = record.instrument.valuePerStep(1);
  }

  profitAt(row: number, closeTicks: number): number {
    const states = this.#states;
    while (this.#fill + 1 < states.count && (states.row[this.#fill + 1] as number) <= row) {
      this.#fill += 1;
    }
    if (this.#fill < 0) return 0;
    const cash = states.cash[this.#fill] as number;
    const net = states.net[this.#fill] as number;
    if (net === 0) return cash;
    const { settlements, inverse } = this.#index;
    const from = states.settled[this.#fill] as number;
    if (this.#settled < from) this.#settled = from;
    while (this.#settled < settlements.count
      && (settlements.row[this.#settled] as number) <= row) this.#settled += 1;
    const worth = worthOf(inverse, closeTicks);
    const funding = fundingCost(settlements, net, from, this.#settled);
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
  const count = record.endRow - record.firstRow;
  const profit = new Float64Array(count);
  const walk = new EquityWalk(record, index, scratch);
  for (let i = 0; i + 1 < count; i += 1) {
    const row = record.firstRow + i;
    profit[i] = walk.profitAt(row, record.tape.close[row] as number);
  }
  if (count > 0) profit[count - 1] = finalProfit;
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
      scratch.dailyProfit[day] = walk.profitAt(rows - 1, ticks);
    }
  }
}
