import type { RunRecord } from '../run-record.ts';
import type { MetricsIndex } from './metrics-index.ts';
import type { MetricsScratch } from './scratch.ts';
import { fundingCost } from './settlements.ts';

/**
 * Largest fall of capital + profit from its running peak over all closes of the run, as a
 * fraction of that peak; after readLedger. The last close counts as closed out: finalProfit.
 */
export function worstDrawdown(
  record: RunRecord,
  index: MetricsIndex,
  scratch: MetricsScratch,
  capital: number,
  finalProfit: number,
): number {
  const { states, drawdown } = scratch;
  const scale = record.instrument.valuePerStep(1);
  const lastRow = record.endRow - 1;
  drawdown.start(capital);
  for (let k = 0; k < states.count; k += 1) {
    const begin = states.row[k] as number;
    const next = k + 1 < states.count ? (states.row[k + 1] as number) : lastRow;
    const end = next < lastRow ? next : lastRow;
    if (end <= begin) continue;
    const cash = capital + (states.cash[k] as number);
    const net = states.net[k] as number;
    if (net === 0) drawdown.point(cash);
    else holding(index, scratch, begin, end, cash, net, scale, states.settled[k] as number);
  }
  drawdown.point(capital + finalProfit);
  return drawdown.worst;
}

/** Rows [begin, end) under one position: cash changes only at the settlements between. */
function holding(
  index: MetricsIndex,
  scratch: MetricsScratch,
  begin: number,
  end: number,
  cash: number,
  net: number,
  scale: number,
  settled: number,
): void {
  const { settlements, closes } = index;
  const { drawdown } = scratch;
  let row = begin;
  let money = cash;
  let next = settled;
  while (row < end) {
    while (next < settlements.count && (settlements.row[next] as number) <= row) {
      money -= fundingCost(settlements, net, next, next + 1);
      next += 1;
    }
    const until = next < settlements.count ? (settlements.row[next] as number) : end;
    // Between two settlements the stretch is known as a whole.
    const whole = until <= end && next > 0 && next < settlements.count
      && settlements.row[next - 1] === row
      && drawdown.block(settlements.nodes, next - 1, money, net * scale, closes.inverse);
    const stop = until < end ? until : end;
    if (!whole) drawdown.rows(closes, row, stop, money, net * scale);
    row = stop;
  }
}
