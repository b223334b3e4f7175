import { chartBox, section } from './chart.ts';
import type { Chart } from './chart.ts';
import { equityChart, renderEquity } from './curves.ts';
import type { NamedCurve } from './curves.ts';
import { formatNumber } from './format.ts';
import { currenciesOf, parameterText, renderFoot, renderHeader, renderWarnings } from './header.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { renderPage } from './page.ts';
import { rerunOf } from './rerun.ts';
import { sweepColumns } from './sweep-columns.ts';
import type { SweepColumns } from './sweep-columns.ts';
import { finalistChart, renderFinalists } from './sweep-finalists.ts';
import type { SweepReportInput } from './sweep-input.ts';
import type { SweepResult } from '../sweep/results.ts';
import { renderLuck } from './sweep-luck.ts';
import { renderRanked } from './sweep-ranked.ts';

/** One sweep as a self-contained page. The same input gives the same bytes. */
export function renderSweepReport(input: SweepReportInput): string {
  const { result, metrics, points } = input;
  const { run } = result;
  const currencies = currenciesOf(run);
  const listed = result.ranked.map(({ id }) => id);
  const columns = sweepColumns(points, metrics, result.rankedBy, currencies, listed);
  const curves = bestCurves(input);
  const finalists = renderFinalists(result, currencies);
  const charts: Chart[] = [];
  if (finalists !== null) charts.push(finalistChart(result, currencies));
  if (input.bestEquity !== undefined) {
    charts.push(equityChart(input.bestEquity.timeMs, curves, currencies.settle));
  }
  const kind = `Sweep of ${formatNumber(result.pointCount, 0)} points`;
  const equity =
    input.bestEquity === undefined
      ? null
      : renderEquity(curves, currencies.settle, 'Equity of the best point');
  const body = html` ${renderHeader(kind, run, sweepFacts(input))}
  ${renderWarnings(result.warnings)} ${renderLuck(result.luck)}
  ${renderRanked(result, metrics, currencies)}
  ${renderGathered(result, columns)} ${movingCount(columns) > 1 ? renderMap(columns) : null} ${pointPanel()} ${renderLine()}
  ${result.sample === 'grid' ? null : renderScatter(result, columns)} ${finalists} ${equity}
  ${renderFoot(run, 'Every point is in points.csv.')}`;
  const { luck } = result;
  const data = {
    kind: 'sweep',
    charts,
    sweep: {
      ...columns,
      count: points.count,
      rankedBy: result.rankedBy,
      ranks: Object.fromEntries(result.ranked.map(({ id, rank }) => [id, rank])),
      luckSharpe: luck.expectedBestSharpe,
      rerun: input.rerun ?? rerunOf(run, Object.keys(points.params)),
    },
  };
  return renderPage({ title: `${run.strategy} on ${run.symbol}: sweep`, body, data });
}

function sweepFacts({ result, points }: SweepReportInput): [string, string][] {
  const axes = result.axes.map(({ name, values }) => {
    const ends = [values[0], values.at(-1)].map(String).join(' to ');
    return result.sample === 'grid'
      ? `${name} (${values.length} values, ${ends})`
      : `${name} (${ends})`;
  });
  const fixed = Object.fromEntries(
    Object.entries(result.run.params).filter(
      ([name]) => !result.axes.some((axis) => axis.name === name),
    ),
  );
  return [
    ['Points', `${formatNumber(points.count, 0)}, ${SAMPLES[result.sample]}`],
    ['Swept', axes.length === 0 ? 'nothing' : axes.join(', ')],
    ['Held fixed', parameterText(fixed)],
  ];
}

const SAMPLES = { grid: 'every combination', random: 'drawn at random', sobol: 'a Sobol sequence' };

function movingCount({ params, aggregate }: SweepColumns): number {
  return aggregate === undefined
    ? params.filter((param) => param.codes !== undefined || param.values.length === 0).length
    : aggregate.axes.length;
}

function bestCurves({ bestEquity }: SweepReportInput): NamedCurve[] {
  if (bestEquity === undefined) return [];
  return [
    { key: 's', label: bestEquity.label, colour: '@accent', values: bestEquity.equity },
    { key: 'b', label: 'buy and hold', colour: '@second', values: bestEquity.buyAndHold },
  ];
}

function renderGathered({ pointCount }: SweepResult, { aggregate, digits }: SweepColumns): Html | null {
  if (aggregate === undefined) return null;
  return section(
    'gathered',
    'What this page holds',
    `This sweep has too many points for a page to hold each. Maps, curves and counts were made of all
${formatNumber(pointCount, 0)} points beforehand, every metric to ${digits} digits. The best points and an
even sample of the others stand here in full; every point stands in points.csv and points.parquet.`,
  );
}

function renderMap({ digits: carried, aggregate }: SweepColumns): Html {
  const digits =
    carried >= 7 || aggregate !== undefined
      ? ''
      : ` Metrics on this page carry ${carried} significant digits, to keep it small.`;
  return section(
    'map',
    'Map of the points',
    `Any metric over any two parameters, beside the plateau score, whose best cell is outlined in
both. Where several points share a cell, the choice "over the rest" says which one shows. Grey is n/a.
A click shows the point.${digits}`,
    html`<div class="controls" id="map-controls"></div>
      <div class="pair">
        ${chartBox('map-chart', 'Heatmap of the chosen metric over two parameters')}
        ${chartBox('plateau-chart', 'Heatmap of the plateau score over the same parameters')}
      </div>`,
  );
}

function pointPanel(): Html {
  return html`<section
    id="point"
    class="point"
    hidden
    aria-live="polite"
    aria-label="Chosen point"
  ></section>`;
}

function renderLine(): Html {
  return section(
    'line',
    'One parameter at a time',
    `The median point at each value (solid), the best (dashed), and the range from worst to best
(shaded) over all the other parameters. A broad rise means more than a spike.`,
    html`<div class="controls" id="line-controls"></div>`,
    chartBox('line-chart', 'The chosen metric against one parameter'),
  );
}

function renderScatter({ rankedBy }: SweepResult, { aggregate }: SweepColumns): Html {
  const by = aggregate === undefined ? '' : ` by ${rankedBy}`;
  return section(
    'scatter',
    'Points as drawn',
    `The best fifth of what is drawn are the best points${by}; the others are an even sample by rank.`,
    html`<p class="note" id="scatter-count"></p>
      <div class="controls" id="scatter-controls"></div>`,
    chartBox('scatter-chart', 'Sampled points over two parameters, coloured by the chosen metric'),
  );
}
