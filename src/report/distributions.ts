import type { ReportTrade } from './backtest-input.ts';
import { axisFormat, chartBox, largestOf, section } from './chart.ts';
import type { Chart } from './chart.ts';
import { compact, formatHours } from './format.ts';
import type { Html } from './html.ts';
import type { BacktestResult } from '../sweep/results.ts';

const TRADE_BINS = 36;
const GAIN_COLOUR = { condition: { test: 'datum.v >= 0', value: '@profit' }, value: '@loss' };

export function renderMonthly(): Html {
  return section(
    'monthly',
    'Return by month',
    'Percent of capital, by UTC calendar month.',
    chartBox('monthly-chart', 'Return by month in percent of capital'),
  );
}

export function monthlyChart(result: BacktestResult): Chart {
  const rows = result.monthly.map(({ month, returnPct }) => ({ m: month, v: compact(returnPct) }));
  const spec = {
    height: 200,
    data: { values: rows },
    mark: { type: 'bar', cornerRadiusEnd: 2 },
    encoding: {
      x: {
        field: 'm',
        type: 'ordinal',
        sort: null,
        axis: { title: null, labelAngle: rows.length > 8 ? -45 : 0, labelOverlap: true },
        scale: { paddingInner: 0.25 },
      },
      y: { field: 'v', type: 'quantitative', axis: { title: 'Return (%)' } },
      color: GAIN_COLOUR,
      tooltip: [
        { field: 'm', title: 'month' },
        { field: 'v', title: 'return (%)', format: ',.2f' },
      ],
    },
  };
  return { id: 'monthly-chart', spec };
}

export function renderTradePnl(settle: string): Html {
  return section(
    'trade-pnl',
    'Profit and loss of trades',
    `How many closed trades ended where, net of fees, in ${settle}. The ends hold the rest.`,
    chartBox('trade-pnl-chart', `Histogram of net profit per trade in ${settle}`),
  );
}

export function tradePnlChart(trades: readonly ReportTrade[], settle: string): Chart {
  const values = trades.filter((trade) => !trade.openAtEnd).map((trade) => trade.netPnl);
  const bins = histogram(values, TRADE_BINS);
  const format = axisFormat(largestOf(bins.flatMap(({ from, to }) => [from, to])));
  const spec = {
    height: 200,
    data: { values: bins.map((bin) => ({ ...bin, v: (bin.from + bin.to) / 2 })) },
    mark: { type: 'bar', binSpacing: 1 },
    encoding: {
      x: {
        field: 'from',
        type: 'quantitative',
        bin: { binned: true },
        axis: { title: `Net profit per trade (${settle})`, format, tickCount: 6 },
      },
      x2: { field: 'to' },
      y: { field: 'n', type: 'quantitative', axis: { title: 'Trades', tickMinStep: 1 } },
      color: GAIN_COLOUR,
      tooltip: [
        { field: 'from', title: `from (${settle})`, format },
        { field: 'to', title: `to (${settle})`, format },
        { field: 'n', title: 'trades' },
      ],
    },
  };
  return { id: 'trade-pnl-chart', spec };
}

type Bin = { from: number; to: number; n: number };

/** Equal bins over the middle 99 %, with an edge at zero; outliers count in the end bins. */
export function histogram(values: readonly number[], bins: number): Bin[] {
  if (values.length === 0) return [];
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const low = at(0.005);
  const high = at(0.995);
  const width = (high - low) / bins || Math.abs(low) / 10 || 1;
  const first = Math.floor(low / width);
  const last = Math.max(first, Math.ceil(high / width) - 1);
  const made = Array.from({ length: last - first + 1 }, (_, index) => ({
    from: Number(((first + index) * width).toPrecision(6)),
    to: Number(((first + index + 1) * width).toPrecision(6)),
    n: 0,
  }));
  for (const value of sorted) {
    const bin = made[Math.min(Math.max(Math.floor(value / width) - first, 0), made.length - 1)];
    if (bin !== undefined) bin.n += 1;
  }
  return made;
}

export function renderWhy(): Html {
  return section(
    'why',
    'Why it did not act',
    'Slot-hours by reason. Every slot has exactly one reason at any time.',
    chartBox('why-chart', 'Hours by reason'),
  );
}

export function renderStates(): Html {
  return section(
    'states',
    'Time in states',
    'Slot-hours spent in each state of the machine.',
    chartBox('states-chart', 'Hours by state'),
  );
}

export function hoursChart(
  id: string,
  hours: Readonly<Record<string, number>>,
  colour: string,
): Chart {
  const total = Object.values(hours).reduce((sum, value) => sum + value, 0);
  const rows = Object.entries(hours)
    .filter(([, value]) => value > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, value]) => ({
      name,
      h: compact(value),
      text: formatHours(value),
      share: (100 * value) / total,
    }));
  const y = { field: 'name', type: 'nominal', sort: null, axis: { title: null, labelLimit: 170 } };
  const x = { field: 'h', type: 'quantitative', axis: { title: 'Slot-hours (h)', tickCount: 5 } };
  const spec = {
    height: { step: 26 },
    data: { values: rows },
    transform: [{ calculate: "format(datum.share, '.1f') + ' %'", as: 'part' }],
    layer: [
      {
        mark: { type: 'bar', color: colour, cornerRadiusEnd: 2 },
        encoding: {
          y,
          x,
          tooltip: [
            { field: 'name', title: 'what' },
            { field: 'text', title: 'time' },
            { field: 'part', title: 'share' },
          ],
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 5, color: '@ink', fontSize: 12 },
        encoding: { y, x, text: { field: 'part' } },
      },
    ],
  };
  return { id, spec };
}
