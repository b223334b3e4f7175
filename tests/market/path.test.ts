import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PathPoint, TakerTerms } from '../../src/market/exact.ts';
import { CANDLE_PATH_MODELS, crossingMs, pathCode } from '../../src/market/path.ts';
import { TapePath } from '../../src/market/tape-path.ts';
import { makeTape } from '../fixtures/tapes.ts';

const candle = fc
  .tuple(
    fc.integer({ min: 100, max: 2_000_000 }),
    fc.integer({ min: 100, max: 2_000_000 }),
    fc.integer({ min: 0, max: 50_000 }),
    fc.integer({ min: 0, max: 90 }),
  )
  .map(([open, close, up, down]) => ({
    open,
    close,
    high: Math.max(open, close) + up,
    low: Math.max(1, Math.min(open, close) - down),
  }));

describe('crossing times', () => {
  it('R-PTH-2 are the first whole ms at or beyond the level', () => {
    const ticks = fc.integer({ min: 1, max: 3_000_000 });
    fc.assert(
      fc.property(
        ticks,
        ticks,
        fc.integer({ min: 1, max: 86_400_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (from, to, length, share) => {
          fc.pre(from !== to);
          const level = from + Math.trunc((to - from) * share);
          fc.pre(level !== from);
          const at = crossingMs(0, from, length, to, level);
          const beyond = (ms: number): boolean => {
            const num = BigInt(from) * BigInt(length) + BigInt(to - from) * BigInt(ms);
            const bound = BigInt(level) * BigInt(length);
            return to > from ? num >= bound : num <= bound;
          };
          expect(at).toBeLessThanOrEqual(length);
          expect(beyond(at)).toBe(true);
          expect(beyond(at - 1)).toBe(false);
        },
      ),
    );
  });
});

describe.each(CANDLE_PATH_MODELS.filter((model) => model !== 'adverse'))('path %s', (model) => {
  it('R-PTH-1 starts at the open, ends at the close and touches high and low and nothing beyond', () => {
    fc.assert(
      fc.property(candle, fc.constantFrom(60_000, 300_000, 3_600_000, 1_000), (each, duration) => {
        const path = new TapePath(makeTape([each], duration), pathCode(model));
        const points = [0, 1, 2, 3].map((index) => path.waypoint(0, index));
        expect(points[0]).toBe(each.open);
        expect(points[3]).toBe(each.close);
        expect([...points].sort((a, b) => a - b)[0]).toBe(each.low);
        expect(Math.max(...points)).toBe(each.high);
        const times = [0, 1, 2, 3].map((index) => path.waypointMs(0, index));
        expect(times).toEqual([
          0,
          Math.floor(duration / 3),
          Math.floor((2 * duration) / 3),
          duration - 1,
        ]);
      }),
    );
  });
});

describe('looking back along the path', () => {
  it('finds the first ms outside a band, as asking every ms would', () => {
    const small = fc.array(
      candle.map((each) => ({ ...each })),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(
        small,
        fc.integer({ min: 0, max: 2_999 }),
        fc.integer({ min: 0, max: 2_000_000 }),
        fc.integer({ min: 1, max: 500_000 }),
        (candles, after, low, width) => {
          const path = new TapePath(makeTape(candles, 1_000), 0);
          const last = candles.length * 1_000 - 1;
          const point = new PathPoint();
          let expected = Infinity;
          for (let ms = after + 1; ms <= last && expected === Infinity; ms += 1) {
            path.priceAt(candles.length - 1, ms, point);
            if (point.atOrBelow(low) || point.atOrAbove(low + width)) expected = ms;
          }
          fc.pre(after < last);
          expect(path.firstOutside(candles.length - 1, after, last, low, low + width)).toBe(
            expected,
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('taker prices', () => {
  const big = (num: number, den: number) => ({ num: BigInt(num), den: BigInt(den) });
  it('are ceil(p + h + s p) for a buy and floor(p - h - s p) for a sell, exactly', () => {
    const den = fc.integer({ min: 1, max: 30_000_000 });
    const thousandths = fc.integer({ min: 0, max: 5_000 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_000_000 }),
        den,
        fc.double({ min: 0, max: 1, noNaN: true }),
        thousandths,
        thousandths,
        fc.constantFrom(1, -1),
        (ticks, length, share, h, s, side) => {
          const point = new PathPoint();
          const num = ticks * length + Math.floor(share * length);
          point.set(num, length);
          const p = big(num, length);
          // Over den x 10^7: p + side x (h / 1000 + p x s / 10^7).
          const top =
            p.num * 10_000_000n + BigInt(side) * (BigInt(h) * 10_000n * p.den + p.num * BigInt(s));
          const bottom = p.den * 10_000_000n;
          const floor = top >= 0n ? top / bottom : -((-top + bottom - 1n) / bottom);
          const expected = side > 0 && floor * bottom !== top ? floor + 1n : floor;
          expect(BigInt(new TakerTerms(h / 1_000, s / 1_000).takerTicks(side, point))).toBe(
            expected,
          );
        },
      ),
    );
  });

  it('say marketable exactly when the limit is at or through p plus half the spread', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 0, max: 999 }),
        fc.integer({ min: -5, max: 5 }),
        fc.integer({ min: 0, max: 4_000 }),
        fc.constantFrom(1, -1),
        (ticks, length, rest, offset, h, side) => {
          const point = new PathPoint();
          const num = ticks * length + (rest % length);
          point.set(num, length);
          const limit = ticks + offset;
          // side x (limit - p) >= h / 1000
          const left = BigInt(side) * (BigInt(limit) * BigInt(length) - BigInt(num)) * 1_000n;
          expect(new TakerTerms(h / 1_000, 0).isMarketable(side, limit, point)).toBe(
            left >= BigInt(h) * BigInt(length),
          );
        },
      ),
    );
  });
});
