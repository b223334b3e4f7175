import { END_FILLED } from '../../engine/codes.ts';
import type { Instrument } from '../../engine/instrument.ts';
import { InvariantError } from '../../engine/invariant.ts';
import { WHOLE_POSITION, isAttachedStop } from '../protection.ts';
import type { VenueListener } from '../venue-listener.ts';
import type { Venue } from '../venue.ts';
import { uuid } from './ids.ts';
import type { Logs } from './logs.ts';
import { newOrder } from './new-order.ts';
import { endWords, triggerWord } from './order-words.ts';
import type { OrderTruth } from './records.ts';

/** A booking that the matching engine or the exchange itself has made. */
export type Booking = {
  readonly timeMs: number;
  readonly execType: string;
  readonly order: OrderTruth | undefined;
  readonly side: number;
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly feeMoney: number;
  readonly feeRate: string;
  readonly maker: boolean;
};

/** Writes down what the venue does: order versions, executions, position, wallet. */
export class Bookkeeper implements VenueListener {
  /** Orders that this step has triggered; those that then rest have become New. */
  readonly triggered: OrderTruth[] = [];
  /** Orders in Full mode that have filled: their take-profit and stop now hold for the position. */
  readonly protecting: OrderTruth[] = [];
  readonly #seed: number;
  readonly #instrument: Instrument;
  readonly #byVenueId = new Map<number, OrderTruth>();
  readonly #venueIds = new Map<OrderTruth, number>();
  #logs: Logs | undefined;
  #venue: Venue | undefined;
  #realised = 0;
  #heldSteps = 0;
  /** The order being placed has no version yet: the first one is what it is after it arrived. */
  arriving: OrderTruth | undefined;
  /** Set while the exchange takes the position over by ADL or the like. */
  execType = 'Trade';

  constructor(instrument: Instrument, seed: number) {
    this.#instrument = instrument;
    this.#seed = seed;
  }

  connect(venue: Venue, logs: Logs): void {
    this.#venue = venue;
    this.#logs = logs;
  }

  register(venueId: number, order: OrderTruth): void {
    this.#byVenueId.set(venueId, order);
    this.#venueIds.set(order, venueId);
    this.logs.addOrder(order);
  }

  venueIdOf(order: OrderTruth): number {
    const venueId = this.#venueIds.get(order);
    if (venueId === undefined) throw new InvariantError(`order ${order.orderId} is not open`);
    return venueId;
  }

