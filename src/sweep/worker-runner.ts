import { Simulation } from '../brokers/simulated/simulation.ts';
import type { Walk } from '../brokers/simulated/row-search.ts';
import type { World } from '../brokers/simulated/world.ts';
import type { IndicatorNeed } from '../engine/strategy.ts';
import type { ParameterValue } from '../engine/parameters.ts';
import { indicatorSeries } from '../market/indicator-series.ts';
import type { IndicatorSeries } from '../market/indicator-series.ts';
import { computeMetrics } from './metrics/compute-metrics.ts';
import { dayCountOf } from './metrics/equity.ts';
import { buildMetricsIndex } from './metrics/metrics-index.ts';
import type { MetricsIndex } from './metrics/metrics-index.ts';
import { newMetricsScratch } from './metrics/scratch.ts';
import { worldOf } from './prepared-world.ts';
import type { PreparedRun } from './prepare.ts';
import { recordOf } from './run-record-of.ts';
import type { RunRecord } from './run-record.ts';
import { setupRun } from './setup-run.ts';
import type { RunSetup } from './setup-run.ts';

/** Series of one-minute indicators over years are large; more than this are made again. */
const MAX_SERIES_BYTES = 128 * 2 ** 20;

/**
 * Runs one point after another over one tape. Everything that points share is built once; points
 * that need the same indicators share one Simulation, which starts every point from nothing.
 */
export class PointRunner {
  readonly prepared: PreparedRun;
  readonly world: World;
  readonly index: MetricsIndex;
  readonly scratch = newMetricsScratch();
  readonly #walk: Walk;
  readonly #simulations = new Map<string, Simulation>();
  #seriesBytes = 0;

  constructor(prepared: PreparedRun, walk: Walk = 'skip') {
    this.prepared = prepared;
    this.#walk = walk;
    this.world = worldOf(prepared);
    this.index = buildMetricsIndex(prepared.tape, prepared.funding);
  }

  /** The record's columns are reused by the next run. */
  run(params: Readonly<Record<string, ParameterValue>>): RunRecord {
    const run = setupRun(this.prepared, { ...this.prepared.spec.params, ...params });
    const simulation = this.#simulationFor(run);
    simulation.run(run.setup);
    return recordOf(simulation, this.prepared, this.world);
  }

  /** Runs a point and writes its metrics and daily returns at their places. */
  measure(
    params: Readonly<Record<string, ParameterValue>>,
    metrics: Float64Array, metricsAt: number, daily: Float32Array, dailyAt: number,
  ): void {
    const record = this.run(params);
    computeMetrics(record, this.index, this.scratch, metrics, metricsAt);
    daily.set(this.scratch.dailyReturn.subarray(0, this.scratch.dayCount), dailyAt);
  }

  #simulationFor({ strategy, setup }: RunSetup): Simulation {
    const key = needsKey(setup.indicators);
    const found = this.#simulations.get(key);
    if (found !== undefined) return found;
    const series = indicatorSeries(this.prepared.tape, setup.indicators);
    this.#seriesBytes += bytesOf(series);
    if (this.#seriesBytes > MAX_SERIES_BYTES) {
      this.#simulations.clear();
      this.#seriesBytes = bytesOf(series);
    }
    const options = { keepsRows: false, walk: this.#walk };
    const simulation = new Simulation(this.world, series, strategy, setup, options);
    this.#simulations.set(key, simulation);
    return simulation;
  }
}

/** Equal for points that can share their indicators. */
export function needsKey(needs: readonly IndicatorNeed[]): string {
  return needs.map(({ kind, period, intervalMs }) => `${kind} ${period} ${intervalMs}`).join(', ');
}

function bytesOf(series: IndicatorSeries): number {
  // Five columns and the times at which closes are known, of eight bytes each.
  return 8 * (series.values.length + 6 * series.count);
}

/** Days a run's row of daily returns has: the same for every point. */
export function daysPerRow({ startMs, endMs }: PreparedRun): number {
  return dayCountOf({ startMs, endMs } as RunRecord);
}
