import { formatAmount, formatDuration, formatNumber } from './format.ts';
import type { BesideCandles, QueueWaits } from '../sweep/beside-results.ts';
import type { RunHeader } from '../sweep/results.ts';

const MONEY_DIGITS = 8;

export function besideWords(summary: BesideCandles, settle: string): string {
  const { trades, candles, difference } = summary;
  const money = (value: number): string => formatAmount(value, settle, MONEY_DIGITS);
  const gap = difference.netProfit;
  const judged =
    gap === 0
      ? 'Candles and trades agree.'
      : `Candles make it look ${money(Math.abs(gap))} ${gap < 0 ? 'better' : 'worse'} than it was.`;
  return `Net profit is ${money(trades.netProfit)} on the trades and ${money(candles.netProfit)} on their
candles. ${judged} ${endWords(summary)}`;
}

function endWords({ trades, candles }: BesideCandles): string {
  if (trades.liquidated === candles.liquidated) return '';
  return `The run ${trades.liquidated ? 'on trades' : 'on candles'} alone was liquidated and ended there.`;
}

type Reason = readonly [name: string, text: string];

/** Each cause with what this run shows of it. */
export function besideReasons(summary: BesideCandles, run: RunHeader): Reason[] {
  return [
    ['Queue', queueWords(summary, run)],
    ['Size', sizeWords(summary, run)],
    ['Time inside candles', pathWords(summary, run)],
    ['What follows', followWords(summary)],
  ];
}

function queueWords({ queue }: BesideCandles, { frictions }: RunHeader): string {
  const { waits, atOnce } = queue;
  const ahead = queueAheadWords(frictions['queueAhead']);
  const through = ticksWords(frictions['throughTicks']);
  return `On trades an order waits behind what is assumed to stand ahead of it (${ahead}), until that
has been traded or the price goes ${through}. ${formatNumber(waits.count, 0)} resting orders filled, \
${formatNumber(atOnce, 0)} of them in the ms in which a trade first reached them\
${waitedWords(queue)}. ${inVainWords(queue)} Candles know no queue: the price going ${through} fills.`;
}

function waitedWords({ waits, atOnce }: QueueWaits): string {
  const waited = waits.count - atOnce;
  if (waited === 0) return '';
  const mean = formatDuration(Math.round(waits.totalMs / waited));
  if (waited === 1) return `; one waited ${mean}`;
  const longest = formatDuration(waits.max ?? 0);
  return `; ${formatNumber(waited, 0)} waited, ${mean} on average and ${longest} at most`;
}

function inVainWords({ inVain }: QueueWaits): string {
  if (inVain === 0) return 'None that was reached left its price without a fill.';
  const often = inVain === 1 ? 'Once' : `${formatNumber(inVain, 0)} times`;
  return `${often} an order was reached and left its price without a fill.`;
}

function queueAheadWords(ahead: number | string | undefined): string {
  if (ahead === undefined) return 'n/a';
  const text = String(ahead);
  if (text === 'never') return 'a queue that never ends';
  return /^[\d.]+s$/.test(text)
    ? `${text.slice(0, -1)} s of traded volume`
    : `a quantity of ${text}`;
}

function ticksWords(ticks: number | string | undefined): string {
  const count = Number(ticks);
  if (count === 0) return 'to its price';
  return `${formatNumber(count, 0)} ${count === 1 ? 'tick' : 'ticks'} beyond its price`;
}

function sizeWords({ trades, candles }: BesideCandles, { frictions, interval }: RunHeader): string {
  const share = frictions['participation'];
  const [ofTrade, ofCandle] =
    typeof share === 'number'
      ? [
          `at most ${percent(share)} of its size`,
          `at most ${percent(share)} of a ${interval} candle's volume`,
        ]
      : ['no more than its size, unless it goes through the price', 'any quantity'];
  return `A trade fills ${ofTrade}: ${formatNumber(trades.inParts, 0)} of ${formatNumber(
    trades.filledOrders,
    0,
  )} filled orders came in parts. Candles fill ${ofCandle}: ${formatNumber(
    candles.inParts,
    0,
  )} of ${formatNumber(candles.filledOrders, 0)}.`;
}

function percent(share: number): string {
  return `${formatNumber(100 * share, 1)} %`;
}

function pathWords({ fills: found }: BesideCandles, { interval }: RunHeader): string {
  const { matched, sameCandle } = found;
  const apart = matched - sameCandle;
  return `A candle says neither when nor in which order its prices came, so the path through it is
made up: of ${formatNumber(matched, 0)} matched fills ${formatNumber(sameCandle, 0)} lie in the same ${interval}
candle, and no difference in time within it means anything. ${formatNumber(apart, 0)} lie in different ones.`;
}

function followWords({ fills: found }: BesideCandles): string {
  const { matched, samePrice } = found;
  return `A fill that comes otherwise, or not at all, moves the levels that the strategy sets
afterwards: ${formatNumber(matched - samePrice, 0)} of ${formatNumber(matched, 0)} matched fills have another
price, and the two runs may stay on different levels from then on.`;
}
