import { axisFormat, chartBox, largestOf, section } from './chart.ts';
import type { Chart } from './chart.ts';
import type { Currencies } from './format.ts';
import type { Html } from './html.ts';
import { pathLabel } from './path-interval.ts';
import { finalistsOf, renderFinalistTable } from './sweep-ranked.ts';
import type { SweepResult } from '../sweep/results.ts';

export function renderFinalists(result: SweepResult, currencies: Currencies): Html | null {
  if (finalistsOf(result).length === 0) return null;
  return section(
    'finalists',
    'Finalists under other paths',
    `The best points were run again under the adverse price path and slower execution. Each line
spans a finalist's outcomes; a point that only earns at one end owes it to the path, not to an edge.
The 95 % intervals resample its own days in blocks.`,
    chartBox('finalist-chart', 'Net profit of each finalist under each price path'),
    renderFinalistTable(result, currencies),
  );
}

export function finalistChart(result: SweepResult, currencies: Currencies): Chart {
  const rows = finalistsOf(result).flatMap(({ rank, finalist }) =>
    finalist.outcomes.map((outcome) => ({
      rank: `#${rank}`,
      path: pathLabel(outcome),
      v: outcome.netProfit,
    })),
  );
  const format = axisFormat(largestOf(rows.map(({ v }) => v)));
  const title = `Net profit (${currencies.settle})`;
  const x = { type: 'quantitative', axis: { title, format } };
  const y = { field: 'rank', type: 'ordinal', sort: null, axis: { title: 'Rank' } };
  const paths = [...new Set(rows.map(({ path }) => path))];
  const spec = {
    height: { step: 24 },
    data: { values: rows },
    layer: [
      {
        data: { values: [{}] },
        mark: { type: 'rule', color: '@soft' },
        encoding: { x: { datum: 0, ...x } },
      },
      {
        mark: { type: 'rule', color: '@none', strokeWidth: 3 },
        encoding: {
          y,
          x: { aggregate: 'min', field: 'v', ...x },
          x2: { aggregate: 'max', field: 'v' },
        },
      },
      {
        mark: { type: 'point', filled: true, size: 90, opacity: 1 },
        encoding: {
          y,
          x: { field: 'v', ...x },
          color: {
            field: 'path',
            type: 'nominal',
            scale: { domain: paths, range: ['@accent', '@loss', '@second', '@third', '@profit'] },
            legend: { title: null, orient: 'top', labelLimit: 260, columns: 2 },
          },
          tooltip: [
            { field: 'rank', title: 'finalist' },
            { field: 'path', title: 'under' },
            { field: 'v', title, format },
          ],
        },
      },
    ],
  };
  return { id: 'finalist-chart', spec };
}
