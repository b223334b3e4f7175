import type { RiskGiven } from '../engine/risk-options.ts';
import type { BesideCandles } from './beside-results.ts';
import type { LatencyCost, OrderLifeSummary } from './latency-results.ts';

/**
 * The shapes of result.json, the public and versioned outcome of a run (docs/results.md).
 * Numbers are in the unit their name or the metric registry says; null means n/a, with a note.
 */
export type MetricValues = Readonly<Record<string, number | null>>;

export type RunHeader = {
  readonly lockstepVersion: string;
  readonly symbol: string;
  readonly category: 'linear' | 'inverse';
  readonly interval: string;
  readonly baseCurrency: string;
  readonly quoteCurrency: string;
  readonly settleCurrency: string;
  readonly tickSize: string;
  /** ISO 8601, UTC; to is exclusive. */
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly candles: number;
  readonly gaps: readonly Gap[];
  readonly synthetic: boolean;
  readonly strategy: string;
  readonly params: Readonly<Record<string, number | string | boolean>>;
  readonly path: string;
  readonly execution: string;
  readonly frictions: Readonly<Record<string, number | string>>;
  readonly seed: number;
  readonly leverage: number;
  /** As given; null = derived per run from the largest notional. */
  readonly capital: number | null;
  /** Limits as given, by option; none given, none set. */
  readonly risk: RiskGiven;
  readonly indicatorStart: string;
  readonly dataHash: string;
};

/** A closed market: no candle from `from` (inclusive) to `to` (exclusive). */
export type Gap = {
  readonly from: string;
  readonly to: string;
  readonly missingCandles: number;
  readonly positionHeld: boolean;
};

export type Warning = { readonly code: string; readonly text: string };

export type MetricNotes = Readonly<Record<string, string>>;

export type BacktestResult = {
  readonly schema: 'lockstep.backtest';
  readonly version: 1;
  readonly run: RunHeader;
  readonly metrics: MetricValues;
  /** Why a metric is null or doubtful, by metric name. */
  readonly notes: MetricNotes;
  /** 95 % block-bootstrap intervals by metric name (sharpe, sortino, returnOnCapital). */
  readonly intervals: Readonly<Record<string, readonly [number, number]>>;
  /** The same run under other path models: the honest interval is [adverse, direction]. */
  readonly pathInterval: readonly PathOutcome[];
  readonly benchmarks: readonly Benchmark[];
  readonly reasonHours: Readonly<Record<string, number>>;
  readonly stateHours: Readonly<Record<string, number>>;
  readonly monthly: readonly { readonly month: string; readonly returnPct: number }[];
  /** Null where the execution profile has no delay. */
  readonly latency: LatencyCost | null;
  readonly orderLife: OrderLifeSummary;
  /** Null but for the path `trades`. */
  readonly besideCandles: BesideCandles | null;
  readonly warnings: readonly Warning[];
};

export type PathOutcome = {
  readonly path: string;
  readonly execution: string;
  readonly netProfit: number;
  readonly returnOnCapital: number | null;
  readonly maxDrawdown: number | null;
  readonly trades: number;
};

export type Benchmark = {
  readonly name: 'buy-and-hold' | 'idle collateral';
  readonly netProfit: number;
  readonly returnOnCapital: number | null;
  readonly maxDrawdown: number | null;
};

export type SweepAxis = {
  readonly name: string;
  readonly values: readonly (number | string | boolean)[];
};

export type RankedPoint = {
  readonly rank: number;
  readonly id: number;
  readonly params: Readonly<Record<string, number | string | boolean>>;
  readonly metrics: MetricValues;
  /** Worst neighbour in return / max drawdown: the default rank. null = not rankable, see note. */
  readonly plateauScore: number | null;
  /** For finalists: the point under adverse and home, and the bootstrap interval of its return. */
  readonly finalist: {
    readonly outcomes: readonly PathOutcome[];
    readonly returnInterval: readonly [number, number] | null;
    readonly sharpeInterval: readonly [number, number] | null;
  } | null;
  readonly atEdge: boolean;
};

/** How far the best points beat what the best of N would show by luck. */
export type LuckReport = {
  readonly trials: number;
  /** Trials that move together count less; from the correlation of daily returns. */
  readonly effectiveTrials: number;
  /** Daily Sharpe (annualised) the best of the effective trials would show with no edge. */
  readonly expectedBestSharpe: number | null;
  readonly pointsAbove: number;
  readonly bestSharpe: number | null;
  readonly method: string;
};

export type SweepResult = {
  readonly schema: 'lockstep.sweep';
  readonly version: 1;
  readonly run: RunHeader;
  readonly axes: readonly SweepAxis[];
  readonly sample: 'grid' | 'random' | 'sobol';
  readonly pointCount: number;
  readonly rankedBy: string;
  readonly ranked: readonly RankedPoint[];
  readonly luck: LuckReport;
  readonly benchmarks: readonly Benchmark[];
  readonly warnings: readonly Warning[];
};

/** One metric of points.csv, of tables and of reports. */
export type MetricDefinition = {
  readonly name: string;
  readonly label: string;
  /** `%`, `settle` (the settle currency), `quote`, `days`, `ms`, `x`, `` (a plain number). */
  readonly unit: string;
  readonly better: 'higher' | 'lower' | 'neither';
  /** Digits after the point in tables. */
  readonly digits: number;
};
