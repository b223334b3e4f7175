import { InputError } from '../engine/invariant.ts';
import { MIN_TRADES } from './metrics/gates.ts';
import { METRICS, METRIC_COLUMN, METRIC_COUNT } from './metrics/registry.ts';
import type { PointSet } from './points.ts';
import { gridPlateau } from './statistics/grid-plateau.ts';
import { rankPoints } from './statistics/plateau.ts';
import type { PlateauScores } from './statistics/plateau.ts';
import { scatteredPlateau } from './statistics/scattered-plateau.ts';

export const PLATEAU_RANK = 'plateauScore';

export type Ranking = {
  readonly rankedBy: string;
  readonly plateau: PlateauScores;
  /** Ids, best first. Where no point can be ranked: those with the most trades first. */
  readonly order: readonly number[];
  readonly rankable: number;
};

/** Refuses what is no metric, before anything runs. */
export function checkRankBy(rankBy: string | undefined): void {
  if (rankBy === undefined || rankBy === PLATEAU_RANK) return;
  if (METRICS.some(({ name }) => name === rankBy)) return;
  throw new InputError(`--rank-by ${rankBy} is no metric: leave it out to rank by plateau score, ` +
    `or give one of ${METRICS.map(({ name }) => name).join(', ')}`);
}

/**
 * Ranks by the worst neighbour's return over drawdown, or by a metric where one is asked for.
 * Either way a point needs 30 trades: fewer say nothing.
 */
export function rankSweep(
  points: PointSet, rows: Float64Array, rankBy: string | undefined,
): Ranking {
  const own = columnOf(rows, points.count, METRIC_COLUMN.returnOverMaxDrawdown);
  const plateau = plateauOf(points, own);
  const rankedBy = rankBy ?? PLATEAU_RANK;
  const order = rankedBy === PLATEAU_RANK
    ? rankPoints(plateau.score, own)
    : rankPoints(metricScores(rows, points.count, rankedBy), plateau.score);
  if (order.length > 0) return { rankedBy, plateau, order, rankable: order.length };
  const trades = columnOf(rows, points.count, METRIC_COLUMN.trades);
  return { rankedBy, plateau, order: rankPoints(trades), rankable: 0 };
}

export function columnOf(rows: Float64Array, count: number, column: number): Float64Array {
  const values = new Float64Array(count);
  for (let id = 0; id < count; id += 1) values[id] = rows[id * METRIC_COUNT + column] ?? NaN;
  return values;
}

/** Higher is better in the answer, NaN where a point has too few trades. */
function metricScores(rows: Float64Array, count: number, name: string): Float64Array {
  const column = METRICS.findIndex((metric) => metric.name === name);
  const sign = METRICS[column]?.better === 'lower' ? -1 : 1;
  const trades = columnOf(rows, count, METRIC_COLUMN.trades);
  return columnOf(rows, count, column).map((value, id) =>
    (trades[id] ?? 0) >= MIN_TRADES ? sign * value : NaN);
}

function plateauOf(points: PointSet, scores: Float64Array): PlateauScores {
  const { axes, cells, values, count } = points;
  if (points.sample === 'grid') {
    const sizes = axes.map((axis) => axis.values.length);
    return gridPlateau({ sizes, ordered: axes.map((axis) => axis.ordered), cells }, scores);
  }
  const places = Float64Array.from(cells, (cell, at) => {
    const value = values[at % axes.length]?.[cell];
    return typeof value === 'number' ? value : cell;
  });
  const named = axes.map((axis) => !axis.ordered);
  const numbers = places.subarray(0, count * axes.length);
  return scatteredPlateau({ axes: axes.length, named, values: numbers }, scores);
}
