import type { ParameterValues } from '../engine/parameters.ts';
import { headerOf } from './backtest-header.ts';
import { METRIC_COUNT, metricValues } from './metrics/registry.ts';
import { FINALIST_COUNT, FinalistRunner } from './finalists.ts';
import type { FinalistRun } from './finalists.ts';
import type { RunAnalysis } from './metrics/analyse-run.ts';
import { pointParams } from './points.ts';
import type { PointSet } from './points.ts';
import type { PreparedRun } from './prepare.ts';
import type { Benchmark, LuckReport, RankedPoint, SweepResult } from './results.ts';
import type { RunRecord } from './run-record.ts';
import { setupRun } from './setup-run.ts';
import { LuckMeter } from './statistics/luck.ts';
import { rankSweep } from './sweep-rank.ts';
import type { Ranking } from './sweep-rank.ts';
import { sweepWarnings } from './sweep-warnings.ts';
import type { Tell } from './sweep-phase.ts';
import { daysPerRow } from './worker-runner.ts';

/** Points listed in result.json; points.csv has them all. */
export const LISTED_POINTS = 100;

export type SweepJudgement = {
  readonly result: SweepResult;
  readonly ranking: Ranking;
  /** The best point, or the first listed where none can be ranked. */
  readonly best: { readonly id: number; readonly record: RunRecord; readonly analysis: RunAnalysis };
};

/** Ranks a finished sweep and looks at its best points again. */
export function judgeSweep(
  prepared: PreparedRun,
  points: PointSet,
  rows: Float64Array,
  daily: Iterable<Float32Array>,
  rankBy: string | undefined,
  tell: Tell,
): SweepJudgement {
  tell('ranking');
  const ranking = rankSweep(points, rows, rankBy);
  const runner = new FinalistRunner(prepared, points);
  const rowOf = (id: number): Float64Array =>
    rows.subarray(id * METRIC_COUNT, (id + 1) * METRIC_COUNT);
  const chosen = ranking.order.slice(0, ranking.rankable === 0 ? 0 : FINALIST_COUNT);
  const finalists = runner.runAll(chosen, rowOf, (done) => tell('finalists', done, chosen.length));
  const bestId = ranking.order[0] ?? 0;
  const best = finalists[0] ?? { id: bestId, ...runner.analyse(bestId) };
  const header = headerOf(prepared, fixedParams(prepared, points, bestId), best.record);
  const ranked = ranking.order.slice(0, LISTED_POINTS).map((id, place) =>
    rankedPoint(points, ranking, id, place, rowOf(id), finalists[place]));
  tell('what luck would show');
  const luck = luckOf(daily, daysPerRow(prepared));
  const warned = { prepared, header, ranking, pointCount: points.count, finalists, best };
  return {
    ranking,
    best: { id: best.id, record: best.record, analysis: best.analysis },
    result: {
      schema: 'lockstep.sweep',
      version: 1,
      run: header,
      axes: points.axes.map(({ name, values }) => ({ name, values })),
      sample: points.sample,
      pointCount: points.count,
      rankedBy: ranking.rankedBy,
      ranked,
      luck,
      benchmarks: best.analysis.benchmarks.map((benchmark) => inSettle(benchmark, prepared)),
      warnings: sweepWarnings(warned),
    },
  };
}

/** What all points have in common; what is swept stands with each point. */
function fixedParams(prepared: PreparedRun, points: PointSet, id: number): ParameterValues {
  const swept = pointParams(points, id);
  const { params } = setupRun(prepared, { ...prepared.spec.params, ...swept });
  return Object.fromEntries(Object.entries(params).filter(([name]) => !Object.hasOwn(swept, name)));
}

function rankedPoint(
  points: PointSet, ranking: Ranking, id: number, place: number, row: Float64Array,
  finalist: FinalistRun | undefined,
): RankedPoint {
  const score = ranking.plateau.score[id] ?? NaN;
  return {
    rank: place + 1,
    id,
    params: pointParams(points, id),
    metrics: finalist?.analysis.values ?? metricValues(row),
    plateauScore: Number.isNaN(score) ? null : score,
    finalist: finalist?.finalist ?? null,
    atEdge: ranking.plateau.atEdge[id] === 1,
  };
}

function luckOf(daily: Iterable<Float32Array>, days: number): LuckReport {
  const meter = new LuckMeter(days);
  for (const row of daily) meter.add(row);
  return meter.report();
}

/** In the settle coin, like all profits beside it: idle coins gained none. */
function inSettle(benchmark: Benchmark, { instrument }: PreparedRun): Benchmark {
  const idleCoins = benchmark.name === 'idle collateral' && instrument.inverse;
  return idleCoins ? { ...benchmark, netProfit: 0 } : benchmark;
}
