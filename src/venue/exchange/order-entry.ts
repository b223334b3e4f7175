import {
  KIND_LIMIT,
  KIND_MARKET,
  KIND_STOP_MARKET,
  RET_DUPLICATE_LINK_ID,
  RET_OK,
  RET_ORDER_GONE,
} from '../../engine/codes.ts';
import type { Venue } from '../venue.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import { wholeCount } from './decimals.ts';
import type { Logs } from './logs.ts';
import { newOrder } from './new-order.ts';
import type { ExchangeOptions } from './options.ts';
import { parameter, readOrderAsk } from './order-ask.ts';
import type { Body, OrderAsk } from './order-ask.ts';
import { ProtectionEntry } from './protection-entry.ts';
import { isOver } from './records.ts';
import type { OrderTruth } from './records.ts';
import { RET_LEVERAGE_UNCHANGED, RET_PRICE_LIMIT, isRefusal, refusal } from './ret-codes.ts';
import type { Refusal } from './ret-codes.ts';

const DEFAULT_RACE_MS = 5;
const DEFAULT_PRICE_LIMIT_SHARE = 0.1;

type Result = Readonly<Record<string, unknown>>;

/** The requests that change something. */
export class OrderEntry {
  readonly #options: ExchangeOptions;
  readonly #venue: Venue;
  readonly #logs: Logs;
  readonly #books: Bookkeeper;
  readonly protection: ProtectionEntry;

  constructor(options: ExchangeOptions, venue: Venue, logs: Logs, books: Bookkeeper) {
    this.#options = options;
    this.#venue = venue;
    this.#logs = logs;
    this.#books = books;
    this.protection = new ProtectionEntry(options.instrument, venue, logs, books);
  }

