import type { RunRecord } from '../run-record.ts';
import type { MetricsIndex } from './metrics-index.ts';
import { rowAt } from './row-clock.ts';
import type { MetricsScratch } from './scratch.ts';
import { fundingCost } from './settlements.ts';
import { flowSign } from './worth.ts';

/** Sums over a run's fills. Money units of the settle currency unless said otherwise. */
export type LedgerTotals = {
  /** Value sold less value bought (linear; the reverse for inverse): cash before costs. */
  flow: number;
  fees: number;
  /** Fees and funding, each at the price of its moment: money units x ticks; inverse only. */
  feeTicks: number;
  fundingTicks: number;
  turnover: number;
  filledSteps: number;
  makerSteps: number;
  /** Largest |net| valued at the price of the fill that made it. */
  peakValue: number;
  /** The same in steps x ticks for linear, in steps for inverse: quote once scaled. */
  peakQuote: number;
};

/** Walks the fills once and leaves in scratch.states what each left behind. */
export function readLedger(
  record: RunRecord,
  index: MetricsIndex,
  scratch: MetricsScratch,
): LedgerTotals {
  const { fills, instrument } = record;
  const { states } = scratch;
  const { settlements, inverse } = index;
  const totals = newTotals();
  const sign = flowSign(inverse);
  let net = 0;
  let cash = 0;
  let settled = 0;
  let perStep = 0;
  states.count = fills.count;
  for (let k = 0; k < fills.count; k += 1) {
    const atMs = fills.timeMs[k] as number;
    const from = settled;
    while (settled < settlements.count && (settlements.timeMs[settled] as number) <= atMs) {
      settled += 1;
    }
    if (settled > from && net !== 0) {
      const cost = fundingCost(settlements, net, from, settled);
      perStep += cost / net;
      cash -= roundHalfAway(cost);
      if (inverse) totals.fundingTicks += costTicks(index, net, from, settled);
    }
    const steps = fills.qtySteps[k] as number;
    const ticks = fills.priceTicks[k] as number;
    const fee = fills.fee[k] as number;
    const signed = steps * (fills.side[k] as number);
    const value = instrument.value(steps, ticks);
    const flow = -sign * (fills.side[k] as number) * value;
    net += signed;
    cash += flow - fee;
    totals.flow += flow;
    totals.fees += fee;
    totals.feeTicks += fee * ticks;
    totals.turnover += value;
    totals.filledSteps += steps;
    if (fills.maker[k] === 1) totals.makerSteps += steps;
    notePeak(totals, record, net, steps, ticks, value);
    states.row[k] = rowAt(index.clock, atMs);
    states.settled[k] = settled;
    states.value[k] = value;
    states.net[k] = net;
    states.cash[k] = cash;
    states.fundingPerStep[k] = perStep;
  }
  if (inverse && net !== 0) {
    totals.fundingTicks += costTicks(index, net, settled, settledBy(record, index));
  }
  return totals;
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

function costTicks(index: MetricsIndex, net: number, from: number, to: number): number {
  const { longCostTicks, shortCostTicks } = index.settlements;
  const column = net > 0 ? longCostTicks : shortCostTicks;
  return Math.abs(net) * ((column[to] as number) - (column[from] as number));
}

function notePeak(
  totals: LedgerTotals,
  record: RunRecord,
  net: number,
  steps: number,
  ticks: number,
  value: number,
): void {
  const size = Math.abs(net);
  if (size === 0) return;
  const quote = record.instrument.inverse ? size : size * ticks;
  if (quote > totals.peakQuote) totals.peakQuote = quote;
  // The fill's own value is at hand when it opened the position; otherwise scale it.
  const worth = size === steps ? value : (value / steps) * size;
  if (worth > totals.peakValue) totals.peakValue = worth;
}

function newTotals(): LedgerTotals {
  return {
    flow: 0, fees: 0, feeTicks: 0, fundingTicks: 0, turnover: 0,
    filledSteps: 0, makerSteps: 0, peakValue: 0, peakQuote: 0,
  };
}
