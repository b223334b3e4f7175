import { Simulation } from '../brokers/simulated/simulation.ts';
import type { World } from '../brokers/simulated/world.ts';
import { InvariantError } from '../engine/invariant.ts';
import { loadProfile } from '../feeds/profiles.ts';
import { indicatorSeries } from '../market/indicator-series.ts';
import type { IndicatorSeries } from '../market/indicator-series.ts';
import type { PathModel } from '../market/path.ts';
import type { ExecutionProfile } from '../venue/execution-profile.ts';
import { analyseRun } from './metrics/analyse-run.ts';
import type { RunAnalysis } from './metrics/analyse-run.ts';
import { computeMetrics } from './metrics/compute-metrics.ts';
import { METRICS, METRIC_COUNT, metricValues } from './metrics/registry.ts';
import { newMetricsScratch } from './metrics/scratch.ts';
import { pointParams, pointText } from './points.ts';
import type { PointSet } from './points.ts';
import { worldOf } from './prepared-world.ts';
import type { PreparedRun } from './prepare.ts';
import type { MetricValues, PathOutcome, RankedPoint } from './results.ts';
import { recordOf } from './run-record-of.ts';
import type { RunRecord } from './run-record.ts';
import { setupRun } from './setup-run.ts';
import type { RunSetup } from './setup-run.ts';
import { bootstrapIntervals } from './statistics/bootstrap.ts';
import { closesPart } from './shared-parts.ts';
import { PointRunner } from './worker-runner.ts';

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

/** Points run again by themselves. Those with the same indicators, one after the other, share them. */
export class FinalistRunner {
  readonly #runner: PointRunner;
  readonly #points: PointSet;
  readonly #worlds = new Map<string, World>();
  #needs = '';
  #series: IndicatorSeries | undefined;
  readonly #simulations = new Map<World, Simulation>();

  constructor(prepared: PreparedRun, points: PointSet) {
    this.#runner = new PointRunner(prepared);
    this.#points = points;
  }

  /** The finalists, best first; `tell` hears how many are done. */
  runAll(
    ids: readonly number[], rowOf: (id: number) => Float64Array, tell: (done: number) => void,
  ): FinalistRun[] {
    const done: FinalistRun[] = [];
    const places = ids.map((_, place) => place);
    const needs = ids.map((id) => closesPart(this.#setupOf(id).setup.indicators));
    places.sort((a, b) => (needs[a] === needs[b] ? a - b : (needs[a] ?? '') < (needs[b] ?? '') ? -1 : 1));
    places.forEach((place, count) => {
      tell(count);
      const id = ids[place] ?? 0;
      done[place] = this.#run(id, rowOf(id));
    });
    return done;
  }

  /** A point under the sweep's own terms, in a Simulation of its own: nothing can be left over. */
  analyse(id: number): { record: RunRecord; analysis: RunAnalysis } {
    const { prepared, world, index } = this.#runner;
    const { strategy, setup } = this.#setupOf(id);
    const series = this.#seriesFor(setup);
    const simulation = new Simulation(world, series, strategy, setup, { keepsRows: false });
    simulation.run(setup);
    const record = recordOf(simulation, prepared, world);
    return { record, analysis: analyseRun(record, index, newMetricsScratch()) };
  }

  /**
   * A point once more, in full, under its own terms and the harsher ones. Its row of the sweep must
   * come out again to the last bit: else runs are not what they claim to be, and nothing is written.
   */
  #run(id: number, row: Float64Array): FinalistRun {
    const { spec } = this.#runner.prepared;
    const { record, analysis } = this.analyse(id);
    checkSame(pointText(this.#points, id), analysis, row);
    const others = finalistVariants(spec).slice(1).map((variant) => this.#outcomeUnder(id, variant));
    const intervals = bootstrapIntervals(analysis.dailyReturn, spec.seed);
    const has = (name: string): boolean => (analysis.values[name] ?? null) !== null;
    return {
      id, record, analysis,
      finalist: {
        outcomes: [outcomeOf(spec, analysis.values), ...others],
        returnInterval: has('returnOnCapital') ? intervals.returnOnCapital : null,
        sharpeInterval: has('sharpe') ? intervals.sharpe : null,
      },
    };
  }

  /** Under other terms finalists take turns in one Simulation, as points do in a sweep. */
  #outcomeUnder(id: number, variant: Variant): PathOutcome {
    const { path, execution } = variant;
    const { prepared, index, scratch } = this.#runner;
    const key = `${path} ${execution.name}`;
    const world = this.#worlds.get(key) ?? worldOf(prepared, path, execution);
    this.#worlds.set(key, world);
    const { strategy, setup } = this.#setupOf(id);
    const series = this.#seriesFor(setup);
    const simulation = this.#simulations.get(world)
      ?? new Simulation(world, series, strategy, setup, { keepsRows: false });
    this.#simulations.set(world, simulation);
    simulation.run(setup);
    const row = new Float64Array(METRIC_COUNT);
    computeMetrics(recordOf(simulation, prepared, world), index, scratch, row);
    return outcomeOf(variant, metricValues(row));
  }

  /** Only the series at hand are kept: those of minutes over years are large. */
  #seriesFor({ indicators }: RunSetup['setup']): IndicatorSeries {
    const key = closesPart(indicators);
    if (this.#series === undefined || key !== this.#needs) {
      this.#simulations.clear();
      this.#needs = key;
      this.#series = indicatorSeries(this.#runner.prepared.tape, indicators);
    }
    return this.#series;
  }

  #setupOf(id: number): RunSetup {
    const { prepared } = this.#runner;
    return setupRun(prepared, { ...prepared.spec.params, ...pointParams(this.#points, id) });
  }
}

function outcomeOf({ path, execution }: Variant, values: MetricValues): PathOutcome {
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
