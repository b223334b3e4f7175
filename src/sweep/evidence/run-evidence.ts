import { loadProfile } from '../../feeds/profiles.ts';
import { indicatorSeries } from '../../market/indicator-series.ts';
import type { IndicatorSeries } from '../../market/indicator-series.ts';
import type { PathModel } from '../../market/path.ts';
import type { ExecutionProfile } from '../../venue/execution-profile.ts';
import { simulate } from '../backtest-outcomes.ts';
import { analyseRun } from '../metrics/analyse-run.ts';
import { computeMetrics } from '../metrics/compute-metrics.ts';
import { buildMetricsIndex } from '../metrics/metrics-index.ts';
import { METRIC_COUNT, metricValues } from '../metrics/registry.ts';
import { newMetricsScratch } from '../metrics/scratch.ts';
import type { PreparedRun } from '../prepared-run.ts';
import type { MetricValues } from '../results.ts';
import { setupRun } from '../setup-run.ts';
import { withFees } from './other-fees.ts';

/** One run in the numbers a judgement needs; what is open at the end counts as closed. */
export type RunNumbers = {
  readonly path: string;
  readonly execution: string;
  readonly feeFactor: number;
  readonly netProfit: number | null;
  readonly returnPercent: number | null;
  readonly maxDrawdownPercent: number | null;
  readonly trades: number;
  readonly longestPositionDays: number | null;
  readonly liquidated: boolean;
};

/** Every path under every execution under every fee factor. */
export type HarsherTerms = {
  readonly paths: readonly PathModel[];
  /** Names of shipped profiles. */
  readonly executions: readonly string[];
  readonly feeFactors: readonly number[];
};

export type RunEvidence = {
  readonly own: RunNumbers;
  /** All metrics of the run itself, for comparison with what was written down. */
  readonly ownMetrics: MetricValues;
  readonly harsher: readonly RunNumbers[];
};

/** Runs what the spec names, and the same under harsher terms. The same code as a backtest's. */
export function runEvidence(prepared: PreparedRun, terms: HarsherTerms): RunEvidence {
  const { path, execution } = prepared.spec;
  const series = indicatorSeries(prepared.tape, setupRun(prepared).setup.indicators);
  const own = simulate(prepared, setupRun(prepared), series, { path, execution }).record;
  const ownMetrics = analyseRun(own).values;
  const factors = [...new Set(terms.feeFactors)];
  const harsher = factors.flatMap((factor) => {
    const fees = withFees(prepared, factor);
    return terms.executions.flatMap((name) =>
      terms.paths.map((each) => numbersUnder(fees, series, each, name, factor)),
    );
  });
  return { own: numbersOf(ownMetrics, path, execution.name, 1), ownMetrics, harsher };
}

function numbersUnder(
  prepared: PreparedRun,
  series: IndicatorSeries,
  path: PathModel,
  name: string,
  feeFactor: number,
): RunNumbers {
  const execution = fitting(loadProfile(name).profile, prepared);
  const { record } = simulate(prepared, setupRun(prepared), series, { path, execution });
  const index = buildMetricsIndex(record.tape, record.fundingIndex, record.instrument);
  const row = new Float64Array(METRIC_COUNT);
  computeMetrics(record, index, newMetricsScratch(), row);
  return numbersOf(metricValues(row), path, name, feeFactor);
}

/** Candles without volume cannot limit what fills. */
function fitting(execution: ExecutionProfile, { tape }: PreparedRun): ExecutionProfile {
  return tape.hasVolume ? execution : { ...execution, participation: undefined };
}

function numbersOf(
  values: MetricValues,
  path: string,
  execution: string,
  feeFactor: number,
): RunNumbers {
  const value = (name: string): number | null => values[name] ?? null;
  return {
    path,
    execution,
    feeFactor,
    netProfit: value('netProfit'),
    returnPercent: value('returnOnCapital'),
    maxDrawdownPercent: value('maxDrawdown'),
    trades: value('trades') ?? 0,
    longestPositionDays: value('longestPositionDays'),
    liquidated: value('liquidated') === 1,
  };
}
