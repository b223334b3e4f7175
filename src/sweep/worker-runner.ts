import { closeColumns } from '../brokers/simulated/closes.ts';
import type { CloseColumns } from '../brokers/simulated/closes.ts';
import { Simulation } from '../brokers/simulated/simulation.ts';
import type { Walk } from '../brokers/simulated/row-search.ts';
import { volatileUnder } from '../brokers/simulated/world.ts';
import type { World } from '../brokers/simulated/world.ts';
import type { ParameterValue } from '../engine/parameters.ts';
import { adoptCrossingCells, crossingCells } from '../market/crossing-index.ts';
import { indicatorSeries } from '../market/indicator-series.ts';
import { computeMetrics } from './metrics/compute-metrics.ts';
import { dayCountOf } from './metrics/equity.ts';
import { metricsColumns } from './metrics/metrics-index.ts';
import type { MetricsColumns, MetricsIndex } from './metrics/metrics-index.ts';
import { newMetricsScratch } from './metrics/scratch.ts';
import { worldOf } from './prepared-world.ts';
import type { PreparedRun } from './prepare.ts';
import { recordOf } from './run-record-of.ts';
import type { RunRecord } from './run-record.ts';
import { setupRun } from './setup-run.ts';
import type { RunSetup } from './setup-run.ts';
import { closesPart, METRICS_PART, OWN_PARTS, WALK_PART } from './shared-parts.ts';
import type { SharedParts } from './shared-parts.ts';

/** Series of one-minute indicators over years are large; more than this are made again. */
const MAX_SERIES_BYTES = 128 * 2 ** 20;

type WalkPart = {
  readonly crossings: Int32Array;
  readonly markCrossings: Int32Array | undefined;
  readonly volatile: Uint8Array;
};

/**
 * Runs one point after another over one tape. Everything that points share is built once, for all
 * threads; points that need the same indicators share one Simulation, which starts every point from
 * nothing.
 */
export class PointRunner {
  readonly prepared: PreparedRun;
  readonly world: World;
  readonly scratch = newMetricsScratch();
  readonly #walk: Walk;
  readonly #parts: SharedParts;
  #index: MetricsIndex | undefined;
  readonly #simulations = new Map<string, Simulation>();
  #seriesBytes = 0;

  constructor(prepared: PreparedRun, walk: Walk = 'skip', parts: SharedParts = OWN_PARTS) {
    this.prepared = prepared;
    this.#walk = walk;
    this.#parts = parts;
    // Threads that start together build different parts.
    if (parts.isTaken(WALK_PART)) this.#index = this.#takeIndex();
    const { tape, markTape, spec } = prepared;
    const part = parts.take(WALK_PART, () => walkPart(prepared));
    adoptCrossingCells(tape, part.crossings);
    if (markTape !== undefined && part.markCrossings !== undefined) {
      adoptCrossingCells(markTape, part.markCrossings);
    }
    this.world = worldOf(prepared, spec.path, spec.execution, part.volatile);
  }

  get index(): MetricsIndex {
    this.#index ??= this.#takeIndex();
    return this.#index;
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
    const key = closesPart(setup.indicators);
    const found = this.#simulations.get(key);
    if (found !== undefined) return found;
    const closes = this.#parts.take(key, () =>
      closeColumns(this.world, indicatorSeries(this.prepared.tape, setup.indicators)));
    this.#seriesBytes += bytesOf(closes);
    if (this.#seriesBytes > MAX_SERIES_BYTES) {
      this.#simulations.clear();
      this.#seriesBytes = bytesOf(closes);
    }
    const options = { keepsRows: false, walk: this.#walk, closes };
    const simulation = new Simulation(this.world, closes.series, strategy, setup, options);
    this.#simulations.set(key, simulation);
    return simulation;
  }

  /** Tape and funding are this thread's own objects: that is how a run knows its index. */
  #takeIndex(): MetricsIndex {
    const { tape, funding, instrument } = this.prepared;
    const build = (): MetricsColumns => metricsColumns(tape, funding, instrument);
    const columns = this.#parts.take(METRICS_PART, build);
    return { ...columns, tape, funding };
  }
}

function walkPart({ tape, markTape, spec }: PreparedRun): WalkPart {
  return {
    crossings: crossingCells(tape),
    markCrossings: markTape === undefined ? undefined : crossingCells(markTape),
    volatile: volatileUnder(spec.execution, tape),
  };
}

function bytesOf({ series, cells }: CloseColumns): number {
  // Five columns, the times at which closes are known and the windows, of eight bytes each.
  return 8 * (series.values.length + 7 * series.count + cells.length);
}

/** Days a run's row of daily returns has: the same for every point. */
export function daysPerRow({ startMs, endMs }: PreparedRun): number {
  return dayCountOf({ startMs, endMs } as RunRecord);
}
