import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NearestPoints } from '../../src/sweep/statistics/nearest-points.ts';
import { neighbourCount, scatteredPlateau } from '../../src/sweep/statistics/scattered-plateau.ts';
import type { Scatter } from '../../src/sweep/statistics/scattered-plateau.ts';
import { uniformAt } from '../../src/sweep/statistics/counter-random.ts';

type Case = { readonly scatter: Scatter; readonly scores: Float64Array };

/** Steps make ties, which must be taken by number; few steps make many. */
const cases = fc.record({
  axes: fc.integer({ min: 1, max: 10 }),
  count: fc.integer({ min: 1, max: 250 }),
  steps: fc.constantFrom(2, 3, 7, 50, 0),
  namedEvery: fc.constantFrom(0, 1, 2, 3),
  seed: fc.nat(),
}).map(({ axes, count, steps, namedEvery, seed }): Case => {
  const named = Array.from({ length: axes }, (_, axis) => namedEvery > 0 && axis % namedEvery === 0);
  const values = Float64Array.from({ length: count * axes }, (_, at) => {
    const place = uniformAt(seed, at);
    const few = named[at % axes] === true ? 3 : steps;
    return few === 0 ? place : Math.floor(place * few) * 0.1 + 0.3;
  });
  const scores = Float64Array.from({ length: count }, (_, point) => {
    const score = uniformAt(seed + 1, point);
    return score < 0.1 ? NaN : score - 0.5;
  });
  return { scatter: { axes, named, values }, scores };
});

/** Every pair compared, as the definition has it. */
function nearestOfAll({ axes, named }: Scatter, places: Float64Array, count: number, point: number, k: number): number[] {
  const distanceTo = (other: number): number => {
    let sum = 0;
    for (let axis = 0; axis < axes; axis += 1) {
      const apart = (places[point * axes + axis] ?? 0) - (places[other * axes + axis] ?? 0);
      sum += named[axis] === true ? Number(apart !== 0) : apart * apart;
    }
    return sum;
  };
  const others = Array.from({ length: count }, (_, id) => ({ id, distance: distanceTo(id) }))
    .filter(({ id }) => id !== point);
  others.sort((a, b) => a.distance - b.distance || a.id - b.id);
  return others.slice(0, k).map(({ id }) => id);
}

describe('the nearest points', () => {
  it('are those of comparing all pairs, ties included', () => {
    fc.assert(fc.property(cases, fc.integer({ min: 1, max: 20 }), ({ scatter, scores }, k) => {
      const { axes, named, values } = scatter;
      const told: number[][] = [];
      new NearestPoints({ axes, named, places: values }, scores.length).forEach(k, (point, near) => {
        told[point] = [...near];
      });
      expect(told).toEqual(told.map((_, point) => nearestOfAll(scatter, values, scores.length, point, k)));
      expect(told).toHaveLength(scores.length);
    }), { numRuns: 60 });
  });

  it('give each point the plateau of its definition', () => {
    fc.assert(fc.property(cases, ({ scatter, scores }) => {
      const { axes, named } = scatter;
      const places = stretched(scatter, scores.length);
      const told = scatteredPlateau(scatter, scores);
      scores.forEach((own, point) => {
        const near = nearestOfAll(scatter, places, scores.length, point, neighbourCount(axes));
        const known = [point, ...near].map((id) => scores[id] ?? NaN).filter((score) => !Number.isNaN(score));
        const missing = near.filter((id) => Number.isNaN(scores[id]));
        const oneSided = named.some((isNamed, axis) => {
          const beyond = near.map((id) => Math.sign((places[id * axes + axis] ?? 0) - (places[point * axes + axis] ?? 0)));
          return !isNamed && beyond.includes(1) !== beyond.includes(-1);
        });
        expect(told.score[point]).toEqual(Number.isNaN(own) ? NaN : Math.min(...known));
        expect(told.missingNeighbours[point]).toBe(missing.length);
        expect(told.atEdge[point]).toBe(missing.length > 0 || oneSided ? 1 : 0);
      });
    }), { numRuns: 20 });
  });
});

function stretched({ axes, named, values }: Scatter, count: number): Float64Array {
  return values.map((value, at) => {
    if (named[at % axes] === true) return value;
    const own = Array.from({ length: count }, (_, id) => values[id * axes + at % axes] ?? 0);
    const [low, high] = [Math.min(...own), Math.max(...own)];
    return high > low ? (value - low) / (high - low) : 0;
  });
}
