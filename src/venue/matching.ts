import {
  END_FILL_OR_KILL,
  END_IOC_REMAINDER,
  END_MARGIN,
  END_POST_ONLY,
  END_REDUCE_ONLY,
  KIND_LIMIT,
  KIND_MARKET,
  KIND_STOP_MARKET,
} from '../engine/codes.ts';
import type { Instrument } from '../engine/instrument.ts';
import { InvariantError } from '../engine/invariant.ts';
import type { Ledger } from '../engine/ledger.ts';
import type { PathPoint } from '../market/exact.ts';
import type { Account } from './account.ts';
import type { OrderBook } from './order-book.ts';
import type { OrderGate } from './order-gate.ts';
import { nextReachedBy, nextWaiting } from './order-search.ts';
import { TERMS_IMMEDIATE, TERM_FOK } from './order-terms.ts';
import type { Present } from './present.ts';
import type { Protection } from './protection.ts';
import { TradeShare } from './trade-share.ts';
import { Upkeep } from './upkeep.ts';
import type { VenueListener } from './venue-listener.ts';
import type { VenueTerms } from './venue-terms.ts';

export type MatchingParts = {
  readonly instrument: Instrument;
  readonly terms: VenueTerms;
  readonly host: VenueListener;
  readonly book: OrderBook;
  readonly gate: OrderGate;
  readonly ledger: Ledger;
  readonly account: Account;
  readonly protection: Protection;
  readonly point: PathPoint;
  readonly present: Present;
};

/** Orders meet the price of the present ms: arrival, fills, triggers, ends. */
export class Matching {
  readonly #instrument: Instrument;
  readonly #terms: VenueTerms;
  readonly #host: VenueListener;
  readonly #book: OrderBook;
  readonly #gate: OrderGate;
  readonly #ledger: Ledger;
  readonly #account: Account;
  readonly #protection: Protection;
  readonly #point: PathPoint;
  readonly #present: Present;
  readonly upkeep: Upkeep;
  /** On the path of trades only. */
  readonly share: TradeShare | undefined;

