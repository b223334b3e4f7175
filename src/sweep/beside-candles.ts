import type { SimulatedRun } from './backtest-outcomes.ts';
import { besideFills } from './beside-fills.ts';
import type { BesideCandles, BesideRun } from './beside-results.ts';
import type { MatchedFills } from './latency-twin.ts';
import { MIN_WINDOW_MS, matchFills, orderFills } from './latency-twin.ts';
import { analyseRun } from './metrics/analyse-run.ts';
import type { RunAnalysis } from './metrics/analyse-run.ts';
import type { MetricsIndex } from './metrics/metrics-index.ts';
import type { MetricName } from './metrics/registry.ts';
import { orderHistory } from './outputs/order-lives.ts';
import type { OrderHistory } from './outputs/order-lives.ts';
import type { PreparedRun } from './prepare.ts';
import { queueWaits } from './queue-waits.ts';
import type { RunRecord } from './run-record.ts';

/** One of the two runs, with what is asked of both. */
export type BesideInput = {
  readonly record: RunRecord;
  readonly analysis: RunAnalysis;
  readonly history: OrderHistory;
};

export type BesideOutcome = {
  readonly summary: BesideCandles;
  /** Of the run on candles, at each close, in money units. */
  readonly candlesProfit: Float64Array;
  readonly matched: MatchedFills;
};

/** Holds a run on trades beside the same run on the candles made of them; null without trades. */
export function besideCandles(
  { trades, tape, instrument }: PreparedRun,
  onTrades: BesideInput,
  candles: SimulatedRun | undefined,
  index: MetricsIndex,
): BesideOutcome | null {
  if (trades === undefined || candles === undefined) return null;
  const onCandles = inputOf(candles, index);
  const windowMs = Math.max(MIN_WINDOW_MS, tape.intervalMs);
  const own = orderFills(onTrades.record.fills, instrument);
  const other = orderFills(onCandles.record.fills, instrument);
  const matched = matchFills(own, other, windowMs);
  const fills = besideFills(matched, instrument, tape.intervalMs, windowMs);
  const [here, there] = [runOf(onTrades, own.length), runOf(onCandles, other.length)];
  const endMs = endOf(onTrades.record);
  // Sums of decimals: below the money unit there is nothing but float64's rounding.
  const money = (value: number): number => Number(value.toFixed(instrument.moneyDigits));
  const netProfit = money(here.netProfit - there.netProfit);
  const prices = money(fills.better.money - fills.worse.money);
  const fees = money(there.fees - here.fees);
  const funding = money(there.funding - here.funding);
  const rest = money(netProfit - prices - fees - funding);
  const summary: BesideCandles = {
    path: 'direction',
    trades: here,
    candles: there,
    difference: { netProfit, prices, fees, funding, rest },
    fills,
    queue: queueWaits(onTrades.history, onTrades.record.fills, trades, tape, endMs),
  };
  return { summary, candlesProfit: onCandles.analysis.profit, matched };
}

function inputOf({ simulation, record }: SimulatedRun, index: MetricsIndex): BesideInput {
  const history = orderHistory(simulation, endOf(record));
  return { record, analysis: analyseRun(record, index), history };
}

function endOf({ liquidatedAtMs, endMs }: RunRecord): number {
  return Number.isNaN(liquidatedAtMs) ? endMs : liquidatedAtMs;
}

function runOf({ record, analysis, history }: BesideInput, filledOrders: number): BesideRun {
  const known = (name: MetricName): number | null => analysis.values[name] ?? null;
  const executions = new Map<number, number>();
  for (let at = 0; at < record.fills.count; at += 1) {
    const orderId = record.fills.orderId[at] ?? NaN;
    executions.set(orderId, (executions.get(orderId) ?? 0) + 1);
  }
  return {
    netProfit: known('netProfit') ?? 0,
    returnOnCapital: known('returnOnCapital'),
    maxDrawdown: known('maxDrawdown'),
    makerShare: known('makerShare'),
    capital: known('capital'),
    roundTrips: known('trades') ?? 0,
    fees: known('fees') ?? 0,
    funding: known('funding') ?? 0,
    executions: record.fills.count,
    filledOrders,
    inParts: history.orders.filter(({ orderId }) => (executions.get(orderId) ?? 0) > 1).length,
    unfinished: history.orders.filter(
      ({ filledSteps, qtySteps }) => filledSteps > 0 && filledSteps < qtySteps,
    ).length,
    liquidated: !Number.isNaN(record.liquidatedAtMs),
  };
}
