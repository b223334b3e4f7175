import { buyAndHold } from './metrics/benchmarks.ts';
import { METRICS } from './metrics/registry.ts';
import { valueAt } from './points.ts';
import type { PointSet } from './points.ts';
import type { PreparedRun } from './prepare.ts';
import type { MetricDefinition, SweepResult } from './results.ts';
import type { SweepIdentity } from './sweep-identity.ts';
import { columnOf } from './sweep-rank.ts';
import type { SweepJudgement } from './sweep-result.ts';

/** A finished sweep in memory. */
export type SweepOutcome = {
  readonly prepared: PreparedRun;
  readonly points: PointSet;
  readonly identity: SweepIdentity;
  /** A row of metrics per point. */
  readonly rows: Float64Array;
  readonly judgement: SweepJudgement;
};

/** What the report is drawn from. */
export function reportInputOf({ prepared, points, rows, judgement }: SweepOutcome): {
  result: SweepResult;
  metrics: readonly MetricDefinition[];
  points: {
    count: number;
    params: Record<string, (number | string | boolean)[]>;
    columns: Record<string, Float64Array>;
    plateauScore: Float64Array;
  };
  bestEquity: {
    label: string; timeMs: Float64Array; equity: Float64Array; buyAndHold: Float64Array;
  };
} {
  const { result, ranking } = judgement;
  return {
    result,
    metrics: METRICS,
    points: {
      count: points.count,
      params: Object.fromEntries(points.axes.map(({ name }, axis) =>
        [name, Array.from({ length: points.count }, (_, id) => valueAt(points, id, axis) ?? NaN)])),
      columns: lazyColumns(rows, points.count),
      plateauScore: ranking.plateau.score,
    },
    bestEquity: bestEquity(prepared, judgement),
  };
}

/** Each made when it is asked for: all at once they would take as much memory as the rows. */
function lazyColumns(rows: Float64Array, count: number): Record<string, Float64Array> {
  const columns = {};
  METRICS.forEach(({ name }, column) => {
    Object.defineProperty(columns, name, {
      enumerable: true, get: () => columnOf(rows, count, column),
    });
  });
  return columns;
}

function bestEquity({ tape, firstRow, instrument }: PreparedRun, { best }: SweepJudgement) {
  const { id, record, analysis } = best;
  const inSettle = (profit: Float64Array): Float64Array =>
    profit.map((units) => units / instrument.moneyPerUnit);
  return {
    label: `point ${id}`,
    timeMs: tape.openTimeMs.slice(firstRow).map((openMs) => openMs + tape.intervalMs),
    equity: inSettle(analysis.profit),
    buyAndHold: inSettle(buyAndHold(record, analysis.capital).profit),
  };
}
