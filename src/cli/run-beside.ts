import type { BesideFill, BesideRuns } from '../report/backtest-input.ts';
import type { BacktestOutcome } from '../sweep/backtest.ts';
import { averageTicks, worseTicks } from '../sweep/latency-twin.ts';
import type { FillPair, OrderFill } from '../sweep/latency-twin.ts';
import { ROLES } from '../sweep/run-record.ts';

/** What the page draws of a run on trades beside the one on their candles. */
export function besideRuns({ beside, prepared }: BacktestOutcome): BesideRuns | null {
  if (beside === null) return null;
  const { instrument } = prepared;
  const fill = (where: BesideFill['where'], order: OrderFill, pair?: FillPair): BesideFill => ({
    where,
    side: order.side > 0 ? 'buy' : 'sell',
    role: ROLES[order.role] ?? '',
    timeMs: order.timeMs,
    price: averageTicks(order, instrument) * instrument.tickSize,
    laterMs: pair === undefined ? null : pair.run.timeMs - pair.twin.timeMs,
    worse: pair === undefined ? null : worseTicks(pair, instrument) * instrument.tickSize,
  });
  const { pairs, extra, missed } = beside.matched;
  return {
    candlesProfit: beside.candlesProfit.map((units) => units / instrument.moneyPerUnit),
    fills: [
      ...pairs.map((pair) => fill('both', pair.run, pair)),
      ...extra.map((order) => fill('trades', order)),
      ...missed.map((order) => fill('candles', order)),
    ],
  };
}
