import { formatAmount, formatDuration, formatNumber } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { BesideCandles, BesideRun } from '../sweep/beside-results.ts';
import type { PriceDifference, Quantiles } from '../sweep/latency-results.ts';

const MONEY_DIGITS = 8;

/** Both runs in columns. */
export function renderBesideRuns({ trades, candles }: BesideCandles, settle: string): Html {
  const money = (value: number): string => formatAmount(value, settle, MONEY_DIGITS);
  const percent = (value: number): string => `${formatNumber(value, 2)} %`;
  const points = (value: number): string => `${formatNumber(value, 2)} points`;
  const count = (value: number): string => formatNumber(value, 0);
  const row = (
    name: string,
    of: (run: BesideRun) => number | null,
    format: (value: number) => string,
    formatGap = format,
  ): Html => {
    const [here, there] = [of(trades), of(candles)];
    const gap = here === null || there === null ? null : here - there;
    const text = (value: number | null): string => (value === null ? 'n/a' : format(value));
    return html`<tr>
      <td class="text">${name}</td>
      <td>${text(here)}</td>
      <td>${text(there)}</td>
      <td>${gap === null ? 'n/a' : signed(gap, formatGap)}</td>
    </tr>`;
  };
  const rows = [
    row('Net profit', (run) => run.netProfit, money),
    row('Return on capital', (run) => run.returnOnCapital, percent, points),
    row('Largest drawdown', (run) => run.maxDrawdown, percent, points),
    row('Capital of both percentages', (run) => run.capital, money),
    row('Fees paid', (run) => run.fees, money),
    row('Funding paid', (run) => run.funding, money),
    row('Trades (round trips)', (run) => run.roundTrips, count),
    row('Orders filled', (run) => run.filledOrders, count),
    row('Executions', (run) => run.executions, count),
    row('Orders filled in several parts', (run) => run.inParts, count),
    row('Orders filled, but never wholly', (run) => run.unfinished, count),
    row('Filled as maker', (run) => run.makerShare, percent, points),
  ];
  const head = ['On trades', 'On candles', 'Trades less candles'];
  return table('Trades and candles side by side', '', head, rows);
}

function signed(gap: number, format: (value: number) => string): string {
  const text = format(gap);
  return gap > 0 ? `+${text}` : text;
}

/** Fills held against each other. */
export function renderBesideFills({ fills }: BesideCandles, settle: string): Html {
  const { matched, onlyOnTrades, onlyOnCandles } = fills;
  const ofMatched = (count: number): string =>
    matched === 0 ? '' : `${formatNumber((100 * count) / matched, 1)} % of those matched`;
  const rows: [string, number, string][] = [
    ['Matched', matched, 'in both runs'],
    ['Only on trades', onlyOnTrades, 'no twin on candles'],
    ['Only on candles', onlyOnCandles, 'no twin on trades'],
    ['Matched, in the same candle', fills.sameCandle, ofMatched(fills.sameCandle)],
    ['Matched, at the same price', fills.samePrice, ofMatched(fills.samePrice)],
    ['Matched, later on trades', fills.later.count, spread(fills.later)],
    ['Matched, earlier on trades', fills.earlier.count, spread(fills.earlier)],
    ['Matched, worse on trades', fills.worse.count, priceText(fills.worse, settle)],
    ['Matched, better on trades', fills.better.count, priceText(fills.better, settle)],
    ['Matched, taker on trades only', fills.becameTaker, ofMatched(fills.becameTaker)],
    ['Matched, taker on candles only', fills.becameMaker, ofMatched(fills.becameMaker)],
  ];
  return table(
    'Fills on trades and on candles',
    'Fills',
    ['Count', 'How'],
    rows.map(
      ([name, count, how]) =>
        html`<tr>
          <td class="text">${name}</td>
          <td>${formatNumber(count, 0)}</td>
          <td class="text wrap">${how}</td>
        </tr>`,
    ),
  );
}

function spread({ count, p50, p90, max }: Quantiles): string {
  if (count === 0 || p50 === null || p90 === null || max === null) return '';
  return `half by up to ${formatDuration(p50)}, 90 % by up to ${formatDuration(p90)}, at most ${formatDuration(max)}`;
}

function priceText({ count, meanTicks, money }: PriceDifference, settle: string): string {
  if (count === 0 || meanTicks === null) return '';
  const ticks = formatNumber(meanTicks, 1);
  return `by ${ticks} ticks on average, ${formatAmount(money, settle, MONEY_DIGITS)} in all`;
}

/** What the difference in net profit is made of. */
export function renderDifference({ difference }: BesideCandles, settle: string): Html {
  const rows: [string, number][] = [
    ['prices of matched fills, on the quantity both have', difference.prices],
    ['fees', difference.fees],
    ['funding', difference.funding],
    ['fills that only one has, other quantities, what is open at the end', difference.rest],
    ['in all', difference.netProfit],
  ];
  return table(
    'What the difference is made of',
    'Trades less candles',
    ['Effect on net profit'],
    rows.map(
      ([name, value]) =>
        html`<tr>
          <td class="text wrap">${name}</td>
          <td>${signed(value, (each) => formatAmount(each, settle, MONEY_DIGITS))}</td>
        </tr>`,
    ),
  );
}

function table(
  label: string,
  first: string,
  heads: readonly string[],
  rows: readonly Html[],
): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table>
      <thead>
        <tr>
          <th class="text" scope="col">${first}</th>
          ${heads.map((head) => html`<th class="${head === 'How' ? 'text' : ''}" scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
