import { MS_PER_DAY } from '../../engine/units.ts';
import type { RunRecord } from '../run-record.ts';
import { buyAndHoldReturn, collateralReturn } from './benchmarks.ts';
import { DAYS_PER_YEAR, longestDrawdownDays, sharpeOf, sortinoOf } from './daily-ratios.ts';
import { dayCountOf, dayEndMs, readDailyProfit } from './equity.ts';
import { applyGates } from './gates.ts';
import { readHolding } from './holding.ts';
import type { LedgerTotals } from './ledger.ts';
import { readLedger } from './ledger.ts';
import type { MetricsIndex } from './metrics-index.ts';
import { checkIndex } from './metrics-index.ts';
import { METRIC_COLUMN as C, METRIC_COUNT } from './registry.ts';
import type { MetricsScratch } from './scratch.ts';
import { reserve } from './scratch.ts';
import type { ClosingTotals } from './trade-reader.ts';
import { summarise } from './trade-summary.ts';
import { readTrades } from './trades.ts';
import { worstDrawdown } from './worst-drawdown.ts';

/** What a run came to, in money units; the ground all metrics stand on. */
export type RunAccount = {
  readonly ledger: LedgerTotals;
  readonly closing: ClosingTotals;
  /** NaN when none was given and no position was ever held. */
  readonly capital: number;
  readonly gross: number;
  readonly fees: number;
  readonly net: number;
};

/**
 * Writes a run's metrics into `out` from `offset` on, in METRICS order, NaN for n/a. Leaves the
 * run's trades and daily curve in `scratch`. Takes no look at single candles but those next to
 * fills: cost grows with fills, settlements held and days, not with the tape.
 */
export function computeMetrics(
  record: RunRecord,
  index: MetricsIndex,
  scratch: MetricsScratch,
  out: Float64Array,
  offset = 0,
): RunAccount {
  const account = readAccount(record, index, scratch);
  readDailyProfit(record, index, scratch, account.net);
  readDailyReturns(scratch, account.capital);
  const row = out.subarray(offset, offset + METRIC_COUNT);
  row.fill(NaN);
  writeMoney(row, record, account);
  writeTrades(row, record, scratch);
  writeActivity(row, record, index, scratch, account);
  writeOpen(row, record, account);
  writeStates(row, record);
  writeReturns(row, record, index, scratch, account);
  applyGates(row, scratch.trades.count, daysOf(record));
  return account;
}

export function daysOf(record: RunRecord): number {
  return (record.endMs - record.startMs) / MS_PER_DAY;
}

/** Books a run: fills and trades into scratch, sums into the answer. */
export function readAccount(
  record: RunRecord,
  index: MetricsIndex,
  scratch: MetricsScratch,
): RunAccount {
  checkIndex(index, record);
  reserve(scratch, record.fills.count, record.slotCount, dayCountOf(record));
  const ledger = readLedger(record, index, scratch);
  const closing = readTrades(record, index, scratch);
  const gross = ledger.flow + closing.closingFlow;
  const fees = ledger.fees + closing.closingFees;
  const derived = ledger.peakValue > 0 ? ledger.peakValue / record.leverage : NaN;
  return {
    ledger,
    closing,
    capital: Number.isNaN(record.capital) ? derived : record.capital,
    gross,
    fees,
    net: gross - fees - record.fundingPaid,
  };
}

function readDailyReturns(scratch: MetricsScratch, capital: number): void {
  let before = 0;
  for (let day = 0; day < scratch.dayCount; day += 1) {
    const profit = scratch.dailyProfit[day] as number;
    scratch.dailyReturn[day] = capital > 0 ? (profit - before) / capital : 0;
    before = profit;
  }
}

function writeMoney(row: Float64Array, record: RunRecord, account: RunAccount): void {
  const { ledger, closing } = account;
  const { instrument } = record;
  const units = instrument.moneyPerUnit;
  const { tickSize, qtyStep } = instrument;
  const costTicks = ledger.feeTicks + closing.closingFeeTicks + ledger.fundingTicks;
  row[C.netProfit] = account.net / units;
  row[C.grossProfit] = account.gross / units;
  row[C.fees] = account.fees / units;
  row[C.funding] = record.fundingPaid / units;
  row[C.capital] = account.capital / units;
  row[C.netProfitUsd] = instrument.inverse
    ? ((closing.realisedTicks - costTicks) / units) * tickSize
    : account.net / units;
  row[C.peakNotional] = ledger.peakQuote * qtyStep * (instrument.inverse ? 1 : tickSize);
}

