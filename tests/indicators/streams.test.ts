import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IndicatorNeed } from '../../src/engine/strategy.ts';
import { indicatorColumn } from '../../src/indicators/columns.ts';
import { indicatorStream } from '../../src/indicators/streams.ts';
import type { IndicatorCandle } from '../../src/indicators/streams.ts';

const price = fc.oneof(
  fc.integer({ min: 1, max: 2_000_000 }),
  fc.double({ min: 0.001, max: 1e7, noNaN: true }),
);
const candle: fc.Arbitrary<IndicatorCandle> = fc
  .tuple(price, price, price)
  .map((prices) => prices.sort((a, b) => a - b))
  .chain(([low, middle, high]) =>
    fc.constantFrom(low, middle, high).map((close) => ({ high, low, close })),
  );
const candles = fc.array(candle, { maxLength: 60 });
const period = fc.integer({ min: 1, max: 20 });

function columnOf(need: IndicatorNeed, list: readonly IndicatorCandle[]): number[] {
  const column = (name: keyof IndicatorCandle): Float64Array =>
    Float64Array.from(list, (row) => row[name]);
  const columns = { high: column('high'), low: column('low'), close: column('close') };
  return Array.from(indicatorColumn(need, columns));
}

describe.each(['atr', 'sma', 'ema'] as const)('a stream of %s', (kind) => {
  const needOf = (periods: number): IndicatorNeed => ({
    kind,
    period: periods,
    intervalMs: 3_600_000,
  });

  it('gives the values of the column, bit for bit', () => {
    fc.assert(
      fc.property(candles, period, (list, periods) => {
        const stream = indicatorStream(needOf(periods));
        expect(list.map((row) => stream.push(row))).toEqual(columnOf(needOf(periods), list));
      }),
    );
  });

  it('shows a forming candle as if it had closed, and forgets it when another closes', () => {
    const steps = fc.array(fc.tuple(candle, fc.array(candle, { maxLength: 3 })), { maxLength: 40 });
    fc.assert(
      fc.property(steps, period, (list, periods) => {
        const plain = indicatorStream(needOf(periods));
        const stream = indicatorStream(needOf(periods));
        const closed: IndicatorCandle[] = [];
        for (const [last, forming] of list) {
          for (const row of forming) {
            const shown = stream.replace(row);
            expect(shown).toBe(columnOf(needOf(periods), [...closed, row]).at(-1));
            expect(stream.value).toBe(shown);
          }
          closed.push(last);
          expect(stream.push(last)).toBe(plain.push(last));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('has its first value when its warm-up is over', () => {
    fc.assert(
      fc.property(fc.array(candle, { minLength: 25, maxLength: 25 }), period, (list, periods) => {
        const stream = indicatorStream(needOf(periods));
        const ready = list.map((row) => !Number.isNaN(stream.push(row)));
        expect(ready).toEqual(list.map((_, at) => at + 1 >= stream.warmup));
      }),
    );
  });
});
