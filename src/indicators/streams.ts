import type { IndicatorNeed } from '../engine/strategy.ts';
import { RunningMean, Smoothed } from './running.ts';
import type { Running } from './running.ts';

/** One candle as an indicator sees it, in ticks. */
export type IndicatorCandle = {
  readonly high: number;
  readonly low: number;
  readonly close: number;
};

/** An indicator fed candle by candle: the same values, bit for bit, as its column. */
export type IndicatorStream = {
  /** Closed candles until the first value. */
  readonly warmup: number;
  /** After the last `push` or `replace`, in ticks; NaN while warming up. */
  readonly value: number;
  /** A candle has closed: it counts from now on. What was formed in its place is forgotten. */
  push(candle: IndicatorCandle): number;
  /** The candle that is forming, as it is now: the value if it closed like this. */
  replace(candle: IndicatorCandle): number;
};

export function indicatorStream({ kind, period }: IndicatorNeed): IndicatorStream {
  switch (kind) {
    case 'atr':
      return new RangeStream(period);
    case 'sma':
      return new CloseStream(period, new RunningMean(period));
    case 'ema':
      return new CloseStream(period, new Smoothed(period, 2 / (period + 1)));
  }
}

class CloseStream implements IndicatorStream {
  readonly warmup: number;
  value = NaN;
  readonly #running: Running;

  constructor(period: number, running: Running) {
    this.warmup = period;
    this.#running = running;
  }

  push(candle: IndicatorCandle): number {
    this.replace(candle);
    this.#running.take(candle.close);
    return this.value;
  }

  replace(candle: IndicatorCandle): number {
    this.value = this.#running.next(candle.close);
    return this.value;
  }
}

/** Wilder's ATR: the first candle has no previous close, and so no true range. */
class RangeStream implements IndicatorStream {
  readonly warmup: number;
  value = NaN;
  readonly #ranges: Smoothed;
  #previousClose = NaN;

  constructor(period: number) {
    this.warmup = period + 1;
    this.#ranges = new Smoothed(period, 1 / period);
  }

  push(candle: IndicatorCandle): number {
    this.replace(candle);
    const range = this.#trueRange(candle);
    if (!Number.isNaN(range)) this.#ranges.take(range);
    this.#previousClose = candle.close;
    return this.value;
  }

  replace(candle: IndicatorCandle): number {
    const range = this.#trueRange(candle);
    this.value = Number.isNaN(range) ? NaN : this.#ranges.next(range);
    return this.value;
  }

  #trueRange({ high, low }: IndicatorCandle): number {
    const previous = this.#previousClose;
    return Math.max(high - low, Math.abs(high - previous), Math.abs(low - previous));
  }
}