function writeTrades(row: Float64Array, record: RunRecord, scratch: MetricsScratch): void {
  const { count } = scratch.trades;
  const sum = summarise(scratch.trades);
  row[C.trades] = count;
  row[C.tradesPerDay] = count / daysOf(record);
  row[C.profitFactor] = ratio(sum.won, sum.lost);
  row[C.expectancy] = ratio(sum.net / record.instrument.moneyPerUnit, count);
  row[C.winRate] = ratio(100 * sum.wins, count);
  row[C.payoff] = sum.wins === 0 ? NaN : ratio(sum.won / sum.wins, sum.lost / sum.losses);
  row[C.maeAvg] = ratio(sum.maePct, count);
  row[C.mfeAvg] = ratio(sum.mfePct, count);
  row[C.maeWorst] = count === 0 ? NaN : sum.worstMaePct;
  row[C.longestPositionDays] = count === 0 ? NaN : sum.longestMs / MS_PER_DAY;
}

function writeActivity(
  row: Float64Array,
  record: RunRecord,
  index: MetricsIndex,
  scratch: MetricsScratch,
  account: RunAccount,
): void {
  const { ledger, capital } = account;
  const holding = readHolding(record, index, scratch);
  const rows = record.endRow - record.firstRow;
  row[C.fills] = record.fills.count;
  row[C.fillsPerYear] = (record.fills.count * DAYS_PER_YEAR) / daysOf(record);
  row[C.timeInMarket] = ratio(100 * holding.inMarketMs, record.endMs - record.startMs);
  row[C.longestFlatDays] = holding.longestFlatMs / MS_PER_DAY;
  row[C.grossExposure] = ratio(100 * holding.grossValueRows, rows * capital);
  row[C.netExposure] = ratio(100 * holding.netValueRows, rows * capital);
  row[C.turnover] = ratio(ledger.turnover, capital);
  row[C.makerShare] = ratio(100 * ledger.makerSteps, ledger.filledSteps);
  row[C.liquidated] = Number.isNaN(record.liquidatedAtMs) ? 0 : 1;
}

function writeOpen(row: Float64Array, record: RunRecord, account: RunAccount): void {
  const { closing } = account;
  const { instrument } = record;
  row[C.openQty] = closing.openSteps * instrument.qtyStep;
  row[C.openLots] = closing.openLots;
  row[C.openAgeDays] = (record.endMs - closing.oldestOpenMs) / MS_PER_DAY;
  row[C.openUnrealised] = (closing.openGross - closing.closingFees) / instrument.moneyPerUnit;
}

function writeStates(row: Float64Array, record: RunRecord): void {
  let all = 0;
  for (let state = 0; state < record.stateMs.length; state += 1) {
    all += record.stateMs[state] as number;
  }
  row[C.timeFlat] = ratio(100 * (record.stateMs[0] ?? 0), all);
  row[C.timeEntryPending] = ratio(100 * (record.stateMs[1] ?? 0), all);
  row[C.timeInPosition] = ratio(100 * (record.stateMs[2] ?? 0), all);
  row[C.timeExitPending] = ratio(100 * (record.stateMs[3] ?? 0), all);
}

function writeReturns(
  row: Float64Array,
  record: RunRecord,
  index: MetricsIndex,
  scratch: MetricsScratch,
  account: RunAccount,
): void {
  const { net, capital } = account;
  const days = scratch.dayCount;
  const growth = ratio(net, capital);
  const hold = 100 * buyAndHoldReturn(record);
  row[C.returnOnCapital] = 100 * growth;
  row[C.returnOnPeakNotional] = ratio(100 * (row[C.netProfitUsd] as number), row[C.peakNotional]);
  row[C.cagr] = 100 * (Math.max(0, 1 + growth) ** (DAYS_PER_YEAR / daysOf(record)) - 1);
  row[C.buyAndHoldReturn] = hold;
  row[C.excessOverBuyHold] = 100 * growth - hold;
  row[C.collateralUsdReturn] = index.inverse ? 100 * collateralReturn(record) : NaN;
  row[C.maxDrawdownDaysDaily] = longestDrawdownDays(
    scratch.dailyProfit, days, record.startMs, (day) => dayEndMs(record, day),
  );
  if (!(capital > 0)) return;
  const drawdown = worstDrawdown(record, index, scratch, capital, net);
  row[C.maxDrawdown] = 100 * drawdown;
  row[C.returnOverMaxDrawdown] = ratio(growth, drawdown);
  row[C.calmar] = ratio(row[C.cagr] as number, 100 * drawdown);
  row[C.sharpe] = sharpeOf(scratch.dailyReturn, days);
  row[C.sortino] = sortinoOf(scratch.dailyReturn, days);
}

/** NaN instead of dividing by nothing. */
function ratio(of: number, over: number | undefined): number {
  return over === undefined || !(over > 0) ? NaN : of / over;
}
