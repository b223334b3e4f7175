import type { Benchmark, MetricNotes, MetricValues } from '../results.ts';
import type { RunRecord } from '../run-record.ts';
import { buyAndHold, idleCollateral } from './benchmarks.ts';
import { computeMetrics, daysOf } from './compute-metrics.ts';
import { longestDrawdownDays } from './daily-ratios.ts';
import { dayEndMs, profitAtCloses } from './equity.ts';
import { metricNotes } from './gates.ts';
import type { MetricsIndex } from './metrics-index.ts';
import { buildMetricsIndex } from './metrics-index.ts';
import type { MonthlyReturn } from './monthly-returns.ts';
import { monthlyReturns } from './monthly-returns.ts';
import { METRIC_COLUMN, METRIC_COUNT, metricValues } from './registry.ts';
import type { MetricsScratch } from './scratch.ts';
import { newMetricsScratch } from './scratch.ts';
import type { TradeColumns } from './trade-columns.ts';

/** One run in full, for backtests and finalists. */
export type RunAnalysis = {
  readonly values: MetricValues;
  readonly notes: MetricNotes;
  /** Money units; NaN when no position was ever held. */
  readonly capital: number;
  /** Profit at each close of rows [firstRow, endRow), the last one closed out. Money units. */
  readonly profit: Float64Array;
  readonly daily: readonly DailyEquity[];
  readonly dailyReturn: Float32Array;
  readonly monthly: readonly MonthlyReturn[];
  /** Lies in the scratch: valid until its next use. */
  readonly trades: TradeColumns;
  readonly benchmarks: readonly Benchmark[];
};

/** Profit since the start, money units, at the end of a UTC day or of the run. */
export type DailyEquity = { readonly timeMs: number; readonly profit: number };

export function analyseRun(
  record: RunRecord,
  index: MetricsIndex = buildMetricsIndex(record.tape, record.fundingIndex, record.instrument),
  scratch: MetricsScratch = newMetricsScratch(),
): RunAnalysis {
  const row = new Float64Array(METRIC_COUNT);
  const { capital, net } = computeMetrics(record, index, scratch, row);
  const profit = profitAtCloses(record, index, scratch, net);
  if (capital > 0) row[METRIC_COLUMN.maxDrawdownDays] = candleDrawdownDays(record, profit);
  const values = metricValues(row);
  const daily = readDaily(record, scratch);
  return {
    values,
    notes: metricNotes(values, daysOf(record)),
    capital,
    profit,
    daily,
    dailyReturn: scratch.dailyReturn.slice(0, scratch.dayCount),
    monthly: monthlyReturns(daily, record.startMs, capital),
    trades: scratch.trades,
    benchmarks: [buyAndHold(record, capital).summary, idleCollateral(record, capital).summary],
  };
}

function candleDrawdownDays(record: RunRecord, profit: Float64Array): number {
  const { tape, firstRow } = record;
  const closeMs = (i: number): number =>
    (tape.openTimeMs[firstRow + i] as number) + tape.intervalMs;
  return longestDrawdownDays(profit, profit.length, record.startMs, closeMs);
}

function readDaily(record: RunRecord, scratch: MetricsScratch): DailyEquity[] {
  const daily: DailyEquity[] = [];
  for (let day = 0; day < scratch.dayCount; day += 1) {
    daily.push({
      timeMs: dayEndMs(record, day),
      profit: scratch.dailyProfit[day] as number,
    });
  }
  return daily;
}
