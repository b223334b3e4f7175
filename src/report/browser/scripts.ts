import { CANDLE_CONTROLS_SCRIPT } from './candle-controls.ts';
import { CANDLE_DRAW_SCRIPT } from './candle-draw.ts';
import { CANDLE_MODEL_SCRIPT } from './candle-model.ts';
import { CORE_SCRIPT } from './core.ts';
import { DECODE_SCRIPT } from './decode.ts';
import { ORDER_LIFE_SCRIPT } from './order-life.ts';
import { SWEEP_CELLS_SCRIPT } from './sweep-cells.ts';
import { SWEEP_MODEL_SCRIPT } from './sweep-model.ts';
import { SWEEP_PANELS_SCRIPT } from './sweep-panels.ts';
import { SWEEP_POINT_SCRIPT } from './sweep-point.ts';
import { SWEEP_SOURCE_SCRIPT } from './sweep-source.ts';
import { SWEEP_SPECS_SCRIPT } from './sweep-specs.ts';
import { TABLES_SCRIPT } from './tables.ts';

/**
 * The page's own code, in one scope. It is text because it runs in the reader's browser: the
 * compiler that makes dist/ copies no other files.
 */
export const BROWSER_SCRIPTS = `(function () {
'use strict';
${CORE_SCRIPT}
${DECODE_SCRIPT}
${TABLES_SCRIPT}
${CANDLE_MODEL_SCRIPT}
${CANDLE_DRAW_SCRIPT}
${CANDLE_CONTROLS_SCRIPT}
${ORDER_LIFE_SCRIPT}
${SWEEP_MODEL_SCRIPT}
${SWEEP_CELLS_SCRIPT}
${SWEEP_SOURCE_SCRIPT}
${SWEEP_SPECS_SCRIPT}
${SWEEP_POINT_SCRIPT}
${SWEEP_PANELS_SCRIPT}
var report = JSON.parse(byId('report-data').textContent);
sortableTables();
var pending = report.charts.map(function (chart) { return showChart(chart.id, chart.spec); });
if (report.kind === 'backtest') { candleChart(report.candles); orderLives(report.orderLives); }
if (report.kind === 'sweep') pending.push(sweepPage(report.sweep));
Promise.all(pending).then(function () { document.documentElement.dataset.ready = '1'; });
})();
`;
