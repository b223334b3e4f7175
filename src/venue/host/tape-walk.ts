import { InvariantError } from '../../engine/invariant.ts';
import type { PathPoint } from '../../market/exact.ts';
import { crossingMs } from '../../market/path.ts';
import { TapePath } from '../../market/tape-path.ts';
import { lowerBound } from '../../market/tape.ts';
import type { Tape } from '../../market/tape.ts';

/** Between which prices nothing happens. */
export type Levels = { floor: number; ceil: number };

/** The tape as time passes over it: where the path stands, when it next turns or meets a level. */
export class TapeWalk {
  readonly path: TapePath;
  readonly tape: Tape;
  readonly endMs: number;
  /** The last row that has opened; -1 before the tape. */
  row: number;

  constructor(tape: Tape, model: number, startMs: number, endMs: number) {
    this.tape = tape;
    this.path = new TapePath(tape, model);
    this.endMs = endMs;
    this.row = lowerBound(tape.openTimeMs, startMs + 1) - 1;
  }

  to(nowMs: number): void {
    const { openTimeMs, count } = this.tape;
    while (this.row + 1 < count && (openTimeMs[this.row + 1] ?? Infinity) <= nowMs) this.row += 1;
  }

  /** A candle covers this ms. */
  isOpen(nowMs: number): boolean {
    return this.row >= 0 && nowMs < this.closeMs(this.row) && nowMs < this.endMs;
  }

  closeMs(row: number): number {
    return (this.tape.openTimeMs[row] ?? -Infinity) + this.tape.intervalMs;
  }

  /** In a gap the last close; before the tape its first open. */
  pointAt(nowMs: number, point: PathPoint): void {
    if (this.path.priceAt(this.row, nowMs, point)) return;
    point.set(this.tape.open[0] ?? 0, 1);
  }

  /** The next corner of the path, close of a candle or open of one, after `nowMs`. */
  nextCornerMs(nowMs: number): number {
    const { openTimeMs, count } = this.tape;
    if (this.isOpen(nowMs)) {
      for (let corner = 0; corner < 4; corner += 1) {
        const cornerMs = this.path.waypointMs(this.row, corner);
        if (cornerMs > nowMs) return cornerMs;
      }
      return Math.min(this.closeMs(this.row), this.endMs);
    }
    const nextMs = this.row + 1 < count ? (openTimeMs[this.row + 1] ?? Infinity) : Infinity;
    return nextMs < this.endMs ? nextMs : Infinity;
  }

  /** First ms after `nowMs`, on the same segment, that reaches a level; Infinity for none. */
  nextLevelMs(nowMs: number, levels: Levels): number {
    if (!this.isOpen(nowMs)) return Infinity;
    const { path, row } = this;
    for (let corner = 1; corner < 4; corner += 1) {
      const toMs = path.waypointMs(row, corner);
      if (toMs <= nowMs) continue;
      const fromMs = path.waypointMs(row, corner - 1);
      const from = path.waypoint(row, corner - 1);
      const to = path.waypoint(row, corner);
      let reachedMs = Infinity;
      if (to < from && to <= levels.floor)
        reachedMs = crossingMs(fromMs, from, toMs, to, levels.floor);
      else if (to > from && to >= levels.ceil)
        reachedMs = crossingMs(fromMs, from, toMs, to, levels.ceil);
      if (reachedMs > nowMs) return reachedMs;
      throw new InvariantError(`a level at ${reachedMs} ms was passed over at ${nowMs} ms`);
    }
    return Infinity;
  }
}
