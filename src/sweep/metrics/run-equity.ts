import type { RunRecord } from '../run-record.ts';
import { readAccount } from './compute-metrics.ts';
import { profitAtCloses, readDailyProfit } from './equity.ts';
import type { MetricsIndex } from './metrics-index.ts';
import { buildMetricsIndex } from './metrics-index.ts';
import type { MetricsScratch } from './scratch.ts';
import { newMetricsScratch } from './scratch.ts';

/** Profit at the close of each row in [firstRow, endRow), money units; the last one closed out. */
export function equityAtCloses(
  record: RunRecord,
  index: MetricsIndex = buildMetricsIndex(record.tape, record.fundingIndex, record.instrument),
  scratch: MetricsScratch = newMetricsScratch(),
): Float64Array {
  const account = readAccount(record, index, scratch);
  return profitAtCloses(record, index, scratch, account.net);
}

/** Profit at each UTC midnight inside the run and at its end, money units. */
export function dailyEquity(
  record: RunRecord,
  index: MetricsIndex = buildMetricsIndex(record.tape, record.fundingIndex, record.instrument),
  scratch: MetricsScratch = newMetricsScratch(),
): Float64Array {
  const account = readAccount(record, index, scratch);
  readDailyProfit(record, index, scratch, account.net);
  return scratch.dailyProfit.slice(0, scratch.dayCount);
}
