import type { BacktestReportInput } from './backtest-input.ts';
import { BESIDE_CURVES, drawnFills, fillLegend } from './beside-charts.ts';
import { renderBesideFills, renderBesideRuns, renderDifference } from './beside-tables.ts';
import { besideReasons, besideWords } from './beside-words.ts';
import { chartBox, section } from './chart.ts';
import { curveLegend } from './curves.ts';
import { formatNumber } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

/** A run on trades held against the same run on the candles made of them; nothing without trades. */
export function renderBeside({ result, beside }: BacktestReportInput): Html | null {
  const { besideCandles: summary, run } = result;
  if (summary === null || beside === null) return null;
  const settle = run.settleCurrency;
  const note = `The same strategy, settings, execution and seed once more, on the ${run.interval} candles made of
these very trades (path ${summary.path}): what a backtest on candles would have said of this time.`;
  return section(
    'beside',
    'Trades beside candles',
    note,
    html`<p class="big">${besideWords(summary, settle)}</p>`,
    renderBesideRuns(summary, settle),
    html`<h3>Profit of both over time</h3>`,
    curveLegend(BESIDE_CURVES),
    chartBox('beside-equity-chart', `Profit on trades and on candles over time in ${settle}`),
    chartBox('beside-gap-chart', `Profit on trades less profit on candles over time in ${settle}`),
    html`<h3>Where the fills differ</h3>
      <p class="note">
        All executions of one order count as one fill. Two fills match when they have the same side
        and role (entry, exit, stop ...) and lie within ${formatWindow(summary.fills.windowMs)} of
        each other; the nearest in time are matched first. Triangles point up for a buy and down for
        a sell; matched fills stand where they are on the trades.
        ${thinnedWords(beside.fills.length)}
      </p>`,
    fillLegend(),
    chartBox(
      'beside-fills-chart',
      'Fills by time and price: matched, only on trades, only on candles',
    ),
    renderBesideFills(summary, settle),
    html`<h3>Why they differ</h3>
      <ul class="reasons">
        ${besideReasons(summary, run).map(
          ([name, text]) => html`<li><strong>${name}.</strong> ${text}</li>`,
        )}
      </ul>`,
    html`<h3>What the difference in net profit is made of</h3>`,
    renderDifference(summary, settle),
  );
}

function formatWindow(ms: number): string {
  return `${formatNumber(ms / 60_000, 0)} minutes`;
}

function thinnedWords(count: number): string {
  const drawn = drawnFills(count);
  return drawn === count
    ? ''
    : `The chart shows ${formatNumber(drawn, 0)} of ${formatNumber(count, 0)} fills, evenly chosen.`;
}
