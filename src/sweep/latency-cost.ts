import { Simulation } from '../brokers/simulated/simulation.ts';
import type { IndicatorSeries } from '../market/indicator-series.ts';
import type { ExecutionProfile } from '../venue/execution-profile.ts';
import { LEGS, compileQuantiles } from '../venue/latency.ts';
import type { Leg } from '../venue/latency.ts';
import type { LatencyCost, LegCost } from './latency-results.ts';
import { MIN_WINDOW_MS, differenceOf } from './latency-twin.ts';
import { delayedLegs, withDelaysOf } from './latency-variants.ts';
import { computeMetrics } from './metrics/compute-metrics.ts';
import type { MetricsIndex } from './metrics/metrics-index.ts';
import { METRIC_COLUMN, METRIC_COUNT } from './metrics/registry.ts';
import { newMetricsScratch } from './metrics/scratch.ts';
import { worldOf } from './prepared-world.ts';
import type { PreparedRun } from './prepare.ts';
import { recordOf } from './run-record-of.ts';
import type { RunRecord } from './run-record.ts';
import type { RunSetup } from './setup-run.ts';

/** So many other seeds show how far chance alone moves the loss. */
const OTHER_SEEDS = 8;

export type CostedRun = {
  readonly prepared: PreparedRun;
  readonly run: RunSetup;
  readonly series: IndicatorSeries;
  readonly index: MetricsIndex;
  readonly record: RunRecord;
};

/**
 * Holds a run against itself without delays, leg by leg. Draws are keyed by leg and time, so a leg
 * that is kept meets the same delay at the same moment in all of these runs. Null without delays.
 */
export function latencyCost(costed: CostedRun): LatencyCost | null {
  const { execution, seed } = costed.prepared.spec;
  const { instrument, tape } = costed.prepared;
  const delayed = delayedLegs(execution);
  if (delayed.length === 0) return null;
  const own = measured(costed.record, costed.index);
  const twinRecord = runUnder(costed, withDelaysOf(execution, []), seed);
  const twin = measured(twinRecord, costed.index);
  const windowMs = Math.max(MIN_WINDOW_MS, tape.intervalMs);
  // Sums of decimals: below the money unit there is nothing but float64's rounding.
  const money = (value: number): number => Number(value.toFixed(instrument.moneyDigits));
  const lost = money(twin.netProfit - own.netProfit);
  const netUnder = (kept: readonly Leg[]): number =>
    measured(runUnder(costed, withDelaysOf(execution, kept), seed), costed.index).netProfit;
  const legs = delayed.map((leg): LegCost => {
    const table = compileQuantiles(execution.legs[leg]);
    return {
      leg,
      medianMs: table[table.length >> 1] ?? 0,
      p99Ms: table[Math.floor(0.99 * table.length)] ?? 0,
      marginal: money(netUnder(LEGS.filter((each) => each !== leg)) - own.netProfit),
      alone: money(twin.netProfit - netUnder([leg])),
    };
  });
  const rest = (of: 'marginal' | 'alone'): number =>
    money(legs.reduce((left, leg) => left - leg[of], lost));
  return {
    profile: execution.name,
    twin,
    lost,
    fills: differenceOf(costed.record.fills, twinRecord.fills, instrument, windowMs),
    legs,
    remainder: { marginal: rest('marginal'), alone: rest('alone') },
    otherSeeds: lostUnderOtherSeeds(costed, twin.netProfit),
  };
}

function lostUnderOtherSeeds(costed: CostedRun, twinNet: number): LatencyCost['otherSeeds'] {
  const { execution, seed } = costed.prepared.spec;
  const losses = Array.from({ length: OTHER_SEEDS }, (_, i) => {
    const other = seed + 1 + i <= Number.MAX_SAFE_INTEGER ? seed + 1 + i : i;
    const { netProfit } = measured(runUnder(costed, execution, other), costed.index);
    return Number((twinNet - netProfit).toFixed(costed.prepared.instrument.moneyDigits));
  });
  return { count: OTHER_SEEDS, least: Math.min(...losses), most: Math.max(...losses) };
}

/** Nobody reads the orders of these runs, so they skip what cannot matter, as sweeps do. */
function runUnder(costed: CostedRun, execution: ExecutionProfile, seed: number): RunRecord {
  const { prepared, run, series } = costed;
  const seeded = { ...prepared, spec: { ...prepared.spec, seed } };
  const world = worldOf(seeded, prepared.spec.path, execution);
  const options = { keepsRows: false, walk: 'skip' } as const;
  const simulation = new Simulation(world, series, run.strategy, run.setup, options);
  simulation.run(run.setup);
  return recordOf(simulation, seeded, world);
}

function measured(record: RunRecord, index: MetricsIndex): LatencyCost['twin'] {
  const row = new Float64Array(METRIC_COUNT);
  computeMetrics(record, index, newMetricsScratch(), row);
  const value = (column: number): number => {
    const number = row[column] ?? NaN;
    return Number.isFinite(number) ? number : 0;
  };
  return {
    netProfit: value(METRIC_COLUMN.netProfit),
    fills: value(METRIC_COLUMN.fills),
    trades: value(METRIC_COLUMN.trades),
  };
}
