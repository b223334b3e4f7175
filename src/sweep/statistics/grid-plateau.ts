import { InputError } from '../../engine/invariant.ts';
import type { PlateauScores } from './plateau.ts';
import { newPlateauScores } from './plateau.ts';

const MAX_CELLS = 20_000_000;

/** A grid of points: where each lies on each axis. */
export type GridShape = {
  /** Number of values per axis. */
  readonly sizes: readonly number[];
  /** False for an axis without an order (names): what is next in the list is not close. */
  readonly ordered: readonly boolean[];
  /** Point-major: cells[point x axes + axis] is the index of the point's value on the axis. */
  readonly cells: Int32Array;
};

/**
 * Worst score among a point and its neighbours one step away on any axes at once (diagonals
 * included). At an edge the window of three moves inward, so that a point at the edge answers to
 * as many neighbours as any other. A neighbour whose score is NaN (too few trades), or for whose
 * cell no point was run, is left out and makes the point an edge point: it answers to fewer. The minimum over the window is separable: one pass per axis.
 */
export function gridPlateau(grid: GridShape, scores: ArrayLike<number>): PlateauScores {
  const { sizes, ordered } = grid;
  const cellCount = sizes.reduce((product, size) => product * size, 1);
  if (cellCount > MAX_CELLS) {
    throw new InputError(`a grid of ${cellCount} cells is too large to rank by plateau`);
  }
  const result = newPlateauScores(scores.length);
  const worst = new Float64Array(cellCount).fill(Infinity);
  const missing = new Float64Array(cellCount);
  const holes = new Float64Array(cellCount).fill(1);
  for (let point = 0; point < scores.length; point += 1) {
    const cell = cellOf(grid, point);
    const score = scores[point] as number;
    worst[cell] = Number.isNaN(score) ? Infinity : score;
    missing[cell] = Number.isNaN(score) ? 1 : 0;
    holes[cell] = 0;
  }
  let stride = 1;
  sizes.forEach((size, axis) => {
    if (ordered[axis] === true) {
      overWindow(worst, size, stride, Math.min);
      overWindow(missing, size, stride, (a, b) => a + b);
      overWindow(holes, size, stride, (a, b) => a + b);
    }
    stride *= size;
  });
  for (let point = 0; point < scores.length; point += 1) {
    const cell = cellOf(grid, point);
    const own = Number.isNaN(scores[point] as number);
    result.score[point] = own ? NaN : (worst[cell] as number);
    const missed = (missing[cell] as number) - (own ? 1 : 0);
    result.missingNeighbours[point] = missed;
    const answersToFewer = missed > 0 || (holes[cell] as number) > 0;
    result.atEdge[point] = answersToFewer || onBorder(grid, point) ? 1 : 0;
  }
  return result;
}

function cellOf({ sizes, cells }: GridShape, point: number): number {
  let [cell, stride] = [0, 1];
  sizes.forEach((size, axis) => {
    cell += (cells[point * sizes.length + axis] as number) * stride;
    stride *= size;
  });
  return cell;
}

/** At the first or last value of an axis that has an order and more than one value. */
function onBorder({ sizes, ordered, cells }: GridShape, point: number): boolean {
  return sizes.some((size, axis) => {
    const at = cells[point * sizes.length + axis] as number;
    return ordered[axis] === true && size > 1 && (at === 0 || at === size - 1);
  });
}

/** Joins every value with those one step before and after; at the ends the window moves inward. */
function overWindow(
  cells: Float64Array,
  size: number,
  stride: number,
  join: (a: number, b: number) => number,
): void {
  const line = new Float64Array(size);
  const width = Math.min(3, size);
  for (let base = 0; base < cells.length; base += 1) {
    if (Math.floor(base / stride) % size !== 0) continue;
    for (let i = 0; i < size; i += 1) line[i] = cells[base + i * stride] as number;
    for (let i = 0; i < size; i += 1) {
      const first = Math.min(Math.max(0, i - 1), size - width);
      let value = line[first] as number;
      for (let k = first + 1; k < first + width; k += 1) value = join(value, line[k] as number);
      cells[base + i * stride] = value;
    }
  }
}
