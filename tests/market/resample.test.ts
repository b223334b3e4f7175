import fc from 'fast-check';
import { ATR } from 'technicalindicators';
import { describe, expect, it } from 'vitest';
import { indicatorSeries, resample } from '../../src/market/indicator-series.ts';
import type { Candle } from '../fixtures/tapes.ts';
import { makeTape } from '../fixtures/tapes.ts';

const MINUTE = 60_000;
const flat = (price: number, at: number): Candle => ({
  open: price,
  high: price + 2,
  low: price - 2,
  close: price,
  at,
});

describe('resampling', () => {
  it('R-IND-1 drops the first bucket when the tape starts inside it, and only that one', () => {
    const tape = makeTape(
      [flat(100, 1), flat(110, 2), flat(120, 3), flat(130, 4), flat(140, 5)],
      MINUTE,
    );
    const hours = resample(tape, 3 * MINUTE);
    expect([...hours.closeTimeMs]).toEqual([6 * MINUTE]);
    expect([...hours.close]).toEqual([140]);
  });

  it('counts a bucket that holds any candle, and skips one that holds none', () => {
    const tape = makeTape(
      [flat(100, 0), flat(110, 4), flat(120, 9), flat(130, 10), flat(140, 11)],
      MINUTE,
    );
    const series = resample(tape, 3 * MINUTE);
    expect([...series.openTimeMs]).toEqual([0, 3 * MINUTE, 9 * MINUTE]);
  });

  it('never closes a bucket the tape ends inside', () => {
    const tape = makeTape(
      [flat(100, 0), flat(110, 1), flat(120, 2), flat(130, 3), flat(140, 4)],
      MINUTE,
    );
    expect([...resample(tape, 3 * MINUTE).close]).toEqual([120]);
  });

  it('refuses an interval that is no multiple of the tape', () => {
    const tape = makeTape([flat(100, 0)], 5 * MINUTE);
    const need = { kind: 'atr', period: 2, intervalMs: 7 * MINUTE } as const;
    expect(() => indicatorSeries(tape, [need])).toThrow(/not a multiple/);
  });

  it("R-IND-2 has technicalindicators' ATR over the closed candles, recomputed here by its formula", () => {
    const prices = fc.array(fc.integer({ min: 500, max: 1_500 }), {
      minLength: 40,
      maxLength: 120,
    });
    fc.assert(
      fc.property(prices, (list) => {
        const candles = list.map((price, i) => ({
          open: price,
          high: price + (i % 7),
          low: price - (i % 5),
          close: price + ((i % 3) - 1),
        }));
        const period = 5;
        const series = indicatorSeries(makeTape(candles, MINUTE), [
          { kind: 'atr', period, intervalMs: MINUTE },
        ]);
        const ranges = candles.map((each, i) => {
          const before = candles[i - 1]?.close ?? NaN;
          return Math.max(each.high, before) - Math.min(each.low, before);
        });
        let value = NaN;
        ranges.forEach((range, i) => {
          if (i === period)
            value = ranges.slice(1, period + 1).reduce((sum, each) => sum + each, 0) / period;
          if (i > period) value += (range - value) * (1 / period);
          if (i < period) expect(series.values[i]).toBeNaN();
          else expect(series.values[i]).toBeCloseTo(value, 9);
        });
        const library = ATR.calculate({
          period,
          high: candles.map((c) => c.high),
          low: candles.map((c) => c.low),
          close: candles.map((c) => c.close),
        });
        expect([...series.values].slice(period)).toEqual(library);
      }),
      { numRuns: 30 },
    );
  });
});
