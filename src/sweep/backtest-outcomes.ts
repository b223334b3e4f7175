import { Simulation } from '../brokers/simulated/simulation.ts';
import type { World } from '../brokers/simulated/world.ts';
import { loadProfile } from '../feeds/profiles.ts';
import type { IndicatorSeries } from '../market/indicator-series.ts';
import type { PathModel } from '../market/path.ts';
import type { ExecutionProfile } from '../venue/execution-profile.ts';
import { computeMetrics } from './metrics/compute-metrics.ts';
import type { MetricsIndex } from './metrics/metrics-index.ts';
import { METRIC_COLUMN, METRIC_COUNT } from './metrics/registry.ts';
import { newMetricsScratch } from './metrics/scratch.ts';
import { worldOf } from './prepared-world.ts';
import type { PreparedRun } from './prepare.ts';
import type { PathOutcome } from './results.ts';
import { recordOf } from './run-record-of.ts';
import type { RunRecord } from './run-record.ts';
import type { RunSetup } from './setup-run.ts';

export type SimulatedRun = {
  readonly world: World;
  readonly simulation: Simulation;
  readonly record: RunRecord;
};

/** One run under its own or another path model and execution profile. */
export function simulate(
  prepared: PreparedRun,
  run: RunSetup,
  series: IndicatorSeries,
  under: { path?: PathModel; execution?: ExecutionProfile; keepsRows?: boolean } = {},
): SimulatedRun {
  const world = worldOf(prepared, under.path, under.execution);
  const options = { keepsRows: under.keepsRows === true };
  const simulation = new Simulation(world, series, run.strategy, run.setup, options);
  simulation.run(run.setup);
  return { world, simulation, record: recordOf(simulation, prepared, world) };
}

type Variant = { readonly path: PathModel; readonly execution: ExecutionProfile };

/** The ends of the honest interval first, the run itself if it is neither, then ideal execution. */
export function variantsOf(prepared: PreparedRun): Variant[] {
  const { path, execution } = prepared.spec;
  const variants: Variant[] = [{ path: 'direction', execution }, { path: 'adverse', execution }];
  if (!variants.some((variant) => variant.path === path)) variants.push({ path, execution });
  const ideal = loadProfile('ideal').profile;
  if (execution.name !== ideal.name) variants.push({ path: 'direction', execution: ideal });
  return variants;
}

/** Every variant; those that have been run, the run itself and its `direction`, are not run again. */
export function pathOutcomes(
  prepared: PreparedRun,
  run: RunSetup,
  series: IndicatorSeries,
  index: MetricsIndex,
  own: RunRecord,
  direction: RunRecord | undefined,
): PathOutcome[] {
  const { spec } = prepared;
  const runAlready = ({ path, execution }: Variant): RunRecord | undefined => {
    if (execution.name !== spec.execution.name) return undefined;
    if (path === spec.path) return own;
    return path === 'direction' ? direction : undefined;
  };
  return variantsOf(prepared).map((variant) => {
    const record = runAlready(variant) ?? simulate(prepared, run, series, variant).record;
    return outcomeOf(variant, record, index);
  });
}

function outcomeOf({ path, execution }: Variant, record: RunRecord, index: MetricsIndex): PathOutcome {
  const row = new Float64Array(METRIC_COUNT);
  computeMetrics(record, index, newMetricsScratch(), row);
  const value = (column: number): number | null => {
    const number = row[column] ?? NaN;
    return Number.isFinite(number) ? number : null;
  };
  return {
    path,
    execution: execution.name,
    netProfit: value(METRIC_COLUMN.netProfit) ?? 0,
    returnOnCapital: value(METRIC_COLUMN.returnOnCapital),
    maxDrawdown: value(METRIC_COLUMN.maxDrawdown),
    trades: value(METRIC_COLUMN.trades) ?? 0,
  };
}
