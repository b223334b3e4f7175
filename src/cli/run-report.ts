import { END_WORDS, ROLE_STOP, ROLE_ENTRY } from '../engine/codes.ts';
import { reasonName, reasonText } from '../engine/reasons.ts';
import type {
  BacktestReportInput, EquityCurves, LevelChange, ReasonSpan, ReportTrade,
} from '../report/backtest-input.ts';
import { SHOWN_LIVES } from '../report/order-life.ts';
import type { ReportOrderLife } from '../report/order-life.ts';
import { unknownMsByOrder } from '../sweep/latency-unknown.ts';
import type { BacktestOutcome } from '../sweep/backtest.ts';
import { buyAndHold } from '../sweep/metrics/benchmarks.ts';
import { METRICS } from '../sweep/metrics/registry.ts';
import { NO_EXIT_ROLE } from '../sweep/metrics/trade-columns.ts';
import { sideText } from '../sweep/outputs/csv-text.ts';
import type { OrderHistory, OrderLife } from '../sweep/outputs/order-lives.ts';
import { reasonIntervals } from '../sweep/outputs/reason-csv.ts';
import { ROLES } from '../sweep/run-record.ts';
import { besideRuns } from './run-beside.ts';

/** What the page is drawn from: prices and money as plain numbers. */
export function reportInput(outcome: BacktestOutcome, history: OrderHistory): BacktestReportInput {
  const { result, record, prepared } = outcome;
  return {
    result,
    metrics: METRICS,
    equity: equityCurves(outcome),
    tape: record.tape,
    firstRow: record.firstRow,
    endRow: record.endRow,
    instrument: prepared.instrument,
    fills: record.fills,
    trades: reportTrades(outcome),
    levels: levelChanges(outcome, history),
    reasons: reasonSpans(outcome),
    orderLives: leastKnown(outcome, history),
    orderCount: history.orders.length,
    beside: besideRuns(outcome),
  };
}

function equityCurves({ record, analysis }: BacktestOutcome): EquityCurves {
  const { tape, firstRow, endRow, instrument } = record;
  const coins = (units: Float64Array): Float64Array =>
    units.map((value) => value / instrument.moneyPerUnit);
  const hold = analysis.capital > 0
    ? coins(buyAndHold(record, analysis.capital).profit)
    : new Float64Array(analysis.profit.length);
  return {
    timeMs: tape.openTimeMs.slice(firstRow, endRow).map((openMs) => openMs + tape.intervalMs),
    strategy: coins(analysis.profit),
    buyAndHold: hold,
    // In the settle coin idle collateral stays what it is: there is no curve to draw.
    idle: null,
  };
}

function reportTrades({ analysis, prepared }: BacktestOutcome): ReportTrade[] {
  const { trades } = analysis;
  const { instrument } = prepared;
  const at = (column: ArrayLike<number>, i: number): number => column[i] ?? NaN;
  return Array.from({ length: trades.count }, (_, i) => {
    const role = at(trades.exitRole, i);
    return {
      side: at(trades.side, i) > 0 ? 'long' : 'short',
      entryTimeMs: at(trades.entryMs, i),
      exitTimeMs: at(trades.exitMs, i),
      entryPrice: at(trades.entryTicks, i) * instrument.tickSize,
      exitPrice: at(trades.exitTicks, i) * instrument.tickSize,
      qty: at(trades.qtySteps, i) * instrument.qtyStep,
      netPnl: at(trades.netPnl, i) / instrument.moneyPerUnit,
      maePct: at(trades.maePct, i),
      mfePct: at(trades.mfePct, i),
      holdMs: at(trades.exitMs, i) - at(trades.entryMs, i),
      exitRole: role === NO_EXIT_ROLE ? '' : (ROLES[role] ?? ''),
      openAtEnd: role === NO_EXIT_ROLE,
    };
  });
}

function levelChanges({ prepared }: BacktestOutcome, history: OrderHistory): LevelChange[] {
  const { tickSize } = prepared.instrument;
  return history.levels.map(({ timeMs, order, priceTicks }) => ({
    timeMs,
    slot: order.slot,
    kind: order.role === ROLE_ENTRY ? 'entry' : order.role === ROLE_STOP ? 'stop' : 'exit',
    price: Number.isNaN(priceTicks) ? null : priceTicks * tickSize,
  }));
}

function reasonSpans({ simulation }: BacktestOutcome): ReasonSpan[] {
  return reasonIntervals(simulation.engine.reasons).map(({ fromMs, untilMs, slot, code }) => ({
    fromMs, untilMs, slot, code: reasonName(code), text: reasonText(code),
  }));
}

function leastKnown({ record }: BacktestOutcome, history: OrderHistory): ReportOrderLife[] {
  const unknownMs = unknownMsByOrder(history, record.fills, record.endMs);
  const of = ({ orderId }: OrderLife): number => unknownMs.get(orderId) ?? 0;
  return [...history.orders]
    .sort((a, b) => of(b) - of(a) || a.orderId - b.orderId)
    .slice(0, SHOWN_LIVES)
    .map((order) => orderLife(order, of(order)));
}

function orderLife(order: OrderLife, unknownMs: number): ReportOrderLife {
  const known = (ms: number): number | null => (Number.isNaN(ms) ? null : ms);
  return {
    id: order.linkId,
    side: sideText(order.side),
    role: ROLES[order.role] ?? '',
    end: order.retCode !== 0 ? 'Refused' : (END_WORDS[order.end] ?? 'still working'),
    sentMs: order.sentMs,
    venueMs: known(order.venueMs),
    answerKnownMs: known(order.answerKnownMs),
    firstFillMs: known(order.firstFillMs),
    lastFillMs: known(order.lastFillMs),
    fillsKnownMs: known(order.fillsKnownMs),
    endMs: known(order.endMs),
    endKnownMs: known(order.endKnownMs),
    unknownMs,
  };
}