  create(body: Body): Result | Refusal {
    const ask = readOrderAsk(body, this.#options.instrument);
    if (isRefusal(ask)) return ask;
    if (ask.linkId !== '' && this.#logs.byLinkId.has(ask.linkId))
      return refusal(RET_DUPLICATE_LINK_ID);
    if (ask.limitTicks > 0 && this.#isBeyondLimit(ask.side, ask.limitTicks))
      return refusal(RET_PRICE_LIMIT);
    return this.place(ask, 'CreateByUser');
  }

  place(ask: OrderAsk, createType: string): Result | Refusal {
    const venue = this.#venue;
    const held =
      venue.ledger.positionSteps * ask.side < 0 ? Math.abs(venue.ledger.positionSteps) : 0;
    const qtySteps = this.#cutToPosition(ask, held);
    const order = this.#record(ask, qtySteps, createType);
    const venueId = order.index + 1;
    const conditional = ask.kind === KIND_STOP_MARKET;
    const retCode = this.#refusalOf(ask, venueId, qtySteps);
    if (retCode !== RET_OK) return refusal(retCode);
    this.#books.register(venueId, order);
    this.#books.arriving = order;
    if (ask.protection !== undefined && ask.tpslMode === 'Partial')
      venue.protection.attach(venueId, -ask.side, ask.protection);
    else if (ask.protection !== undefined) this.protection.awaitFill(order.index, ask.protection);
    const price = conditional ? ask.triggerTicks : ask.limitTicks;
    const postOnly = ask.timeInForce === 'PostOnly';
    venue.enter(
      venueId,
      ask.kind,
      ask.side,
      price,
      qtySteps,
      ask.reduceOnly,
      postOnly,
      ask.terms,
      conditional ? ask.limitTicks : 0,
    );
    if (this.#books.arriving === order) this.#books.changed(order, venue.present.nowMs);
    this.#books.arriving = undefined;
    return { orderId: order.orderId, orderLinkId: order.orderLinkId };
  }

  amend(body: Body): Result | Refusal {
    const order = this.#asked(body);
    const instrument = this.#options.instrument;
    if (order === undefined) return refusal(RET_ORDER_GONE);
    if (isOver(order.status)) return this.#tooLate(order, false);
    const count = (name: string, unit: number, now: number): number => {
      const value = body[name];
      return value === undefined || value === '' ? now : wholeCount(value, unit);
    };
    const qtySteps = count('qty', instrument.qtyStep, order.qtySteps);
    const priceTicks = count('price', instrument.tickSize, order.priceTicks);
    const triggerTicks = count('triggerPrice', instrument.tickSize, order.triggerTicks);
    if (!(qtySteps > 0)) return parameter('qty');
    if (Number.isNaN(priceTicks)) return parameter('price');
    if (Number.isNaN(triggerTicks)) return parameter('triggerPrice');
    if (order.orderType === 'Limit' && this.#isBeyondLimit(order.side, priceTicks))
      return refusal(RET_PRICE_LIMIT);
    const protection = this.protection.asked(body, order);
    if (protection !== undefined && isRefusal(protection)) return protection;
    const untriggered = order.status === 'Untriggered';
    const venueId = this.#books.venueIdOf(order);
    // What the amend changes is written down first, so that fills it causes see it.
    const before = { ...order };
    order.qtySteps = qtySteps;
    order.priceTicks = priceTicks;
    if (untriggered) order.triggerTicks = triggerTicks;
    const retCode = this.#venue.amend(
      venueId,
      untriggered ? triggerTicks : priceTicks,
      qtySteps,
      untriggered && order.orderType === 'Limit' ? priceTicks : 0,
    );
    if (retCode !== RET_OK) {
      order.qtySteps = before.qtySteps;
      order.priceTicks = before.priceTicks;
      order.triggerTicks = before.triggerTicks;
      return refusal(retCode);
    }
    if (protection !== undefined) this.protection.replace(protection, order, venueId);
    if (!isOver(order.status)) this.#books.changed(order, this.#venue.present.nowMs);
    return { orderId: order.orderId, orderLinkId: order.orderLinkId };
  }

  cancel(body: Body): Result | Refusal {
    const order = this.#asked(body);
    if (order === undefined) return refusal(RET_ORDER_GONE);
    if (isOver(order.status)) return this.#tooLate(order, true);
    this.#venue.cancel(this.#books.venueIdOf(order));
    return { orderId: order.orderId, orderLinkId: order.orderLinkId };
  }

  cancelAll(body: Body): Result | Refusal {
    const { symbol, baseCoin, settleCoin, orderFilter } = body;
    if (symbol === undefined && baseCoin === undefined && settleCoin === undefined)
      return parameter('symbol');
    const list: object[] = [];
    for (const order of this.#books.openOrders()) {
      const conditional = order.status === 'Untriggered';
      if (orderFilter === 'Order' && conditional) continue;
      if (orderFilter === 'StopOrder' && !conditional) continue;
      if (isOver(order.status)) continue;
      this.#venue.cancel(this.#books.venueIdOf(order));
      list.push({ orderId: order.orderId, orderLinkId: order.orderLinkId });
    }
    return { list, success: '1' };
  }

  setLeverage(body: Body): Result | Refusal {
    const { buyLeverage, sellLeverage } = body;
    const leverage = Number(buyLeverage);
    const most = Number(this.#options.instrument.spec.maxLeverage);
    if (buyLeverage !== sellLeverage || !(leverage >= 1 && leverage <= most))
      return parameter('buyLeverage');
    if (leverage === this.#venue.leverage) return refusal(RET_LEVERAGE_UNCHANGED);
    this.#venue.setLeverage(leverage);
    this.#logs.positionChanged(this.#venue.present.nowMs);
    return {};
  }

  /**
   * The order is over. So soon after its fill the request is still acknowledged, and a cancel makes
   * the order topic say Filled once more.
   */
  #tooLate(order: OrderTruth, cancels: boolean): Result | Refusal {
    const now = this.#venue.present.nowMs;
    const race =
      order.status === 'Filled' &&
      now - order.updatedMs <= (this.#options.raceMs ?? DEFAULT_RACE_MS);
    if (!race) return refusal(RET_ORDER_GONE);
    if (cancels) this.#logs.repeatOrder(order, now, 'CancelByUser', 'EC_OrigClOrdIDDoesNotExist');
    return { orderId: order.orderId, orderLinkId: order.orderLinkId };
  }

  #asked(body: Body): OrderTruth | undefined {
    const { orderId, orderLinkId } = body;
    if (typeof orderId === 'string' && orderId !== '') return this.#logs.byOrderId.get(orderId);
    return typeof orderLinkId === 'string' ? this.#logs.byLinkId.get(orderLinkId) : undefined;
  }

  #isBeyondLimit(side: number, limitTicks: number): boolean {
    const share = this.#options.priceLimitShare ?? DEFAULT_PRICE_LIMIT_SHARE;
    return (limitTicks - this.#venue.references.markTicks * (1 + side * share)) * side > 0;
  }

  /** A reduce-only order is cut to the position; quantity 0 closes all of it. */
  #cutToPosition(ask: OrderAsk, heldSteps: number): number {
    if (!ask.reduceOnly || heldSteps === 0) return ask.qtySteps;
    if (ask.qtySteps === 0) return Math.min(heldSteps, this.#options.instrument.maxMarketQtySteps);
    return ask.kind === KIND_STOP_MARKET ? ask.qtySteps : Math.min(ask.qtySteps, heldSteps);
  }

  #refusalOf(ask: OrderAsk, venueId: number, qtySteps: number): number {
    const conditional = ask.kind === KIND_STOP_MARKET;
    return this.#venue.refusalOf(
      venueId,
      ask.kind,
      ask.side,
      conditional ? ask.triggerTicks : ask.limitTicks,
      qtySteps,
      ask.reduceOnly,
      ask.terms,
      conditional ? ask.limitTicks : 0,
    );
  }

  #record(ask: OrderAsk, qtySteps: number, createType: string): OrderTruth {
    const index = this.#logs.orders.length;
    const now = this.#venue.present.nowMs;
    const { protection } = ask;
    return newOrder(this.#options.seed, {
      index,
      orderLinkId: ask.linkId,
      side: ask.side,
      orderType: ask.kind === KIND_LIMIT || ask.limitTicks > 0 ? 'Limit' : 'Market',
      createType,
      stopOrderType: ask.kind === KIND_STOP_MARKET ? 'Stop' : '',
      timeInForce: ask.kind === KIND_MARKET ? 'IOC' : ask.timeInForce,
      triggerBy: ask.triggerBy,
      triggerDirection: ask.triggerDirection,
      reduceOnly: ask.reduceOnly,
      closeOnTrigger: ask.closeOnTrigger,
      createdMs: now,
      createdAtTicks: Math.round(this.#venue.point.ticks()),
      tpslMode: ask.tpslMode,
      status: ask.kind === KIND_STOP_MARKET ? 'Untriggered' : 'New',
      priceTicks: ask.limitTicks,
      triggerTicks: ask.triggerTicks,
      qtySteps,
      takeProfitTicks: protection?.takeProfitTicks ?? 0,
      stopLossTicks: protection?.stopLossTicks ?? 0,
    });
  }
}