  constructor(parts: MatchingParts) {
    this.#instrument = parts.instrument;
    this.#terms = parts.terms;
    this.#host = parts.host;
    this.#book = parts.book;
    this.#gate = parts.gate;
    this.#ledger = parts.ledger;
    this.#account = parts.account;
    this.#protection = parts.protection;
    this.#point = parts.point;
    this.#present = parts.present;
    this.upkeep = new Upkeep(parts, (at) => {
      this.admit(at);
    });
    const { queue } = parts.terms;
    if (queue !== undefined) {
      this.share = new TradeShare(queue, parts.terms, this.#book, this.#point, this.#present);
    }
  }

  /** An order that is in the book now: it arrives, or waits for the market to open. */
  admit(at: number): void {
    if (this.#present.marketOpen) this.#arrive(at);
    else this.#wait(at);
  }

  /** The path fills and triggers what it has reached. */
  match(): void {
    if (this.share !== undefined) {
      this.#matchInTurn(this.share);
      return;
    }
    for (;;) {
      const at = this.#book.nextReached(this.#point);
      if (at < 0) break;
      if (this.#book.kind[at] === KIND_STOP_MARKET) this.#trigger(at);
      else this.#fillMaker(at);
      if (this.#protection.dirty) this.upkeep.protect();
    }
    this.#present.arrivalReached = false;
  }

  /** One trade fills and triggers what it has reached. */
  matchTrade(sizeSteps: number, takerSide: number, tradedBefore: number): void {
    const share = this.share;
    if (share === undefined) throw new InvariantError('a trade without a queue model');
    share.open(sizeSteps, takerSide, tradedBefore);
    this.#matchInTurn(share);
    share.close();
  }

  /** A limit order that asks for more goes to the end of the queue at its price. */
  requeue(at: number): void {
    this.share?.join(at);
  }

  /** Each order once: a trade may leave an order that it has reached where it is. */
  #matchInTurn(share: TradeShare): void {
    const book = this.#book;
    let [direction, level, rank] = [-Infinity, NaN, NaN];
    for (;;) {
      const at = book.nextReachedAfter(this.#point, direction, level, rank);
      if (at < 0) break;
      direction = book.direction[at] ?? NaN;
      level = book.level[at] ?? NaN;
      rank = book.rank[at] ?? NaN;
      if (book.kind[at] === KIND_STOP_MARKET) this.#trigger(at);
      else this.#fillFromTrade(at, share);
      if (this.#protection.dirty) this.upkeep.protect();
    }
    this.#present.arrivalReached = false;
  }

  #fillFromTrade(at: number, share: TradeShare): void {
    const book = this.#book;
    const closes = book.reduceOnly[at] === 1;
    if (closes && this.#gate.closable(book.side[at] ?? 0) === 0) {
      this.upkeep.end(at, END_REDUCE_ONLY);
      return;
    }
    const steps = Math.min(this.#fillable(at), share.stepsFor(at));
    if (steps <= 0) return;
    share.take(at, steps);
    this.#execute(at, steps, book.price[at] ?? 0, true);
  }

  /** The first price after a closed market: what waited now arrives, in its order. */
  release(): void {
    while (this.#present.waitingCount > 0) {
      const at = nextWaiting(this.#book);
      if (!(at >= 0))
        throw new InvariantError(`${this.#present.waitingCount} orders wait and none is found`);
      this.#book.waiting[at] = 0;
      this.#present.waitingCount -= 1;
      this.#book.levelsStale = true;
      this.#arrive(at);
      this.upkeep.trimReduceOnly();
      if (this.#protection.dirty) this.upkeep.protect();
    }
  }

  #wait(at: number): void {
    if (this.#book.waiting[at] === 1) return;
    this.#book.waiting[at] = 1;
    this.#present.waitingCount += 1;
  }

  /** An order reaches the matching engine at the present path price. */
  #arrive(at: number): void {
    const book = this.#book;
    const kind = book.kind[at];
    const side = book.side[at] ?? 0;
    if (kind === KIND_MARKET) {
      this.#fillTaker(at, side > 0 ? Infinity : 1);
      return;
    }
    if (kind === KIND_STOP_MARKET) {
      // Only one that waited for the market to open can have been passed by.
      if (book.isReached(at, this.#point)) this.#present.arrivalReached = true;
      return;
    }
    const limit = book.price[at] ?? 0;
    if (this.#terms.taker.isMarketable(side, limit, this.#point)) {
      if (book.postOnly[at] === 1) this.upkeep.end(at, END_POST_ONLY);
      else if (this.#isAllOrNothing(at) && this.#fillable(at) < book.leaves(at))
        this.upkeep.end(at, END_FILL_OR_KILL);
      else this.#fillTaker(at, limit);
      return;
    }
    if (((book.terms[at] ?? 0) & TERMS_IMMEDIATE) !== 0) {
      this.upkeep.end(at, this.#isAllOrNothing(at) ? END_FILL_OR_KILL : END_IOC_REMAINDER);
      return;
    }
    this.share?.join(at);
    if (book.isReached(at, this.#point)) this.#present.arrivalReached = true;
  }

  #isAllOrNothing(at: number): boolean {
    return ((this.#book.terms[at] ?? 0) & TERM_FOK) !== 0;
  }

  #trigger(at: number): void {
    const book = this.#book;
    const side = book.side[at] ?? 0;
    this.#host.onStopTriggered(book.id[at] ?? NaN, this.#present.nowMs);
    book.becomeActive(at);
    const opens = book.reduceOnly[at] === 0;
    const limited = book.kind[at] === KIND_LIMIT;
    const ticks = limited ? (book.price[at] ?? 0) : this.#point.ticks();
    if (
      opens &&
      this.#gate.tooDear(side, ticks, book.leaves(at), at, this.#account.accruedFunding())
    ) {
      this.upkeep.end(at, END_MARGIN);
      return;
    }
    if (limited && !opens && this.#gate.closable(side) === 0) {
      this.upkeep.end(at, END_REDUCE_ONLY);
      return;
    }
    this.#arrive(at);
    if (limited) this.upkeep.trimReduceOnly();
  }

  /** Takes from the market at the taker price, bounded by the limit; a market order's rest ends. */
  #fillTaker(at: number, limitTicks: number): void {
    const book = this.#book;
    const side = book.side[at] ?? 0;
    const ends = book.kind[at] === KIND_MARKET || ((book.terms[at] ?? 0) & TERMS_IMMEDIATE) !== 0;
    const steps = this.#fillable(at);
    const taker = this.#terms.taker.takerTicks(side, this.#point);
    const ticks = Math.max(1, side > 0 ? Math.min(limitTicks, taker) : Math.max(limitTicks, taker));
    const id = book.id[at] ?? NaN;
    if (steps > 0) this.#execute(at, steps, ticks, false);
    const left = book.find(id);
    if (left >= 0 && !ends) this.share?.join(left);
    if (left >= 0 && ends)
      this.upkeep.end(
        left,
        book.reduceOnly[left] === 1 && this.#gate.closable(side) === 0
          ? END_REDUCE_ONLY
          : END_IOC_REMAINDER,
      );
  }

  #fillMaker(at: number): void {
    const steps = this.#fillable(at);
    if (steps > 0) {
      this.#execute(at, steps, this.#book.price[at] ?? 0, true);
      return;
    }
    if (this.#book.reduceOnly[at] === 1 && this.#gate.closable(this.#book.side[at] ?? 0) === 0) {
      this.upkeep.end(at, END_REDUCE_ONLY);
      return;
    }
    // No volume left: the rest of the candle passes these orders by.
    this.#book.limitsBlocked = true;
    this.#book.levelsStale = true;
  }

  #fillable(at: number): number {
    const book = this.#book;
    const wanted = Math.min(book.leaves(at), this.#present.volumeLeft);
    return book.reduceOnly[at] === 1
      ? Math.min(wanted, this.#gate.closable(book.side[at] ?? 0))
      : wanted;
  }

  #execute(at: number, steps: number, ticks: number, maker: boolean): void {
    const book = this.#book;
    const side = book.side[at] ?? 0;
    const id = book.id[at] ?? NaN;
    const fee = this.#instrument.fee(steps, ticks, maker);
    const funding = this.#account.settleFunding();
    const held = Math.abs(this.#ledger.positionSteps);
    this.#ledger.fill(side, steps, ticks, fee);
    this.#present.volumeLeft -= steps;
    if (this.#present.volumeLeft <= 0) book.limitsBlocked = true;
    book.levelsStale = true;
    book.filled[at] = (book.filled[at] ?? 0) + steps;
    this.setLiquidation();
    this.#host.onExecution(id, this.#present.nowMs, side, ticks, steps, maker, fee, funding);
    this.upkeep.afterFill(at, steps, held);
  }

  /** Triggers what the mark or the index price has reached. */
  triggerBy(term: number, ticks: number): void {
    for (let at = nextReachedBy(this.#book, term, ticks); at >= 0;) {
      this.#trigger(at);
      this.upkeep.protect();
      at = nextReachedBy(this.#book, term, ticks);
    }
  }

  setLiquidation(): void {
    const account = this.#account;
    account.setLiquidation();
    // A position may be opened beyond it: then it is looked at after this ms's requests.
    if (this.#present.marketOpen && account.isBeyondLiquidation(this.#point))
      this.#present.arrivalReached = true;
  }
}
