import type { PackedActions } from './action-data.ts';
import type { CandlePyramid } from './candle-data.ts';
import { section } from './chart.ts';
import { formatDuration, formatNumber } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { RunHeader } from '../sweep/results.ts';

type Parts = {
  readonly pyramid: CandlePyramid;
  readonly fills: PackedActions;
  readonly levels: PackedActions & { readonly everyMs: number };
  readonly reasons: PackedActions;
};

export function renderCandles(parts: Parts, run: RunHeader): Html {
  const tools = html`<div class="tools" role="group" aria-label="Zoom">
    <button type="button" data-act="in" aria-label="Zoom in">+</button>
    <button type="button" data-act="out" aria-label="Zoom out">−</button>
    <button type="button" data-act="all">Whole run</button>
    <button type="button" data-act="before">Trade before</button>
    <button type="button" data-act="next">Next trade</button>
  </div>`;
  const legend = html`<div class="legend">
    <span>▲ buy, ▼ sell (hollow: exit, ×: stop or forced)</span>
    <span
      >from afar: <b style="color:var(--accent)">●</b> buy
      <b style="color:var(--second)">●</b> sell</span
    >
    <span><i class="dash" style="color:var(--accent)"></i>working entry</span>
    <span><i class="dash" style="color:var(--profit)"></i>working exit</span>
    <span><i class="dash" style="color:var(--loss)"></i>working stop</span>
  </div>`;
  const stage = html`<div class="stage">
      <canvas
        id="candle-chart"
        tabindex="0"
        role="img"
        aria-label="Candles of ${run.symbol} with fills and levels; arrow keys pan, plus and minus zoom"
      ></canvas>
    </div>
    <p class="readout" id="candle-readout" aria-live="off"></p>`;
  return section(
    'candles',
    'Prices, fills and working levels',
    `Prices in ${run.quoteCurrency}. Wheel or pinch zooms, drag pans, double-click shows all of the
run. ${coverage(parts)}`,
    tools,
    legend,
    stage,
  );
}

/** What the chart holds, so that nobody takes a thinned picture for the whole. */
function coverage({ pyramid, fills, levels, reasons }: Parts): string {
  const whole = pyramid.levels.filter(({ spans }) => spans.length === 1).at(-1);
  const fine = pyramid.levels.at(-1);
  const lines: string[] = [];
  if (fine !== undefined && fine !== whole) {
    lines.push(
      `Candles of ${formatDuration(fine.ms)} are kept around fills,` +
        ` elsewhere ${whole === undefined ? 'none' : formatDuration(whole.ms)}.`,
    );
  }
  if (fills.shown < fills.total) {
    lines.push(
      `${formatNumber(fills.shown, 0)} of ${formatNumber(fills.total, 0)} fills are drawn.`,
    );
  }
  if (levels.everyMs > 0) {
    lines.push(`Working levels are drawn once per ${formatDuration(levels.everyMs)}.`);
  }
  if (reasons.shown < reasons.total) {
    lines.push(`The ${formatNumber(reasons.shown, 0)} longest reasons are shown.`);
  }
  return lines.join(' ');
}
