import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharpeOf } from '../../src/sweep/metrics/daily-ratios.ts';
import { blockDaysFor, bootstrapIntervals } from '../../src/sweep/statistics/bootstrap.ts';
import { uniformAt } from '../../src/sweep/statistics/counter-random.ts';
import { gridPlateau } from '../../src/sweep/statistics/grid-plateau.ts';
import { LuckMeter, effectiveTrials, expectedBestSharpe } from '../../src/sweep/statistics/luck.ts';
import { inverseNormal } from '../../src/sweep/statistics/normal.ts';
import { rankPoints } from '../../src/sweep/statistics/plateau.ts';
import { scatteredPlateau } from '../../src/sweep/statistics/scattered-plateau.ts';

/** Normal daily returns from the counter generator. */
function normalDaily(seed: number, days: number, mean: number, deviation: number): Float64Array {
  return Float64Array.from(
    { length: days },
    (_, day) => mean + deviation * inverseNormal(uniformAt(seed, day) || 0.5),
  );
}

describe('counter-based numbers', () => {
  it('are uniform, and differ between seeds', () => {
    const bins = new Array<number>(16).fill(0);
    for (let i = 0; i < 16_000; i += 1) {
      const bin = Math.floor(uniformAt(3, i) * 16);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const chi = bins.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0);
    expect(chi).toBeLessThan(37.7); // 99.9 % point of chi-square, 15 degrees of freedom
    expect(uniformAt(3, 5)).not.toBe(uniformAt(4, 5));
    expect(uniformAt(3, 5)).toBe(uniformAt(3, 5));
  });

  it('of neighbouring counters are not correlated', () => {
    let sum = 0;
    for (let i = 0; i < 10_000; i += 1)
      sum += (uniformAt(9, i) - 0.5) * (uniformAt(9, i + 1) - 0.5);
    expect(Math.abs((12 * sum) / 10_000)).toBeLessThan(0.03);
  });
});

describe('bootstrap', () => {
  it('is the same for the same seed and another for another', () => {
    const daily = normalDaily(1, 200, 0.001, 0.02);
    expect(bootstrapIntervals(daily, 42)).toEqual(bootstrapIntervals(daily, 42));
    expect(bootstrapIntervals(daily, 42).sharpe).not.toEqual(bootstrapIntervals(daily, 43).sharpe);
  });

  it('takes blocks of the cube root of the days', () => {
    expect([1, 2, 8, 90, 365, 1_000].map(blockDaysFor)).toEqual([1, 1, 2, 4, 7, 10]);
  });

  it('holds the true mean and Sharpe ratio in most of many runs', () => {
    const [days, mean, deviation] = [250, 0.001, 0.02];
    const truth = (mean / deviation) * Math.sqrt(365);
    let [returns, sharpes] = [0, 0];
    for (let seed = 0; seed < 200; seed += 1) {
      const { returnOnCapital, sharpe } = bootstrapIntervals(
        normalDaily(seed, days, mean, deviation),
        seed,
        400,
      );
      if (holds(returnOnCapital, 100 * days * mean)) returns += 1;
      if (holds(sharpe, truth)) sharpes += 1;
    }
    // 95 % of 200 is 190; block bootstraps of short series fall a little short.
    for (const covered of [returns, sharpes]) {
      expect(covered).toBeGreaterThanOrEqual(176);
      expect(covered).toBeLessThanOrEqual(199);
    }
  });

  it('computes each resample as its days alone would', () => {
    // Days in blocks of one: a constant series resamples to itself, whatever the blocks.
    const { returnOnCapital, sharpe, sortino } = bootstrapIntervals(
      new Float64Array(50).fill(0.01),
      1,
    );
    expect(returnOnCapital?.[0]).toBeCloseTo(50, 9);
    expect(returnOnCapital?.[1]).toBeCloseTo(50, 9);
    expect(sharpe).toBeNull();
    expect(sortino).toBeNull();
  });

  it('is wider for days that come in runs than for the same days shuffled', () => {
    const runs = Float64Array.from(
      { length: 240 },
      (_, day) => (Math.floor(day / 6) % 2 === 0 ? 1 : -1) / 100,
    );
    const shuffled = Float64Array.from(
      [...runs.keys()].sort((a, b) => uniformAt(5, a) - uniformAt(5, b)),
      (day) => runs[day] ?? 0,
    );
    const width = (daily: Float64Array): number => {
      const [low, high] = bootstrapIntervals(daily, 1).returnOnCapital ?? [0, 0];
      return high - low;
    };
    expect(width(runs)).toBeGreaterThan(1.4 * width(shuffled));
  });
});

