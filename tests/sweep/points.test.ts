import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findStrategy } from '../../src/strategies/registry.ts';
import { drawnPoints, gridPoints, pointParams, valueAt } from '../../src/sweep/points.ts';
import { parseAxis } from '../../src/sweep/sweep-axes.ts';

const grid = findStrategy('atr-grid');
const axis = (name: string, text: string) => parseAxis(grid, name, text);

describe('axes', () => {
  it('step in exact decimals, the end included', () => {
    const { values } = axis('multiplier', '0.1:3:0.1');
    expect(values).toHaveLength(30);
    expect(values.map(String)).toEqual(Array.from({ length: 30 }, (_, i) =>
      String(Number(`${Math.floor((i + 1) / 10)}.${(i + 1) % 10}`))));
  });

  it('print as the decimals they were stepped in, for any start, step and count', () => {
    fc.assert(fc.property(
      fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 60 }),
      (from, step, count) => {
        const text = (thousandths: number): string => (thousandths / 1_000).toFixed(3);
        const { values } = axis('multiplier', `${text(from)}:${text(from + (count - 1) * step)}:${text(step)}`);
        expect(values).toEqual(Array.from({ length: count }, (_, i) => Number(text(from + i * step))));
      }));
  });

  it('stop before an end that no step reaches', () => {
    expect(axis('multiplier', '0.1:1:0.4').values).toEqual([0.1, 0.5, 0.9]);
  });

  it('put numbers in order and keep names as given', () => {
    expect(axis('takeProfit', '1,0.25,0.5').values).toEqual([0.25, 0.5, 1]);
    expect(axis('direction', 'short,long').values).toEqual(['short', 'long']);
    expect(axis('postOnly', 'true,false')).toMatchObject({ values: [true, false], ordered: false });
    expect(axis('maxLevels', '2:4').values).toEqual([2, 3, 4]);
  });

  it.each([
    ['nonsense', '1:2:1', /no such parameter; it has multiplier/],
    ['multiplier', '', /has no values/],
    ['multiplier', '3:1:0.1', /is empty: 3 is not below 1/],
    ['multiplier', '1:3:0', /the step 0 is not above zero/],
    ['multiplier', '1:3:-1', /the step -1 is not above zero/],
    ['multiplier', '1:2:3:4', /is not a range/],
    ['multiplier', '0x1:2:1', /is not a range/],
    ['multiplier', '1,,2', /an empty value/],
    ['multiplier', '1,1.0', /names 1 twice/],
    ['multiplier', '0:1:0.5', /multiplier is "0.0", expected a number above 0/],
    ['multiplier', '0.000001:3:0.000001', /has 3000000 values/],
    ['direction', 'long:short', /is not a number; list its values/],
    ['direction', 'up', /expected one of long, short, both/],
    ['maxLevels', '0.5,1', /expected a whole number/],
  ])('refuse %s=%s in one line', (name, text, message) => {
    const refusal = refusalOf(() => axis(name, text));
    expect(refusal).toMatch(message);
    expect(refusal).not.toContain('\n');
  });
});

describe('a grid', () => {
  it('is the product, the last axis turning fastest', () => {
    const points = gridPoints([axis('multiplier', '1,2'), axis('direction', 'long,short'), axis('maxLevels', '1:3')]);
    expect(points.count).toBe(12);
    const all = Array.from({ length: 12 }, (_, id) => Object.values(pointParams(points, id)).join(' '));
    expect(all.slice(0, 4)).toEqual(['1 long 1', '1 long 2', '1 long 3', '1 short 1']);
    expect(all[11]).toBe('2 short 3');
    expect(new Set(all).size).toBe(12);
  });

  it('refuses more than a million points, a range without a step and an axis given twice', () => {
    const long = axis('multiplier', '0.001:1.001:0.001');
    expect(refusalOf(() => gridPoints([long, { ...long, name: 'takeProfit' }]))).toMatch(/1002001 points, at most 1000000/);
    expect(refusalOf(() => gridPoints([axis('multiplier', '1:2')]))).toMatch(/has no step/);
    expect(refusalOf(() => gridPoints([long, long]))).toMatch(/multiplier is given twice/);
  });
});

describe('drawn points', () => {
  const axes = [axis('multiplier', '0.5:3:0.5'), axis('takeProfit', '0.25:2'), axis('direction', 'long,short')];

  it.each(['random', 'sobol'] as const)('%s: are distinct, on the steps and within the ends', (sample) => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 1e9 }), (count, seed) => {
      const points = drawnPoints(axes, sample, count, seed);
      const seen = new Set<string>();
      for (let id = 0; id < count; id += 1) {
        const { multiplier, takeProfit, direction } = pointParams(points, id);
        expect([0.5, 1, 1.5, 2, 2.5, 3]).toContain(multiplier);
        expect(takeProfit).toBeGreaterThanOrEqual(0.25);
        expect(takeProfit).toBeLessThanOrEqual(2);
        expect(['long', 'short']).toContain(direction);
        seen.add(JSON.stringify(pointParams(points, id)));
      }
      expect(seen.size).toBe(count);
    }), { numRuns: 25 });
  });

  it('are the same for the same seed and others for another', () => {
    const values = (seed: number): unknown[] => {
      const points = drawnPoints(axes, 'random', 20, seed);
      return Array.from({ length: 20 }, (_, id) => valueAt(points, id, 1));
    };
    expect(values(7)).toEqual(values(7));
    expect(values(7)).not.toEqual(values(8));
  });

  it('can be as many as there are, and no more', () => {
    const few = [axis('multiplier', '1:3:1'), axis('direction', 'long,short')];
    const points = drawnPoints(few, 'random', 6, 1);
    expect(new Set(Array.from({ length: 6 }, (_, id) => JSON.stringify(pointParams(points, id)))).size).toBe(6);
    expect(refusalOf(() => drawnPoints(few, 'random', 7, 1))).toMatch(/more than the 6 points there are/);
  });

  it('refuse eleven dimensions of Sobol, no points, and no axes', () => {
    const many = Array.from({ length: 11 }, (_, i) => ({ ...axis('multiplier', '1:2'), name: `p${i}` }));
    expect(refusalOf(() => drawnPoints(many, 'sobol', 8, 1))).toMatch(/has 10 dimensions, not 11/);
    expect(refusalOf(() => drawnPoints(axes, 'random', 0, 1))).toMatch(/--points 0/);
    expect(refusalOf(() => drawnPoints([], 'random', 5, 1))).toMatch(/at least one --grid/);
  });
});

function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect((error as Error).name).toBe('InputError');
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}
