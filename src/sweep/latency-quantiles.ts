import type { Quantiles } from './latency-results.ts';

/** Of whole ms, by nearest rank. */
export function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number | null =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  const totalMs = sorted.reduce((sum, value) => sum + value, 0);
  return { count: sorted.length, totalMs, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