function holds(interval: readonly [number, number] | null, truth: number): boolean {
  return interval !== null && interval[0] <= truth && truth <= interval[1];
}

const grid = (sizes: number[], points: number[][], ordered = sizes.map(() => true)) => ({
  sizes,
  ordered,
  cells: Int32Array.from(points.flat()),
});

const square = (size: number): number[][] =>
  Array.from({ length: size * size }, (_, i) => [i % size, Math.floor(i / size)]);

describe('plateau on a grid', () => {
  it('is the worst of a point and its eight neighbours', () => {
    const scores = [9, 8, 7, 6, 5, 8, 9, 7, 6, 5, 7, 7, 9, 6, 5, 6, 6, 6, 9, 1, 5, 5, 5, 5, 5];
    const { score, atEdge } = gridPlateau(grid([5, 5], square(5)), scores);
    expect(score[6]).toBe(7);
    expect(score[12]).toBe(6);
    expect(score[18]).toBe(1);
    // A corner answers to the three by three next to it, as the point inward does.
    expect(score[0]).toBe(score[6]);
    expect(score[24]).toBe(score[18]);
    expect(atEdge[12]).toBe(0);
    expect(atEdge[0]).toBe(1);
  });

  it('equals looking at every neighbour', () => {
    const arbitrary = fc.array(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(NaN)), {
      minLength: 60,
      maxLength: 60,
    });
    fc.assert(
      fc.property(arbitrary, (scores) => {
        const sizes = [3, 4, 5];
        const points = scores.map((_, i) => [i % 3, Math.floor(i / 3) % 4, Math.floor(i / 12)]);
        const { score, missingNeighbours } = gridPlateau(grid(sizes, points), scores);
        points.forEach((own, point) => {
          const starts = own.map((at, axis) =>
            Math.min(Math.max(0, at - 1), (sizes[axis] ?? 0) - 3),
          );
          const near = points.flatMap((other, i) =>
            other.every((at, axis) => at >= (starts[axis] ?? 0) && at < (starts[axis] ?? 0) + 3)
              ? [i]
              : [],
          );
          const values = near.map((i) => scores[i] ?? NaN);
          const worst = Math.min(...values.filter((value) => !Number.isNaN(value)));
          const missing = near.filter((i) => i !== point && Number.isNaN(scores[i] ?? NaN)).length;
          expect(missingNeighbours[point]).toBe(missing);
          expect(score[point]).toEqual(Number.isNaN(scores[point] ?? NaN) ? NaN : worst);
        });
      }),
      { numRuns: 40, seed: 3 },
    );
  });

  it('leaves out a neighbour without enough trades and calls the point an edge point', () => {
    const { score, missingNeighbours, atEdge } = gridPlateau(grid([3], [[0], [1], [2]]), [5, 6, NaN]);
    expect([...score]).toEqual([5, 5, NaN]);
    expect([...atEdge]).toEqual([1, 1, 1]);
    expect([...missingNeighbours]).toEqual([1, 1, 0]);
    expect([...gridPlateau(grid([3], [[0], [1], [2]]), [-5, 6, NaN]).score]).toEqual([-5, -5, NaN]);
  });

  it('leaves out cells that were not run and calls their neighbours edge points', () => {
    const { score, atEdge } = gridPlateau(grid([5], [[0], [1], [2], [4]]), [3, 4, 5, 6]);
    expect([...score]).toEqual([3, 3, 4, 5]);
    expect([...atEdge]).toEqual([1, 0, 1, 1]);
  });

  it('has no neighbours along names', () => {
    const points = square(2);
    const { score, atEdge } = gridPlateau(grid([2, 2], points, [false, true]), [4, -1, 3, 2]);
    expect([...score]).toEqual([3, -1, 3, -1]);
    expect([...atEdge]).toEqual([1, 1, 1, 1]);
  });
});

describe('plateau of scattered points', () => {
  const scatter = { axes: 1, named: [false], values: Float64Array.of(10, 20, 30, 40, 1_000) };

  it('is the worst of a point and its nearest', () => {
    const { score, atEdge } = scatteredPlateau(scatter, [5, 4, 3, 9, 8], 2);
    // 40 is nearest to 30 and 20, 1,000 to 40 and 30.
    expect([...score]).toEqual([3, 3, 3, 3, 3]);
    expect([...atEdge]).toEqual([1, 0, 0, 1, 1]);
  });

  it('stretches each axis, keeps names apart, and leaves out missing neighbours', () => {
    const values = Float64Array.of(0, 0, 0.1, 1, 1, 0, 0.5, 1);
    const named = { axes: 2, named: [false, true], values };
    const { score, missingNeighbours } = scatteredPlateau(named, [5, NaN, 7, 6], 1);
    // Point 0 is 1 from 2 (same name) and more than 1 from the others.
    expect([...score]).toEqual([5, NaN, 5, 6]);
    expect([...missingNeighbours]).toEqual([0, 0, 0, 1]);
  });
});

