import { describe, expect, it } from 'vitest';
import { SOBOL_DIMENSIONS, SobolSequence } from '../../src/sweep/sobol.ts';

function points(dimensions: number, count: number): number[][] {
  const sequence = new SobolSequence(dimensions);
  return Array.from({ length: count }, () => [...sequence.next()]);
}

describe('the Sobol sequence', () => {
  it("begins as Joe and Kuo's own program prints it (three dimensions, ten points)", () => {
    expect(points(3, 10)).toEqual([
      [0, 0, 0], [0.5, 0.5, 0.5], [0.75, 0.25, 0.25], [0.25, 0.75, 0.75], [0.375, 0.375, 0.625],
      [0.875, 0.875, 0.125], [0.625, 0.125, 0.875], [0.125, 0.625, 0.375],
      [0.1875, 0.3125, 0.9375], [0.6875, 0.8125, 0.4375],
    ]);
  });

  it('has one of every 2^k points in each interval of length 2^-k, in every dimension', () => {
    for (let dimension = 0; dimension < SOBOL_DIMENSIONS; dimension += 1) {
      const cells = points(SOBOL_DIMENSIONS, 256).map((point) => Math.floor((point[dimension] ?? 0) * 256));
      expect(new Set(cells).size).toBe(256);
    }
  });

  it('has property A: one of the first 2^d points in each of the 2^d halves of the cube', () => {
    for (let d = 1; d <= SOBOL_DIMENSIONS; d += 1) {
      const halves = points(d, 2 ** d).map((point) => point.map((x) => (x < 0.5 ? 0 : 1)).join(''));
      expect(new Set(halves).size).toBe(2 ** d);
    }
  });
});
