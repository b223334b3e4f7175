import type { RunRecord } from '../run-record.ts';
import type { MetricsIndex } from './metrics-index.ts';
import { rowAt } from './row-clock.ts';
import type { MetricsScratch } from './scratch.ts';
import type { Settlements } from './settlements.ts';
import { fundingCost } from './settlements.ts';
import { flowSign } from './worth.ts';

/** Sums over a run's fills. Money units of the settle currency unless said otherwise. */
export type LedgerTotals = {
  /** Value sold less value bought (linear; the reverse for inverse): cash before costs. */
  readonly flow: number;
  readonly fees: number;
  /** Fees and funding, each at the price of its moment: money units x ticks; inverse only. */
  readonly feeTicks: number;
  readonly fundingTicks: number;
  readonly turnover: number;
  readonly filledSteps: number;
  readonly makerSteps: number;
  /** Largest |net| valued at the price of the fill that made it. */
  readonly peakValue: number;
  /** The same in steps x ticks for linear, in steps for inverse: quote once scaled. */
  readonly peakQuote: number;
};

/**
 * Walks the fills once and leaves in scratch.states what each left behind. One loop over local
 * sums: fields of an object would be read and written through memory at every fill.
 */
export function readLedger(
  record: RunRecord,
  index: MetricsIndex,
  scratch: MetricsScratch,
): LedgerTotals {
  const { instrument } = record;
  const { count, timeMs, side, priceTicks, qtySteps, maker, fee } = record.fills;
  const { row, settled, value, net, cash, fundingPerStep } = scratch.states;
  const { settlements, inverse, clock } = index;
  const { timeMs: settledMs, count: settlementCount } = settlements;
  const sign = flowSign(inverse);
  let [money, held, settledNow, perStep] = [0, 0, 0, 0];
  let [flow, fees, feeTicks, fundingTicks, turnover] = [0, 0, 0, 0, 0];
  let [filledSteps, makerSteps, peakValue, peakQuote] = [0, 0, 0, 0];
  scratch.states.count = count;
  for (let k = 0; k < count; k += 1) {
    const atMs = timeMs[k] as number;
    const from = settledNow;
    while (settledNow < settlementCount && (settledMs[settledNow] as number) <= atMs) {
      settledNow += 1;
    }
    if (settledNow > from && held !== 0) {
      const cost = fundingCost(settlements, held, from, settledNow);
      perStep += cost / held;
      money -= roundHalfAway(cost);
      if (inverse) fundingTicks += costTicks(settlements, held, from, settledNow);
    }
    const steps = qtySteps[k] as number;
    const ticks = priceTicks[k] as number;
    const paid = fee[k] as number;
    const direction = side[k] as number;
    const worth = instrument.value(steps, ticks);
    const income = -sign * direction * worth;
    held += steps * direction;
    money += income - paid;
    flow += income;
    fees += paid;
    feeTicks += paid * ticks;
    turnover += worth;
    filledSteps += steps;
    if (maker[k] === 1) makerSteps += steps;
    const size = Math.abs(held);
    if (size !== 0) {
      peakQuote = Math.max(peakQuote, inverse ? size : size * ticks);
      // The fill's own value is at hand when it opened the position; otherwise scale it.
      peakValue = Math.max(peakValue, size === steps ? worth : (worth / steps) * size);
    }
    row[k] = rowAt(clock, atMs);
    settled[k] = settledNow;
    value[k] = worth;
    net[k] = held;
    cash[k] = money;
    fundingPerStep[k] = perStep;
  }
  if (inverse && held !== 0) {
    fundingTicks += costTicks(settlements, held, settledNow, settledBy(record, index));
  }
  return {
    flow, fees, feeTicks, fundingTicks, turnover, filledSteps, makerSteps, peakValue, peakQuote,
  };
}

/** Settlements the run lived through: a settlement at its last moment is still paid. */
export function settledBy(record: RunRecord, index: MetricsIndex): number {
  const { timeMs, count } = index.settlements;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timeMs[middle] as number) <= record.endMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function roundHalfAway(value: number): number {
  const rounded = Math.floor(Math.abs(value) + 0.5);
  return value < 0 ? -rounded : rounded;
}

function costTicks(s: Settlements, net: number, from: number, to: number): number {
  const column = net > 0 ? s.longCostTicks : s.shortCostTicks;
  return Math.abs(net) * ((column[to] as number) - (column[from] as number));
}
