import type { Instrument } from '../../../engine/instrument.ts';
import { candleProblem } from './candle-shape.ts';
import { wholeNumber } from './decimal.ts';
import { isRow, shown, unsound } from './decoded.ts';
import type { Decoded } from './decoded.ts';
import { MARKET_KLINE } from './paths.ts';
import type { WireRequest } from './requests.ts';
import { scaleOf } from './scale.ts';

export const CANDLES_A_PAGE = 1_000;

/** Bybit's names of its intervals; the week is left out, since it does not begin with the epoch. */
const NAMES: ReadonlyMap<number, string> = new Map(
  [1, 3, 5, 15, 30, 60, 120, 240, 360, 720, 1_440].map((minutes): [number, string] => [
    minutes * 60_000,
    minutes === 1_440 ? 'D' : String(minutes),
  ]),
);

/** Undefined where Bybit has no such candles. */
export function klineInterval(intervalMs: number): string | undefined {
  return NAMES.get(intervalMs);
}

export function klineTopic(interval: string, symbol: string): string {
  return `kline.${interval}.${symbol}`;
}

/** Candles that open from `startMs` on, at most a page of them. */
export function queryKline(
  interval: string,
  startMs: number,
  endMs: number,
  instrument: Instrument,
): WireRequest {
  const { symbol, spec } = instrument;
  const params = {
    category: spec.category,
    symbol,
    interval,
    start: startMs,
    end: endMs,
    limit: CANDLES_A_PAGE,
  };
  return { method: 'GET', path: MARKET_KLINE, params };
}

export type KlinePage = {
  /** The venue's clock: which of the candles are closed follows from it. */
  readonly venueMs: number;
  /** Oldest first. */
  readonly candles: readonly KlineRow[];
};

export type KlineRow = {
  readonly openTimeMs: number;
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
  /** As the venue counts it: coins (linear) or dollars (inverse); NaN where it says none. */
  readonly volume: number;
};

/** A page with any row that cannot be read is no page: a candle must not be missed silently. */
export function decodeKlinePage(body: unknown, instrument: Instrument): Decoded<KlinePage> {
  if (!isRow(body)) return unsound(`candles: expected an object, got ${shown(body)}`);
  const { retCode, result, time } = body;
  if (retCode !== 0) return unsound(`candles: retCode ${shown(retCode)}`);
  if (typeof time !== 'number' || !Number.isSafeInteger(time))
    return unsound(`candles: time: expected a whole number, got ${shown(time)}`);
  const list = isRow(result) ? result['list'] : undefined;
  if (!Array.isArray(list)) return unsound(`candles: list: expected a list, got ${shown(list)}`);
  if (isRow(result) && result['symbol'] !== undefined && result['symbol'] !== instrument.symbol)
    return unsound(
      `candles: symbol: expected ${instrument.symbol}, got ${shown(result['symbol'])}`,
    );
  const candles: KlineRow[] = [];
  for (const row of list as readonly unknown[]) {
    const candle = klineRow(row, instrument);
    if (typeof candle === 'string') return unsound(`candles: ${candle}`);
    const newer = candles.at(-1);
    if (newer !== undefined && newer.openTimeMs <= candle.openTimeMs)
      return unsound(`candles: ${candle.openTimeMs} after ${newer.openTimeMs}: not newest first`);
    candles.push(candle);
  }
  return { ok: true, value: { venueMs: time, candles: candles.reverse() } };
}

/** `[start, open, high, low, close, volume, turnover]`, all strings; or what is wrong. */
function klineRow(row: unknown, instrument: Instrument): KlineRow | string {
  if (!Array.isArray(row) || row.length < 5) return `expected a row of strings, got ${shown(row)}`;
  const [start, ...prices] = (row as readonly unknown[]).slice(0, 5);
  const openTimeMs = typeof start === 'string' ? wholeNumber(start) : NaN;
  if (Number.isNaN(openTimeMs)) return `start: expected a time, got ${shown(start)}`;
  const scale = scaleOf(instrument);
  const ticks = prices.map((price) => (typeof price === 'string' ? scale.ticks(price) : NaN));
  const [openTicks = NaN, highTicks = NaN, lowTicks = NaN, closeTicks = NaN] = ticks;
  const bad = ticks.findIndex((price) => !(price > 0));
  if (bad >= 0) return `${openTimeMs}: expected a price on the tick, got ${shown(prices[bad])}`;
  const problem = candleProblem(openTicks, highTicks, lowTicks, closeTicks);
  if (problem !== undefined) return `${openTimeMs}: expected ${problem}`;
  const volume = typeof row[5] === 'string' ? Number(row[5]) : NaN;
  return { openTimeMs, openTicks, highTicks, lowTicks, closeTicks, volume };
}
