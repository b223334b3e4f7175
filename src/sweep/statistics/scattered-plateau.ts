import { NearestPoints } from './nearest-points.ts';
import type { Space } from './nearest-points.ts';
import type { PlateauScores } from './plateau.ts';
import { newPlateauScores } from './plateau.ts';

/** Points scattered over parameter space (random, Sobol). */
export type Scatter = {
  readonly axes: number;
  /** True for an axis without an order: two values are equal (0 apart) or not (1 apart). */
  readonly named: readonly boolean[];
  /** Point-major coordinates; named axes carry any number per name. */
  readonly values: Float64Array;
};

/** Twice the axes: as many as a grid has straight neighbours; at least 3. */
export function neighbourCount(axes: number): number {
  return Math.max(3, 2 * axes);
}

/**
 * Worst score among a point and its k nearest, by Euclidean distance after each axis is stretched
 * to [0, 1]. Equally near points are taken by number. A neighbour without a score is left
 * out. A point is at the edge when one is, or when on some axis none lies beyond it.
 */
export function scatteredPlateau(
  scatter: Scatter,
  scores: ArrayLike<number>,
  k = neighbourCount(scatter.axes),
): PlateauScores {
  const { axes, named } = scatter;
  const result = newPlateauScores(scores.length);
  const space: Space = { axes, named, places: normalised(scatter, scores.length) };
  new NearestPoints(space, scores.length).forEach(k, (point, near) => {
    const own = scores[point] as number;
    let [worst, missing] = [own, 0];
    for (let at = 0; at < near.length; at += 1) {
      const score = scores[near[at] as number] as number;
      if (Number.isNaN(score)) missing += 1;
      else worst = Math.min(worst, score);
    }
    result.score[point] = Number.isNaN(own) ? NaN : worst;
    result.missingNeighbours[point] = missing;
    result.atEdge[point] = missing > 0 || atEdge(space, point, near) ? 1 : 0;
  });
  return result;
}

function normalised({ axes, named, values }: Scatter, points: number): Float64Array {
  const places = values.slice();
  for (let axis = 0; axis < axes; axis += 1) {
    if (named[axis] === true) continue;
    let [low, high] = [Infinity, -Infinity];
    for (let at = axis; at < points * axes; at += axes) {
      low = Math.min(low, values[at] as number);
      high = Math.max(high, values[at] as number);
    }
    for (let at = axis; at < points * axes; at += axes) {
      places[at] = high > low ? ((values[at] as number) - low) / (high - low) : 0;
    }
  }
  return places;
}

function atEdge({ axes, named, places }: Space, point: number, near: Int32Array): boolean {
  for (let axis = 0; axis < axes; axis += 1) {
    if (named[axis] === true) continue;
    const own = places[point * axes + axis] as number;
    let [below, above] = [false, false];
    for (let at = 0; at < near.length; at += 1) {
      const other = places[(near[at] as number) * axes + axis] as number;
      below ||= other < own;
      above ||= other > own;
    }
    if (below !== above) return true;
  }
  return false;
}
