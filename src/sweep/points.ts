import { InputError } from '../engine/invariant.ts';
import type { ParameterValue } from '../engine/parameters.ts';
import { SOBOL_DIMENSIONS, SobolSequence } from './sobol.ts';
import { uniformAt } from './statistics/counter-random.ts';
import { MAX_POINTS } from './sweep-axes.ts';
import type { Axis } from './sweep-axes.ts';

export type SampleKind = 'grid' | 'random' | 'sobol';

/** Which points a sweep runs. Plain data over shared memory: workers map it. */
export type PointSet = {
  readonly axes: readonly Axis[];
  readonly sample: SampleKind;
  readonly count: number;
  /** Values per axis; of a continuous one as many as points, in shared memory. */
  readonly values: readonly ArrayLike<ParameterValue>[];
  /** Point-major: values[axis][cells[point x axes + axis]] is the point's value on the axis. */
  readonly cells: Int32Array;
};

/** The values a point sets; ids are places in the set, and never depend on anything else. */
export function pointParams(points: PointSet, id: number): Record<string, ParameterValue> {
  const params: Record<string, ParameterValue> = {};
  points.axes.forEach(({ name }, axis) => {
    const value = valueAt(points, id, axis);
    if (value !== undefined) params[name] = value;
  });
  return params;
}

export function valueAt(points: PointSet, id: number, axis: number): ParameterValue | undefined {
  return points.values[axis]?.[points.cells[id * points.axes.length + axis] ?? -1];
}

export function pointText(points: PointSet, id: number): string {
  const params = Object.entries(pointParams(points, id));
  const set = params.map(([name, value]) => `${name}=${String(value)}`).join(' ');
  return set === '' ? `point ${id}` : `point ${id} (${set})`;
}

/** Every combination, the last axis turning fastest. */
export function gridPoints(axes: readonly Axis[]): PointSet {
  checkNames(axes);
  const range = axes.find((axis) => axis.continuous);
  if (range !== undefined) {
    throw new InputError(
      `--grid ${range.name}=${range.values.join(':')} has no step: write ${range.name}=` +
        `${range.values.join(':')}:STEP, or draw points with --sample random --points 500`,
    );
  }
  const sizes = axes.map((axis) => axis.values.length);
  const count = sizes.reduce((product, size) => product * size, 1);
  refuseTooMany(count, 'the grid has');
  const cells = newCells(count, axes.length);
  let stride = 1;
  for (let axis = axes.length - 1; axis >= 0; axis -= 1) {
    const size = sizes[axis] ?? 1;
    for (let id = 0; id < count; id += 1) {
      cells[id * axes.length + axis] = Math.floor(id / stride) % size;
    }
    stride *= size;
  }
  return { axes, sample: 'grid', count, values: axes.map((axis) => axis.values), cells };
}

/** So many draws for one new point say that there is none left to find. */
const DRAWS_PER_POINT = 64;

/** `count` distinct points, at random (seeded) or along Sobol's sequence. */
export function drawnPoints(
  axes: readonly Axis[], sample: 'random' | 'sobol', count: number, seed: number,
): PointSet {
  checkNames(axes);
  if (axes.length === 0) throw new InputError(`--sample ${sample} needs at least one --grid axis`);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new InputError(`--points ${count} is not a whole number of at least 1`);
  }
  refuseTooMany(count, '--points is');
  refuseTooFew(axes, count);
  if (sample === 'sobol' && axes.length > SOBOL_DIMENSIONS) {
    throw new InputError(`--sample sobol has ${SOBOL_DIMENSIONS} dimensions, not ${axes.length}: ` +
      'sweep fewer parameters or use --sample random');
  }
  const draw = sample === 'sobol' ? sobolDraws(axes.length) : randomDraws(axes.length, seed);
  return { axes, sample, count, ...takeDistinct(axes, count, draw) };
}

type Draw = () => ArrayLike<number>;

function sobolDraws(axes: number): Draw {
  const sequence = new SobolSequence(axes);
  return () => sequence.next();
}

function randomDraws(axes: number, seed: number): Draw {
  const point = new Float64Array(axes);
  let counter = 0;
  return () => {
    for (let axis = 0; axis < axes; axis += 1) {
      point[axis] = uniformAt(seed, counter);
      counter += 1;
    }
    return point;
  };
}

function takeDistinct(
  axes: readonly Axis[], count: number, draw: Draw,
): Pick<PointSet, 'values' | 'cells'> {
  const values = axes.map((axis) => (axis.continuous ? newNumbers(count) : axis.values));
  const cells = newCells(count, axes.length);
  const seen = new Set<string>();
  let draws = 0;
  for (let id = 0; id < count; draws += 1) {
    if (draws > DRAWS_PER_POINT * count + 100_000) {
      throw new InputError(`only ${id} of ${count} distinct points were found: ask for fewer ` +
        'points, or for all of them without --sample');
    }
    const place = draw();
    const point = axes.map((axis, at) => coordinate(axis, place[at] ?? 0));
    const key = point.join(' ');
    if (seen.has(key)) continue;
    seen.add(key);
    axes.forEach((axis, at) => {
      const own = values[at];
      if (own instanceof Float64Array) own[id] = point[at] ?? 0;
      cells[id * axes.length + at] = axis.continuous ? id : (point[at] ?? 0);
    });
    id += 1;
  }
  return { values, cells };
}

/** Where a draw in [0, 1) lands: the place in the list, or the number itself. */
function coordinate(axis: Axis, place: number): number {
  if (!axis.continuous) return Math.floor(place * axis.values.length);
  const [low = 0, high = 0] = axis.values.map(Number);
  // Ten digits are finer than any market, and can be typed again.
  return Math.min(high, Math.max(low, Number((low + place * (high - low)).toPrecision(10))));
}

function newNumbers(count: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * count));
}

function newCells(count: number, axes: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(Math.max(4, count * axes * 4)), 0, count * axes);
}

function checkNames(axes: readonly Axis[]): void {
  const twice = axes.find((axis, at) => axes.findIndex(({ name }) => name === axis.name) !== at);
  if (twice !== undefined) throw new InputError(`--grid ${twice.name} is given twice: keep one`);
}

function refuseTooMany(count: number, what: string): void {
  if (count <= MAX_POINTS) return;
  throw new InputError(`${what} ${count} points, at most ${MAX_POINTS}: take longer steps, or ` +
    'draw some with --sample sobol --points 10000');
}

function refuseTooFew(axes: readonly Axis[], count: number): void {
  if (axes.some((axis) => axis.continuous)) return;
  const all = axes.reduce((product, axis) => product * axis.values.length, 1);
  if (all >= count) return;
  throw new InputError(`--points ${count} is more than the ${all} points there are: leave out ` +
    '--sample to run them all');
}
