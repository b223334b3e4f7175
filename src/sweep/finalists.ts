import { Simulation } from '../brokers/simulated/simulation.ts';
import { InvariantError } from '../engine/invariant.ts';
import { loadProfile } from '../feeds/profiles.ts';
import { indicatorSeries } from '../market/indicator-series.ts';
import type { PathModel } from '../market/path.ts';
import type { ExecutionProfile } from '../venue/execution-profile.ts';
import { analyseRun } from './metrics/analyse-run.ts';
import type { RunAnalysis } from './metrics/analyse-run.ts';
import { METRICS, METRIC_COUNT } from './metrics/registry.ts';
import { newMetricsScratch } from './metrics/scratch.ts';
import { pointParams, pointText } from './points.ts';
import type { PointSet } from './points.ts';
import { worldOf } from './prepare.ts';
import type { PathOutcome, RankedPoint } from './results.ts';
import { recordOf } from './run-record-of.ts';
import type { RunRecord } from './run-record.ts';
import { setupRun } from './setup-run.ts';
import { bootstrapIntervals } from './statistics/bootstrap.ts';
import type { PointRunner } from './worker-runner.ts';

export const FINALIST_COUNT = 10;

export type FinalistRun = {
  readonly id: number;
  readonly record: RunRecord;
  readonly analysis: RunAnalysis;
  readonly finalist: NonNullable<RankedPoint['finalist']>;
};

type Variant = { readonly path: PathModel; readonly execution: ExecutionProfile };

/** The run's own terms first, then path and execution as the honest interval has them. */
export function finalistVariants({ path, execution }: Variant): Variant[] {
  const home = loadProfile('home').profile;
  const all: Variant[] = [
    { path, execution }, { path: 'direction', execution }, { path: 'adverse', execution },
    { path: 'direction', execution: home }, { path: 'adverse', execution: home },
  ];
  return all.filter((variant, at) => all.findIndex((other) =>
    other.path === variant.path && other.execution.name === variant.execution.name) === at);
}

/**
 * A point once more, in full, under its own terms and the harsher ones. Its row of the sweep must
 * come out again to the last bit: else runs are not what they claim to be, and nothing is written.
 */
export function runFinalist(
  runner: PointRunner, points: PointSet, id: number, row: Float64Array,
): FinalistRun {
  const { spec } = runner.prepared;
  const { record, analysis } = analysePoint(runner, points, id);
  checkSame(pointText(points, id), analysis, row);
  const own: PathOutcome = outcomeOf(spec, analysis);
  const others = finalistVariants(spec).slice(1).map((variant) =>
    outcomeOf(variant, analysePoint(runner, points, id, variant).analysis));
  const intervals = bootstrapIntervals(analysis.dailyReturn, spec.seed);
  const has = (name: string): boolean => (analysis.values[name] ?? null) !== null;
  return {
    id, record, analysis,
    finalist: {
      outcomes: [own, ...others],
      returnInterval: has('returnOnCapital') ? intervals.returnOnCapital : null,
      sharpeInterval: has('sharpe') ? intervals.sharpe : null,
    },
  };
}

/** A point by itself, in a Simulation of its own. */
export function analysePoint(
  runner: PointRunner, points: PointSet, id: number, under?: Variant,
): { record: RunRecord; analysis: RunAnalysis } {
  const { prepared } = runner;
  const params = { ...prepared.spec.params, ...pointParams(points, id) };
  const { strategy, setup } = setupRun(prepared, params);
  const series = indicatorSeries(prepared.tape, setup.indicators);
  const world = under === undefined ? runner.world : worldOf(prepared, under.path, under.execution);
  const simulation = new Simulation(world, series, strategy, setup, { keepsRows: false });
  simulation.run(setup);
  const record = recordOf(simulation, prepared, world);
  return { record, analysis: analyseRun(record, runner.index, newMetricsScratch()) };
}

function outcomeOf({ path, execution }: Variant, { values }: RunAnalysis): PathOutcome {
  return {
    path,
    execution: execution.name,
    netProfit: values['netProfit'] ?? 0,
    returnOnCapital: values['returnOnCapital'] ?? null,
    maxDrawdown: values['maxDrawdown'] ?? null,
    trades: values['trades'] ?? 0,
  };
}

function checkSame(where: string, { values }: RunAnalysis, row: Float64Array): void {
  for (let column = 0; column < METRIC_COUNT; column += 1) {
    const name = METRICS[column]?.name ?? '';
    // Only full runs measure it candle by candle.
    if (name === 'maxDrawdownDays') continue;
    const alone = values[name] ?? NaN;
    const swept = row[column] ?? NaN;
    if (Object.is(alone, swept) || alone === swept) continue;
    throw new InvariantError(`${where}: ${name} is ${swept} in the sweep and ${alone} alone`);
  }
}
