import type { Chart } from './chart.ts';
import { axisFormat, chartBox, largestOf, section } from './chart.ts';
import { formatAmount, formatNumber } from './format.ts';
import type { Currencies } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { BacktestResult, Benchmark, PathOutcome } from '../sweep/results.ts';

const NOTE = `A candle does not say in which order its prices came. The honest answer is therefore
an interval: from the adverse order to the direction rule. Benchmarks had no such choice to make.`;

const NOTE_ON_TRADES = `This run walked the trades themselves, so the order of prices is known: its own
line (trades) is the answer. The other lines are the same run on candles made of these trades; the
interval from the adverse order to the direction rule is what candles alone would have left open.`;

export function renderPathInterval(result: BacktestResult, currencies: Currencies): Html {
  const { settle } = currencies;
  const rows = [
    ...result.pathInterval.map((outcome) =>
      row(pathLabel(outcome), outcome, outcome.trades, settle),
    ),
    ...result.benchmarks.map((benchmark) =>
      row(benchmarkLabel(result, benchmark), benchmark, null, settle),
    ),
  ];
  const table = html`<div
    class="scroll"
    tabindex="0"
    role="region"
    aria-label="Outcomes by price path"
  >
    <table>
      <thead>
        <tr>
          <th class="text" scope="col">Price path and execution</th>
          <th scope="col">Net profit</th>
          <th scope="col">Return on capital</th>
          <th scope="col">Max drawdown</th>
          <th scope="col">Trades</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
  const chart = chartBox(
    'interval-chart',
    'Net profit under each price path, with the honest interval',
  );
  return section(
    'interval',
    'Honest interval',
    isOnTrades(result) ? NOTE_ON_TRADES : NOTE,
    html`<p class="big">${intervalWords(result, settle)}</p>`,
    chart,
    table,
  );
}

function isOnTrades({ run }: BacktestResult): boolean {
  return run.path === 'trades';
}

/** An inverse account's idle coins earn no coins; what they do is move in quote money. */
function isRevaluation({ run }: BacktestResult, { name }: Benchmark): boolean {
  return name === 'idle collateral' && run.category === 'inverse';
}

function benchmarkLabel(result: BacktestResult, benchmark: Benchmark): string {
  const quote = result.run.quoteCurrency;
  return isRevaluation(result, benchmark)
    ? `${benchmark.name} (its value in ${quote})`
    : benchmark.name;
}

function coinBenchmarks(result: BacktestResult): Benchmark[] {
  return result.benchmarks.filter((benchmark) => !isRevaluation(result, benchmark));
}

export function pathLabel(outcome: PathOutcome): string {
  return `${outcome.path}, ${outcome.execution}`;
}

export function pathIntervalChart(result: BacktestResult, currencies: Currencies): Chart {
  const rows = [
    ...result.pathInterval.map((outcome) => ({
      label: pathLabel(outcome),
      kind: 'path',
      v: outcome.netProfit,
    })),
    ...coinBenchmarks(result).map(({ name, netProfit }) => ({
      label: name,
      kind: 'benchmark',
      v: netProfit,
    })),
  ];
  const ends = honestEnds(result);
  const format = axisFormat(largestOf(rows.map(({ v }) => v)));
  const band = ends === null ? [] : [{ from: Math.min(...ends), to: Math.max(...ends) }];
  const x = { type: 'quantitative', axis: { title: `Net profit (${currencies.settle})`, format } };
  const spec = {
    height: { step: 26 },
    layer: [
      {
        data: { values: band },
        mark: { type: 'rect', opacity: 0.16, color: '@accent' },
        encoding: { x: { field: 'from', ...x }, x2: { field: 'to' } },
      },
      {
        data: { values: [{}] },
        mark: { type: 'rule', color: '@soft' },
        encoding: { x: { datum: 0, ...x } },
      },
      {
        data: { values: rows },
        mark: { type: 'point', filled: true, size: 110, opacity: 1 },
        encoding: {
          x: { field: 'v', ...x },
          y: {
            field: 'label',
            type: 'nominal',
            sort: null,
            axis: { title: null, labelLimit: 190 },
          },
          color: {
            field: 'kind',
            type: 'nominal',
            legend: null,
            scale: { domain: ['path', 'benchmark'], range: ['@accent', '@second'] },
          },
          tooltip: [
            { field: 'label', title: 'under' },
            { field: 'v', title: `net profit (${currencies.settle})`, format },
          ],
        },
      },
    ],
  };
  return { id: 'interval-chart', spec };
}

function honestEnds(result: BacktestResult): readonly [number, number] | null {
  const of = (path: string): number | undefined =>
    result.pathInterval.find((outcome) => outcome.path === path)?.netProfit;
  const adverse = of('adverse');
  const direction = of('direction');
  return adverse === undefined || direction === undefined ? null : [adverse, direction];
}

function intervalWords(result: BacktestResult, settle: string): string {
  const ends = honestEnds(result);
  if (ends === null)
    return 'n/a: the run was not repeated under both the adverse and the direction path.';
  const [adverse, direction] = ends.map((end) => formatAmount(end, settle));
  const between = `${adverse} (adverse) and ${direction} (direction)`;
  if (isOnTrades(result)) {
    const own = besideInterval(result, ends, settle);
    return adverse === direction
      ? `${own}: ${direction} in either order.`
      : `${own}: between ${between}.`;
  }
  const sign =
    ends[0] > 0 && ends[1] > 0
      ? 'Both ends are a profit.'
      : ends[0] <= 0 && ends[1] <= 0
        ? 'Both ends are a loss.'
        : 'The sign of the result depends on the path.';
  return `Net profit lies between ${between}. ${sign}`;
}

function besideInterval(
  { metrics }: BacktestResult,
  ends: readonly number[],
  settle: string,
): string {
  const net = metrics['netProfit'] ?? 0;
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const where = net < low ? 'below' : net > high ? 'above' : 'within';
  return `Net profit on the trades is ${formatAmount(net, settle)}, ${where} what their candles give`;
}

type Outcome = Pick<PathOutcome, 'netProfit' | 'returnOnCapital' | 'maxDrawdown'>;

function row(label: string, outcome: Outcome, trades: number | null, settle: string): Html {
  const percent = (value: number | null): string =>
    value === null ? 'n/a' : `${formatNumber(value, 2)} %`;
  return html`<tr>
    <td class="text">${label}</td>
    <td>${formatAmount(outcome.netProfit, settle)}</td>
    <td>${percent(outcome.returnOnCapital)}</td>
    <td>${percent(outcome.maxDrawdown)}</td>
    <td>${trades === null ? '' : formatNumber(trades, 0)}</td>
  </tr>`;
}
