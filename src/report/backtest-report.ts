import { packFills, packLevels, packReasons } from './action-data.ts';
import type { BacktestReportInput } from './backtest-input.ts';
import { besideCharts } from './beside-charts.ts';
import { renderBeside } from './beside-section.ts';
import { candlePyramid } from './candle-data.ts';
import { renderCandles } from './candles-section.ts';
import { renderCards } from './cards.ts';
import { section } from './chart.ts';
import type { Chart } from './chart.ts';
import {
  backtestCurves,
  drawdownChart,
  equityChart,
  renderDrawdown,
  renderEquity,
} from './curves.ts';
import {
  hoursChart,
  monthlyChart,
  renderMonthly,
  renderStates,
  renderTradePnl,
  renderWhy,
  tradePnlChart,
} from './distributions.ts';
import { compact } from './format.ts';
import { currenciesOf, parameterText, renderFoot, renderHeader, renderWarnings } from './header.ts';
import { html } from './html.ts';
import { latencyCharts, renderLatencyCost } from './latency-cost.ts';
import { renderMetricTable } from './metric-table.ts';
import { orderLifeChart, renderOrderLife } from './order-life.ts';
import { renderPage } from './page.ts';
import { pathIntervalChart, renderPathInterval } from './path-interval.ts';
import { renderTrades } from './trades-table.ts';

const CONNECTED_TRADES = 20_000;

/** One backtest as a self-contained page. The same input gives the same bytes. */
export function renderBacktestReport(input: BacktestReportInput): string {
  const { result, metrics, instrument } = input;
  const { run } = result;
  const currencies = currenciesOf(run);
  const { settle } = currencies;
  const curves = backtestCurves(input.equity);
  const data = {
    kind: 'backtest',
    charts: charts(input),
    candles: candleInput(input),
    orderLives: input.orderLives,
  };
  const body = html` ${renderHeader('Backtest', run, [['Parameters', parameterText(run.params)]])}
    ${renderWarnings(result.warnings)} ${renderCards(result, metrics, currencies)}
    ${renderPathInterval(result, currencies)}
    ${renderBeside(input)}
    ${renderEquity(curves, settle, 'Equity against the benchmarks')} ${renderDrawdown(settle)}
    ${renderCandles(data.candles, run)}
    <div class="two row">${renderMonthly()}${renderTradePnl(settle)}</div>
    <div class="two row">${renderWhy()}${renderStates()}</div>
    ${renderLatencyCost(result)}
    ${renderOrderLife(result.orderLife, input.orderLives, input.orderCount)}
    ${renderTrades(input.trades, instrument)}
    ${section(
      'metrics',
      'All metrics',
      'Point at a row for its definition. n/a means it cannot be said, and the note says why.',
      renderMetricTable(result, metrics, currencies),
    )}
    ${renderFoot(run, 'The numbers are those of result.json.')}`;
  return renderPage({ title: `${run.strategy} on ${run.symbol}: backtest`, body, data });
}

function charts(input: BacktestReportInput): Chart[] {
  const { result, equity, trades } = input;
  const currencies = currenciesOf(result.run);
  const { settle } = currencies;
  return [
    pathIntervalChart(result, currencies),
    ...besideCharts(input),
    equityChart(equity.timeMs, backtestCurves(equity), settle),
    drawdownChart(equity, settle),
    monthlyChart(result),
    tradePnlChart(trades, settle),
    hoursChart('why-chart', result.reasonHours, '@accent'),
    hoursChart('states-chart', result.stateHours, '@third'),
    ...latencyCharts(result),
    orderLifeChart(result.orderLife),
  ];
}

function candleInput(input: BacktestReportInput) {
  const { instrument, trades } = input;
  return {
    quote: instrument.spec.quoteCurrency,
    qtyUnit: instrument.inverse ? instrument.spec.quoteCurrency : instrument.spec.baseCurrency,
    qtyStep: instrument.qtyStep,
    qtyDigits: instrument.qtyDigits,
    pyramid: candlePyramid(input, input.fills, instrument),
    fills: packFills(input.fills),
    levels: packLevels(input.levels, instrument.tickSize),
    reasons: packReasons(input.reasons),
    trades: trades
      .slice(0, CONNECTED_TRADES)
      .map((trade) => [
        trade.entryTimeMs,
        trade.exitTimeMs,
        compact(trade.entryPrice),
        compact(trade.exitPrice),
        trade.netPnl > 0 ? 1 : 0,
      ]),
  };
}

export type CandleInput = ReturnType<typeof candleInput>;
