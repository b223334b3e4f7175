import { KIND_MARKET, ROLES_PER_SLOT } from '../../engine/codes.ts';
import type { Engine } from '../../engine/engine.ts';
import { NO_INDICATOR, TRAIL_NONE } from '../../engine/plan.ts';
import { LeapLimits } from '../../market/leap-limits.ts';
import type { CrossingIndex } from '../../market/crossing-index.ts';
import { lowerBound } from '../../market/tape.ts';
import { LEG_MARKET } from '../../venue/latency.ts';
import type { Venue } from '../../venue/venue.ts';
import type { Closes } from './closes.ts';
import type { Deliveries } from './deliveries.ts';
import type { Mailbox } from './mailbox.ts';
import type { PriceFeed } from './price-feed.ts';
import type { SimState } from './sim-state.ts';
import type { World } from './world.ts';

export type LeapParts = {
  readonly world: World;
  readonly closes: Closes;
  readonly crossings: CrossingIndex;
  readonly state: SimState;
  readonly mailbox: Mailbox;
  readonly venue: Venue;
  readonly deliveries: Deliveries;
  readonly prices: PriceFeed;
};

/**
 * Passes over candle closes whose only effect is that orders and bands move with an indicator,
 * while the path stays away from where they were and where they go. The amends are not played:
 * each order is put where the last one leaves it. Whatever could make a difference (a message in
 * flight, a level met, a close somebody watches for, a timer) ends the leap before it.
 */
export class Leaps {
  readonly #parts: LeapParts;
  readonly #limits = new LeapLimits();
  readonly #endClose: number;
  readonly #seesUnevenly: boolean;
  /** Keys of orders that follow an indicator, and the last passed close that moved each. */
  #followed = new Int32Array(8);
  #movedAt = new Int32Array(8);
  #followedCount = 0;

  constructor(parts: LeapParts) {
    this.#parts = parts;
    const { world, closes } = parts;
    const { latency, endMs } = world;
    this.#seesUnevenly = !latency.isConstant(LEG_MARKET);
    this.#endClose = lowerBound(closes.knownMs, endMs - closes.settleMs);
  }

  /**
   * `from` is the first row not yet walked. Passes as many closes as it can and returns the first
   * row that still must be looked at.
   */
  leap(from: number, engine: Engine): number {
    const { state, mailbox, closes } = this.#parts;
    if (closes.overlap || mailbox.count > 0 || !engine.closesOnlyMove()) return from;
    if (!this.#isQuietUntilClose(from) || !this.#gatherLimits(engine)) return from;
    const first = state.closeRow;
    const end = this.#endOf(engine);
    if (first === 0 || first >= end) return from;
    const limits = this.#limits;
    const near = closes.index.nextNear(first, end, limits);
    const passable = near < end && closes.index.isQuietWhileSettling(near, limits);
    const last = passable ? near : near - 1;
    if (last < first) return from;
    // Quiet as it is, the row in which the last amend settles may hold a timer.
    const row = Math.max(from, closes.index.settledRow(last) - 1);
    this.#pass(first, last, row, engine);
    return row;
  }

  /** Nothing is reached in the rows between `from` and the next close. */
  #isQuietUntilClose(from: number): boolean {
    const { crossings, state, closes } = this.#parts;
    const { closeRow, floor, ceil } = state;
    // The present close's window says it without a look at the candles, unless it has been met.
    if (closeRow > 0 && closes.index.staysInside(closeRow - 1, floor, ceil)) return true;
    const until = closes.index.firstRow(closeRow);
    return from >= until || crossings.nextOutside(from, until, floor, ceil) === until;
  }

  /** The first close that must be played because of a timer, a liquidation or the run's end. */
  #endOf(engine: Engine): number {
    const { state, closes } = this.#parts;
    const untilMs = Math.min(engine.timerMs, state.liquidationMs);
    if (untilMs === Infinity) return this.#endClose;
    return Math.min(this.#endClose, lowerBound(closes.knownMs, untilMs - closes.settleMs));
  }

