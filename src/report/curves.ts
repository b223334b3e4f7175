import type { EquityCurves } from './backtest-input.ts';
import { axisFormat, chartBox, largestOf, section, utcAxis, whenTransform } from './chart.ts';
import type { Chart } from './chart.ts';
import { compact } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { bucketRows, curveRows, underwater } from './thin.ts';

const CURVE_POINTS = 1200;
const DRAWDOWN_BUCKETS = 600;

export type NamedCurve = {
  readonly key: string;
  readonly label: string;
  readonly colour: string;
  readonly values: Float64Array;
};

export function backtestCurves(equity: EquityCurves): NamedCurve[] {
  const curves = [
    { key: 's', label: 'strategy', colour: '@accent', values: equity.strategy },
    { key: 'b', label: 'buy and hold', colour: '@second', values: equity.buyAndHold },
  ];
  const idle = { key: 'i', label: 'idle collateral', colour: '@third', values: equity.idle };
  return idle.values === null ? curves : [...curves, { ...idle, values: idle.values }];
}

export function renderEquity(curves: readonly NamedCurve[], settle: string, title: string): Html {
  return section(
    'equity',
    title,
    `Profit since the start in ${settle}, open positions at the market, on the same capital.`,
    curveLegend(curves),
    chartBox('equity-chart', `${title}: profit over time in ${settle}`),
  );
}

export function renderDrawdown(settle: string): Html {
  return section(
    'drawdown',
    'Drawdown',
    `How far the strategy stood below its highest profit so far, in ${settle}.`,
    chartBox('drawdown-chart', `Drawdown of the strategy over time in ${settle}`),
  );
}

export function curveLegend(curves: readonly Pick<NamedCurve, 'label' | 'colour'>[]): Html {
  const item = ({ label, colour }: Pick<NamedCurve, 'label' | 'colour'>): Html =>
    html`<span><i style="background:var(--${colour.slice(1)})"></i>${label}</span>`;
  return html`<div class="legend">${curves.map(item)}</div>`;
}

/** Several curves over time, with one rule that reads all of them at the pointer. */
export function equityChart(
  timeMs: Float64Array,
  curves: readonly NamedCurve[],
  settle: string,
  { id = 'equity-chart', height = 300, title = 'Profit' } = {},
): Chart {
  const rows = [
    ...curveRows(
      timeMs,
      curves.map(({ values }) => values),
      CURVE_POINTS,
    ),
  ].map((row) =>
    Object.fromEntries([
      ['t', timeMs[row] ?? 0],
      ...curves.map(({ key, values }) => [key, compact(values[row] ?? NaN)]),
    ]),
  );
  const format = axisFormat(
    largestOf(rows.flatMap((row) => curves.map(({ key }) => Number(row[key])))),
  );
  const lines = curves.map(({ key, colour }, index) => ({
    mark: {
      type: 'line',
      color: colour,
      strokeWidth: index === 0 ? 2 : 1.4,
      interpolate: 'step-after',
    },
    encoding: {
      y: { field: key, type: 'quantitative', axis: { title: `${title} (${settle})`, format } },
    },
  }));
  const spec = {
    height,
    data: { values: rows },
    transform: [whenTransform],
    encoding: { x: { field: 't', ...utcAxis } },
    layer: [
      {
        mark: { type: 'rule', color: '@none' },
        encoding: { x: null, y: { datum: 0, type: 'quantitative' } },
      },
      ...lines.reverse(),
      hoverRule([
        { field: 'when', title: 'time' },
        ...curves.map(({ key, label }) => ({ field: key, title: `${label} (${settle})`, format })),
      ]),
    ],
  };
  return { id, spec };
}

export function drawdownChart(equity: EquityCurves, settle: string): Chart {
  const depth = underwater(equity.strategy);
  const rows = [...bucketRows(depth, DRAWDOWN_BUCKETS)].map((row) => ({
    t: equity.timeMs[row] ?? 0,
    d: compact(depth[row] ?? NaN),
  }));
  const format = axisFormat(largestOf(rows.map(({ d }) => d)));
  const spec = {
    height: 170,
    data: { values: rows },
    transform: [whenTransform],
    encoding: { x: { field: 't', ...utcAxis } },
    layer: [
      {
        mark: {
          type: 'area',
          color: '@loss',
          opacity: 0.35,
          interpolate: 'step-after',
          line: { color: '@loss', strokeWidth: 1.2 },
        },
        encoding: {
          y: {
            field: 'd',
            type: 'quantitative',
            axis: { title: `Below peak (${settle})`, format },
          },
        },
      },
      hoverRule([
        { field: 'when', title: 'time' },
        { field: 'd', title: `below peak (${settle})`, format },
      ]),
    ],
  };
  return { id: 'drawdown-chart', spec };
}

function hoverRule(tooltip: readonly object[]): object {
  return {
    params: [
      {
        name: 'hover',
        select: {
          type: 'point',
          encodings: ['x'],
          nearest: true,
          on: 'pointermove',
          clear: 'pointerout',
        },
      },
    ],
    mark: { type: 'rule', color: '@soft' },
    encoding: {
      opacity: { condition: { param: 'hover', empty: false, value: 0.8 }, value: 0 },
      tooltip,
    },
  };
}
