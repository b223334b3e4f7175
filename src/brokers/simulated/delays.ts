import type { PricePath } from '../../market/price-path.ts';
import { LEG_MARKET } from '../../venue/latency.ts';
import type { SimState } from './sim-state.ts';
import { isVolatileAt } from './world.ts';
import type { World } from './world.ts';

/** Draws of the run's legs: keyed by send time and by how many the leg made in that ms. */
export class Delays {
  /** The present ms lies in a volatile candle. */
  volatileNow = false;
  readonly #world: World;
  readonly #path: PricePath;
  readonly #state: SimState;

  constructor(world: World, path: PricePath, state: SimState) {
    this.#world = world;
    this.#path = path;
    this.#state = state;
  }

  get longestMarketMs(): number {
    return this.#world.latency.longestMs(LEG_MARKET);
  }

  /** Delay of a message sent now on a leg. */
  next(leg: number, nowMs: number): number {
    const { latency } = this.#world;
    if (latency.isZero(leg)) return 0;
    const state = this.#state;
    if (state.drawMs[leg] !== nowMs) {
      state.drawMs[leg] = nowMs;
      state.drawCount[leg] = 0;
    }
    const n = state.drawCount[leg] ?? 0;
    state.drawCount[leg] = n + 1;
    return latency.delayMs(leg, nowMs, n, this.volatileNow);
  }

  /** The market leg is a function of time alone; `row` is at or after the candle of `timeMs`. */
  market(timeMs: number, row: number): number {
    const world = this.#world;
    if (world.latency.isZero(LEG_MARKET)) return 0;
    const volatile =
      world.volatile.length > 0 && isVolatileAt(world, this.#path.rowAt(row, timeMs), timeMs);
    return world.latency.delayMs(LEG_MARKET, timeMs, 0, volatile);
  }
}
