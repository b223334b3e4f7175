import {
  KIND_LIMIT,
  KIND_MARKET,
  KIND_STOP_MARKET,
  RET_DUPLICATE_LINK_ID,
  RET_INSUFFICIENT_MARGIN,
  RET_NOTIONAL_TOO_SMALL,
  RET_OK,
  RET_PARAMETER,
  RET_REDUCE_ONLY,
  RET_TOO_MANY_ACTIVE,
  RET_TOO_MANY_CONDITIONAL,
  RET_TRIGGER_NOT_ABOVE,
  RET_TRIGGER_NOT_BELOW,
} from '../engine/codes.ts';
import type { Instrument } from '../engine/instrument.ts';
import type { Ledger } from '../engine/ledger.ts';
import { meetsMinimum } from '../engine/risk.ts';
import type { PathPoint } from '../market/exact.ts';
import { bankruptcyFeeRate } from './margin.ts';
import type { MarginTerms } from './margin.ts';
import type { OrderBook } from './order-book.ts';
import { TERM_TURNED } from './order-terms.ts';
import type { ReferencePrices } from './order-terms.ts';

/** Bybit's caps per symbol. */
const MAX_ACTIVE_ORDERS = 500;
const MAX_CONDITIONAL_ORDERS = 10;

/** An order as it asks to be let in. */
export type OrderRequest = {
  orderId: number;
  kind: number;
  side: number;
  priceTicks: number;
  qtySteps: number;
  reduceOnly: boolean;
  terms: number;
  limitTicks: number;
};

export function emptyRequest(): OrderRequest {
  return {
    orderId: NaN,
    kind: NaN,
    side: NaN,
    priceTicks: NaN,
    qtySteps: NaN,
    reduceOnly: false,
    terms: 0,
    limitTicks: 0,
  };
}

/** What the exchange refuses before an order is booked, with Bybit's own retCodes. */
export class OrderGate {
  readonly #instrument: Instrument;
  readonly #margin: MarginTerms;
  readonly #capitalMoney: number;
  readonly #book: OrderBook;
  readonly #ledger: Ledger;
  readonly #point: PathPoint;
  readonly #references: ReferencePrices;

  constructor(
    instrument: Instrument,
    margin: MarginTerms,
    capitalMoney: number,
    book: OrderBook,
    ledger: Ledger,
    point: PathPoint,
    references: ReferencePrices,
  ) {
    this.#instrument = instrument;
    this.#margin = margin;
    this.#capitalMoney = capitalMoney;
    this.#book = book;
    this.#ledger = ledger;
    this.#point = point;
    this.#references = references;
  }

  /** `fundingDue`: what the open position owes but has not been booked. */
  refusePlace(order: OrderRequest, marketOpen: boolean, fundingDue: number): number {
    const { orderId, kind, side, priceTicks, qtySteps, reduceOnly } = order;
    const book = this.#book;
    const instrument = this.#instrument;
    if (book.usedIds.has(orderId)) return RET_DUPLICATE_LINK_ID;
    const limited = kind === KIND_LIMIT || order.limitTicks > 0;
    const most = limited ? instrument.maxQtySteps : instrument.maxMarketQtySteps;
    if (!(qtySteps > 0) || qtySteps > most) return RET_PARAMETER;
    if (qtySteps < instrument.minQtySteps && !reduceOnly) return RET_PARAMETER;
    if (kind !== KIND_MARKET && !(priceTicks > 0)) return RET_PARAMETER;
    if (reduceOnly && this.closable(side) === 0) return RET_REDUCE_ONLY;
    if (kind === KIND_STOP_MARKET) {
      if (book.conditionalCount() >= MAX_CONDITIONAL_ORDERS) return RET_TOO_MANY_CONDITIONAL;
      const wrong = marketOpen ? this.wrongTrigger(side, priceTicks, order.terms) : RET_OK;
      if (wrong !== RET_OK) return wrong;
    } else if (book.count - book.conditionalCount() >= MAX_ACTIVE_ORDERS) {
      return RET_TOO_MANY_ACTIVE;
    }
    const asked = order.limitTicks > 0 ? order.limitTicks : priceTicks;
    const reference = kind === KIND_MARKET ? this.#point.ticks() : asked;
    if (!meetsMinimum(instrument, qtySteps, reference, reduceOnly)) return RET_NOTIONAL_TOO_SMALL;
    // Conditional orders hold no margin; it is looked at when they trigger.
    if (
      !reduceOnly &&
      kind !== KIND_STOP_MARKET &&
      this.tooDear(side, reference, qtySteps, -1, fundingDue)
    ) {
      return RET_INSUFFICIENT_MARGIN;
    }
    return RET_OK;
  }

