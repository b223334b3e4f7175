import type { Body } from '../exchange/order-ask.ts';
import { parameter } from '../exchange/order-ask.ts';
import { readLimit } from '../exchange/paging.ts';
import type { Refusal } from '../exchange/ret-codes.ts';
import { bybitIntervalMs, candleStartMs } from './candles.ts';
import type { Candles } from './candles.ts';
import type { Market } from './market.ts';
import { candleRow, instrumentRow, tickerRow } from './market-rows.ts';
import { recentTrades, restTradeRow } from './public-trades.ts';

type Result = Readonly<Record<string, unknown>>;

const CATEGORIES: readonly unknown[] = ['linear', 'inverse', 'spot', 'option'];
/** Of the best price, on each further level of the derived book. */
const BOOK_DEPTH = 25;
const PRICE_LIMIT_SHARE = 0.1;

/** The REST endpoints that anybody may ask, from the one tape. They need no signature. */
export class MarketEndpoints {
  readonly #market: Market;
  readonly #seed: number;

  constructor(market: Market, seed: number) {
    this.#market = market;
    this.#seed = seed;
  }

  /** Undefined for a path that is not one of these. */
  read(path: string, query: Body): Result | Refusal | undefined {
    switch (path) {
      case '/v5/market/time':
        return this.#time();
      case '/v5/market/instruments-info':
        return this.#list(query, () => [instrumentRow(this.#market.instrument)]);
      case '/v5/market/tickers':
        return this.#list(query, () => [tickerRow(this.#market)]);
      case '/v5/market/kline':
        return this.#kline(query, this.#market.candles, true);
      case '/v5/market/mark-price-kline':
      case '/v5/market/index-price-kline':
        return this.#kline(query, this.#market.markCandles, false);
      case '/v5/market/recent-trade':
        return this.#trades(query);
      case '/v5/market/funding/history':
        return this.#funding(query);
      case '/v5/market/orderbook':
        return this.#orderBook(query);
      case '/v5/market/price-limit':
        return this.#priceLimit(query);
      case '/v5/market/risk-limit':
        return this.#list(query, () => [this.#riskLimit()]);
      default:
        return undefined;
    }
  }

