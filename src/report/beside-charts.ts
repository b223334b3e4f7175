import type { BacktestReportInput, BesideFill } from './backtest-input.ts';
import { axisFormat, largestOf, utcAxis, whenTransform } from './chart.ts';
import type { Chart } from './chart.ts';
import { equityChart } from './curves.ts';
import type { NamedCurve } from './curves.ts';
import { compact, formatDuration } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

type CurveHead = Pick<NamedCurve, 'key' | 'label' | 'colour'>;

const ON_TRADES: CurveHead = { key: 't0', label: 'on trades', colour: '@accent' };
const ON_CANDLES: CurveHead = { key: 'c0', label: 'on candles', colour: '@second' };
const GAP: CurveHead = { key: 'g0', label: 'trades less candles', colour: '@third' };
export const BESIDE_CURVES: readonly CurveHead[] = [ON_TRADES, ON_CANDLES, GAP];

const MOST_FILLS = 3_000;
const WHERE_WORDS = { both: 'both', trades: 'only on trades', candles: 'only on candles' } as const;
const WHERE_COLOURS = { both: '@none', trades: '@accent', candles: '@second' } as const;
const WHERES = ['both', 'trades', 'candles'] as const;

export function besideCharts({ result, beside, equity }: BacktestReportInput): Chart[] {
  if (beside === null) return [];
  const curves = [
    { ...ON_TRADES, values: equity.strategy },
    { ...ON_CANDLES, values: beside.candlesProfit },
  ];
  const { settleCurrency, quoteCurrency } = result.run;
  const gap = equity.strategy.map((profit, row) => profit - (beside.candlesProfit[row] ?? NaN));
  const period = [result.run.from, result.run.to].map(utcDate);
  return [
    equityChart(equity.timeMs, curves, settleCurrency, { id: 'beside-equity-chart', height: 260 }),
    equityChart(equity.timeMs, [{ ...GAP, values: gap }], settleCurrency, {
      id: 'beside-gap-chart',
      height: 120,
      title: 'Difference',
    }),
    fillsChart(beside.fills, quoteCurrency, period),
  ];
}

export function fillLegend(): Html {
  return html`<div class="legend">
    ${WHERES.map(
      (where) =>
        html`<span
          ><i style="background:var(--${WHERE_COLOURS[where].slice(1)})"></i>${
            WHERE_WORDS[where]
          }</span
        >`,
    )}
  </div>`;
}

/** So many of `count` fills are drawn. */
export function drawnFills(count: number): number {
  return Math.ceil(count / strideOf(count));
}

function strideOf(count: number): number {
  return Math.ceil(Math.max(1, count) / MOST_FILLS);
}

function fillsChart(fills: readonly BesideFill[], quote: string, period: readonly object[]): Chart {
  const stride = strideOf(fills.length);
  const rows = fills
    .filter((_, at) => at % stride === 0)
    .map(({ where, side, role, timeMs, price, laterMs, worse }) => ({
      t: timeMs,
      p: compact(price),
      w: WHERE_WORDS[where],
      s: side,
      r: `${side} ${role}`,
      l: laterMs === null ? 'no twin' : laterWords(laterMs),
      d: worse === null ? 'no twin' : worseWords(worse, quote),
    }));
  const format = axisFormat(largestOf(rows.map(({ p }) => p)));
  const spec = {
    height: 260,
    data: { values: rows },
    transform: [whenTransform],
    mark: { type: 'point', filled: true, size: 46, opacity: 0.9 },
    encoding: {
      x: { field: 't', ...utcAxis, scale: { ...utcAxis.scale, domain: period } },
      y: {
        field: 'p',
        type: 'quantitative',
        scale: { zero: false },
        axis: { title: `Price (${quote})`, format },
      },
      shape: {
        field: 's',
        type: 'nominal',
        legend: null,
        scale: { domain: ['buy', 'sell'], range: ['triangle-up', 'triangle-down'] },
      },
      color: {
        field: 'w',
        type: 'nominal',
        legend: null,
        scale: {
          domain: WHERES.map((where) => WHERE_WORDS[where]),
          range: WHERES.map((where) => WHERE_COLOURS[where]),
        },
      },
      tooltip: [
        { field: 'when', title: 'time' },
        { field: 'r', title: 'fill' },
        { field: 'w', title: 'where' },
        { field: 'p', title: `price (${quote})`, format },
        { field: 'l', title: 'time, trades against candles' },
        { field: 'd', title: 'price, trades against candles' },
      ],
    },
  };
  return { id: 'beside-fills-chart', spec };
}

/** As vega-lite takes an instant in a domain. */
function utcDate(iso: string): object {
  const at = new Date(iso);
  return {
    utc: true,
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    date: at.getUTCDate(),
    hours: at.getUTCHours(),
    minutes: at.getUTCMinutes(),
  };
}

function laterWords(ms: number): string {
  if (ms === 0) return 'the same ms';
  return `${formatDuration(Math.abs(ms))} ${ms > 0 ? 'later' : 'earlier'}`;
}

function worseWords(difference: number, quote: string): string {
  if (difference === 0) return 'the same';
  return `${compact(Math.abs(difference)) ?? 'n/a'} ${quote} ${difference > 0 ? 'worse' : 'better'}`;
}
