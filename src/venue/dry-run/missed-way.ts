import {
  PATH_DIRECTION,
  PATH_HIGH_FIRST,
  directionHighFirst,
  firstThirdMs,
  secondThirdMs,
} from '../../market/path.ts';
import type { SeenPrices } from './seen-prices.ts';

/** A minute of the price and of the mark as the exchange tells it afterwards, in ticks. */
export type MinuteCandle = Ohlc & {
  readonly openTimeMs: number;
  readonly volumeSteps: number;
  /** Undefined: the mark is taken to be the price. */
  readonly mark: Ohlc | undefined;
};

export type Ohlc = {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
};

export type Corner = { readonly atMs: number; readonly ticks: number; readonly markTicks: number };

/** What there was to see while nobody looked. */
export type Absence = {
  /** What happened up to here is known. */
  readonly sinceMs: number;
  /** The venue's time; behind it nothing can happen any more. */
  readonly nowMs: number;
  readonly untilMs: number;
  readonly lastTicks: number;
  readonly seen: SeenPrices;
  readonly path: number;
};

const MINUTE_MS = 60_000;

/**
 * The corners of the price's way through a minute that was not, or not wholly, looked at. A whole
 * minute is walked as in a backtest. Of a part of one the extremes are visited that were not seen
 * before, since they must have come after: no price of the candle is left out, and none is met twice.
 */
export function missedCorners(candle: MinuteCandle, absence: Absence): readonly Corner[] {
  const { openTimeMs, mark } = candle;
  const { nowMs, untilMs, sinceMs, lastTicks, seen } = absence;
  const lastMs = openTimeMs + MINUTE_MS - 1;
  if (lastMs <= sinceMs || openTimeMs > untilMs) return [];
  const fromMs = Math.max(openTimeMs, nowMs);
  const toMs = Math.max(fromMs, Math.min(lastMs, untilMs));
  const known = seen.of(openTimeMs);
  const isWhole = fromMs === openTimeMs && known === undefined;
  const length = toMs - fromMs + 1;
  const highFirst = isHighFirst(candle, absence.path);
  const markHighFirst = mark === undefined ? highFirst : isHighFirst(mark, PATH_DIRECTION);
  const prices: Ohlc = isWhole ? candle : { ...candle, open: lastTicks };
  const at = (afterMs: number, name: keyof Ohlc, markName: keyof Ohlc): Corner => ({
    atMs: fromMs + afterMs,
    ticks: prices[name],
    markTicks: (mark ?? prices)[markName],
  });
  const first = highFirst ? 'high' : 'low';
  const second = highFirst ? 'low' : 'high';
  const [markFirst, markSecond] = markHighFirst
    ? (['high', 'low'] as const)
    : (['low', 'high'] as const);
  const isNews = (name: 'high' | 'low'): boolean =>
    known === undefined || (name === 'high' ? candle.high > known.high : candle.low < known.low);
  return [
    at(0, 'open', 'open'),
    ...(isNews(first) ? [at(firstThirdMs(length), first, markFirst)] : []),
    ...(isNews(second) ? [at(secondThirdMs(length), second, markSecond)] : []),
    at(length - 1, 'close', 'close'),
  ];
}

function isHighFirst({ open, close }: Ohlc, path: number): boolean {
  if (path === PATH_DIRECTION) return directionHighFirst(open, close);
  return path === PATH_HIGH_FIRST;
}
