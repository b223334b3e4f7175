import type { MetricDefinition, MetricValues } from '../results.ts';

type Unit = '%' | 'settle' | 'quote' | 'days' | 'qty' | 'x' | '';

function metric<Name extends string>(
  name: Name,
  label: string,
  unit: Unit,
  better: MetricDefinition['better'],
  digits: number,
): MetricDefinition & { readonly name: Name } {
  return { name, label, unit, better, digits };
}

/** Every metric of a run, in the order of points.csv and of rows of metrics. docs/metrics.md. */
export const METRICS = [
  metric('netProfit', 'Net profit', 'settle', 'higher', 8),
  metric('netProfitUsd', 'Net profit at the prices of its moments', 'quote', 'higher', 2),
  metric('grossProfit', 'Profit before fees and funding', 'settle', 'higher', 8),
  metric('fees', 'Fees paid', 'settle', 'lower', 8),
  metric('funding', 'Funding paid', 'settle', 'lower', 8),
  metric('capital', 'Capital', 'settle', 'neither', 8),
  metric('peakNotional', 'Largest position', 'quote', 'neither', 2),
  metric('returnOnCapital', 'Return on capital', '%', 'higher', 2),
  metric('returnOnPeakNotional', 'Return on largest position', '%', 'higher', 2),
  metric('cagr', 'Compound annual growth', '%', 'higher', 2),
  metric('maxDrawdown', 'Largest drawdown', '%', 'lower', 2),
  metric('maxDrawdownDays', 'Longest drawdown (candle closes)', 'days', 'lower', 2),
  metric('maxDrawdownDaysDaily', 'Longest drawdown (day ends)', 'days', 'lower', 1),
  metric('sharpe', 'Sharpe ratio', '', 'higher', 2),
  metric('sortino', 'Sortino ratio', '', 'higher', 2),
  metric('calmar', 'Calmar ratio', '', 'higher', 2),
  metric('returnOverMaxDrawdown', 'Return / largest drawdown', '', 'higher', 2),
  metric('profitFactor', 'Profit factor', '', 'higher', 2),
  metric('expectancy', 'Expectancy per trade', 'settle', 'higher', 8),
  metric('winRate', 'Trades won', '%', 'higher', 1),
  metric('payoff', 'Average win / average loss', '', 'higher', 2),
  metric('trades', 'Trades', '', 'neither', 0),
  metric('tradesPerDay', 'Trades per day', '', 'neither', 2),
  metric('fills', 'Fills', '', 'neither', 0),
  metric('fillsPerYear', 'Fills per year', '', 'neither', 0),
  metric('timeInMarket', 'Time in market', '%', 'neither', 1),
  metric('grossExposure', 'Average gross exposure', '%', 'neither', 1),
  metric('netExposure', 'Average net exposure', '%', 'neither', 1),
  metric('turnover', 'Turnover', 'x', 'neither', 1),
  metric('makerShare', 'Filled as maker', '%', 'higher', 1),
  metric('maeAvg', 'Average adverse excursion', '%', 'lower', 2),
  metric('mfeAvg', 'Average favourable excursion', '%', 'higher', 2),
  metric('maeWorst', 'Worst adverse excursion', '%', 'lower', 2),
  metric('openQty', 'Quantity open at the end', 'qty', 'neither', 4),
  metric('openLots', 'Lots open at the end', '', 'neither', 0),
  metric('openAgeDays', 'Age of the oldest open lot', 'days', 'lower', 1),
  metric('openUnrealised', 'Result of the open lots', 'settle', 'higher', 8),
  metric('longestPositionDays', 'Longest trade', 'days', 'lower', 1),
  metric('longestFlatDays', 'Longest time without a position', 'days', 'neither', 1),
  metric('timeFlat', 'Slot time flat', '%', 'neither', 1),
  metric('timeEntryPending', 'Slot time waiting to enter', '%', 'neither', 1),
  metric('timeInPosition', 'Slot time in position', '%', 'neither', 1),
  metric('timeExitPending', 'Slot time waiting to leave', '%', 'neither', 1),
  metric('buyAndHoldReturn', 'Buy and hold', '%', 'neither', 2),
  metric('excessOverBuyHold', 'Return above buy and hold', '%', 'higher', 2),
  metric('collateralUsdReturn', 'Collateral revaluation', '%', 'neither', 2),
  metric('liquidated', 'Liquidated', '', 'lower', 0),
] as const;

export type MetricName = (typeof METRICS)[number]['name'];

/** Numbers a row of metrics takes. */
export const METRIC_COUNT = METRICS.length;

/** Place of each metric in a row. */
export const METRIC_COLUMN = Object.fromEntries(
  METRICS.map(({ name }, column) => [name, column]),
) as Readonly<Record<MetricName, number>>;

/** A row as an object; NaN becomes null, for which metricNotes has the reason. */
export function metricValues(row: ArrayLike<number>, offset = 0): MetricValues {
  const values: Record<string, number | null> = {};
  METRICS.forEach(({ name }, column) => {
    const value = row[offset + column] ?? NaN;
    values[name] = Number.isNaN(value) ? null : value;
  });
  return values;
}
