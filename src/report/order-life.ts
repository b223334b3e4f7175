import { chartBox, section } from './chart.ts';
import type { Chart } from './chart.ts';
import { formatDuration, formatNumber, formatTime } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { OrderLifeSummary, Quantiles } from '../sweep/latency-results.ts';

/** One order, its moments in epoch ms; null = never. */
export type ReportOrderLife = {
  readonly id: string;
  readonly side: string;
  readonly role: string;
  readonly end: string;
  readonly sentMs: number;
  readonly venueMs: number | null;
  readonly answerKnownMs: number | null;
  readonly firstFillMs: number | null;
  readonly lastFillMs: number | null;
  readonly fillsKnownMs: number | null;
  readonly endMs: number | null;
  readonly endKnownMs: number | null;
  /** Ms in which the engine waited for word of it, or did not know of a fill. */
  readonly unknownMs: number;
};

/** Worst first, so many are shown. */
export const SHOWN_LIVES = 100;

export function renderOrderLife(
  summary: OrderLifeSummary,
  lives: readonly ReportOrderLife[],
  orderCount: number,
): Html {
  const { unknown } = summary;
  return section(
    'order-life',
    'The life of orders',
    `From the wish to the knowledge: when an order was sent, when the venue had it, when it filled
there, and when each message about it arrived.`,
    html`<h3>How long each step took</h3>`,
    chartBox('order-life-chart', 'Median and 99th percentile of each step of an order in ms'),
    quantileTable(
      'Step',
      'Times',
      summary.steps.map((row) => [row.step, row, null]),
    ),
    html`<h3>Not knowing</h3>
      <p class="note">
        Slots spent ${formatDuration(unknown.fillSlotMs)} with a fill at the venue that the engine
        had not heard of: ${percent(unknown.fillShare)} of all slot time. Below, how long it waited
        for word of its orders, by the state it held them in, and the share of all order time.
      </p>`,
    quantileTable(
      'State',
      'Stays',
      unknown.states.map((row) => [row.state, row, row.share]),
    ),
    html`<h3>Orders, the least known first</h3>
      <p class="note">
        ${lives.length} of ${formatNumber(orderCount, 0)} orders; orders.csv has all. A click draws
        the order's life. Long waits and short ones share the picture: lengths are logarithmic.
      </p>
      <div
        class="life"
        id="order-life-picture"
        role="img"
        aria-label="Life of the chosen order"
      ></div>`,
    lifeTable(lives),
  );
}

function percent(share: number): string {
  return share > 0 && share < 0.0001 ? 'under 0.01 %' : `${formatNumber(100 * share, 2)} %`;
}

type QuantileRow = readonly [name: string, quantiles: Quantiles, share: number | null];

function quantileTable(head: string, count: string, rows: readonly QuantileRow[]): Html {
  const ms = (value: number | null): string => (value === null ? 'n/a' : formatDuration(value));
  const shares = rows.some(([, , share]) => share !== null);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${head}s">
    <table>
      <thead>
        <tr>
          <th class="text" scope="col">${head}</th>
          <th scope="col">${count}</th>
          <th scope="col">Median</th>
          <th scope="col">90 %</th>
          <th scope="col">99 %</th>
          <th scope="col">Longest</th>
          <th scope="col">In all</th>
          ${shares ? html`<th scope="col">Share</th>` : null}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, each, share]) =>
            html`<tr>
              <td class="text">${name}</td>
              <td>${formatNumber(each.count, 0)}</td>
              <td>${ms(each.p50)}</td>
              <td>${ms(each.p90)}</td>
              <td>${ms(each.p99)}</td>
              <td>${ms(each.max)}</td>
              <td>${ms(each.totalMs)}</td>
              ${share === null ? null : html`<td>${percent(share)}</td>`}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function lifeTable(lives: readonly ReportOrderLife[]): Html {
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label="Orders">
    <table id="order-life-table">
      <thead>
        <tr>
          <th class="text" scope="col">Order</th>
          <th class="text" scope="col">What</th>
          <th scope="col">Sent (UTC)</th>
          <th scope="col">To the venue</th>
          <th scope="col">Fill not known for</th>
          <th scope="col">Not known in all</th>
          <th class="text" scope="col">End</th>
        </tr>
      </thead>
      <tbody>
        ${lives.map(
          (life, at) =>
            html`<tr class="life-pick" data-at="${at}" tabindex="0">
              <td class="text">${life.id}</td>
              <td class="text">${life.side} ${life.role}</td>
              <td>${formatTime(life.sentMs).replace(' UTC', '')}</td>
              <td>${span(life.sentMs, life.venueMs)}</td>
              <td>${span(life.lastFillMs, life.fillsKnownMs)}</td>
              <td>${formatDuration(life.unknownMs)}</td>
              <td class="text">${life.end}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function span(fromMs: number | null, untilMs: number | null): string {
  return fromMs === null || untilMs === null ? 'n/a' : formatDuration(untilMs - fromMs);
}

export function orderLifeChart({ steps }: OrderLifeSummary): Chart {
  const rows = steps.flatMap(({ step, p50, p99 }) =>
    p50 === null || p99 === null ? [] : [{ step, p50, p99 }],
  );
  const y = { field: 'step', type: 'nominal', sort: null, axis: { title: null, labelLimit: 200 } };
  const scale = { type: 'symlog', constant: 10, nice: true };
  const x = { type: 'quantitative', scale, axis: { title: 'ms (logarithmic)', tickCount: 5 } };
  const tooltip = [
    { field: 'step', title: 'step' },
    { field: 'p50', title: 'median (ms)', format: ',.0f' },
    { field: 'p99', title: '99 % (ms)', format: ',.0f' },
  ];
  const spec = {
    height: { step: 26 },
    data: { values: rows },
    layer: [
      {
        mark: { type: 'rule', color: '@none', strokeWidth: 3 },
        encoding: { y, x: { field: 'p50', ...x }, x2: { field: 'p99' }, tooltip },
      },
      {
        mark: { type: 'point', filled: true, size: 80, color: '@accent', opacity: 1 },
        encoding: { y, x: { field: 'p50', ...x }, tooltip },
      },
      {
        mark: { type: 'point', filled: true, size: 80, color: '@loss', opacity: 1 },
        encoding: { y, x: { field: 'p99', ...x }, tooltip },
      },
    ],
  };
  return { id: 'order-life-chart', spec };
}
