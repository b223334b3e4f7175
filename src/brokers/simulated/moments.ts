import { InvariantError } from '../../engine/invariant.ts';
import type { TradeTape } from '../../market/trade-tape.ts';
import type { Account } from '../../venue/account.ts';
import type { Present } from '../../venue/present.ts';
import type { Venue } from '../../venue/venue.ts';
import type { Deliveries } from './deliveries.ts';
import type { Mailbox } from './mailbox.ts';
import type { PriceFeed } from './price-feed.ts';
import type { SimState } from './sim-state.ts';
import type { World } from './world.ts';

export type MomentParts = {
  readonly world: World;
  readonly state: SimState;
  readonly mailbox: Mailbox;
  readonly venue: Venue;
  readonly deliveries: Deliveries;
  readonly prices: PriceFeed;
};

/**
 * One ms at a time: the path meets resting orders, then messages, closes and timers are delivered,
 * and then it is known between which levels and until when nothing more can happen. Order within a
 * ms: docs/simulation.md, section "Time".
 */
export class Moments {
  /** Kind 0 is looked at in every ms visited, and every close is played. */
  readonly looksEverywhere: boolean;
  readonly #world: World;
  readonly #state: SimState;
  readonly #mailbox: Mailbox;
  readonly #venue: Venue;
  readonly #present: Present;
  readonly #account: Account;
  readonly #deliveries: Deliveries;
  readonly #prices: PriceFeed;

  constructor(parts: MomentParts, looksEverywhere: boolean) {
    this.looksEverywhere = looksEverywhere;
    this.#world = parts.world;
    this.#state = parts.state;
    this.#mailbox = parts.mailbox;
    this.#venue = parts.venue;
    this.#present = parts.venue.present;
    this.#account = parts.venue.account;
    this.#deliveries = parts.deliveries;
    this.#prices = parts.prices;
  }

  /** When the next message, close, timer or liquidation is due; Infinity for none. */
  nextMs(): number {
    const mailMs = this.#mailbox.nextMs;
    const dueMs = this.#state.dueMs;
    return dueMs < mailMs ? dueMs : mailMs;
  }

  /**
   * One ms in `row`, the venue's point being set. `reaches`: the path may have reached a level
   * here; otherwise kind 0 has nothing to do.
   */
  play(timeMs: number, row: number, reaches: boolean): void {
    this.#begin(timeMs, row);
    const venue = this.#venue;
    if (this.#present.marketOpen && (reaches || this.looksEverywhere)) {
      venue.match();
      if (this.#present.waitingCount > 0 && !this.#account.liquidated) venue.release();
      this.#prices.watch(venue.point, timeMs, row);
    }
    this.#end(timeMs, row);
  }

  /** One ms with the trades from <= i < to in it, in their order. */
  playTrades(timeMs: number, row: number, trades: TradeTape, from: number, to: number): void {
    this.#begin(timeMs, row);
    const venue = this.#venue;
    const { priceTicks, sizeSteps, takerSide } = trades;
    for (let trade = from; trade < to && !this.#account.liquidated; trade += 1) {
      const before = this.#world.queue?.tradedBefore(trade) ?? NaN;
      venue.point.set(priceTicks[trade] as number, 1);
      venue.matchTrade(sizeSteps[trade] as number, takerSide[trade] as number, before);
    }
    if (this.#present.waitingCount > 0 && !this.#account.liquidated) venue.release();
    this.#prices.watch(venue.point, timeMs, row);
    this.#end(timeMs, row);
  }

  #begin(timeMs: number, row: number): void {
    const state = this.#state;
    if (!(timeMs >= state.nowMs))
      throw new InvariantError(`time went back from ${state.nowMs} to ${timeMs}`);
    state.nowMs = timeMs;
    state.deliveries = 0;
    this.#present.nowMs = timeMs;
    if (state.nextCloseMs < timeMs) this.#deliveries.absorbCloses(timeMs, row);
    this.#account.advanceFunding(timeMs);
  }

  #end(timeMs: number, row: number): void {
    const liquidates = timeMs >= this.#state.liquidationMs && !this.#account.liquidated;
    if (liquidates && this.#isSamePosition()) this.#venue.liquidate();
    this.#deliver(timeMs, row);
    if (this.#account.liquidated) this.#deliveries.tellLiquidation(timeMs);
    this.refreshLevels();
  }

  /** The levels between which nothing happens, and the next of what is not a message. */
  refreshLevels(): void {
    const book = this.#venue.book;
    const state = this.#state;
    if (book.levelsStale) book.refreshLevels();
    let floor = book.floorLevel;
    let ceil = book.ceilLevel;
    const liquidation = this.#account.liquidationLevel;
    if (this.#world.mark !== undefined) {
      if (!this.#isSamePosition()) this.#lookUpLiquidation(liquidation);
    } else if (liquidation === liquidation) {
      if (this.#venue.ledger.positionSteps > 0) floor = Math.max(floor, liquidation);
      else ceil = Math.min(ceil, liquidation);
    }
    if (state.bandArmed) {
      floor = Math.max(floor, state.bandLow);
      ceil = Math.min(ceil, state.bandHigh);
    }
    // What waits for the first price after a gap is met at the next candle, whatever its range.
    if (this.#present.waitingCount > 0) floor = Infinity;
    state.floor = floor;
    state.ceil = ceil;
    this.refreshDue();
  }

  /** The next of what is not a message: a close somebody waits for, a timer, a liquidation. */
  refreshDue(): void {
    const state = this.#state;
    const engine = this.#deliveries.engine;
    let due = state.started ? engine.timerMs : this.#world.startMs;
    if (state.liquidationMs < due) due = state.liquidationMs;
    if (state.nextCloseMs < due && (this.looksEverywhere || engine.needsCloses()))
      due = state.nextCloseMs;
    state.dueMs = due;
  }

  #deliver(timeMs: number, row: number): void {
    const venue = this.#venue;
    const mailbox = this.#mailbox;
    const deliveries = this.#deliveries;
    while (!this.#account.liquidated) {
      if (this.#present.arrivalReached && !(mailbox.nextMs <= timeMs && mailbox.nextIsRequest())) {
        venue.match();
        continue;
      }
      if (!deliveries.next(timeMs, row)) return;
    }
  }

  /** The position is still the one that liquidationMs was looked up for. */
  #isSamePosition(): boolean {
    const state = this.#state;
    const ledger = this.#venue.ledger;
    return (
      Object.is(this.#account.liquidationLevel, state.liquidationLevel) &&
      ledger.positionSteps === state.liquidationSteps
    );
  }

  /** The mark's path is known from the tape, so the ms of a liquidation is found, not waited for. */
  #lookUpLiquidation(level: number): void {
    const state = this.#state;
    state.liquidationLevel = level;
    state.liquidationSteps = this.#venue.ledger.positionSteps;
    state.liquidationMs = Infinity;
    if (level !== level) return;
    const below = this.#venue.ledger.positionSteps > 0;
    state.liquidationMs =
      this.#world.mark?.firstReachedMs(state.nowMs + 1, level, below) ?? Infinity;
  }
}
