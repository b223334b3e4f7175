import { METRICS } from '../sweep/metrics/registry.ts';
import type { MetricName } from '../sweep/metrics/registry.ts';
import type { BacktestResult, PathOutcome } from '../sweep/results.ts';

/** A backtest in a dozen lines for a terminal. */
export function summaryText(result: BacktestResult, out: string): string {
  const { run } = result;
  const rows: [string, string][] = [
    ['period', `${run.from} to ${run.to} (${plain(run.days, 1)} days, ${run.candles} candles)`],
    ['net profit', `${metric(result, 'netProfit')}${inDollars(result)}`],
    ['return', `${metric(result, 'returnOnCapital')} on ${metric(result, 'capital')}`],
    ['max drawdown', metric(result, 'maxDrawdown')],
    ['trades', `${metric(result, 'trades')} (${metric(result, 'fills')} fills)`],
    ['fees', metric(result, 'fees')],
    ['funding', `${metric(result, 'funding')} (${String(run.frictions['funding'])})`],
    ['open at the end', openText(result)],
    ['honest interval', intervalText(result)],
    ['buy and hold', metric(result, 'buyAndHoldReturn')],
  ];
  const synthetic = run.synthetic ? 'SYNTHETIC DATA: ' : '';
  return [
    `${synthetic}${run.strategy} on ${run.symbol} ${run.interval}, path ${run.path}, ` +
      `execution ${run.execution}, seed ${run.seed}`,
    ...rows.map(([name, text]) => `  ${name.padEnd(16)} ${text}`),
    ...result.warnings.map(({ text }) => `  ! ${text}`),
    `  report: ${out}/report.html`,
    '',
  ].join('\n');
}

function metric(result: BacktestResult, name: MetricName): string {
  const definition = METRICS.find((each) => each.name === name);
  const value = result.metrics[name] ?? null;
  if (value === null || definition === undefined) return `n/a (${result.notes[name] ?? 'unknown'})`;
  const { unit, digits } = definition;
  return `${plain(value, digits)}${unitText(unit, result)}`;
}

function unitText(unit: string, { run }: BacktestResult): string {
  if (unit === 'settle') return ` ${run.settleCurrency}`;
  if (unit === 'quote') return ` ${run.quoteCurrency}`;
  return unit === '' ? '' : ` ${unit}`;
}

function inDollars(result: BacktestResult): string {
  const { settleCurrency, quoteCurrency } = result.run;
  return settleCurrency === quoteCurrency ? '' : ` = ${metric(result, 'netProfitUsd')}`;
}

function openText(result: BacktestResult): string {
  if ((result.metrics['openLots'] ?? 0) === 0) return 'nothing';
  const age = metric(result, 'openAgeDays');
  const { category, baseCurrency, quoteCurrency } = result.run;
  const unit = category === 'inverse' ? quoteCurrency : baseCurrency;
  return `${plain(result.metrics['openQty'] ?? 0, 8)} ${unit} in ${metric(result, 'openLots')} lots, ` +
    `${metric(result, 'openUnrealised')}, oldest ${age}`;
}

function intervalText({ pathInterval, run }: BacktestResult): string {
  const of = (path: string): PathOutcome | undefined =>
    pathInterval.find((outcome) => outcome.path === path && outcome.execution === run.execution);
  const [adverse, direction] = [of('adverse'), of('direction')];
  if (adverse === undefined || direction === undefined) return 'n/a';
  const text = (outcome: PathOutcome): string => plain(outcome.netProfit, 8);
  return `${text(adverse)} (adverse) to ${text(direction)} (direction) ${run.settleCurrency}`;
}

/** Fixed digits at most, no exponent, no trailing zeros beyond the first two. */
function plain(value: number, digits: number): string {
  const fixed = value.toFixed(digits);
  const text = digits > 2 ? fixed.replace(/(\.\d{2}\d*?)0+$/, '$1') : fixed;
  return Number(text) === 0 ? text.replace('-', '') : text;
}