  #time(): Result {
    const { nowMs } = this.#market;
    return { timeSecond: String(Math.floor(nowMs / 1_000)), timeNano: `${nowMs}000000` };
  }

  #list(query: Body, rows: () => readonly object[]): Result | Refusal {
    const { spec, symbol } = this.#market.instrument;
    const { category } = query;
    if (!CATEGORIES.includes(category)) return parameter('category');
    const named = query['symbol'];
    const ours = category === spec.category;
    if (ours && named !== undefined && named !== '' && named !== symbol) return parameter('symbol');
    return { category, nextPageCursor: '', list: ours ? rows() : [] };
  }

  #kline(query: Body, candles: Candles, trades: boolean): Result | Refusal {
    const wrong = this.#wrongSymbol(query);
    if (wrong !== undefined) return wrong;
    const { instrument, nowMs } = this.#market;
    const intervalMs = bybitIntervalMs(query['interval']);
    if (intervalMs === undefined || intervalMs % candles.tape.intervalMs !== 0)
      return parameter('interval');
    const limit = readLimit(query['limit'], 200, 1_000);
    if (typeof limit !== 'number') return limit;
    const start = readMs(query['start'], -Infinity);
    const end = readMs(query['end'], Infinity);
    if (Number.isNaN(start)) return parameter('start');
    if (Number.isNaN(end)) return parameter('end');
    const oldestMs = Math.max(start, candles.tape.openTimeMs[0] ?? Infinity);
    const rows: (readonly string[])[] = [];
    // From the start on, not back from the end, where only a start is given.
    const lastMs =
      end === Infinity && start > -Infinity
        ? start + (limit - 1) * intervalMs
        : Math.min(end, nowMs);
    let at = candleStartMs(Math.min(lastMs, nowMs), intervalMs);
    for (; at >= oldestMs && rows.length < limit; at -= intervalMs) {
      const candle = candles.at(at, intervalMs, nowMs);
      if (candle === undefined) continue;
      const row = candleRow(candle, instrument);
      rows.push(trades ? row : row.slice(0, 5));
    }
    return { category: instrument.spec.category, symbol: instrument.symbol, list: rows };
  }

  #trades(query: Body): Result | Refusal {
    const wrong = this.#wrongSymbol(query);
    if (wrong !== undefined) return wrong;
    const limit = readLimit(query['limit'], 500, 1_000);
    if (typeof limit !== 'number') return limit;
    const { walk, nowMs, instrument } = this.#market;
    const trades = recentTrades(walk.path, walk.row, nowMs, limit, this.#seed);
    const list = trades.map((trade) => restTradeRow(trade, instrument));
    return { category: instrument.spec.category, list };
  }

  #funding(query: Body): Result | Refusal {
    const wrong = this.#wrongSymbol(query);
    if (wrong !== undefined) return wrong;
    const limit = readLimit(query['limit'], 200, 200);
    if (typeof limit !== 'number') return limit;
    const start = readMs(query['startTime'], -Infinity);
    const end = readMs(query['endTime'], Infinity);
    if (Number.isNaN(start)) return parameter('startTime');
    if (Number.isNaN(end) || (end === Infinity && start > -Infinity)) return parameter('endTime');
    const { funding, instrument, nowMs } = this.#market;
    const list = funding.settled(start, end, nowMs, limit).map(({ timeMs, rate }) => ({
      symbol: instrument.symbol,
      fundingRate: rate,
      fundingRateTimestamp: String(timeMs),
    }));
    return { category: instrument.spec.category, list };
  }

  /** Nobody else's orders are known: levels a tick apart around the best prices, of equal size. */
  #orderBook(query: Body): Result | Refusal {
    const wrong = this.#wrongSymbol(query);
    if (wrong !== undefined) return wrong;
    const limit = readLimit(query['limit'], BOOK_DEPTH, 500);
    if (typeof limit !== 'number') return limit;
    const { instrument, nowMs, bidTicks, askTicks, bestSteps } = this.#market;
    const size = instrument.formatQty(bestSteps);
    const levels = (from: number, step: number): readonly (readonly string[])[] =>
      Array.from({ length: limit }, (_, depth) => from + step * depth)
        .filter((ticks) => ticks > 0)
        .map((ticks) => [instrument.formatPrice(ticks), size]);
    return {
      s: instrument.symbol,
      b: levels(bidTicks, -1),
      a: levels(askTicks, 1),
      ts: nowMs,
      u: Math.max(1, this.#market.walk.row + 1),
      seq: nowMs,
      cts: nowMs,
    };
  }

  #priceLimit(query: Body): Result | Refusal {
    const wrong = this.#wrongSymbol(query);
    if (wrong !== undefined) return wrong;
    const { instrument, markTicks, nowMs } = this.#market;
    return {
      symbol: instrument.symbol,
      buyLmt: instrument.formatPrice(Math.floor(markTicks * (1 + PRICE_LIMIT_SHARE))),
      sellLmt: instrument.formatPrice(Math.ceil(markTicks * (1 - PRICE_LIMIT_SHARE))),
      ts: String(nowMs),
    };
  }

  #riskLimit(): object {
    const { instrument } = this.#market;
    return {
      id: 1,
      symbol: instrument.symbol,
      riskLimitValue: '2000000',
      maintenanceMargin: instrument.maintenanceMarginRate,
      initialMargin: 1 / Number(instrument.spec.maxLeverage),
      isLowestRisk: 1,
      maxLeverage: instrument.spec.maxLeverage,
      mmDeduction: '',
    };
  }

  #wrongSymbol(query: Body): Refusal | undefined {
    const { spec, symbol } = this.#market.instrument;
    const category = query['category'] ?? 'linear';
    if (category !== spec.category) return parameter('category');
    return query['symbol'] === symbol ? undefined : parameter('symbol');
  }
}

function readMs(value: unknown, absent: number): number {
  return value === undefined || value === '' ? absent : Number(value);
}