  wrongTrigger(side: number, triggerTicks: number, terms: number): number {
    const reference = terms === 0 ? NaN : this.#references.ticksFor(terms);
    const falls = (terms & TERM_TURNED) === 0 ? side < 0 : side > 0;
    if (falls) {
      return (
        Number.isNaN(reference) ? this.#point.atOrBelow(triggerTicks) : reference <= triggerTicks
      )
        ? RET_TRIGGER_NOT_BELOW
        : RET_OK;
    }
    return (
      Number.isNaN(reference) ? this.#point.atOrAbove(triggerTicks) : reference >= triggerTicks
    )
      ? RET_TRIGGER_NOT_ABOVE
      : RET_OK;
  }

  /** Order cost (initial margin, open fee, close fee at bankruptcy) against what is free. */
  tooDear(
    side: number,
    priceTicks: number,
    qtySteps: number,
    except: number,
    fundingDue: number,
  ): boolean {
    const capital = this.#capitalMoney;
    if (Number.isNaN(capital)) return false;
    const cross = this.#margin.cross === true;
    const held = Math.abs(this.#ledger.positionSteps);
    // Isolated margin is counted at entry, cross margin at the mark price.
    const markTicks = cross ? this.#references.markTicks : NaN;
    const positionValue = cross
      ? held * this.#instrument.valuePerStep(markTicks)
      : this.#ledger.entryValue;
    let needed =
      this.#orderCost(side, priceTicks, qtySteps) + positionValue / this.#margin.leverage;
    const book = this.#book;
    for (let at = 0; at < book.count; at += 1) {
      if (at === except || book.reduceOnly[at] === 1 || book.kind[at] === KIND_STOP_MARKET)
        continue;
      needed += this.#orderCost(book.side[at] ?? 0, book.price[at] ?? 0, book.leaves(at));
    }
    const unrealised = cross ? this.#ledger.unrealised(markTicks) : 0;
    return needed > capital + this.#ledger.cash() - fundingDue + unrealised;
  }

  #orderCost(side: number, priceTicks: number, qtySteps: number): number {
    const held = this.#ledger.positionSteps;
    const opening = held * side < 0 ? Math.max(0, qtySteps - Math.abs(held)) : qtySteps;
    if (opening === 0 || !(priceTicks > 0)) return 0;
    const value = opening * this.#instrument.valuePerStep(priceTicks);
    const fee = this.#instrument.takerFeeRate;
    const margin = this.#margin;
    return value * (1 / margin.leverage + fee + bankruptcyFeeRate(margin, side > 0, fee));
  }

  /** Margin that resting orders hold, in money units. */
  ordersMargin(): number {
    const book = this.#book;
    let held = 0;
    for (let at = 0; at < book.count; at += 1) {
      if (book.reduceOnly[at] === 1 || book.kind[at] === KIND_STOP_MARKET) continue;
      held += this.#orderCost(book.side[at] ?? 0, book.price[at] ?? 0, book.leaves(at));
    }
    return held;
  }

  /** Steps an order of this side would close. */
  closable(side: number): number {
    const held = this.#ledger.positionSteps;
    return held * side < 0 ? Math.abs(held) : 0;
  }
}
