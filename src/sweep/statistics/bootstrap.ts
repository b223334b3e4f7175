import { invariant } from '../../engine/invariant.ts';
import { uniformAt } from './counter-random.ts';

export const RESAMPLES = 1_000;
const DAYS_PER_YEAR = 365;

/** 95 % intervals; null where the statistic did not exist in enough resamples. */
export type BootstrapIntervals = {
  /** Percent of capital over the whole run: daily returns are additive on a fixed capital. */
  readonly returnOnCapital: readonly [number, number] | null;
  readonly sharpe: readonly [number, number] | null;
  readonly sortino: readonly [number, number] | null;
  readonly blockDays: number;
};

/** Block length n^(1/3), rounded, at least 1: grows as Hall, Horowitz & Jing (1995) ask. */
export function blockDaysFor(days: number): number {
  return Math.max(1, Math.round(Math.cbrt(days)));
}

/**
 * Circular block bootstrap (Politis & Romano 1992) of daily returns (fractions of the capital),
 * percentile intervals at 2.5 % and 97.5 %. Blocks keep what neighbouring days have in common.
 * Each resample has the run's number of days; its last block is cut short.
 */
export function bootstrapIntervals(
  daily: Float32Array | Float64Array,
  seed: number,
  resamples = RESAMPLES,
): BootstrapIntervals {
  const days = daily.length;
  const blockDays = blockDaysFor(days);
  if (days < 2) return { returnOnCapital: null, sharpe: null, sortino: null, blockDays };
  const sums = circularSums(daily, blockDays);
  const returns = new Float64Array(resamples);
  const sharpes = new Float64Array(resamples);
  const sortinos = new Float64Array(resamples);
  const blocks = Math.ceil(days / blockDays);
  for (let sample = 0; sample < resamples; sample += 1) {
    let [sum, squares, losses] = [0, 0, 0];
    for (let block = 0; block < blocks; block += 1) {
      const start = Math.floor(uniformAt(seed, sample * blocks + block) * days);
      const end = start + Math.min(blockDays, days - block * blockDays);
      sum += between(sums.returns, start, end);
      squares += between(sums.squares, start, end);
      losses += between(sums.losses, start, end);
    }
    returns[sample] = 100 * sum;
    sharpes[sample] = sharpe(sum, squares, days);
    sortinos[sample] = losses > 0 ? sum / days / Math.sqrt(losses / days) * annual : NaN;
  }
  return {
    returnOnCapital: percentiles(returns),
    sharpe: percentiles(sharpes),
    sortino: percentiles(sortinos),
    blockDays,
  };
}

const annual = Math.sqrt(DAYS_PER_YEAR);

function sharpe(sum: number, squares: number, days: number): number {
  const mean = sum / days;
  const variance = (squares - sum * mean) / (days - 1);
  // Below rounding of the sums there is no variation to divide by.
  return variance > squares * 1e-14 ? (mean / Math.sqrt(variance)) * annual : NaN;
}

type CircularSums = {
  readonly returns: Float64Array;
  readonly squares: Float64Array;
  readonly losses: Float64Array;
};

/** Prefix sums that run one block past the end, over the first days again. */
function circularSums(daily: Float32Array | Float64Array, blockDays: number): CircularSums {
  const days = daily.length;
  const length = days + blockDays + 1;
  const [returns, squares, losses] = [
    new Float64Array(length), new Float64Array(length), new Float64Array(length),
  ];
  for (let i = 0; i + 1 < length; i += 1) {
    const value = daily[i % days] ?? 0;
    invariant(Number.isFinite(value), `daily return ${i % days} is ${value}`);
    returns[i + 1] = (returns[i] ?? 0) + value;
    squares[i + 1] = (squares[i] ?? 0) + value * value;
    losses[i + 1] = (losses[i] ?? 0) + Math.min(0, value) ** 2;
  }
  return { returns, squares, losses };
}

function between(sums: Float64Array, start: number, end: number): number {
  return (sums[end] as number) - (sums[start] as number);
}

/** 2.5 % and 97.5 %, interpolated between order statistics; half the resamples must exist. */
function percentiles(values: Float64Array): readonly [number, number] | null {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  if (known.length * 2 < values.length) return null;
  return [quantile(known, 0.025), quantile(known, 0.975)];
}

function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (at - below);
}
