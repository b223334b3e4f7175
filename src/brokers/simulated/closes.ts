import { closeCells, CloseIndex } from '../../market/close-index.ts';
import { closeWindows } from '../../market/close-windows.ts';
import type { CloseWindows } from '../../market/close-windows.ts';
import type { IndicatorSeries } from '../../market/indicator-series.ts';
import { LEG_ACK, LEG_AMEND, LEG_MARKET } from '../../venue/latency.ts';
import { knownCloseTimes } from './world.ts';
import type { World } from './world.ts';

/** What the closes of a series come to in a world: columns that threads share. */
export type CloseColumns = {
  readonly series: IndicatorSeries;
  readonly knownMs: Float64Array;
  readonly windows: CloseWindows;
  readonly cells: Float64Array;
};

export function closeColumns(world: World, series: IndicatorSeries): CloseColumns {
  const { latency, tape } = world;
  const knownMs = knownCloseTimes(world, series);
  const windows = closeWindows(
    tape,
    knownMs,
    latency.longestMs(LEG_MARKET),
    longestSettleMs(world),
  );
  return { series, knownMs, windows, cells: closeCells(tape, series, windows) };
}

function longestSettleMs({ latency }: World): number {
  return latency.longestMs(LEG_AMEND) + latency.longestMs(LEG_ACK);
}

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

  constructor(world: World, { series, knownMs, windows, cells }: CloseColumns) {
    this.series = series;
    this.knownMs = knownMs;
    this.settleMs = longestSettleMs(world);
    const longestMs = 2 * world.latency.longestMs(LEG_MARKET) + this.settleMs;
    this.overlap = longestMs >= series.intervalMs;
    this.index = new CloseIndex(world.tape, series, windows, cells);
  }

  /** The last close known before `timeMs`, at or after `from`, which is known before it. */
  lastBefore(timeMs: number, from: number): number {
    const known = this.knownMs;
    const { intervalMs, count } = this.series;
    const ahead = Math.floor((timeMs - (known[from] ?? timeMs)) / intervalMs);
    let last = Math.min(count - 1, from + Math.max(0, ahead));
    while (last > from && !((known[last] ?? Infinity) < timeMs)) last -= 1;
    while (last + 1 < count && (known[last + 1] as number) < timeMs) last += 1;
    return last;
  }
}
