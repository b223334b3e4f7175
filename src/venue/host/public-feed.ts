import type { Agenda } from '../agenda.ts';
import { bybitIntervalMs, candleStartMs } from './candles.ts';
import type { Candle } from './candles.ts';
import type { HostEvent } from './host-event.ts';
import type { Legs } from './legs.ts';
import type { Market } from './market.ts';
import { candleRow, tickerRow } from './market-rows.ts';
import { streamTradeRow, tradeAt } from './public-trades.ts';

type Row = Record<string, string>;
type KlineTopic = { readonly word: string; readonly intervalMs: number; startMs: number };

const BOOK_DEPTHS: readonly string[] = ['1', '50', '200'];

/** The public topics that somebody listens to, each said when the market moves. */
export class PublicFeed {
  readonly #market: Market;
  readonly #legs: Legs;
  readonly #out: Agenda<HostEvent>;
  readonly #seed: number;
  readonly #klines = new Map<string, KlineTopic>();
  readonly #topics = new Set<string>();
  #ticker: Row | undefined;
  #said = 0;
  #book = '';

  constructor(market: Market, legs: Legs, out: Agenda<HostEvent>, seed: number) {
    this.#market = market;
    this.#legs = legs;
    this.#out = out;
    this.#seed = seed;
  }

  /** Whether there is such a topic here. What listens anew is first shown the whole picture. */
  listen(topic: string): boolean {
    const { symbol } = this.#market.instrument;
    const [name = '', word = '', third] = topic.split('.');
    if ((third ?? word) !== symbol) return false;
    if (name === 'kline') return third !== undefined && this.#listenToKline(topic, word);
    if (name === 'tickers' && third === undefined) {
      this.#topics.add(topic);
      this.#ticker = tickerRow(this.#market);
      this.#say(topic, { type: 'snapshot', data: this.#ticker });
      return true;
    }
    const known = name === 'publicTrade' ? third === undefined : name === 'orderbook';
    if (!known || (name === 'orderbook' && !BOOK_DEPTHS.includes(word))) return false;
    this.#topics.add(topic);
    if (name === 'orderbook') this.#sayBook(topic, Number(word));
    return true;
  }

  forget(topic: string): void {
    this.#topics.delete(topic);
    this.#klines.delete(topic);
  }

  /** The market has moved to a tick or a corner of its path; -1: to no corner. */
  observe(corner: number): void {
    if (this.#topics.size === 0 && this.#klines.size === 0) return;
    if (corner >= 0) this.#sayTrade(corner);
    for (const [topic, kline] of this.#klines) this.#sayKline(topic, kline, corner >= 0);
    for (const topic of this.#topics) {
      const [name, word] = topic.split('.');
      if (name === 'tickers') this.#sayTicker(topic);
      else if (name === 'orderbook') this.#sayBook(topic, Number(word));
    }
  }

  /** Somebody has traded at a price that is not the path's. */
  saySpike(topic = `tickers.${this.#market.instrument.symbol}`, lastPrice: string): void {
    if (!this.#topics.has(topic)) return;
    const data = { symbol: this.#market.instrument.symbol, lastPrice, markPrice: lastPrice };
    this.#ticker = { ...this.#ticker, ...data };
    this.#say(topic, { type: 'delta', data });
  }

  #listenToKline(topic: string, word: string): boolean {
    const intervalMs = bybitIntervalMs(word);
    const { candles, nowMs } = this.#market;
    if (intervalMs === undefined || intervalMs % candles.tape.intervalMs !== 0) return false;
    this.#topics.add(topic);
    const kline = this.#klines.get(topic) ?? {
      word,
      intervalMs,
      startMs: candleStartMs(nowMs, intervalMs),
    };
    this.#klines.set(topic, kline);
    this.#sayKline(topic, kline, true);
    return true;
  }

  /** Every close; the open candle where its path turns. */
  #sayKline(topic: string, kline: KlineTopic, turns: boolean): void {
    const { candles, nowMs } = this.#market;
    for (; kline.startMs + kline.intervalMs <= nowMs; kline.startMs += kline.intervalMs) {
      const closed = candles.at(kline.startMs, kline.intervalMs, kline.startMs + kline.intervalMs);
      if (closed !== undefined) this.#sayCandle(topic, kline, closed);
    }
    if (!turns) return;
    const forming = candles.at(kline.startMs, kline.intervalMs, nowMs);
    if (forming !== undefined) this.#sayCandle(topic, kline, forming);
  }

  #sayCandle(topic: string, { word }: KlineTopic, candle: Candle): void {
    const row = candleRow(candle, this.#market.instrument);
    const [, open, high, low, close, volume, turnover] = row;
    const data = {
      start: candle.startMs,
      end: candle.endMs - 1,
      interval: word,
      open,
      close,
      high,
      low,
      volume,
      turnover,
      confirm: candle.closed,
      timestamp: this.#market.nowMs,
    };
    this.#say(topic, { type: 'snapshot', data: [data] });
  }

  #sayTicker(topic: string): void {
    const row = tickerRow(this.#market);
    const before = this.#ticker ?? {};
    const changed = Object.entries(row).filter(([name, value]) => before[name] !== value);
    if (changed.length === 0) return;
    this.#ticker = row;
    const data = { symbol: row['symbol'], ...Object.fromEntries(changed) };
    this.#say(topic, { type: 'delta', data });
  }

  #sayTrade(corner: number): void {
    const { walk, instrument } = this.#market;
    const topic = `publicTrade.${instrument.symbol}`;
    if (!this.#topics.has(topic)) return;
    const trade = tradeAt(walk.path, walk.row, corner, this.#seed);
    if (trade !== undefined)
      this.#say(topic, { type: 'snapshot', data: [streamTradeRow(trade, instrument)] });
  }

  #sayBook(topic: string, depth: number): void {
    const { instrument, bidTicks, askTicks, bestSteps, nowMs } = this.#market;
    const picture = `${bidTicks} ${askTicks} ${bestSteps} ${this.#topics.size}`;
    if (picture === this.#book) return;
    this.#book = picture;
    const size = instrument.formatQty(bestSteps);
    const levels = (from: number, step: number): readonly (readonly string[])[] =>
      Array.from({ length: depth }, (_, at) => [instrument.formatPrice(from + step * at), size]);
    const data = {
      s: instrument.symbol,
      b: levels(bidTicks, -1),
      a: levels(askTicks, 1),
      u: this.#said + 1,
      seq: this.#said + 1,
    };
    this.#say(topic, { type: 'snapshot', data, cts: nowMs });
  }

  #say(topic: string, parts: Readonly<Record<string, unknown>>): void {
    const { nowMs } = this.#market;
    this.#said += 1;
    const body = { topic, ts: nowMs, cs: this.#said, ...parts };
    const atMs = this.#legs.publicMs(nowMs);
    this.#out.put(atMs, { t: 'public', atMs, topic, body });
  }
}
