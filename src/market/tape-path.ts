import { InvariantError } from '../engine/invariant.ts';
import type { PathPoint } from './exact.ts';
import {
  PATH_ADVERSE,
  PATH_DIRECTION,
  PATH_HIGH_FIRST,
  crossingMs,
  directionHighFirst,
  firstThirdMs,
  secondThirdMs,
} from './path.ts';
import type { Tape } from './tape.ts';

/** The path of a whole tape under one path model; `adverse` is told its choice candle by candle. */
export class TapePath {
  readonly tape: Tape;
  readonly model: number;
  /** Of the two middle waypoints, from the open. */
  readonly firstOffset: number;
  readonly secondOffset: number;
  /** adverse: 1 where high-first was chosen. */
  readonly #chosen: Uint8Array;

  constructor(tape: Tape, model: number) {
    this.tape = tape;
    this.model = model;
    const duration = tape.intervalMs;
    this.firstOffset = firstThirdMs(duration);
    this.secondOffset = secondThirdMs(duration);
    this.#chosen = new Uint8Array(model === PATH_ADVERSE ? tape.count : 0);
  }

  /** A candle nothing happens in is a tie, and a tie is high-first. */
  forgetChoices(): void {
    this.#chosen.fill(1);
  }

  choose(row: number, highFirst: boolean): void {
    this.#chosen[row] = highFirst ? 1 : 0;
  }

  isHighFirst(row: number): boolean {
    if (this.model === PATH_DIRECTION) {
      return directionHighFirst(this.tape.open[row] ?? 0, this.tape.close[row] ?? 0);
    }
    if (this.model === PATH_ADVERSE) return this.#chosen[row] === 1;
    return this.model === PATH_HIGH_FIRST;
  }

  /** Ticks of waypoint 0..3. */
  waypoint(row: number, index: number): number {
    const tape = this.tape;
    if (index === 0) return tape.open[row] ?? 0;
    if (index === 3) return tape.close[row] ?? 0;
    return (index === 1) === this.isHighFirst(row) ? (tape.high[row] ?? 0) : (tape.low[row] ?? 0);
  }

  waypointMs(row: number, index: number): number {
    const openMs = this.tape.openTimeMs[row] ?? 0;
    if (index === 0) return openMs;
    if (index === 3) return openMs + this.tape.intervalMs - 1;
    return openMs + (index === 1 ? this.firstOffset : this.secondOffset);
  }

  /** The last row opened at or before the time, looking back from `row`; -1 before the tape. */
  rowAt(row: number, timeMs: number): number {
    let at = row;
    while (at >= 0 && (this.tape.openTimeMs[at] ?? 0) > timeMs) at -= 1;
    return at;
  }

  /** How long before a past or present time the last price was; 0 while a candle is open. */
  closedForMs(row: number, timeMs: number): number {
    const at = this.rowAt(row, timeMs);
    if (at < 0) return 0;
    const lastMs = (this.tape.openTimeMs[at] ?? 0) + this.tape.intervalMs - 1;
    return Math.max(0, timeMs - lastMs);
  }

  /** The path price at a past or present time (in a gap: the last close). False before the tape. */
  priceAt(row: number, timeMs: number, point: PathPoint): boolean {
    const at = this.rowAt(row, timeMs);
    if (at < 0) return false;
    for (let index = 0; index < 3; index += 1) {
      const toMs = this.waypointMs(at, index + 1);
      if (timeMs > toMs) continue;
      const fromMs = this.waypointMs(at, index);
      const from = this.waypoint(at, index);
      const to = this.waypoint(at, index + 1);
      if (timeMs === toMs) point.set(to, 1);
      else if (timeMs === fromMs) point.set(from, 1);
      else point.set(from * (toMs - fromMs) + (to - from) * (timeMs - fromMs), toMs - fromMs);
      return true;
    }
    point.set(this.tape.close[at] ?? 0, 1);
    return true;
  }

  /** First ms in (afterMs, untilMs] at which the path is <= low or >= high; Infinity if none. */
  firstOutside(row: number, afterMs: number, untilMs: number, low: number, high: number): number {
    let at = Math.max(0, this.rowAt(row, afterMs));
    for (; at <= row; at += 1) {
      const found = this.#outsideIn(at, afterMs, low, high);
      if (found <= untilMs) return found;
      if (found < Infinity) return Infinity;
    }
    return Infinity;
  }

  #outsideIn(row: number, afterMs: number, low: number, high: number): number {
    for (let index = 0; index < 3; index += 1) {
      const toMs = this.waypointMs(row, index + 1);
      if (toMs <= afterMs) continue;
      const fromMs = this.waypointMs(row, index);
      const from = this.waypoint(row, index);
      const to = this.waypoint(row, index + 1);
      const startMs = Math.max(fromMs, afterMs + 1);
      const length = toMs - fromMs;
      const num = from * length + (to - from) * (startMs - fromMs);
      if (!Number.isSafeInteger(num)) throw new InvariantError(`path price ${num} beyond 2^53`);
      if (num <= low * length || num >= high * length) return startMs;
      if (to <= low) return crossingMs(fromMs, from, toMs, to, low);
      if (to >= high) return crossingMs(fromMs, from, toMs, to, high);
    }
    return Infinity;
  }
}
