import { formatMetric } from './format.ts';
import type { Currencies } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { isSigned } from './signed.ts';
import type { BacktestResult, MetricDefinition } from '../sweep/results.ts';

/** The numbers a stranger asks for first, in that order; each the first name that was measured. */
const KEY_NUMBERS: readonly (readonly string[])[] = [
  ['netProfit'],
  ['netProfitUsd'],
  ['returnOnCapital'],
  ['cagr'],
  ['maxDrawdown'],
  ['returnOverMaxDrawdown', 'returnOverDrawdown'],
  ['sharpe'],
  ['sortino'],
  ['excessOverBuyHold'],
  ['trades'],
  ['winRate'],
  ['profitFactor'],
  ['makerShare'],
  ['fees'],
  ['funding'],
  ['timeInMarket'],
  ['openQty', 'openPosition'],
  ['openAgeDays', 'openPositionAge'],
  ['openUnrealised'],
  ['capital'],
];
const FEWEST_CARDS = 8;

function keyMetrics(
  metrics: readonly MetricDefinition[],
  values: BacktestResult['metrics'],
): MetricDefinition[] {
  const known = new Map(metrics.map((metric) => [metric.name, metric]));
  const chosen = KEY_NUMBERS.flatMap((names) => {
    const name = names.find(
      (candidate) => known.has(candidate) && Object.hasOwn(values, candidate),
    );
    const metric = name === undefined ? undefined : known.get(name);
    return metric === undefined ? [] : [metric];
  });
  for (const metric of metrics) {
    if (chosen.length >= FEWEST_CARDS) break;
    if (!chosen.includes(metric) && Object.hasOwn(values, metric.name)) chosen.push(metric);
  }
  return chosen;
}

export function renderCards(
  result: BacktestResult,
  metrics: readonly MetricDefinition[],
  currencies: Currencies,
): Html {
  const cards = keyMetrics(metrics, result.metrics).map((metric) =>
    card(result, metric, currencies),
  );
  return html`<div class="cards" role="list" aria-label="Key numbers">${cards}</div>`;
}

function card(result: BacktestResult, metric: MetricDefinition, currencies: Currencies): Html {
  const value = result.metrics[metric.name] ?? null;
  const note = result.notes[metric.name];
  const interval = result.intervals[metric.name];
  const range = interval?.map((end) => formatMetric(end, metric, currencies)).join(' to ');
  return html`<div class="card" role="listitem" data-metric="${metric.name}">
    <div class="label">${metric.label}</div>
    <div class="value ${toneOf(metric, value)}">${formatMetric(value, metric, currencies)}</div>
    ${range === undefined ? null : html`<div class="under">95 % interval ${range}</div>`}
    ${note === undefined ? null : html`<div class="under">${note}</div>`}
  </div>`;
}

function toneOf(metric: MetricDefinition, value: number | null): string {
  if (value === null || value === 0 || !isSigned(metric.name)) return '';
  return value > 0 === (metric.better !== 'lower') ? 'up' : 'down';
}
