import { axisFormat, chartBox, largestOf, section } from './chart.ts';
import type { Chart } from './chart.ts';
import { formatAmount, formatDuration, formatNumber } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { LatencyCost } from '../sweep/latency-results.ts';
import type { BacktestResult } from '../sweep/results.ts';

const NOTE = `The same run was made again without any delay: same seed, path, fees, spread, slippage
and volume limit, so that nothing but time differs. Executions of one order count as one fill.`;

/** What the delays cost, in fills and leg by leg. */
export function renderLatencyCost({ latency, run }: BacktestResult): Html {
  const title = 'What latency costs';
  if (latency === null) {
    return section(
      'latency',
      title,
      `Execution ${run.execution} has no delays: there is nothing to lose to them.`,
    );
  }
  const settle = run.settleCurrency;
  return section(
    'latency',
    title,
    NOTE,
    html`<p class="big">${lostWords(latency, settle)}</p>
      <p class="note">${chanceWords(latency, settle)}</p>
      <h3>Fills, against the run without delays</h3>`,
    fillTable(latency, settle),
    html`<h3>Loss by leg</h3>
      <p class="note">
        Marginal: what the run would gain if this leg alone took no time. Alone: what the run
        without delays would lose if this leg alone took its time. Legs act on each other, so
        neither adds up to the whole; the last row is what is left. A negative loss is a gain.
      </p>`,
    chartBox('latency-chart', `Loss to each leg in ${settle}`),
    legTable(latency, settle),
  );
}

/** Losses are small beside profits: coins are shown to a hundredth of a satoshi. */
const MONEY_DIGITS = 10;

function lossText(value: number, settle: string): string {
  return formatAmount(value, settle, MONEY_DIGITS);
}

function lostWords({ lost, profile, twin }: LatencyCost, settle: string): string {
  const without = lossText(twin.netProfit, settle);
  if (lost === 0) return `The delays of ${profile} changed nothing: without them ${without}, too.`;
  const word = lost > 0 ? 'cost' : 'brought';
  return `The delays of ${profile} ${word} ${lossText(Math.abs(lost), settle)}: without them net
profit would be ${without}.`;
}

function chanceWords({ otherSeeds }: LatencyCost, settle: string): string {
  const { count, least, most } = otherSeeds;
  return `Under ${count} other seeds of the same delays the loss lies between
${lossText(least, settle)} and ${lossText(most, settle)}: a difference within that range is
chance, not a leg.`;
}

function fillTable({ fills }: LatencyCost, settle: string): Html {
  const { later, worse, better } = fills;
  const ms = (value: number | null): string => (value === null ? 'n/a' : formatDuration(value));
  const count = (value: number): string => formatNumber(value, 0);
  const ticks = (value: number | null): string =>
    value === null ? '' : `on average ${formatNumber(value, 2)} ticks, `;
  const rows: [string, string, string][] = [
    ['fills of this run', count(fills.run), ''],
    ['fills without delays', count(fills.twin), ''],
    ['the same in both', count(fills.same), 'same ms, same price'],
    ['missed', count(fills.missed), 'without delays only'],
    ['extra', count(fills.extra), 'with delays only'],
    [
      'later',
      count(later.count),
      later.count === 0
        ? ''
        : `half by more than ${ms(later.p50)}, 10 % by ${ms(later.p90)}, at most ${ms(later.max)}`,
    ],
    ['earlier', count(fills.earlier), ''],
    [
      'at a worse price',
      count(worse.count),
      `${ticks(worse.meanTicks)}${lossText(worse.money, settle)} in all`,
    ],
    [
      'at a better price',
      count(better.count),
      `${ticks(better.meanTicks)}${lossText(better.money, settle)} in all`,
    ],
    ['taker instead of maker', count(fills.becameTaker), ''],
  ];
  return html`<div
    class="scroll"
    tabindex="0"
    role="region"
    aria-label="Fills with and without delays"
  >
    <table>
      <thead>
        <tr>
          <th class="text" scope="col">Fills</th>
          <th scope="col">Count</th>
          <th class="text" scope="col">How</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, value, how]) =>
            html`<tr>
              <td class="text">${name}</td>
              <td>${value}</td>
              <td class="text wrap">${how}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="note">
      Twins have the same side and role and lie within ${formatDuration(fills.windowMs)} of each
      other, the nearest first. Missed and extra fills, and what followed from them, make up the
      rest of the difference.
    </p>
  </div>`;
}

function legTable({ legs, remainder, lost }: LatencyCost, settle: string): Html {
  const money = (value: number): string => lossText(value, settle);
  const rest = html`<tr>
      <td class="text">what legs do only together</td>
      <td></td>
      <td></td>
      <td>${money(remainder.marginal)}</td>
      <td>${money(remainder.alone)}</td>
    </tr>
    <tr>
      <td class="text">all delays</td>
      <td></td>
      <td></td>
      <td>${money(lost)}</td>
      <td>${money(lost)}</td>
    </tr>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Loss by leg">
    <table>
      <thead>
        <tr>
          <th class="text" scope="col">Leg</th>
          <th scope="col">Median</th>
          <th scope="col">99th percentile</th>
          <th scope="col">Marginal loss</th>
          <th scope="col">Loss alone</th>
        </tr>
      </thead>
      <tbody>
        ${legs.map(
          (each) =>
            html`<tr>
              <td class="text">${each.leg}</td>
              <td>${formatDuration(each.medianMs)}</td>
              <td>${formatDuration(each.p99Ms)}</td>
              <td>${money(each.marginal)}</td>
              <td>${money(each.alone)}</td>
            </tr>`,
        )}
        ${rest}
      </tbody>
    </table>
  </div>`;
}

export function latencyCharts({ latency, run }: BacktestResult): Chart[] {
  if (latency === null) return [];
  const rows = latency.legs.flatMap(({ leg, marginal, alone }) => [
    { leg, kind: 'marginal', v: marginal },
    { leg, kind: 'alone', v: alone },
  ]);
  const format = lossFormat(rows.map(({ v }) => v));
  const title = `Loss (${run.settleCurrency})`;
  const spec = {
    height: { step: 14 },
    data: { values: rows },
    mark: { type: 'bar', cornerRadiusEnd: 2 },
    encoding: {
      y: { field: 'leg', type: 'nominal', sort: null, axis: { title: null, labelLimit: 170 } },
      yOffset: { field: 'kind', type: 'nominal', sort: null },
      x: { field: 'v', type: 'quantitative', axis: { title, format, tickCount: 5 } },
      color: {
        field: 'kind',
        type: 'nominal',
        scale: { domain: ['marginal', 'alone'], range: ['@accent', '@second'] },
        legend: { title: null, orient: 'top' },
      },
      tooltip: [
        { field: 'leg', title: 'leg' },
        { field: 'kind', title: 'how' },
        { field: 'v', title, format },
      ],
    },
  };
  return [{ id: 'latency-chart', spec }];
}

function lossFormat(losses: readonly number[]): string {
  const largest = largestOf(losses);
  return largest > 0 && largest < 1e-4 ? '.2e' : axisFormat(largest);
}
