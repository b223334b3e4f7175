import { METRICS } from '../sweep/metrics/registry.ts';
import type { MetricName } from '../sweep/metrics/registry.ts';
import type { PathOutcome, RankedPoint, RunHeader, SweepResult } from '../sweep/results.ts';

const SHOWN_POINTS = 20;
const SHOWN_METRICS: readonly MetricName[] = [
  'returnOnCapital', 'maxDrawdown', 'sharpe', 'trades', 'netProfit',
];
const SHORT: Readonly<Partial<Record<string, string>>> = {
  returnOnCapital: 'return', maxDrawdown: 'drawdown', netProfit: 'net profit',
};

/** A finished sweep for a terminal. */
export function sweepText(result: SweepResult, out: string): string {
  const { run } = result;
  const synthetic = run.synthetic ? 'SYNTHETIC DATA: ' : '';
  const shown = result.ranked.slice(0, SHOWN_POINTS);
  return [
    `${synthetic}${run.strategy} on ${run.symbol} ${run.interval}, ${run.from} to ${run.to}, ` +
      `path ${run.path}, execution ${run.execution}, seed ${run.seed}`,
    `${result.pointCount} points (${result.sample}), ranked by ${result.rankedBy}; ` +
      'plateau: the worst neighbour\'s return over its drawdown',
    '',
    ...alignedRows([headOf(result), ...shown.map((point) => rowOf(result, point))]),
    '',
    ...finalistLines(result),
    ...luckLines(result),
    ...result.warnings.map(({ text }) => `! ${text}`),
    `report: ${out}/report.html`,
    '',
  ].join('\n');
}

function shownMetrics({ rankedBy }: SweepResult): string[] {
  const own = METRICS.some(({ name }) => name === rankedBy) ? [rankedBy] : [];
  return [...new Set([...own, ...SHOWN_METRICS])];
}

function headOf(result: SweepResult): string[] {
  const metrics = shownMetrics(result).map((name) => {
    const unit = unitOf(name, result.run);
    return `${SHORT[name] ?? name}${unit === '' ? '' : ` (${unit})`}`;
  });
  return ['rank', 'point', ...result.axes.map(({ name }) => name), 'plateau', ...metrics, ''];
}

function rowOf(result: SweepResult, point: RankedPoint): string[] {
  const { rank, id, params, metrics, plateauScore, atEdge } = point;
  return [
    String(rank), String(id), ...result.axes.map(({ name }) => String(params[name] ?? '')),
    plateauScore === null ? 'n/a' : plateauScore.toFixed(2),
    ...shownMetrics(result).map((name) => valueText(name, metrics[name] ?? null)),
    atEdge ? 'edge' : '',
  ];
}

function valueText(name: string, value: number | null): string {
  const digits = METRICS.find((metric) => metric.name === name)?.digits ?? 2;
  return value === null ? 'n/a' : plain(value, digits);
}

function unitOf(name: string, run: RunHeader): string {
  const unit = METRICS.find((metric) => metric.name === name)?.unit ?? '';
  if (unit === 'settle') return run.settleCurrency;
  return unit === 'quote' ? run.quoteCurrency : unit;
}

/** Columns as wide as their widest cell, numbers and names to the right. */
export function alignedRows(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ').trimEnd());
}

function finalistLines({ ranked, run }: SweepResult): string[] {
  const lines = ranked.flatMap(({ rank, finalist }) => {
    if (finalist === null) return [];
    const interval = finalist.returnInterval;
    const bootstrap = interval === null
      ? 'n/a' : `${plain(interval[0], 1)} to ${plain(interval[1], 1)} %`;
    const sharpe = finalist.sharpeInterval;
    const ratio = sharpe === null
      ? '' : `, Sharpe ${plain(sharpe[0], 2)} to ${plain(sharpe[1], 2)}`;
    const outcomes = finalist.outcomes.map(outcomeText).join(', ');
    return [[`#${rank}`, `return ${bootstrap}${ratio};`, outcomes]];
  });
  if (lines.length === 0) return [];
  const width = Math.max(...lines.map((line) => (line[1] ?? '').length));
  return [
    `finalists: 95 % bootstrap interval; net profit (${run.settleCurrency}) by path/execution`,
    ...lines.map(([rank = '', text = '', outcomes = '']) =>
      `  ${rank.padEnd(4)}${text.padEnd(width)} ${outcomes}`),
    '',
  ];
}

function outcomeText({ path, execution, netProfit }: PathOutcome): string {
  return `${path}/${execution} ${plain(netProfit, 8)}`;
}

function luckLines({ luck }: SweepResult): string[] {
  if (luck.expectedBestSharpe === null || luck.bestSharpe === null) return [];
  return [
    `luck: of ${plain(luck.effectiveTrials, 0)} independent points without any edge the best would ` +
      `show a Sharpe ratio of ${luck.expectedBestSharpe.toFixed(2)}; the best here shows ` +
      `${luck.bestSharpe.toFixed(2)}, ${luck.pointsAbove} points lie above`,
    '',
  ];
}

function plain(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text;
}
