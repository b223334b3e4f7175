import { PathPoint } from '../../market/exact.ts';
import { MS_PER_DAY } from '../../engine/units.ts';
import { TapePath } from '../../market/tape-path.ts';
import { lowerBound } from '../../market/tape.ts';
import type { Tape } from '../../market/tape.ts';

/** A candle as it stands at some time, in ticks and steps. */
export type Candle = {
  readonly startMs: number;
  readonly endMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volumeSteps: number;
  readonly closed: boolean;
};

/** Monday is the first day of Bybit's weeks; 1970-01-01 was a Thursday. */
const FIRST_MONDAY_MS = 4 * MS_PER_DAY;

/** Bybit's interval words as ms; months are left out, their length changes. */
export function bybitIntervalMs(word: unknown): number | undefined {
  if (word === 'D') return MS_PER_DAY;
  if (word === 'W') return 7 * MS_PER_DAY;
  const minutes = ['1', '3', '5', '15', '30', '60', '120', '240', '360', '720'];
  return typeof word === 'string' && minutes.includes(word) ? Number(word) * 60_000 : undefined;
}

/** Start of the candle of this length that a time lies in. */
export function candleStartMs(timeMs: number, intervalMs: number): number {
  const origin = intervalMs === 7 * MS_PER_DAY ? FIRST_MONDAY_MS : 0;
  return Math.floor((timeMs - origin) / intervalMs) * intervalMs + origin;
}

/** Candles of any length over one tape, the open one included: what its path has shown so far. */
export class Candles {
  readonly tape: Tape;
  readonly #path: TapePath;
  readonly #point = new PathPoint();

  constructor(tape: Tape, path: number) {
    this.tape = tape;
    this.#path = new TapePath(tape, path);
  }

  /** Undefined where no trade has made it: no row, or none that has opened by `nowMs`. */
  at(startMs: number, intervalMs: number, nowMs: number): Candle | undefined {
    const { tape } = this;
    const endMs = startMs + intervalMs;
    const first = lowerBound(tape.openTimeMs, startMs);
    const end = lowerBound(tape.openTimeMs, Math.min(endMs, nowMs + 1));
    if (first >= end) return undefined;
    let high = -Infinity;
    let low = Infinity;
    let volumeSteps = 0;
    const last = end - 1;
    const open = tape.open[first] ?? 0;
    for (let row = first; row < last; row += 1) {
      high = Math.max(high, tape.high[row] ?? 0);
      low = Math.min(low, tape.low[row] ?? 0);
      volumeSteps += tape.volumeSteps[row] ?? 0;
    }
    const forming = this.#soFar(last, nowMs);
    return {
      startMs,
      endMs,
      open,
      high: Math.max(high, forming.high),
      low: Math.min(low, forming.low),
      close: forming.close,
      volumeSteps: volumeSteps + forming.volumeSteps,
      closed: nowMs >= endMs,
    };
  }

  /** One row of the tape up to `nowMs`. */
  #soFar(row: number, nowMs: number): Omit<Candle, 'startMs' | 'endMs' | 'open' | 'closed'> {
    const { tape } = this;
    const openMs = tape.openTimeMs[row] ?? 0;
    const volume = tape.volumeSteps[row] ?? 0;
    if (nowMs >= openMs + tape.intervalMs - 1) {
      const [high, low, close] = [tape.high[row] ?? 0, tape.low[row] ?? 0, tape.close[row] ?? 0];
      return { high, low, close, volumeSteps: volume };
    }
    this.#path.priceAt(row, nowMs, this.#point);
    const close = Math.round(this.#point.ticks());
    let [high, low] = [close, close];
    for (let corner = 0; corner < 3; corner += 1) {
      if (this.#path.waypointMs(row, corner) > nowMs) break;
      high = Math.max(high, this.#path.waypoint(row, corner));
      low = Math.min(low, this.#path.waypoint(row, corner));
    }
    const share = (nowMs - openMs) / tape.intervalMs;
    return { high, low, close, volumeSteps: Math.floor(volume * share) };
  }
}
