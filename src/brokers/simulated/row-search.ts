import { crossingIndexOf } from '../../market/crossing-index.ts';
import type { CrossingIndex } from '../../market/crossing-index.ts';
import { hasGaps, lowerBound } from '../../market/tape.ts';
import type { Deliveries } from './deliveries.ts';
import { Leaps } from './leaps.ts';
import type { LeapParts } from './leaps.ts';
import type { Moments } from './moments.ts';
import type { SimState } from './sim-state.ts';
import type { World } from './world.ts';

/** What the walk may pass over without looking: nothing it passes over can matter. */
export type Walk = 'skip' | 'every-candle' | 'every-waypoint';

/** A level as a whole 32-bit number, so that tight loops compare integers. */
function clampTicks(level: number): number {
  return level <= -0x80000000 ? -0x80000000 | 0 : level >= 0x7fffffff ? 0x7fffffff : level | 0;
}

/** Finds the next row of the tape that may matter. The only place where the walks differ. */
export class RowSearch {
  readonly #walk: Walk;
  readonly #world: World;
  readonly #state: SimState;
  readonly #moments: Moments;
  readonly #deliveries: Deliveries;
  readonly #crossings: CrossingIndex | undefined;
  readonly #leaps: Leaps | undefined;
  readonly #firstOpenMs: number;
  readonly #hasGaps: boolean;

  constructor(walk: Walk, parts: Omit<LeapParts, 'crossings'>, moments: Moments) {
    const { world, state, deliveries } = parts;
    this.#walk = walk;
    this.#world = world;
    this.#state = state;
    this.#moments = moments;
    this.#deliveries = deliveries;
    this.#firstOpenMs = world.tape.openTimeMs[0] ?? 0;
    this.#hasGaps = hasGaps(world.tape);
    if (walk !== 'skip') return;
    this.#crossings = crossingIndexOf(world.tape);
    // A leap leaves out the trades that orders wait behind.
    if (world.trades === undefined)
      this.#leaps = new Leaps({ ...parts, crossings: this.#crossings });
  }

  /** When a row's candle opens. Where none is missing, arithmetic is cheaper than memory. */
  openMs(row: number): number {
    const { openTimeMs, intervalMs } = this.#world.tape;
    return this.#hasGaps ? (openTimeMs[row] ?? 0) : this.#firstOpenMs + row * intervalMs;
  }

  /**
   * The first row from `from` on that may matter: its range reaches a level, or an event is due
   * before it ends. The tape's count if there is none.
   */
  next(from: number): number {
    if (this.#crossings !== undefined) return this.#skipTo(from, this.#crossings);
    if (this.#walk === 'every-waypoint') return from;
    // The one loop that visits every candle, so it holds nothing but comparisons.
    const { low, high } = this.#world.tape;
    const floor = clampTicks(this.#state.floor);
    const ceil = clampTicks(this.#state.ceil);
    const endRow = this.#rowOfEvent(from);
    let row = from;
    while (row < endRow && (low[row] as number) > floor && (high[row] as number) < ceil) row += 1;
    return row;
  }

  /** The same by looking where the index says, and past closes that only move what follows. */
  #skipTo(from: number, crossings: CrossingIndex): number {
    const state = this.#state;
    let row = from;
    while (state.nextCloseMs === state.dueMs && this.#leaps !== undefined) {
      const close = state.closeRow;
      row = this.#leaps.leap(row, this.#deliveries.engine);
      if (state.closeRow === close) break;
      this.#moments.refreshLevels();
    }
    const end = this.#rowOfEvent(row);
    return crossings.nextOutside(row, end, clampTicks(state.floor), clampTicks(state.ceil));
  }

  /** The first row from `from` on in whose span the next event is due; the tape's count if none. */
  #rowOfEvent(from: number): number {
    const { count, intervalMs } = this.#world.tape;
    const dueMs = this.#moments.nextMs() - intervalMs + 1;
    if (dueMs === Infinity) return count;
    return Math.min(count, Math.max(from, this.#rowFrom(dueMs)));
  }

  /** The first row that opens at or after a time. */
  #rowFrom(timeMs: number): number {
    const { openTimeMs, intervalMs } = this.#world.tape;
    if (!this.#hasGaps) return Math.ceil((timeMs - this.#firstOpenMs) / intervalMs);
    return lowerBound(openTimeMs, timeMs);
  }
}
