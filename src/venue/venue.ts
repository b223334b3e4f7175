import {
  END_FILLED,
  END_FILL_OR_KILL,
  END_CANCELLED_BY_USER,
  END_IOC_REMAINDER,
  END_LIQUIDATION,
  END_MARGIN,
  END_POST_ONLY,
  END_PROTECTION_CLEARED,
  END_REDUCE_ONLY,
  KIND_LIMIT,
  KIND_MARKET,
  KIND_STOP_MARKET,
  RET_INSUFFICIENT_MARGIN,
  RET_OK,
  RET_ORDER_GONE,
  RET_PARAMETER,
  RET_QTY_BELOW_FILLED,
} from '../engine/codes.ts';
import type { Instrument } from '../engine/instrument.ts';
import { InvariantError } from '../engine/invariant.ts';
import { Ledger } from '../engine/ledger.ts';
import { PathPoint } from '../market/exact.ts';
import type { TakerTerms } from '../market/exact.ts';
import type { FundingIndex } from '../market/funding-index.ts';
import { OrderBook } from './order-book.ts';
import { OrderGate } from './order-gate.ts';
import type { OrderRequest } from './order-gate.ts';
import { bankruptcyTicks, crossTicks, liquidationTicks } from './margin.ts';
import type { MarginTerms } from './margin.ts';
import {
  ReferencePrices,
  TERMS_IMMEDIATE,
  TERM_FOK,
  TERM_ON_INDEX,
  TERM_ON_MARK,
} from './order-terms.ts';
import { Protection } from './protection.ts';
import type { ProtectionDesk, ProtectionSpec } from './protection.ts';
import { nextToTrim, reduceOnlyExcess } from './reduce-only.ts';

/** What the venue tells its surfaces, at venue time. */
export type VenueHost = {
  onExecution(
    orderId: number,
    timeMs: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    maker: boolean,
    fee: number,
    funding: number,
  ): void;
  onOrderEnded(orderId: number, timeMs: number, end: number, filledSteps: number): void;
  onStopTriggered(orderId: number, timeMs: number): void;
  onLiquidated(
    timeMs: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    fee: number,
    funding: number,
  ): void;
  /** A take-profit or stop that came with `parentId` is now an order of its own. */
  onAttached?(orderId: number, parentId: number, timeMs: number): void;
  /** The venue itself gave an order another quantity. */
  onResized?(orderId: number, timeMs: number): void;
};

export type VenueTerms = {
  readonly taker: TakerTerms;
  readonly throughTicks: number;
  readonly participation: number | undefined;
  readonly margin: MarginTerms;
  /** Money units; NaN = margin is not checked. */
  readonly capitalMoney: number;
  /** The mark price decides over liquidation; the simulation says when it has. */
  readonly liquidatesOnMark: boolean;
  /** Resting reduce-only orders never add up to more than the position: the rest is trimmed. */
  readonly trimsReduceOnly?: boolean;
};

/**
 * The simulated exchange's truth for one symbol: matching, account, margin, funding. It knows the
 * path price of the present ms and nothing later. Rules: docs/simulation.md.
 */
