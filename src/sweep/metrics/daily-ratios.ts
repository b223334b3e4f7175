import { MS_PER_DAY } from '../../engine/units.ts';

/** Crypto trades every day of the year. */
export const DAYS_PER_YEAR = 365;

type Daily = Float32Array | Float64Array;

/**
 * Sharpe ratio of daily returns, annualised: mean / sample deviation (n - 1) x sqrt(365), with no
 * risk-free rate (Sharpe 1994). NaN under 2 days or where returns do not vary.
 */
export function sharpeOf(daily: Daily, days: number): number {
  if (days < 2) return NaN;
  const mean = meanOf(daily, days);
  let squares = 0;
  for (let day = 0; day < days; day += 1) squares += ((daily[day] as number) - mean) ** 2;
  const deviation = Math.sqrt(squares / (days - 1));
  return isTiny(deviation, mean) ? NaN : (mean / deviation) * Math.sqrt(DAYS_PER_YEAR);
}

/**
 * Sortino ratio, annualised: mean / downside deviation below 0 over all n days x sqrt(365)
 * (Sortino & Price 1994). NaN without a losing day.
 */
export function sortinoOf(daily: Daily, days: number): number {
  if (days < 2) return NaN;
  let squares = 0;
  for (let day = 0; day < days; day += 1) squares += Math.min(0, daily[day] as number) ** 2;
  if (squares === 0) return NaN;
  return (meanOf(daily, days) / Math.sqrt(squares / days)) * Math.sqrt(DAYS_PER_YEAR);
}

/** Equal returns differ by rounding only; that is no variation to divide by. */
function isTiny(deviation: number, mean: number): boolean {
  return deviation <= Math.abs(mean) * 1e-12;
}

function meanOf(daily: Daily, days: number): number {
  let sum = 0;
  for (let day = 0; day < days; day += 1) sum += daily[day] as number;
  return sum / days;
}

/**
 * Longest stay below a running peak of profit, in days: from the mark that set the peak to the
 * first later mark at or above it, or to the last mark. The peak starts at 0 at startMs.
 */
export function longestDrawdownDays(
  profit: Float64Array,
  count: number,
  startMs: number,
  markMs: (mark: number) => number,
): number {
  let peak = 0;
  let peakMs = startMs;
  let longestMs = 0;
  let below = false;
  for (let mark = 0; mark < count; mark += 1) {
    const value = profit[mark] as number;
    if (value < peak) {
      below = true;
      if (mark < count - 1) continue;
    }
    const atMs = markMs(mark);
    if (below) longestMs = Math.max(longestMs, atMs - peakMs);
    peak = value;
    peakMs = atMs;
    below = false;
  }
  return longestMs / MS_PER_DAY;
}
