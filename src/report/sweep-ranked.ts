import { section } from './chart.ts';
import { formatMetric, formatNumber } from './format.ts';
import type { Currencies } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { definitionText } from './metric-table.ts';
import { pathLabel } from './path-interval.ts';
import type { MetricDefinition, RankedPoint, SweepResult } from '../sweep/results.ts';

const SHOWN_POINTS = 50;
const RANKED_METRICS = [
  'netProfit',
  'returnOnCapital',
  'maxDrawdown',
  'returnOverMaxDrawdown',
  'sharpe',
  'trades',
];
const FEWEST_METRICS = 5;

export function renderRanked(
  result: SweepResult,
  metrics: readonly MetricDefinition[],
  currencies: Currencies,
): Html {
  const shown = result.ranked.slice(0, SHOWN_POINTS);
  const columns = rankedMetrics(metrics, result.rankedBy);
  const names = [...new Set(shown.flatMap(({ params }) => Object.keys(params)))];
  const varied = names.filter(
    (name) =>
      new Set(shown.map(({ params }) => params[name])).size > 1 ||
      result.axes.some((axis) => axis.name === name),
  );
  const table = html`<div class="scroll tall" tabindex="0" role="region" aria-label="Ranked points">
    <table class="sortable" id="ranked-table">
      <thead>
        <tr>
          <th scope="col">Rank</th>
          ${varied.map((name) => html`<th scope="col">${name}</th>`)}
          <th scope="col">Plateau score (×)</th>
          ${columns.map((metric) => html`<th scope="col" title="${definitionText(metric, currencies)}">${metric.label}</th>`)}
          <th class="text" scope="col">Marks</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map((point) => pointRow(point, varied, columns, currencies))}
      </tbody>
    </table>
  </div>`;
  return section(
    'ranked',
    'Ranked points',
    `The best ${shown.length} of ${formatNumber(result.pointCount, 0)}, ranked by
${result.rankedBy}. The plateau score is the worst neighbour's return over its drawdown: a lone peak scores low.
A click on a row shows the point's numbers and the command that runs it again.`,
    table,
  );
}

function rankedMetrics(metrics: readonly MetricDefinition[], rankedBy: string): MetricDefinition[] {
  const wanted = [rankedBy, ...RANKED_METRICS];
  const chosen = wanted.flatMap((name) => metrics.filter((metric) => metric.name === name));
  const unique = [...new Set(chosen)];
  return unique.length >= FEWEST_METRICS
    ? unique
    : [...new Set([...unique, ...metrics])].slice(0, FEWEST_METRICS);
}

function pointRow(
  point: RankedPoint,
  names: readonly string[],
  metrics: readonly MetricDefinition[],
  currencies: Currencies,
): Html {
  const score = point.plateauScore;
  const marks = [point.finalist === null ? '' : 'finalist', point.atEdge ? 'at the edge' : ''];
  return html`<tr class="pick" data-point="${point.id}">
    <td data-v="${point.rank}">${point.rank}</td>
    ${names.map((name) => paramCell(point.params[name]))}
    <td data-v="${score ?? ''}">${score === null ? 'n/a' : formatNumber(score, 2)}</td>
    ${metrics.map((metric) => {
      const value = point.metrics[metric.name] ?? null;
      return html`<td data-v="${value ?? ''}">${formatMetric(value, metric, currencies)}</td>`;
    })}
    <td class="text">
      ${marks.filter((mark) => mark !== '').map((mark) => html`<span class="tag">${mark}</span> `)}
    </td>
  </tr>`;
}

/** A drawn value has more digits than a table needs: the whole of it stands in the title. */
function paramCell(value: number | string | boolean | undefined): Html {
  const whole = String(value ?? 'n/a');
  const short = typeof value === 'number' ? String(Number(value.toPrecision(6))) : whole;
  return html`<td data-v="${value === undefined ? '' : whole}" title="${whole}">${short}</td>`;
}

export function renderFinalistTable(result: SweepResult, currencies: Currencies): Html {
  const percent = (value: number | null): string =>
    value === null ? 'n/a' : `${formatNumber(value, 2)} %`;
  const range = (ends: readonly [number, number] | null, unit: string, digits: number): string =>
    ends === null ? 'n/a' : `${ends.map((end) => formatNumber(end, digits)).join(' to ')}${unit}`;
  const settle = { name: '', label: '', unit: 'settle', better: 'higher', digits: 2 } as const;
  const rows = finalistsOf(result).flatMap(({ rank, finalist }) =>
    finalist.outcomes.map(
      (outcome, index) =>
        html`<tr>
          <td>${index === 0 ? rank : ''}</td>
          <td class="text">${pathLabel(outcome)}</td>
          <td>${formatMetric(outcome.netProfit, settle, currencies)}</td>
          <td>${percent(outcome.returnOnCapital)}</td>
          <td>${percent(outcome.maxDrawdown)}</td>
          <td>${formatNumber(outcome.trades, 0)}</td>
          <td>${index === 0 ? range(finalist.returnInterval, ' %', 1) : ''}</td>
          <td>${index === 0 ? range(finalist.sharpeInterval, '', 2) : ''}</td>
        </tr>`,
    ),
  );
  return html`<div
    class="scroll tall"
    tabindex="0"
    role="region"
    aria-label="Finalists under other paths"
  >
    <table>
      <thead>
        <tr>
          <th scope="col">Rank</th>
          <th class="text" scope="col">Price path and execution</th>
          <th scope="col">Net profit</th>
          <th scope="col">Return on capital</th>
          <th scope="col">Max drawdown</th>
          <th scope="col">Trades</th>
          <th scope="col">95 % return</th>
          <th scope="col">95 % Sharpe</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

export type Finalist = {
  readonly rank: number;
  readonly finalist: NonNullable<RankedPoint['finalist']>;
};

export function finalistsOf(result: SweepResult): Finalist[] {
  return result.ranked.flatMap(({ rank, finalist }) =>
    finalist === null ? [] : [{ rank, finalist }],
  );
}