describe('ranking', () => {
  it('puts the best first, ties by the second column, leaves out what has no score', () => {
    const score = Float64Array.of(1, 3, NaN, 3, 3, -Infinity);
    expect(rankPoints(score, [0, 1, 9, 2, NaN, 0])).toEqual([3, 1, 4, 0, 5]);
  });
});

describe('luck', () => {
  it('inverts the normal distribution', () => {
    const table: [number, number][] = [
      [0.5, 0],
      [0.975, 1.959963985],
      [0.99, 2.326347874],
      [0.001, -3.090232306],
      [0.999999, 4.753424309],
    ];
    for (const [p, z] of table) expect(inverseNormal(p)).toBeCloseTo(z, 7);
    expect(inverseNormal(1)).toBeNaN();
  });

  it('expects of ten trials in a year what Bailey and Lopez de Prado do', () => {
    // (1 - g) Z(0.9) + g Z(1 - 1/(10 e)) = 0.4228 x 1.2816 + 0.5772 x 1.7895
    expect(expectedBestSharpe(10, 365)).toBeCloseTo(1.5746, 3);
    expect(expectedBestSharpe(1, 365)).toBe(0);
    expect(expectedBestSharpe(0, 365)).toBeNaN();
  });

  it('agrees with the best of many points that have no edge', () => {
    const [days, points] = [365, 60];
    let sum = 0;
    for (let round = 0; round < 40; round += 1) {
      let best = -Infinity;
      for (let p = 0; p < points; p += 1) {
        best = Math.max(best, sharpeOf(normalDaily(round * points + p, days, 0, 0.01), days));
      }
      sum += best;
    }
    expect(Math.abs(sum / 40 - expectedBestSharpe(points, days))).toBeLessThan(0.2);
  });

  it('counts points that move together once, and unrelated ones each', () => {
    const same = new LuckMeter(200);
    const apart = new LuckMeter(200);
    for (let p = 0; p < 20; p += 1) {
      same.add(normalDaily(1, 200, 0.001, 0.01).map((value) => value * (p + 1)));
      apart.add(normalDaily(p, 200, 0.001, 0.01));
    }
    expect(same.report().effectiveTrials).toBeCloseTo(1, 9);
    expect(same.report().expectedBestSharpe).toBeCloseTo(0, 6);
    expect(apart.report().effectiveTrials).toBeGreaterThan(18);
  });

  it('finds the mean correlation of all pairs', () => {
    const days = 50;
    const base = normalDaily(99, days, 0, 0.01);
    const all = [1, 2, 3, 4].map((p) =>
      normalDaily(p, days, 0, 0.01).map((v, i) => v + (base[i] ?? 0)),
    );
    const meter = new LuckMeter(days);
    all.forEach((daily) => meter.add(daily));
    let [sum, pairs] = [0, 0];
    all.forEach((a, i) =>
      all.slice(i + 1).forEach((b) => {
        sum += correlation(a, b);
        pairs += 1;
      }),
    );
    expect(meter.meanCorrelation()).toBeCloseTo(sum / pairs, 9);
  });

  it('counts every trial, also those that never traded, and says how many beat luck', () => {
    const meter = new LuckMeter(100);
    meter.add(new Float32Array(100));
    meter.add(normalDaily(1, 100, 0.05, 0.01));
    meter.add(normalDaily(2, 100, -0.05, 0.01));
    meter.add(normalDaily(3, 60, 0.05, 0.01));
    const report = meter.report();
    expect(report.trials).toBe(4);
    expect(report.pointsAbove).toBe(2);
    expect(report.effectiveTrials).toBeLessThanOrEqual(3);
    expect(effectiveTrials(0, 0)).toBe(0);
  });
});

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (v: Float64Array): number => v.reduce((s, x) => s + x, 0) / v.length;
  const [ma, mb] = [mean(a), mean(b)];
  const dot = a.reduce((s, x, i) => s + (x - ma) * ((b[i] ?? 0) - mb), 0);
  const norm = (v: Float64Array, m: number): number =>
    Math.sqrt(v.reduce((s, x) => s + (x - m) ** 2, 0));
  return dot / norm(a, ma) / norm(b, mb);
}
