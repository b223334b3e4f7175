import type { SeriesGap } from './series-info.ts';

/** Holes between candles. They stay holes: nothing is ever filled in. */
export function gapsOf(timeMs: Float64Array, intervalMs: number): SeriesGap[] {
  const gaps: SeriesGap[] = [];
  for (let index = 1; index < timeMs.length; index += 1) {
    const fromMs = (timeMs[index - 1] ?? 0) + intervalMs;
    const toMs = timeMs[index] ?? 0;
    if (toMs === fromMs) continue;
    gaps.push({ fromMs, toMs, missingCandles: (toMs - fromMs) / intervalMs });
  }
  return gaps;
}
