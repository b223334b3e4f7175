import { axisFormat, chartBox, largestOf, section } from './chart.ts';
import type { Chart } from './chart.ts';
import { formatAmount, formatNumber } from './format.ts';
import { renderFoot, renderHeader, renderWarnings } from './header.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { renderPage } from './page.ts';
import type { LatencyCell, LatencyRow, LatencySweepResult } from '../sweep/latency-sweep.ts';

/** Coins in a small grid are small: less would read as nothing. */
const MONEY_DIGITS = 8;

/** A sweep under several execution profiles: what survives the way to the exchange and back. */
export function renderLatencySweep(result: LatencySweepResult): string {
  const { run, latencies, ranked, tables, pointCount, survivors } = result;
  const kind = `Sweep of ${formatNumber(pointCount, 0)} points under ${latencies.length} latencies`;
  const words = `${formatNumber(survivors, 0)} of ${formatNumber(pointCount, 0)} points earn under
every profile.`;
  const body = html` ${renderHeader(kind, run, [['Latencies', latencies.join(', ')]])}
  ${renderWarnings(result.warnings)}
  ${tables.map((table, at) =>
    section(
      `latency-axis-${at}`,
      `${table.axis} x latency`,
      `${at === 0 ? words : ''} Each cell: net profit, largest drawdown, fills. Other parameters as in the
best point, ${otherText(table.axis, ranked[0])}. All profiles met the same draws of chance, so neighbours can be
compared. A check marks what earns under every profile.`,
      chartBox(`latency-axis-${at}-chart`, `Net profit over ${table.axis} under each profile`),
      rowTable(result, table.rows, [table.axis]),
    ),
  )}
  ${section(
    'latency-ranked',
    'Points by their worst',
    `The best ${ranked.length} points by the worst ${result.rankedBy} over the profiles. n/a: under some
profile there are too few trades to say. The frictions above are those of ${latencies[0] ?? ''}; each profile's
own sweep, with its own report, lies in the folder of its name.`,
    rowTable(
      result,
      ranked,
      result.axes.map(({ name }) => name),
    ),
  )}
  ${renderFoot(run, 'Every point under every profile is in points.csv.')}`;
  const charts = tables.map((table, at) => axisChart(result, table.rows, table.axis, at));
  return renderPage({
    title: `${run.strategy} on ${run.symbol}: sweep over latencies`,
    body,
    data: { kind: 'latency-sweep', charts },
  });
}

function otherText(axis: string, best: LatencyRow | undefined): string {
  const others = Object.entries(best?.params ?? {}).filter(([name]) => name !== axis);
  if (others.length === 0) return 'there are none';
  return others.map(([name, value]) => `${name} ${String(value)}`).join(', ');
}

function rowTable(
  { run, latencies }: LatencySweepResult,
  rows: readonly LatencyRow[],
  axes: readonly string[],
): Html {
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label="Points by latency">
    <table>
      <thead>
        <tr>
          ${axes.map((axis) => html`<th scope="col">${axis}</th>`)}
          ${latencies.map((latency) => html`<th scope="col">${latency}</th>`)}
          <th scope="col">Worst score</th>
          <th class="text" scope="col">Earns everywhere</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${axes.map((axis) => html`<td>${String(row.params[axis] ?? '')}</td>`)}
              ${row.cells.map((cell) => cellText(cell, run.settleCurrency))}
              <td>${row.worst === null ? 'n/a' : formatNumber(row.worst, 2)}</td>
              <td class="text">${row.survives ? '✓' : ''}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function cellText({ netProfit, maxDrawdown, fills }: LatencyCell, settle: string): Html {
  const net = netProfit === null ? 'n/a' : formatAmount(netProfit, settle, MONEY_DIGITS);
  const drawdown = maxDrawdown === null ? 'n/a' : `${formatNumber(maxDrawdown, 2)} %`;
  const tone = netProfit === null || netProfit === 0 ? '' : netProfit > 0 ? 'up' : 'down';
  return html`<td>
    <span class="${tone}">${net}</span><br />${drawdown}, ${formatNumber(fills ?? 0, 0)} fills
  </td>`;
}

function axisChart(
  { run, latencies }: LatencySweepResult,
  rows: readonly LatencyRow[],
  axis: string,
  at: number,
): Chart {
  const values = rows.flatMap(({ params, cells }) =>
    cells.map(({ latency, netProfit }) => ({ a: params[axis] ?? '', l: latency, v: netProfit })),
  );
  const numbers = values.every(({ a }) => typeof a === 'number');
  const format =
    largestOf(values.map(({ v }) => v)) < 1e-4
      ? '.2e'
      : axisFormat(largestOf(values.map(({ v }) => v)));
  const title = `Net profit (${run.settleCurrency})`;
  const spec = {
    height: 240,
    data: { values },
    mark: { type: 'line', point: true, strokeWidth: 2 },
    encoding: {
      x: {
        field: 'a',
        type: numbers ? 'quantitative' : 'nominal',
        sort: null,
        axis: { title: axis },
      },
      y: { field: 'v', type: 'quantitative', axis: { title, format } },
      color: {
        field: 'l',
        type: 'nominal',
        scale: { domain: latencies, range: ['@profit', '@accent', '@loss', '@second', '@third'] },
        legend: { title: null, orient: 'top' },
      },
      tooltip: [
        { field: 'a', title: axis },
        { field: 'l', title: 'under' },
        { field: 'v', title, format },
      ],
    },
  };
  return { id: `latency-axis-${at}-chart`, spec };
}
