import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileQuantiles, inverseNormal, LEGS, Latency } from '../../src/venue/latency.ts';
import type { Distribution, Leg } from '../../src/venue/latency.ts';
import { draw, philox4x32 } from '../../src/venue/philox.ts';

const hex = (words: readonly number[]): string => words.map((word) => word.toString(16)).join(' ');

describe('philox4x32-10', () => {
  it('gives the published vectors', () => {
    const ones = 0xffffffff;
    expect(hex(philox4x32([0, 0, 0, 0], [0, 0]))).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
    expect(hex(philox4x32([ones, ones, ones, ones], [ones, ones]))).toBe(
      '408f276d 41c83b0e a20bc7c6 6d5451fd',
    );
    const pi = philox4x32(
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
    );
    expect(hex(pi)).toBe('d16cfe09 94fdcceb 5001e420 24126ea1');
  });

  it('R-LAT-1 draws the same for the same key, whatever was drawn before', () => {
    const time = fc.integer({ min: 0, max: 2 ** 45 });
    fc.assert(
      fc.property(fc.maxSafeInteger(), time, time, (seed, a, b) => {
        const s = Math.abs(seed);
        const first = draw(s, 1, a, 0);
        draw(s, 2, b, 3);
        expect(draw(s, 1, a, 0)).toBe(first);
      }),
    );
  });
});

describe('latency tables', () => {
  it('ascend and hold the median', () => {
    const kinds: Distribution[] = [
      { type: 'lognormal', medianMs: 100, p99Ms: 700 },
      { type: 'uniform', fromMs: 50, toMs: 150 },
      { type: 'empirical', quantilesMs: [0, 100, 400] },
    ];
    for (const kind of kinds) {
      const table = compileQuantiles(kind);
      expect([...table]).toEqual([...table].sort((a, b) => a - b));
      expect(Math.abs((table[512] ?? 0) - 100)).toBeLessThanOrEqual(1);
    }
  });

  it('put 1 % of a lognormal above its p99', () => {
    const table = compileQuantiles({ type: 'lognormal', medianMs: 100, p99Ms: 700 });
    const above = [...table].filter((ms) => ms > 700).length;
    expect(above / table.length).toBeGreaterThan(0.008);
    expect(above / table.length).toBeLessThan(0.012);
  });

  it('invert the normal distribution', () => {
    expect(inverseNormal(0.5)).toBeCloseTo(0, 9);
    expect(inverseNormal(0.975)).toBeCloseTo(1.959963985, 7);
    expect(inverseNormal(0.001)).toBeCloseTo(-3.090232306, 7);
  });

  it('R-LAT-2 widen in a volatile candle and nowhere else', () => {
    const legs = Object.fromEntries(
      LEGS.map((leg) => [leg, { type: 'constant', ms: 40 }]),
    ) as Record<Leg, Distribution>;
    const latency = new Latency(legs, { factor: 4, rangeAtrs: 3 }, 1);
    expect(latency.delayMs(1, 5, 0, false)).toBe(40);
    expect(latency.delayMs(1, 5, 0, true)).toBe(160);
  });
});
