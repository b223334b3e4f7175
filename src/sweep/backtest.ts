import { REASONS } from '../engine/reasons.ts';
import { MS_PER_HOUR } from '../engine/units.ts';
import type { Simulation } from '../brokers/simulated/simulation.ts';
import { indicatorSeries } from '../market/indicator-series.ts';
import { headerOf } from './backtest-header.ts';
import { pathOutcomes, simulate } from './backtest-outcomes.ts';
import { warningsOf } from './backtest-warnings.ts';
import { besideCandles } from './beside-candles.ts';
import type { BesideOutcome } from './beside-candles.ts';
import { latencyCost } from './latency-cost.ts';
import { orderLifeSummary } from './latency-unknown.ts';
import { analyseRun } from './metrics/analyse-run.ts';
import type { RunAnalysis } from './metrics/analyse-run.ts';
import { buildMetricsIndex } from './metrics/metrics-index.ts';
import { orderHistory } from './outputs/order-lives.ts';
import type { OrderHistory } from './outputs/order-lives.ts';
import { prepareRun } from './prepare.ts';
import type { PreparedRun } from './prepare.ts';
import type { BacktestResult, Benchmark } from './results.ts';
import { SLOT_STATES } from './run-record.ts';
import type { RunRecord } from './run-record.ts';
import type { RunSpec } from './run-spec.ts';
import { setupRun } from './setup-run.ts';
import type { RunSetup } from './setup-run.ts';
import { bootstrapIntervals } from './statistics/bootstrap.ts';

/** A backtest with everything its files and its report are made of. */
export type BacktestOutcome = {
  readonly prepared: PreparedRun;
  readonly run: RunSetup;
  /** Holds the rows: fills, the orders' lives, reasons. */
  readonly simulation: Simulation;
  /** The orders' lives, folded from those rows. */
  readonly history: OrderHistory;
  readonly record: RunRecord;
  readonly analysis: RunAnalysis;
  /** Null but for the path `trades`. */
  readonly beside: BesideOutcome | null;
  readonly result: BacktestResult;
};

/** Loads, runs and judges what the spec names. A function of its inputs: no clock, no chance. */
export async function runBacktest(spec: RunSpec): Promise<BacktestOutcome> {
  return backtestOf(await prepareRun(spec));
}

export function backtestOf(prepared: PreparedRun): BacktestOutcome {
  const run = setupRun(prepared);
  const series = indicatorSeries(prepared.tape, run.setup.indicators);
  const { simulation, record } = simulate(prepared, run, series, { keepsRows: true });
  const index = buildMetricsIndex(record.tape, record.fundingIndex, record.instrument);
  const analysis = analyseRun(record, index);
  const header = headerOf(prepared, run.params, record);
  const { values } = analysis;
  const { startMs, slotCount, liquidatedAtMs } = record;
  const endMs = Number.isNaN(liquidatedAtMs) ? record.endMs : liquidatedAtMs;
  const history = orderHistory(simulation, endMs);
  const onCandles =
    prepared.trades &&
    simulate(prepared, run, series, { path: 'direction', keepsRows: true });
  const beside = besideCandles(prepared, { record, analysis, history }, onCandles, index);
  const result: BacktestResult = {
    schema: 'lockstep.backtest',
    version: 1,
    run: header,
    metrics: values,
    notes: analysis.notes,
    intervals: intervalsOf(analysis, prepared.spec.seed),
    pathInterval: pathOutcomes(prepared, run, series, index, record, onCandles?.record),
    benchmarks: analysis.benchmarks.map((benchmark) => inSettle(benchmark, prepared)),
    reasonHours: reasonHours(simulation),
    stateHours: stateHours(record),
    monthly: analysis.monthly,
    latency: latencyCost({ prepared, run, series, index, record }),
    orderLife: orderLifeSummary(history, record.fills, slotCount, startMs, endMs),
    besideCandles: beside?.summary ?? null,
    warnings: warningsOf({ prepared, header, record, values }),
  };
  return { prepared, run, simulation, history, record, analysis, beside, result };
}

/** Only of what the run is long enough to have a value for. */
function intervalsOf(analysis: RunAnalysis, seed: number): BacktestResult['intervals'] {
  if (analysis.values['returnOnCapital'] === null) return {};
  const found = bootstrapIntervals(analysis.dailyReturn, seed);
  const intervals: Record<string, readonly [number, number]> = {};
  for (const name of ['returnOnCapital', 'sharpe', 'sortino'] as const) {
    const interval = found[name];
    if (interval !== null && analysis.values[name] !== null) intervals[name] = interval;
  }
  return intervals;
}

/** Profits stand side by side, in the settle coin: idle coins gained none, whatever they cost. */
function inSettle(benchmark: Benchmark, { instrument }: PreparedRun): Benchmark {
  const idleCoins = benchmark.name === 'idle collateral' && instrument.inverse;
  return idleCoins ? { ...benchmark, netProfit: 0 } : benchmark;
}

function reasonHours({ engine }: Simulation): Record<string, number> {
  const hours: Record<string, number> = {};
  REASONS.forEach(([name], code) => {
    const ms = engine.reasons.totalMs[code] ?? 0;
    if (ms > 0) hours[name] = ms / MS_PER_HOUR;
  });
  return hours;
}

function stateHours({ stateMs }: RunRecord): Record<string, number> {
  const hours = (code: number): number => (stateMs[code] ?? 0) / MS_PER_HOUR;
  return Object.fromEntries(SLOT_STATES.map((name, code) => [name, hours(code)]));
}
