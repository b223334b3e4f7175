import {
  END_CANCELLED_BY_USER,
  END_LIQUIDATION,
  KIND_LIMIT,
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
import type { FundingIndex } from '../market/funding-index.ts';
import { Account } from './account.ts';
import { Matching } from './matching.ts';
import { OrderBook } from './order-book.ts';
import { emptyRequest, OrderGate } from './order-gate.ts';
import { ReferencePrices, TERM_ON_INDEX, TERM_ON_MARK } from './order-terms.ts';
import { Present } from './present.ts';
import { Protection } from './protection.ts';
import type { ProtectionSpec } from './protection.ts';
import type { TradeShare } from './trade-share.ts';
import type { Upkeep } from './upkeep.ts';
import type { VenueListener } from './venue-listener.ts';
import type { VenueTerms } from './venue-terms.ts';

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
  readonly present = new Present();
  readonly account: Account;
  readonly share: TradeShare | undefined;
  /** Our orders may take a share of each candle's volume only. */
  readonly limitsVolume: boolean;
  readonly #instrument: Instrument;
  readonly #terms: VenueTerms;
  readonly #host: VenueListener;
  readonly #gate: OrderGate;
  readonly #matching: Matching;
  readonly #upkeep: Upkeep;
  /** Reused: what the gate is asked about. */
  readonly #request = emptyRequest();

  constructor(
    instrument: Instrument,
    terms: VenueTerms,
    funding: FundingIndex,
    host: VenueListener,
  ) {
    this.#instrument = instrument;
    this.#terms = terms;
    this.limitsVolume = terms.participation !== undefined;
    this.#host = host;
    // A trade at the price works off the queue: an order is looked at from its price on.
    this.book = new OrderBook(terms.queue === undefined ? terms.throughTicks : 0);
    this.ledger = new Ledger(instrument);
    this.account = new Account(instrument, terms, funding, this.ledger);
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
    const { book, ledger, account, point, present, protection } = this;
    const gate = this.#gate;
    const parts = {
      instrument,
      terms,
      host,
      book,
      gate,
      ledger,
      account,
      point,
      present,
      protection,
    };
    this.#matching = new Matching(parts);
    this.#upkeep = this.#matching.upkeep;
    this.share = this.#matching.share;
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
    this.#matching.setLiquidation();
  }

  /** Gives an order its take-profit and stop, or the position as a whole (WHOLE_POSITION). */
  attach(parentId: number, side: number, spec: ProtectionSpec): void {
    this.protection.attach(parentId, side, spec);
    this.#upkeep.protect();
  }

  /** Leverage, margin mode or cash have changed. */
  refreshLiquidation(): void {
    this.#matching.setLiquidation();
  }

  /** Triggers what the mark and index prices have reached. */
  matchReferences(): void {
    this.#matching.triggerBy(TERM_ON_MARK, this.references.markTicks);
    this.#matching.triggerBy(TERM_ON_INDEX, this.references.indexTicks);
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
    return this.#gate.refusePlace(order, this.present.marketOpen, this.account.accruedFunding());
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
    this.#matching.admit(at);
    if (reduceOnly) this.#upkeep.trimReduceOnly();
    if (this.protection.dirty) this.#upkeep.protect();
  }

  amend(orderId: number, priceTicks: number, qtySteps: number, limitTicks = 0): number {
    const book = this.book;
    const at = book.find(orderId);
    if (at < 0) return RET_ORDER_GONE;
    if (qtySteps <= (book.filled[at] ?? 0)) return RET_QTY_BELOW_FILLED;
    if (!(priceTicks > 0)) return RET_PARAMETER;
    const kind = book.kind[at] ?? KIND_LIMIT;
    const side = book.side[at] ?? 0;
    if (kind === KIND_STOP_MARKET && this.present.marketOpen) {
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
        this.account.accruedFunding(),
      )
    ) {
      return RET_INSUFFICIENT_MARGIN;
    }
    if (limitTicks > 0) book.limit[at] = limitTicks;
    const grows = qtySteps > (book.qty[at] ?? 0);
    const repriced = priceTicks !== book.price[at];
    const trims = book.reduceOnly[at] === 1;
    book.change(at, priceTicks, qtySteps);
    if (orderId < 0 && kind === KIND_STOP_MARKET) this.protection.onMoved(orderId, priceTicks);
    if (kind === KIND_LIMIT && repriced) this.#matching.admit(at);
    else if (kind === KIND_LIMIT && grows) this.#matching.requeue(at);
    if (trims) this.#upkeep.trimReduceOnly();
    if (this.protection.dirty) this.#upkeep.protect();
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
    this.#upkeep.end(at, END_CANCELLED_BY_USER);
    if (this.protection.dirty) this.#upkeep.protect();
    return RET_OK;
  }

  /** Starts a candle: its volume limits what our orders may take. */
  openCandle(volumeSteps: number): void {
    const millionths = Math.round((this.#terms.participation ?? 1) * 1e6);
    this.present.volumeLeft = Math.floor((volumeSteps * millionths) / 1e6);
    this.book.limitsBlocked = this.present.volumeLeft <= 0;
    this.book.levelsStale = true;
  }

  /** Kind 0 of a ms: the path fills and triggers what it has reached, then the margin is looked at. */
  match(): void {
    this.#matching.match();
    this.#checkLiquidation();
  }

  /** Kind 0 of a ms on the path of trades, trade by trade. */
  matchTrade(sizeSteps: number, takerSide: number, tradedBefore: number): void {
    this.#matching.matchTrade(sizeSteps, takerSide, tradedBefore);
    this.#checkLiquidation();
  }

  #checkLiquidation(): void {
    if (this.#terms.liquidatesOnMark) return;
    if (this.account.isBeyondLiquidation(this.point)) this.liquidate();
  }

  /** The first price after a closed market: what waited now arrives, in its order. */
  release(): void {
    this.#matching.release();
  }

  /** The exchange closes part of the position itself, without an order of ours and without a fee. */
  takeOver(side: number, qtySteps: number, priceTicks: number): void {
    this.ledger.fill(side, qtySteps, priceTicks, 0);
    this.#matching.setLiquidation();
    this.#upkeep.trimReduceOnly();
    if (this.protection.count > 0) this.#upkeep.protect();
  }

  /** Takes the position over at its bankruptcy price; the run ends. */
  liquidate(): void {
    const held = this.ledger.positionSteps;
    const long = held > 0;
    const ticks = this.account.bankruptcyPriceTicks(long);
    const steps = Math.abs(held);
    const fee = this.#instrument.fee(steps, ticks, false);
    const funding = this.account.settleFunding();
    this.ledger.fill(long ? -1 : 1, steps, ticks, fee);
    this.account.liquidated = true;
    this.account.liquidationLevel = NaN;
    for (let at = this.book.count - 1; at >= 0; at -= 1) this.#upkeep.end(at, END_LIQUIDATION);
    this.#host.onLiquidated(this.present.nowMs, long ? -1 : 1, ticks, steps, fee, funding);
  }
}