  /** A copy: the list changes as orders are cancelled. */
  openOrders(): OrderTruth[] {
    return [...this.#venueIds.keys()];
  }

  get logs(): Logs {
    if (this.#logs === undefined) throw new InvariantError('bookkeeper without logs');
    return this.#logs;
  }

  get #truth(): Venue {
    if (this.#venue === undefined) throw new InvariantError('bookkeeper without venue');
    return this.#venue;
  }

  onExecution(
    venueId: number,
    timeMs: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    maker: boolean,
    feeMoney: number,
  ): void {
    const order = this.#order(venueId);
    const rates = this.#instrument.spec;
    const feeRate = maker ? rates.makerFeeRate : rates.takerFeeRate;
    const execType = this.execType;
    this.book({ timeMs, execType, order, side, priceTicks, qtySteps, feeMoney, feeRate, maker });
    if (order.filledSteps < order.qtySteps) {
      order.status = 'PartiallyFilled';
      this.changed(order, timeMs);
    }
    if (order.tpslMode === 'Full' && order.stopOrderType === '') this.protecting.push(order);
  }

  onOrderEnded(venueId: number, timeMs: number, end: number): void {
    const order = this.#order(venueId);
    this.#byVenueId.delete(venueId);
    this.#venueIds.delete(order);
    const waited = order.status === 'Untriggered';
    order.status = end === END_FILLED ? 'Filled' : waited ? 'Deactivated' : 'Cancelled';
    [order.cancelType, order.rejectReason] = endWords(end);
    this.changed(order, timeMs);
  }

  onStopTriggered(venueId: number, timeMs: number): void {
    const order = this.#order(venueId);
    order.status = 'Triggered';
    this.triggered.push(order);
    this.changed(order, timeMs);
  }

  onResized(venueId: number, timeMs: number): void {
    const order = this.#order(venueId);
    const { book } = this.#truth;
    const at = book.find(venueId);
    order.qtySteps = book.qty[at] ?? 0;
    if (order.status === 'Untriggered') order.triggerTicks = book.price[at] ?? 0;
    this.changed(order, timeMs);
  }

  onAttached(venueId: number, parentId: number, timeMs: number): void {
    const { book, point } = this.#truth;
    const at = book.find(venueId);
    const parent = this.logs.orders[parentId - 1];
    const stop = isAttachedStop(venueId);
    const partial = parentId === WHOLE_POSITION ? '' : 'Partial';
    const terms = book.terms[at] ?? 0;
    const limitTicks = book.limit[at] ?? 0;
    const side = book.side[at] ?? 0;
    const word = stop ? 'StopLoss' : 'TakeProfit';
    const order = newOrder(this.#seed, {
      index: this.logs.orders.length,
      parentLinkId: parent?.orderLinkId ?? '',
      side,
      orderType: limitTicks > 0 ? 'Limit' : 'Market',
      createType: `CreateBy${partial}${word}`,
      stopOrderType: `${partial}${word}`,
      timeInForce: limitTicks > 0 ? 'GTC' : 'IOC',
      triggerBy: triggerWord(terms),
      triggerDirection: stop === side > 0 ? 1 : 2,
      closeOnTrigger: true,
      createdMs: timeMs,
      createdAtTicks: Math.round(point.ticks()),
      tpslMode: partial === '' ? 'Full' : 'Partial',
      status: 'Untriggered',
      priceTicks: limitTicks,
      triggerTicks: book.price[at] ?? 0,
      qtySteps: book.qty[at] ?? 0,
    });
    this.register(venueId, order);
    this.changed(order, timeMs);
  }

  onLiquidated(
    timeMs: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    feeMoney: number,
  ): void {
    const order = this.exchangeOrder(timeMs, side, priceTicks, qtySteps, 'CreateByLiq');
    const feeRate = this.#instrument.spec.takerFeeRate;
    const execType = 'BustTrade';
    const maker = false;
    this.book({ timeMs, execType, order, side, priceTicks, qtySteps, feeMoney, feeRate, maker });
    order.status = 'Filled';
    this.changed(order, timeMs);
  }

  /** An order of the exchange itself, as it takes a position over. */
  exchangeOrder(
    timeMs: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    createType: string,
  ): OrderTruth {
    const order = newOrder(this.#seed, {
      index: this.logs.orders.length,
      side,
      orderType: 'Market',
      createType,
      createdMs: timeMs,
      createdAtTicks: priceTicks,
      priceTicks,
      qtySteps,
    });
    this.logs.addOrder(order);
    return order;
  }

  /** One booking: the ledger has it already, now it is written down. */
  book(booking: Booking): void {
    const { order, timeMs, side, priceTicks, qtySteps, feeMoney, execType } = booking;
    const { ledger, references } = this.#truth;
    const logs = this.logs;
    const valueMoney = priceTicks > 0 ? this.#instrument.value(qtySteps, priceTicks) : 0;
    const pnlMoney = ledger.realised - this.#realised;
    const closing = this.#heldSteps * side < 0 && execType !== 'Funding';
    const closedSteps = closing ? Math.min(Math.abs(this.#heldSteps), qtySteps) : 0;
    this.#realised = ledger.realised;
    this.#heldSteps = ledger.positionSteps;
    if (order !== undefined) {
      order.filledSteps += qtySteps;
      order.filledMoney += valueMoney;
      order.feeMoney += feeMoney;
      order.closedMoney += pnlMoney;
      order.updatedMs = timeMs;
    }
    const seq = logs.nextSeq();
    const index = logs.executions.length;
    logs.booked({
      index,
      timeMs,
      execId: uuid(this.#seed + 1, index),
      execType,
      order,
      orderPriceTicks: order?.priceTicks ?? 0,
      orderQtySteps: order?.qtySteps ?? 0,
      orderId: order?.orderId ?? uuid(this.#seed + 2, index),
      orderLinkId: order?.orderLinkId ?? '',
      side,
      priceTicks,
      qtySteps,
      valueMoney,
      feeMoney,
      feeRate: booking.feeRate,
      maker: booking.maker,
      leavesSteps: order === undefined ? 0 : order.qtySteps - order.filledSteps,
      closedSteps,
      pnlMoney,
      markTicks: references.markTicks,
      seq,
      positionSteps: ledger.positionSteps,
      cashMoney: ledger.cash(),
      restRow: undefined,
    });
    logs.walletChanged(timeMs);
    logs.positionChanged(timeMs);
  }

  /** The order being placed is written down after it arrived, unless something happened to it. */
  changed(order: OrderTruth, timeMs: number): void {
    if (order === this.arriving) this.arriving = undefined;
    this.logs.orderChanged(order, timeMs);
  }

  #order(venueId: number): OrderTruth {
    const order = this.#byVenueId.get(venueId);
    if (order === undefined) throw new InvariantError(`venue order ${venueId} has no record`);
    return order;
  }
}
