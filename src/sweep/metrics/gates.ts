import type { MetricNotes, MetricValues } from '../results.ts';
import type { MetricName } from './registry.ts';
import { METRICS } from './registry.ts';

export const MIN_TRADES = 30;
export const MIN_DAYS = 90;
export const MIN_DAYS_TO_COMPOUND = 365;

/** What a metric asks of a run before it says anything. */
type Gate = { readonly trades: number; readonly days: number };

const RATIO: Gate = { trades: MIN_TRADES, days: MIN_DAYS };

const GATES: Readonly<Partial<Record<MetricName, Gate>>> = {
  sharpe: RATIO,
  sortino: RATIO,
  profitFactor: RATIO,
  expectancy: RATIO,
  winRate: RATIO,
  payoff: RATIO,
  calmar: { trades: MIN_TRADES, days: MIN_DAYS_TO_COMPOUND },
  cagr: { trades: 0, days: MIN_DAYS_TO_COMPOUND },
  returnOverMaxDrawdown: { trades: MIN_TRADES, days: 0 },
};

const GATED = METRICS.flatMap(({ name }, column) => {
  const gate = GATES[name];
  return gate === undefined ? [] : [{ column, ...gate }];
});

/** Takes out of a row of metrics what too few trades or days cannot bear. */
export function applyGates(row: Float64Array, trades: number, runDays: number): void {
  for (const gate of GATED) {
    if (trades < gate.trades || runDays < gate.days) row[gate.column] = NaN;
  }
}

/** Reasons that are a metric's own, once the run is long enough and has a capital. */
const OWN_REASONS: Readonly<Partial<Record<MetricName, string>>> = {
  maxDrawdownDays: 'measured for backtests and finalists only; see maxDrawdownDaysDaily',
  sharpe: 'daily returns do not vary',
  sortino: 'no losing day',
  calmar: 'no drawdown',
  returnOverMaxDrawdown: 'no drawdown',
  profitFactor: 'no losing trade',
  payoff: 'needs both winning and losing trades',
  makerShare: 'no fill',
  maeAvg: 'no trade',
  mfeAvg: 'no trade',
  maeWorst: 'no trade',
  openAgeDays: 'nothing is open at the end',
  longestPositionDays: 'no trade',
  collateralUsdReturn: 'the collateral is the quote currency itself',
  timeFlat: 'no slot time was recorded',
  timeEntryPending: 'no slot time was recorded',
  timeInPosition: 'no slot time was recorded',
  timeExitPending: 'no slot time was recorded',
  buyAndHoldReturn: 'no candle in the period',
  excessOverBuyHold: 'no candle in the period',
};

const ON_CAPITAL: ReadonlySet<string> = new Set<MetricName>([
  'capital', 'returnOnCapital', 'cagr', 'maxDrawdown', 'maxDrawdownDays', 'sharpe', 'sortino',
  'calmar', 'returnOverMaxDrawdown', 'grossExposure', 'netExposure', 'turnover',
  'excessOverBuyHold', 'returnOnPeakNotional',
]);

/** Why each metric that is null is null. `days` is the length of the run. */
export function metricNotes(values: MetricValues, days: number): MetricNotes {
  const notes: Record<string, string> = {};
  for (const { name } of METRICS) {
    if ((values[name] ?? null) === null) notes[name] = whyNull(name, values, days);
  }
  return notes;
}

function whyNull(name: MetricName, values: MetricValues, days: number): string {
  const trades = values['trades'] ?? 0;
  const gate = GATES[name];
  if (gate !== undefined && trades < gate.trades) return `${trades} trades; needs ${gate.trades}`;
  if (gate !== undefined && days < gate.days) {
    return `${Number(days.toFixed(1))} days; needs ${gate.days}`;
  }
  if (ON_CAPITAL.has(name) && (values['capital'] ?? null) === null) {
    return 'no position was ever held, so there is no capital to measure by';
  }
  return OWN_REASONS[name] ?? 'not defined for this run';
}
