import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CrossingIndex } from '../../src/market/crossing-index.ts';
import { PathPoint } from '../../src/market/exact.ts';
import { MarkPath } from '../../src/market/mark-path.ts';
import { TapePath } from '../../src/market/tape-path.ts';
import type { Candle } from '../fixtures/tapes.ts';
import { makeTape } from '../fixtures/tapes.ts';

/** A walk of `count` candles from 10,000. */
function walk(seed: number, count: number, step: number): Candle[] {
  let state = seed;
  let price = 10_000;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: count }, () => {
    const open = price;
    price = Math.max(50, price + Math.round((next() - 0.5) * step));
    return {
      open,
      close: price,
      high: Math.max(open, price) + Math.floor(next() * step),
      low: Math.max(1, Math.min(open, price) - Math.floor(next() * step)),
    };
  });
}

describe('crossing index', () => {
  it('finds the row that looking at every row would find', () => {
    const arbitrary = fc.tuple(
      fc.integer({ min: 1, max: 2 ** 31 }),
      fc.integer({ min: 1, max: 9_000 }),
      fc.nat(8_999),
      fc.integer({ min: -2_000, max: 2_000 }),
      fc.integer({ min: 1, max: 5_000 }),
    );
    fc.assert(
      fc.property(arbitrary, ([seed, count, from, offset, width]) => {
        const tape = makeTape(walk(seed, count, 40), 60_000);
        const floor = 10_000 + offset - width;
        const ceil = 10_000 + offset + width;
        let expected = Math.min(from, count);
        while (
          expected < count &&
          (tape.low[expected] ?? 0) > floor &&
          (tape.high[expected] ?? 0) < ceil
        )
          expected += 1;
        expect(new CrossingIndex(tape).nextOutside(Math.min(from, count), count, floor, ceil)).toBe(
          expected,
        );
      }),
      { numRuns: 150 },
    );
  });
});

describe('mark path', () => {
  it('is reached at the ms that asking every ms would give', () => {
    const arbitrary = fc.tuple(
      fc.integer({ min: 1, max: 2 ** 31 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 9_800, max: 10_200 }),
      fc.nat(5_500),
      fc.boolean(),
    );
    fc.assert(
      fc.property(arbitrary, ([seed, count, level, fromMs, below]) => {
        const tape = makeTape(walk(seed, count, 200), 1_000);
        const path = new TapePath(tape, 0);
        const point = new PathPoint();
        let expected = Infinity;
        for (let ms = fromMs; ms < count * 1_000 && expected === Infinity; ms += 1) {
          path.priceAt(count - 1, ms, point);
          if (below ? point.atOrBelow(level) : point.atOrAbove(level)) expected = ms;
        }
        expect(new MarkPath(tape).firstReachedMs(fromMs, level, below)).toBe(expected);
      }),
      { numRuns: 80 },
    );
  });
});
