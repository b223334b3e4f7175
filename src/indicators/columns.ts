import { ATR, EMA, SMA } from 'technicalindicators';
import type { IndicatorNeed } from '../engine/strategy.ts';

/** Candles an indicator sees, in ticks, oldest first. */
export type IndicatorCandles = {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
};

/**
 * One value per candle, in ticks; NaN while the indicator warms up.
 *
 * atr: Wilder's, as technicalindicators computes it: the first true range (which has no previous
 * close) is skipped, the first value is the mean of `period` true ranges, then
 * v + (tr - v) x (1 / period). sma: the mean of `period` closes. ema: seeded with that mean.
 */
export function indicatorColumn(need: IndicatorNeed, candles: IndicatorCandles): Float64Array {
  const values = calculate(need, candles);
  const column = new Float64Array(candles.close.length).fill(NaN);
  const offset = candles.close.length - values.length;
  values.forEach((value, i) => {
    column[offset + i] = value;
  });
  return column;
}

function calculate(need: IndicatorNeed, candles: IndicatorCandles): number[] {
  const { period } = need;
  const close = Array.from(candles.close);
  switch (need.kind) {
    case 'atr':
      return ATR.calculate({
        high: Array.from(candles.high),
        low: Array.from(candles.low),
        close,
        period,
      });
    case 'sma':
      return SMA.calculate({ values: close, period });
    case 'ema':
      return EMA.calculate({ values: close, period });
  }
}