  /** False when some order's way cannot be foreseen. */
  #gatherLimits(engine: Engine): boolean {
    const { venue, state, world, deliveries } = this.#parts;
    const { plan, orders } = engine;
    const { wishes } = engine.desk;
    const { book } = venue;
    const limits = this.#limits;
    limits.clear();
    limits.highestClose = engine.view.highestCloseTicks;
    limits.lowestClose = engine.view.lowestCloseTicks;
    this.#followedCount = 0;
    if (venue.present.waitingCount > 0 || book.limitsBlocked) return false;
    for (let at = 0; at < book.count; at += 1) {
      const id = book.id[at] ?? NaN;
      const key = orders.keyOf(id);
      const direction = book.direction[at] ?? 0;
      if (book.kind[at] === KIND_MARKET) return false;
      // What the venue attached has a number of its own, and follows nothing.
      if (id < 0 || !wishes.follows(key)) {
        // The limit itself is a tick or so nearer than the level that fills it.
        const level = book.level[at] ?? NaN;
        if (direction < 0) limits.floor = Math.max(limits.floor, level);
        else limits.ceil = Math.min(limits.ceil, level);
        continue;
      }
      // An amend that is played asks for what the venue has cut off once more.
      if (book.qty[at] !== orders.standingSteps[key]) return false;
      // Whether an amend can be afforded is looked at when it arrives.
      if (book.reduceOnly[at] === 0 && !Number.isNaN(world.capitalMoney)) return false;
      const [base, trail] = [plan.base[key] ?? NaN, plan.trail[key] ?? 0];
      limits.add(direction, base, trail, plan.coef[key] ?? NaN, plan.indicator[key] ?? 0, true);
      this.#addFollowed(key);
    }
    const liquidation = venue.account.liquidationLevel;
    if (world.mark === undefined && liquidation === liquidation) {
      if (venue.ledger.positionSteps > 0) limits.floor = Math.max(limits.floor, liquidation);
      else limits.ceil = Math.min(limits.ceil, liquidation);
    }
    return !deliveries.watchesPrice || this.#gatherBand(engine, state);
  }

  #gatherBand(engine: Engine, state: SimState): boolean {
    const { plan, view } = engine;
    // A strategy that watches the price and has not seen one yet must be let to see it.
    if (Number.isNaN(view.firstPriceTicks)) return false;
    // Answers to amends that are not played would have shown the price too; with a leg that is
    // drawn, one of them may have shown it later than any that is.
    if (this.#followedCount > 0 && this.#seesUnevenly) return false;
    const hasBand = state.bandLow > -Infinity || state.bandHigh < Infinity;
    if (!hasBand) return true;
    if (!state.bandArmed) return false;
    const limits = this.#limits;
    const indicator = plan.bandIndicator;
    if (indicator === NO_INDICATOR) {
      limits.floor = Math.max(limits.floor, state.bandLow);
      limits.ceil = Math.min(limits.ceil, state.bandHigh);
      return true;
    }
    const { bandLowBase, bandLowTrail, bandLowCoef } = plan;
    const { bandHighBase, bandHighTrail, bandHighCoef } = plan;
    if (bandLowBase > -Infinity)
      limits.add(-1, bandLowBase, bandLowTrail, bandLowCoef, indicator, false);
    if (bandHighBase < Infinity)
      limits.add(1, bandHighBase, bandHighTrail, bandHighCoef, indicator, false);
    return true;
  }

  #pass(first: number, last: number, row: number, engine: Engine): void {
    const { deliveries, venue, prices } = this.#parts;
    this.#noteMoves(first, last, engine);
    deliveries.passCloses(last, row);
    if (deliveries.watchesPrice) prices.moveBand(engine);
    // A new price takes a new rank, so orders move in the order of their last amends.
    for (let i = 0; i < this.#followedCount; i += 1) {
      if ((this.#movedAt[i] ?? -1) < 0) continue;
      const key = this.#followed[i] ?? 0;
      venue.follow(engine.orders.id[key] ?? NaN, engine.orders.standingTicks[key] ?? NaN);
    }
  }

  #addFollowed(key: number): void {
    const at = this.#followedCount;
    if (at === this.#followed.length) {
      const longer = new Int32Array(at * 2);
      longer.set(this.#followed);
      this.#followed = longer;
      this.#movedAt = new Int32Array(at * 2);
    }
    this.#followed[at] = key;
    this.#followedCount = at + 1;
  }

  /** Sorts the followed orders by when they moved last, then as the desk amends: entries last. */
  #noteMoves(first: number, last: number, engine: Engine): void {
    const count = this.#followedCount;
    for (let i = 0; i < count; i += 1) this.#movedAt[i] = this.#lastMove(i, first, last, engine);
    for (let i = 1; i < count; i += 1) {
      const [key, moved] = [this.#followed[i] ?? 0, this.#movedAt[i] ?? 0];
      let at = i;
      for (; at > 0 && this.#goesBefore(key, moved, at - 1); at -= 1) {
        this.#followed[at] = this.#followed[at - 1] ?? 0;
        this.#movedAt[at] = this.#movedAt[at - 1] ?? 0;
      }
      this.#followed[at] = key;
      this.#movedAt[at] = moved;
    }
  }

  /** The last close in [first, last] that gave the i-th followed order a new price; -1 if none. */
  #lastMove(i: number, first: number, last: number, engine: Engine): number {
    const { plan, view, orders } = engine;
    const { series } = this.#parts.closes;
    const key = this.#followed[i] ?? 0;
    const indicator = plan.indicator[key] ?? 0;
    const needs = series.needs.length;
    if (plan.trail[key] === TRAIL_NONE) {
      // From the end: nearly every close moves the order.
      for (let k = last; k >= first; k -= 1) {
        const now = plan.priceFor(key, series.values[k * needs + indicator] ?? NaN, NaN, NaN);
        const before = series.values[(k - 1) * needs + indicator] ?? NaN;
        if (now !== plan.priceFor(key, before, NaN, NaN)) return k;
      }
      return -1;
    }
    let { highestCloseTicks: highest, lowestCloseTicks: lowest } = view;
    let price = orders.standingTicks[key] ?? NaN;
    let moved = -1;
    for (let k = first; k <= last; k += 1) {
      const close = series.close[k] ?? NaN;
      if (close > highest) highest = close;
      if (close < lowest) lowest = close;
      const now = plan.priceFor(key, series.values[k * needs + indicator] ?? NaN, highest, lowest);
      if (now !== price) moved = k;
      price = now;
    }
    return moved;
  }

  #goesBefore(key: number, moved: number, at: number): boolean {
    const [otherKey, otherMoved] = [this.#followed[at] ?? 0, this.#movedAt[at] ?? 0];
    if (moved !== otherMoved) return moved < otherMoved;
    const [isEntry, isOtherEntry] = [key % ROLES_PER_SLOT === 0, otherKey % ROLES_PER_SLOT === 0];
    return isEntry === isOtherEntry ? key < otherKey : !isEntry;
  }
}
