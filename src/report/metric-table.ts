import { formatMetric, unitText } from './format.ts';
import type { Currencies } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { BacktestResult, MetricDefinition } from '../sweep/results.ts';

const BETTER = {
  higher: 'higher is better',
  lower: 'lower is better',
  neither: 'neither way better',
};

/** What a metric is, as a tooltip: label, unit and which way is good. */
export function definitionText(metric: MetricDefinition, currencies: Currencies): string {
  const unit = unitText(metric.unit, currencies);
  const counted = unit === '' ? 'a plain number' : `in ${unit}`;
  return `${metric.label} (${metric.name}): ${counted}, ${BETTER[metric.better]}`;
}

/** Every metric of the registry; one that could not be computed says why. */
export function renderMetricTable(
  result: BacktestResult,
  metrics: readonly MetricDefinition[],
  currencies: Currencies,
): Html {
  const rows = metrics.map((metric) => {
    const interval = result.intervals[metric.name];
    const range = interval?.map((end) => formatMetric(end, metric, currencies)).join(' to ');
    const value = result.metrics[metric.name];
    return html`<tr title="${definitionText(metric, currencies)}">
      <td class="text" data-v="${metric.label}">${metric.label}</td>
      <td data-v="${value ?? ''}">${formatMetric(value, metric, currencies)}</td>
      <td>${range ?? ''}</td>
      <td class="text">${BETTER[metric.better]}</td>
      <td class="text wrap">${result.notes[metric.name] ?? ''}</td>
    </tr>`;
  });
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label="All metrics">
    <table class="sortable" id="metric-table">
      <thead>
        <tr>
          <th class="text" scope="col">Metric</th>
          <th scope="col">Value</th>
          <th scope="col">95 % interval</th>
          <th class="text" scope="col">Reading</th>
          <th class="text" scope="col">Note</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
