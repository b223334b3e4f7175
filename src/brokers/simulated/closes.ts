import { CloseIndex } from '../../market/close-index.ts';
import { closeWindows } from '../../market/close-windows.ts';
import type { IndicatorSeries } from '../../market/indicator-series.ts';
import { LEG_ACK, LEG_AMEND, LEG_MARKET } from '../../venue/latency.ts';
import { knownCloseTimes } from './world.ts';
import type { World } from './world.ts';

/** The candle closes of a series as the engine learns of them, and what lies around each. */
export class Closes {
  readonly series: IndicatorSeries;
  /** When each close becomes known. */
  readonly knownMs: Float64Array;
  readonly index: CloseIndex;
  /** From a close until the amends it causes have been answered, at the longest. */
  readonly settleMs: number;
  /** News of one close, or the amends it causes, may still be under way at the next one. */
  readonly overlap: boolean;

  constructor(world: World, series: IndicatorSeries) {
    const { latency, tape } = world;
    const marketMs = latency.longestMs(LEG_MARKET);
    this.series = series;
    this.knownMs = knownCloseTimes(world, series);
    this.settleMs = latency.longestMs(LEG_AMEND) + latency.longestMs(LEG_ACK);
    this.overlap = 2 * marketMs + this.settleMs >= series.intervalMs;
    const windows = closeWindows(tape, this.knownMs, marketMs, this.settleMs);
    this.index = new CloseIndex(tape, series, windows);
  }

  /** The last close known before `timeMs`, at or after `from`, which is known before it. */
  lastBefore(timeMs: number, from: number): number {
    const known = this.knownMs;
    const { intervalMs, count } = this.series;
    const ahead = Math.floor((timeMs - (known[from] ?? timeMs)) / intervalMs);
    let last = Math.min(count - 1, from + Math.max(0, ahead));
    while (last > from && !((known[last] ?? Infinity) < timeMs)) last -= 1;
    while ((known[last + 1] ?? Infinity) < timeMs) last += 1;
    return last;
  }
}
