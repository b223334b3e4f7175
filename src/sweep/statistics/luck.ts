import type { LuckReport } from '../results.ts';
import { sharpeOf } from '../metrics/daily-ratios.ts';
import { inverseNormal } from './normal.ts';

const DAYS_PER_YEAR = 365;
const EULER_MASCHERONI = 0.5772156649015329;

/**
 * How good the best of many points would look with no edge at all. Points are added one by one
 * with their daily returns; nothing of them is kept but their Sharpe ratios and one sum.
 */
export class LuckMeter {
  readonly #days: number;
  readonly #sharpes: number[] = [];
  /** Sum over points of their returns standardised to length one: its square holds all pairs. */
  readonly #sum: Float64Array;
  readonly #full: Float64Array;
  #trials = 0;

  /** `days`: daily returns of the longest run; runs that ended before count as flat after. */
  constructor(days: number) {
    this.#days = days;
    this.#sum = new Float64Array(days);
    this.#full = new Float64Array(days);
  }

  add(daily: Float32Array | Float64Array): void {
    this.#trials += 1;
    const full = this.#full;
    const days = full.length;
    full.fill(0);
    full.set(daily.subarray(0, days));
    const sharpe = sharpeOf(full, days);
    if (Number.isNaN(sharpe)) return;
    this.#sharpes.push(sharpe);
    let [total, squares] = [0, 0];
    for (let day = 0; day < days; day += 1) total += full[day] as number;
    const mean = total / days;
    for (let day = 0; day < days; day += 1) squares += ((full[day] as number) - mean) ** 2;
    const length = Math.sqrt(squares);
    const sum = this.#sum;
    for (let day = 0; day < days; day += 1) {
      sum[day] = (sum[day] as number) + ((full[day] as number) - mean) / length;
    }
  }

  /** Mean correlation over all pairs, exact: (|sum of unit vectors|^2 - n) / (n (n - 1)). */
  meanCorrelation(): number {
    const n = this.#sharpes.length;
    if (n < 2) return 0;
    const square = this.#sum.reduce((sum, value) => sum + value * value, 0);
    return (square - n) / (n * (n - 1));
  }

  report(): LuckReport {
    const correlation = Math.min(1, Math.max(0, this.meanCorrelation()));
    const effective = effectiveTrials(this.#sharpes.length, correlation);
    const expected = expectedBestSharpe(effective, this.#days);
    const best = this.#sharpes.reduce((max, value) => Math.max(max, value), -Infinity);
    return {
      trials: this.#trials,
      effectiveTrials: effective,
      expectedBestSharpe: Number.isNaN(expected) ? null : expected,
      pointsAbove: this.#sharpes.filter((value) => value > expected).length,
      bestSharpe: this.#sharpes.length === 0 ? null : best,
      method: 'expected maximum of N independent Sharpe ratios without edge (Bailey & Lopez de '
        + `Prado 2014), variance 1/${this.#days} days, N = rho + (1 - rho) x points with the mean `
        + `correlation of daily returns rho = ${correlation.toFixed(3)}`,
    };
  }
}

/** N of independent trials worth n with mean correlation rho: rho + (1 - rho) n. */
export function effectiveTrials(n: number, correlation: number): number {
  return n === 0 ? 0 : correlation + (1 - correlation) * n;
}

/**
 * E[max] = sqrt(V) ((1 - g) Z(1 - 1/N) + g Z(1 - 1/(N e))), annualised. V is the sampling
 * variance of a daily Sharpe ratio whose true value is 0: 1/T, whatever skew and kurtosis (the
 * terms of Mertens 2002 vanish at 0). The spread across trials would mix in true differences.
 * One trial is expected at 0; the approximation needs N >= 2 and is 0 below.
 */
export function expectedBestSharpe(trials: number, days: number): number {
  if (days < 2 || trials <= 0) return NaN;
  if (trials < 2) return 0;
  const high = inverseNormal(1 - 1 / trials);
  const higher = inverseNormal(1 - 1 / (trials * Math.E));
  const standard = (1 - EULER_MASCHERONI) * high + EULER_MASCHERONI * higher;
  return Math.sqrt(DAYS_PER_YEAR / days) * standard;
}
