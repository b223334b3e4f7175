import { InputError } from '../engine/invariant.ts';
import type { IndicatorNeed } from '../engine/strategy.ts';
import { indicatorSeries } from '../market/indicator-series.ts';
import { sliceTape } from '../market/tape.ts';
import { pointParams, pointText } from './points.ts';
import type { PointSet } from './points.ts';
import type { PreparedRun } from './prepare.ts';
import { setupRun } from './setup-run.ts';
import type { RunSetup } from './setup-run.ts';
import { closesPart } from './shared-parts.ts';

/** Points of one group share indicators and slots, and are best run one after the other. */
export type PointGroups = {
  readonly groupOf: Int32Array;
  /** By group. */
  readonly needs: readonly (readonly IndicatorNeed[])[];
};

/** Checks every point before any is run; the first refusal names its point. */
export function checkPoints(prepared: PreparedRun, points: PointSet): PointGroups {
  const swept = points.axes.find(({ name }) => Object.hasOwn(prepared.spec.params, name));
  if (swept !== undefined) {
    throw new InputError(`${swept.name} is both set and swept: drop --set or --grid ${swept.name}`);
  }
  const groups = new Map<string, number>();
  const groupOf = new Int32Array(points.count);
  const needs: (readonly IndicatorNeed[])[] = [];
  for (let id = 0; id < points.count; id += 1) {
    const { setup } = setupOf(prepared, points, id);
    const key = `${setup.slotCount} ${closesPart(setup.indicators)}`;
    let group = groups.get(key);
    if (group === undefined) {
      atPoint(points, id, () => checkInterval(prepared, setup));
      group = groups.size;
      groups.set(key, group);
      needs.push(setup.indicators);
    }
    groupOf[id] = group;
  }
  return { groupOf, needs };
}

function setupOf(prepared: PreparedRun, points: PointSet, id: number): RunSetup {
  return atPoint(points, id, () =>
    setupRun(prepared, { ...prepared.spec.params, ...pointParams(points, id) }));
}

function atPoint<Result>(points: PointSet, id: number, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${pointText(points, id)}: ${error.message}`);
  }
}

/** Series of no candles: all that is asked is whether they could be made. */
function checkInterval({ tape }: PreparedRun, { indicators }: RunSetup['setup']): void {
  indicatorSeries(sliceTape(tape, 0, 0), indicators);
}

/** Ids from `first` on in chunks; within a chunk group by group. */
export function runningOrder(groupOf: Int32Array, first: number, chunkPoints: number): Int32Array {
  const order = Int32Array.from({ length: groupOf.length - first }, (_, i) => first + i);
  for (let from = 0; from < order.length; from += chunkPoints) {
    order.subarray(from, from + chunkPoints).sort((a, b) =>
      (groupOf[a] ?? 0) - (groupOf[b] ?? 0) || a - b);
  }
  return order;
}
