import type { Engine } from '../../engine/engine.ts';
import { PathPoint } from '../../market/exact.ts';
import type { PricePath } from '../../market/price-path.ts';
import type { Delays } from './delays.ts';
import { KIND_SURFACE } from './mailbox.ts';
import type { Mailbox } from './mailbox.ts';
import { MESSAGE_PRICE } from './messages.ts';
import type { SimState } from './sim-state.ts';

/** The known price and the strategy's band. Rules: docs/simulation.md, "The known price". */
export class PriceFeed {
  readonly #path: PricePath;
  readonly #mailbox: Mailbox;
  readonly #state: SimState;
  readonly #delays: Delays;
  readonly #seen = new PathPoint();

  constructor(path: PricePath, mailbox: Mailbox, state: SimState, delays: Delays) {
    this.#path = path;
    this.#mailbox = mailbox;
    this.#state = state;
    this.#delays = delays;
  }

  /** What has been shown by now: the path one market leg ago, never going back. `row`: present. */
  see(nowMs: number, row: number): number {
    const state = this.#state;
    state.seenMs = Math.max(state.seenMs, nowMs - this.#delays.market(nowMs, row));
    const known = this.#path.priceAt(this.#path.rowAt(row, nowMs), state.seenMs, this.#seen);
    return known ? this.#seen.ticks() : NaN;
  }

  /**
   * When the newest price was seen. While a market is open that is now; in a gap its last price
   * grows old. Before the tape begins nothing is known of a gap.
   */
  seenAtMs(nowMs: number, row: number): number {
    const pathMs = nowMs - this.#delays.market(nowMs, row);
    return nowMs - this.#path.closedForMs(this.#path.rowAt(row, nowMs), pathMs);
  }

  /** The longest a price can take to be seen. */
  get longestMs(): number {
    return this.#delays.longestMarketMs;
  }

  /** A delivery at `timeMs` that asked nobody: by then the path one leg before had been seen. */
  hear(timeMs: number, row: number): void {
    const state = this.#state;
    state.seenMs = Math.max(state.seenMs, timeMs - this.#delays.market(timeMs, row));
  }

  /** The band has moved while the path stayed inside it: it is watched on from where it is now. */
  moveBand(engine: Engine): void {
    const state = this.#state;
    state.bandLow = engine.band.lowTicks;
    state.bandHigh = engine.band.highTicks;
  }

  /** A price message has arrived. False when a newer band has made it void. */
  arrive(leftMs: number, version: number): boolean {
    const state = this.#state;
    if (version !== state.bandVersion) return false;
    state.pricePending = false;
    state.seenMs = Math.max(state.seenMs, leftMs);
    return true;
  }

  /**
   * Watches the engine's band from the newest price seen on. A strategy that was just asked with
   * a price outside its new band knows so: the band sleeps until the next time it is asked.
   */
  setBand(engine: Engine, nowMs: number, knownTicks: number, row: number): void {
    const state = this.#state;
    const same = state.bandLow === engine.band.lowTicks && state.bandHigh === engine.band.highTicks;
    if (same && (state.bandArmed || state.pricePending)) return;
    state.bandLow = engine.band.lowTicks;
    state.bandHigh = engine.band.highTicks;
    state.bandVersion += 1;
    state.pricePending = false;
    state.bandArmed = state.bandLow > -Infinity || state.bandHigh < Infinity;
    if (!state.bandArmed) return;
    if (knownTicks <= state.bandLow || knownTicks >= state.bandHigh) {
      state.bandArmed = false;
      if (!engine.asked) this.#post(state.seenMs, nowMs);
      return;
    }
    this.#lookBack(nowMs, row);
  }

  /** The path has just moved to `point`: has it left the band? */
  watch(point: PathPoint, nowMs: number, row: number): void {
    const state = this.#state;
    if (!state.bandArmed) return;
    if (!point.atOrBelow(state.bandLow) && !point.atOrAbove(state.bandHigh)) return;
    this.#post(nowMs, nowMs + this.#delays.market(nowMs, row));
  }

  /** The path may have left the band between the newest price seen and now. */
  #lookBack(nowMs: number, row: number): void {
    const state = this.#state;
    const at = this.#path.rowAt(row, nowMs);
    if (at < 0 || state.seenMs >= nowMs) return;
    const leftMs = this.#path.firstOutside(at, state.seenMs, nowMs, state.bandLow, state.bandHigh);
    if (leftMs > nowMs) return;
    this.#post(leftMs, Math.max(nowMs, leftMs + this.#delays.market(leftMs, row)));
  }

  #post(leftMs: number, arrivalMs: number): void {
    const state = this.#state;
    const at = this.#mailbox.post(arrivalMs, KIND_SURFACE, MESSAGE_PRICE);
    this.#mailbox.cells[at] = leftMs;
    this.#mailbox.cells[at + 1] = state.bandVersion;
    state.bandArmed = false;
    state.pricePending = true;
  }
}
