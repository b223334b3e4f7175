import { compileQuantiles } from '../latency.ts';
import type { Distribution } from '../latency.ts';
import { draw } from '../philox.ts';
import { SURFACES } from './options.ts';
import type { Surface } from './options.ts';

/** Surfaces draw from legs of their own, clear of those of a run's profile. */
const FIRST_LEG = 16;

const compiled = new WeakMap<Distribution, Int32Array>();

function quantiles(distribution: Distribution): Int32Array {
  const known = compiled.get(distribution);
  if (known !== undefined) return known;
  const table = compileQuantiles(distribution);
  compiled.set(distribution, table);
  return table;
}

/** When one surface shows what happened: never before it, and in the order it happened. */
export class SurfaceClock {
  stalledUntilMs = -Infinity;
  readonly #seed: number;
  readonly #leg: number;
  readonly #table: Int32Array;
  #lastDueMs = -Infinity;
  #drawnMs = -Infinity;
  #drawn = 0;

  constructor(seed: number, surface: Surface, distribution: Distribution) {
    this.#seed = seed;
    this.#leg = FIRST_LEG + SURFACES.indexOf(surface);
    this.#table = quantiles(distribution);
  }

  /** Due time of the next event, which happened at `timeMs`. */
  dueMs(timeMs: number): number {
    this.#drawn = timeMs === this.#drawnMs ? this.#drawn + 1 : 0;
    this.#drawnMs = timeMs;
    const word = draw(this.#seed, this.#leg, timeMs, this.#drawn);
    const due = Math.max(this.#lastDueMs, timeMs + (this.#table[word >>> 22] ?? 0));
    this.#lastDueMs = due;
    return due;
  }
}

/** How much of a log one surface shows: always a beginning of it. */
export class Lag<Item extends { readonly timeMs: number }> {
  readonly clock: SurfaceClock;
  shown = 0;
  readonly #log: readonly Item[];
  readonly #onShown: ((item: Item) => void) | undefined;
  /** Of the next item; NaN until it is drawn. */
  #nextDueMs = NaN;

  constructor(log: readonly Item[], clock: SurfaceClock, onShown?: (item: Item) => void) {
    this.#log = log;
    this.clock = clock;
    this.#onShown = onShown;
  }

  advance(nowMs: number): number {
    if (nowMs < this.clock.stalledUntilMs) return this.shown;
    for (let item = this.#log[this.shown]; item !== undefined; item = this.#log[this.shown]) {
      if (Number.isNaN(this.#nextDueMs)) this.#nextDueMs = this.clock.dueMs(item.timeMs);
      if (this.#nextDueMs > nowMs) break;
      this.#onShown?.(item);
      this.shown += 1;
      this.#nextDueMs = NaN;
    }
    return this.shown;
  }
}
