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
 * Compares all pairs: about a second for 10,000 points.
 */
export function scatteredPlateau(
  scatter: Scatter,
  scores: ArrayLike<number>,
  k = neighbourCount(scatter.axes),
): PlateauScores {
  const result = newPlateauScores(scores.length);
  const places = normalised(scatter, scores.length);
  for (let point = 0; point < scores.length; point += 1) {
    const near = nearest(scatter, places, scores.length, point, k);
    const missing = near.filter((other) => Number.isNaN(scores[other] as number)).length;
    const own = scores[point] as number;
    let worst = own;
    for (const other of near) {
      const score = scores[other] as number;
      if (!Number.isNaN(score)) worst = Math.min(worst, score);
    }
    result.score[point] = Number.isNaN(own) ? NaN : worst;
    result.missingNeighbours[point] = missing;
    result.atEdge[point] = missing > 0 || atEdge(scatter, places, point, near) ? 1 : 0;
  }
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

function nearest(
  scatter: Scatter,
  places: Float64Array,
  points: number,
  point: number,
  k: number,
): number[] {
  const near: number[] = [];
  const distances: number[] = [];
  for (let other = 0; other < points; other += 1) {
    if (other === point) continue;
    const distance = squaredDistance(scatter, places, point, other);
    if (near.length === k && distance >= (distances[k - 1] as number)) continue;
    let at = near.length;
    while (at > 0 && (distances[at - 1] as number) > distance) at -= 1;
    near.splice(at, 0, other);
    distances.splice(at, 0, distance);
    if (near.length > k) {
      near.pop();
      distances.pop();
    }
  }
  return near;
}

function squaredDistance(
  { axes, named }: Scatter,
  places: Float64Array,
  a: number,
  b: number,
): number {
  let sum = 0;
  for (let axis = 0; axis < axes; axis += 1) {
    const apart = (places[a * axes + axis] as number) - (places[b * axes + axis] as number);
    sum += named[axis] === true ? (apart === 0 ? 0 : 1) : apart * apart;
  }
  return sum;
}

function atEdge(
  { axes, named }: Scatter,
  places: Float64Array,
  point: number,
  near: readonly number[],
): boolean {
  for (let axis = 0; axis < axes; axis += 1) {
    if (named[axis] === true) continue;
    const own = places[point * axes + axis] as number;
    const below = near.some((other) => (places[other * axes + axis] as number) < own);
    const above = near.some((other) => (places[other * axes + axis] as number) > own);
    if (below !== above) return true;
  }
  return false;
}