export class Venue {
  readonly book: OrderBook;
  readonly ledger: Ledger;
  /** The path price of the present ms; undefined between candles of a gap. */
  readonly point = new PathPoint();
  readonly references = new ReferencePrices();
  readonly protection = new Protection();
  marketOpen = false;
  nowMs = -Infinity;
  /** Steps our orders may still take in this candle. */
  volumeLeft = Infinity;
  /** Some order that arrived in this ms is at its fill level without being marketable. */
  arrivalReached = false;
  /** Orders that arrived while the market was closed. */
  waitingCount = 0;
  /** Level at which the position is liquidated, in ticks; NaN = none. */
  liquidationLevel = NaN;
  liquidated = false;
  /** Settlements up to now, and those already booked for the open position. */
  settlements = 0;
  bookedSettlements = 0;
  nextFundingMs = -Infinity;
  readonly #instrument: Instrument;
  readonly #terms: VenueTerms;
  readonly #funding: FundingIndex;
  readonly #host: VenueHost;
  readonly #gate: OrderGate;
  /** Reused: what the gate is asked about. */
  readonly #request: OrderRequest = {
    orderId: NaN,
    kind: NaN,
    side: NaN,
    priceTicks: NaN,
    qtySteps: NaN,
    reduceOnly: false,
    terms: 0,
    limitTicks: 0,
  };
  readonly #desk: ProtectionDesk = {
    spawn: (orderId, parentId, at) => {
      this.#host.onAttached?.(orderId, parentId, this.nowMs);
      if (this.marketOpen) this.#arrive(at);
      else this.#wait(at);
    },
    resize: (at, qtySteps) => {
      this.#resize(at, qtySteps);
      // A stop that was given another trigger may be beyond it already.
      if (this.marketOpen && this.book.isReached(at, this.point)) this.arrivalReached = true;
    },
    clear: (at) => {
      this.#end(at, END_PROTECTION_CLEARED);
    },
  };

  constructor(instrument: Instrument, terms: VenueTerms, funding: FundingIndex, host: VenueHost) {
    this.#instrument = instrument;
    this.#terms = terms;
    this.#funding = funding;
    this.#host = host;
    this.book = new OrderBook(terms.throughTicks);
    this.ledger = new Ledger(instrument);
    const { margin, capitalMoney } = terms;
    this.#gate = new OrderGate(
      instrument,
      margin,
      capitalMoney,
      this.book,
      this.ledger,
      this.point,
      this.references,
    );
  }

  /** Margin that resting orders hold, in money units. */
  get ordersMargin(): number {
    return this.#gate.ordersMargin();
  }

  get leverage(): number {
    return this.#terms.margin.leverage;
  }

  setLeverage(leverage: number): void {
    this.#terms.margin.leverage = leverage;
    this.#setLiquidation();
  }

  /** Gives an order its take-profit and stop, or the position as a whole (WHOLE_POSITION). */
  attach(parentId: number, side: number, spec: ProtectionSpec): void {
    this.protection.attach(parentId, side, spec);
    this.#protect();
  }

  /** Leverage, margin mode or cash have changed. */
  refreshLiquidation(): void {
    this.#setLiquidation();
  }

  /** Triggers what the mark and index prices have reached. */
  matchReferences(): void {
    this.#triggerBy(TERM_ON_MARK, this.references.markTicks);
    this.#triggerBy(TERM_ON_INDEX, this.references.indexTicks);
  }

  #triggerBy(term: number, ticks: number): void {
    for (let at = this.book.nextReachedBy(term, ticks); at >= 0;) {
      this.#trigger(at);
      this.#protect();
      at = this.book.nextReachedBy(term, ticks);
    }
  }

  /** Our orders may take a share of each candle's volume only. */
  get limitsVolume(): boolean {
    return this.#terms.participation !== undefined;
  }

  /** Starts a candle: its volume limits what our orders may take. */
  openCandle(volumeSteps: number): void {
    const share = this.#terms.participation ?? 1;
    const millionths = Math.round(share * 1e6);
    this.volumeLeft = Math.floor((volumeSteps * millionths) / 1e6);
    this.book.limitsBlocked = this.volumeLeft <= 0;
    this.book.levelsStale = true;
  }

  /** Settlements at or before the present ms concern the position held before it. */
  advanceFunding(nowMs: number): void {
    if (nowMs < this.nextFundingMs) return;
    const times = this.#funding.timeMs;
    while (
      this.settlements < this.#funding.count &&
      (times[this.settlements] ?? Infinity) <= nowMs
    ) {
      this.settlements += 1;
    }
    const next = this.settlements;
    this.nextFundingMs = next < this.#funding.count ? (times[next] as number) : Infinity;
  }

  place(
    orderId: number,
    kind: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    reduceOnly: boolean,
    postOnly: boolean,
    terms = 0,
    limitTicks = 0,
  ): number {
    const refusal = this.refusalOf(
      orderId,
      kind,
      side,
      priceTicks,
      qtySteps,
      reduceOnly,
      terms,
      limitTicks,
    );
    if (refusal !== RET_OK) return refusal;
    this.enter(orderId, kind, side, priceTicks, qtySteps, reduceOnly, postOnly, terms, limitTicks);
    return RET_OK;
  }

  /** What an order would be refused with now; RET_OK when it would be let in. */
  refusalOf(
    orderId: number,
    kind: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    reduceOnly: boolean,
    terms: number,
    limitTicks: number,
  ): number {
    const order = this.#request;
    order.orderId = orderId;
    order.kind = kind;
    order.side = side;
    order.priceTicks = priceTicks;
    order.qtySteps = qtySteps;
    order.reduceOnly = reduceOnly;
    order.terms = terms;
    order.limitTicks = limitTicks;
    return this.#gate.refusePlace(order, this.marketOpen, this.#accruedFunding());
  }

  /** Books an order that `refusalOf` lets in. */
  enter(
    orderId: number,
    kind: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    reduceOnly: boolean,
    postOnly: boolean,
    terms: number,
    limitTicks: number,
  ): void {
    const book = this.book;
    const at = book.add(orderId, kind, side, priceTicks, qtySteps, reduceOnly, postOnly);
    if (terms !== 0 || limitTicks !== 0) book.setTerms(at, terms, limitTicks);
    if (this.marketOpen) this.#arrive(at);
    else this.#wait(at);
    if (reduceOnly && this.#terms.trimsReduceOnly === true) this.#trimReduceOnly();
    if (this.protection.dirty) this.#protect();
  }

  amend(orderId: number, priceTicks: number, qtySteps: number, limitTicks = 0): number {
    const book = this.book;
    const at = book.find(orderId);
    if (at < 0) return RET_ORDER_GONE;
    if (qtySteps <= (book.filled[at] ?? 0)) return RET_QTY_BELOW_FILLED;
    if (!(priceTicks > 0)) return RET_PARAMETER;
    const kind = book.kind[at] ?? KIND_LIMIT;
    const side = book.side[at] ?? 0;
    if (kind === KIND_STOP_MARKET && this.marketOpen) {
      const wrong = this.#gate.wrongTrigger(side, priceTicks, book.terms[at] ?? 0);
      if (wrong !== RET_OK) return wrong;
    }
    if (
      book.reduceOnly[at] === 0 &&
      this.#gate.tooDear(
        side,
        priceTicks,
        qtySteps - (book.filled[at] ?? 0),
        at,
        this.#accruedFunding(),
      )
    ) {
      return RET_INSUFFICIENT_MARGIN;
    }
    if (limitTicks > 0) book.limit[at] = limitTicks;
    const repriced = priceTicks !== book.price[at];
    const trims = book.reduceOnly[at] === 1 && this.#terms.trimsReduceOnly === true;
    book.change(at, priceTicks, qtySteps);
    if (orderId < 0 && kind === KIND_STOP_MARKET) this.protection.onMoved(orderId, priceTicks);
    if (kind === KIND_LIMIT && repriced) {
      if (this.marketOpen) this.#arrive(at);
      else this.#wait(at);
    }
    if (trims) this.#trimReduceOnly();
    if (this.protection.dirty) this.#protect();
    return RET_OK;
  }

  /**
   * Where a resting order stands after amends that nothing stood in the way of: the path has met
   * neither its old price nor its new one meanwhile.
   */
  follow(orderId: number, priceTicks: number): void {
    const at = this.book.find(orderId);
    if (at < 0) throw new InvariantError(`order ${orderId} would be moved and does not rest`);
    this.book.moveTo(at, priceTicks);
  }

  cancel(orderId: number): number {
    const at = this.book.find(orderId);
    if (at < 0) return RET_ORDER_GONE;
    this.#end(at, END_CANCELLED_BY_USER);
    if (this.protection.dirty) this.#protect();
    return RET_OK;
  }

  /** Kind 0 of a ms: the path fills and triggers what it has reached, then the margin is looked at. */
  match(): void {
    for (;;) {
      const at = this.book.nextReached(this.point);
      if (at < 0) break;
      if (this.book.kind[at] === KIND_STOP_MARKET) this.#trigger(at);
      else this.#fillMaker(at);
      if (this.protection.dirty) this.#protect();
    }
    this.arrivalReached = false;
    this.#checkLiquidation();
  }

  /** The first price after a closed market: what waited now arrives, in its order. */
  release(): void {
    while (this.waitingCount > 0) {
      const at = this.book.nextWaiting();
      if (!(at >= 0))
        throw new InvariantError(`${this.waitingCount} orders wait and none is found`);
      this.book.waiting[at] = 0;
      this.waitingCount -= 1;
      this.book.levelsStale = true;
      this.#arrive(at);
      if (this.protection.dirty) this.#protect();
    }
  }

  /** Equity at a price in ticks without the capital: realised + unrealised - fees - funding. */
  equityMoney(priceTicks: number): number {
    return this.ledger.cash() - this.#accruedFunding() + this.ledger.unrealised(priceTicks);
  }

  /** Books what is due for the open position; called before every change of it and at the end. */
  settleFunding(): number {
    const paid = this.#accruedFunding();
    this.bookedSettlements = this.settlements;
    if (paid === 0) return 0;
    const rounded = paid < 0 ? -Math.round(-paid) : Math.round(paid);
    this.ledger.bookFunding(rounded);
    return rounded;
  }

  #accruedFunding(): number {
    const held = this.ledger.positionSteps;
    if (held === 0 || this.settlements === this.bookedSettlements) return 0;
    const sums = held > 0 ? this.#funding.longCost : this.#funding.shortCost;
    const perStep = (sums[this.settlements] ?? 0) - (sums[this.bookedSettlements] ?? 0);
    return Math.abs(held) * perStep;
  }

  #wait(at: number): void {
    if (this.book.waiting[at] === 1) return;
    this.book.waiting[at] = 1;
    this.waitingCount += 1;
  }

  /** An order reaches the matching engine at the present path price. */
  #arrive(at: number): void {
    const book = this.book;
    const kind = book.kind[at];
    const side = book.side[at] ?? 0;
    if (kind === KIND_MARKET) {
      this.#fillTaker(at, side > 0 ? Infinity : 1);
      return;
    }
    if (kind === KIND_STOP_MARKET) {
      // Only one that waited for the market to open can have been passed by.
      if (book.isReached(at, this.point)) this.arrivalReached = true;
      return;
    }
    const limit = book.price[at] ?? 0;
    if (this.#terms.taker.isMarketable(side, limit, this.point)) {
      if (book.postOnly[at] === 1) this.#end(at, END_POST_ONLY);
      else if (this.#isAllOrNothing(at) && this.#fillable(at) < book.leaves(at))
        this.#end(at, END_FILL_OR_KILL);
      else this.#fillTaker(at, limit);
      return;
    }
    if (((book.terms[at] ?? 0) & TERMS_IMMEDIATE) !== 0) {
      this.#end(at, this.#isAllOrNothing(at) ? END_FILL_OR_KILL : END_IOC_REMAINDER);
      return;
    }
    if (book.isReached(at, this.point)) this.arrivalReached = true;
  }

  #isAllOrNothing(at: number): boolean {
    return ((this.book.terms[at] ?? 0) & TERM_FOK) !== 0;
  }

  #trigger(at: number): void {
    const book = this.book;
    const side = book.side[at] ?? 0;
    this.#host.onStopTriggered(book.id[at] ?? NaN, this.nowMs);
    book.becomeActive(at);
    const opens = book.reduceOnly[at] === 0;
    const limited = book.kind[at] === KIND_LIMIT;
    const ticks = limited ? (book.price[at] ?? 0) : this.point.ticks();
    if (opens && this.#gate.tooDear(side, ticks, book.leaves(at), at, this.#accruedFunding())) {
      this.#end(at, END_MARGIN);
      return;
    }
    if (limited && !opens && this.#gate.closable(side) === 0) {
      this.#end(at, END_REDUCE_ONLY);
      return;
    }
    this.#arrive(at);
    if (limited && this.#terms.trimsReduceOnly === true) this.#trimReduceOnly();
  }

  /** Takes from the market at the taker price, bounded by the limit; a market order's rest ends. */
  #fillTaker(at: number, limitTicks: number): void {
    const book = this.book;
    const side = book.side[at] ?? 0;
    const ends = book.kind[at] === KIND_MARKET || ((book.terms[at] ?? 0) & TERMS_IMMEDIATE) !== 0;
    const steps = this.#fillable(at);
    const taker = this.#terms.taker.takerTicks(side, this.point);
    const ticks = Math.max(1, side > 0 ? Math.min(limitTicks, taker) : Math.max(limitTicks, taker));
    const id = book.id[at] ?? NaN;
    if (steps > 0) this.#execute(at, steps, ticks, false);
    const left = book.find(id);
    if (left >= 0 && ends)
      this.#end(
        left,
        book.reduceOnly[left] === 1 && this.#gate.closable(side) === 0
          ? END_REDUCE_ONLY
          : END_IOC_REMAINDER,
      );
  }

  #fillMaker(at: number): void {
    const steps = this.#fillable(at);
    if (steps > 0) {
      this.#execute(at, steps, this.book.price[at] ?? 0, true);
      return;
    }
    if (this.book.reduceOnly[at] === 1 && this.#gate.closable(this.book.side[at] ?? 0) === 0) {
      this.#end(at, END_REDUCE_ONLY);
      return;
    }
    // No volume left: the rest of the candle passes these orders by.
    this.book.limitsBlocked = true;
    this.book.levelsStale = true;
  }

  #fillable(at: number): number {
    const book = this.book;
    const wanted = Math.min(book.leaves(at), this.volumeLeft);
    return book.reduceOnly[at] === 1
      ? Math.min(wanted, this.#gate.closable(book.side[at] ?? 0))
      : wanted;
  }

  #execute(at: number, steps: number, ticks: number, maker: boolean): void {
    const book = this.book;
    const side = book.side[at] ?? 0;
    const id = book.id[at] ?? NaN;
    const fee = this.#instrument.fee(steps, ticks, maker);
    const funding = this.settleFunding();
    const held = Math.abs(this.ledger.positionSteps);
    this.ledger.fill(side, steps, ticks, fee);
    this.volumeLeft -= steps;
    if (this.volumeLeft <= 0) book.limitsBlocked = true;
    book.levelsStale = true;
    book.filled[at] = (book.filled[at] ?? 0) + steps;
    this.#setLiquidation();
    this.#host.onExecution(id, this.nowMs, side, ticks, steps, maker, fee, funding);
    if (this.protection.count > 0) this.protection.onFill(id, steps);
    if (book.leaves(at) === 0) this.#end(at, END_FILLED);
    if (held > 0 && this.ledger.positionSteps === 0) this.#cancelReduceOnly();
    else if (this.#terms.trimsReduceOnly === true) this.#trimReduceOnly();
  }

  /** Furthest from the market first, among equals the newest (an assumption: docs/simulation.md). */
  #trimReduceOnly(): void {
    const book = this.book;
    for (let side = -1; side <= 1; side += 2) {
      for (;;) {
        const excess = reduceOnlyExcess(book, side, this.#gate.closable(side));
        if (excess <= 0) break;
        const at = nextToTrim(book, side);
        if (book.leaves(at) <= excess) this.#end(at, END_REDUCE_ONLY);
        else this.#resize(at, (book.qty[at] ?? 0) - excess);
      }
    }
  }

  #resize(at: number, qtySteps: number): void {
    this.book.change(at, this.book.price[at] ?? 0, qtySteps);
    this.#host.onResized?.(this.book.id[at] ?? NaN, this.nowMs);
  }

  #protect(): void {
    // What it does may itself fill or end orders; each such change asks once more.
    for (let round = 0; round < 1_000; round += 1) {
      this.protection.settle(this.book, this.ledger.positionSteps, this.#desk);
      if (!this.protection.dirty) return;
    }
    throw new InvariantError(`${this.protection.count} protections do not settle`);
  }

  /** A flat account holds no resting reduce-only orders; untriggered stops stay. */
  #cancelReduceOnly(): void {
    for (let at = this.book.nextReduceOnly(); at >= 0; at = this.book.nextReduceOnly()) {
      this.#end(at, END_REDUCE_ONLY);
    }
  }

  #end(at: number, end: number): void {
    const book = this.book;
    const id = book.id[at] ?? NaN;
    const filled = book.filled[at] ?? 0;
    if (book.waiting[at] === 1) this.waitingCount -= 1;
    book.remove(at);
    if (this.protection.count > 0) this.protection.onEnded(id);
    this.#host.onOrderEnded(id, this.nowMs, end, filled);
  }

  #setLiquidation(): void {
    const held = this.ledger.positionSteps;
    this.liquidationLevel = NaN;
    if (held === 0) return;
    const long = held > 0;
    const exact = this.#marginTicks(long, true);
    // Rounded towards the position: the whole tick that is reached first.
    const level = long ? Math.ceil(exact) : Math.floor(exact);
    if (!(level > 0 && level < 0x7fffffff)) return;
    this.liquidationLevel = level;
    // A position may be opened beyond it: then it is looked at after this ms's requests.
    if (this.marketOpen && this.#isBeyondLiquidation()) this.arrivalReached = true;
  }

  /** Where maintenance margin is reached (liquidates), or where all margin is gone. */
  #marginTicks(long: boolean, maintenance: boolean): number {
    const { margin, capitalMoney } = this.#terms;
    const ledger = this.ledger;
    if (margin.cross !== true) {
      const entryTicks = ledger.averageEntryTicks();
      return maintenance
        ? liquidationTicks(margin, long, entryTicks)
        : bankruptcyTicks(margin, long, entryTicks);
    }
    const atOneTick = Math.abs(ledger.positionSteps) * this.#instrument.valuePerStep(1);
    const wallet = capitalMoney + ledger.cash();
    const rate = maintenance ? margin.maintenanceMarginRate : 0;
    const { inverse } = margin;
    const exact = crossTicks(inverse, long, atOneTick, ledger.entryValue, wallet, rate);
    return exact > 0 ? exact : long ? 0 : Infinity;
  }

  #checkLiquidation(): void {
    const level = this.liquidationLevel;
    if (Number.isNaN(level) || this.#terms.liquidatesOnMark) return;
    if (this.#isBeyondLiquidation()) this.liquidate();
  }

  #isBeyondLiquidation(): boolean {
    const level = this.liquidationLevel;
    return this.ledger.positionSteps > 0
      ? this.point.atOrBelow(level)
      : this.point.atOrAbove(level);
  }

  /** The exchange closes part of the position itself, without an order of ours and without a fee. */
  takeOver(side: number, qtySteps: number, priceTicks: number): void {
    this.ledger.fill(side, qtySteps, priceTicks, 0);
    this.#setLiquidation();
    this.#trimReduceOnly();
    if (this.protection.count > 0) this.#protect();
  }

  /** Takes the position over at its bankruptcy price; the run ends. */
  liquidate(): void {
    const held = this.ledger.positionSteps;
    const long = held > 0;
    const exact = this.#marginTicks(long, false);
    const ticks = Math.max(1, long ? Math.floor(exact) : Math.ceil(exact));
    const steps = Math.abs(held);
    const fee = this.#instrument.fee(steps, ticks, false);
    const funding = this.settleFunding();
    this.ledger.fill(long ? -1 : 1, steps, ticks, fee);
    this.liquidated = true;
    this.liquidationLevel = NaN;
    for (let at = this.book.count - 1; at >= 0; at -= 1) this.#end(at, END_LIQUIDATION);
    this.#host.onLiquidated(this.nowMs, long ? -1 : 1, ticks, steps, fee, funding);
  }
}
