import { hasTriggered, mayGrow } from './attached-pair.ts';
import type { Attachments } from './attachments.ts';
import { ASK, FOLLOW, NOTHING } from './attention.ts';
import type { Caution } from './caution.ts';
import {
  END_CANCELLED_BY_USER,
  END_FILLED,
  END_POST_ONLY,
  END_PROTECTION_CLEARED,
  KIND_MARKET,
  ORDER_AMENDING,
  ORDER_CANCELLING,
  ORDER_DRAINING,
  ORDER_SENT,
  ORDER_UNKNOWN,
  RET_ORDER_GONE,
  RET_TRIGGER_NOT_ABOVE,
  RET_TRIGGER_NOT_BELOW,
  ROLE_ENTRY,
  ROLE_EXIT,
  ROLES_PER_SLOT,
} from './codes.ts';
import type { EventRegister } from './events.ts';
import { InvariantError } from './invariant.ts';
import type { Ledger } from './ledger.ts';
import type { OrderDesk } from './order-desk.ts';
import {
  LIFE_ACK,
  LIFE_DRAINED,
  LIFE_ENDED,
  LIFE_FILL,
  LIFE_FILLED,
  LIFE_GONE,
  LIFE_REFUSE,
} from './order-life.ts';
import type { OrderTable } from './order-table.ts';
import type { SlotBook } from './slot-book.ts';
import type { View } from './view.ts';

export type OrderNewsParts = {
  readonly view: View;
  readonly orders: OrderTable;
  readonly ledger: Ledger;
  readonly slots: SlotBook;
  readonly desk: OrderDesk;
  readonly attachments: Attachments;
};

/** What the venue says of orders, taken into belief; each says what attention it deserves. */
export class OrderNews {
  readonly #view: View;
  readonly #orders: OrderTable;
  readonly #ledger: Ledger;
  readonly #slots: SlotBook;
  readonly #desk: OrderDesk;
  readonly #attachments: Attachments;
  #caution: Caution | undefined = undefined;

  constructor(parts: OrderNewsParts) {
    this.#view = parts.view;
    this.#orders = parts.orders;
    this.#ledger = parts.ledger;
    this.#slots = parts.slots;
    this.#desk = parts.desk;
    this.#attachments = parts.attachments;
  }

  heed(caution: Caution): void {
    this.#caution = caution;
  }

  ack(orderId: number): number {
    const orders = this.#orders;
    const key = orders.keyOf(orderId);
    if (orders.id[key] !== orderId) return NOTHING;
    const state = orders.state[key];
    // An acked cancel is accepted, not done: the order's end arrives on its own.
    orders.advance(key, LIFE_ACK);
    if (state !== ORDER_SENT && state !== ORDER_AMENDING && state !== ORDER_UNKNOWN) return NOTHING;
    orders.standingTicks[key] = orders.askedTicks[key] ?? 0;
    orders.standingSteps[key] = orders.askedSteps[key] ?? 0;
    if (state !== ORDER_AMENDING) {
      this.#slots.refresh((key / ROLES_PER_SLOT) | 0);
      // A strategy sees nothing new in an accepted order, but perhaps a newer price.
      if (this.#view.priceTicks === this.#view.priceTicks) return ASK;
    }
    return this.#desk.unmet || this.#desk.wishes.differs(key) ? FOLLOW : NOTHING;
  }

  refusal(orderId: number, retCode: number): number {
    const orders = this.#orders;
    const key = orders.keyOf(orderId);
    if (orders.id[key] !== orderId) return NOTHING;
    const state = orders.state[key];
    if (state === ORDER_SENT || state === ORDER_UNKNOWN) {
      const passed = retCode === RET_TRIGGER_NOT_ABOVE || retCode === RET_TRIGGER_NOT_BELOW;
      const slot = (key / ROLES_PER_SLOT) | 0;
      // The price is already beyond the stop: what remains is to leave at market.
      if (passed) this.#view.slotStopTriggered[slot] = 1;
      else orders.failed(key, false, this.#view.nowMs);
      this.#forget(key, LIFE_REFUSE);
      this.#slots.refresh(slot);
      return ASK;
    }
    if (state === ORDER_AMENDING || state === ORDER_CANCELLING) {
      if (retCode === RET_ORDER_GONE) {
        orders.advance(key, LIFE_GONE);
        return FOLLOW;
      }
      orders.advance(key, LIFE_REFUSE);
      // The venue still holds what it held: that is what the next wish is compared with.
      orders.askedTicks[key] = orders.standingTicks[key] ?? 0;
      orders.askedSteps[key] = orders.standingSteps[key] ?? 0;
      orders.failed(key, false, this.#view.nowMs);
      return ASK;
    }
    return FOLLOW;
  }

  fill(event: EventRegister): number {
    const orders = this.#orders;
    const key = orders.keyOf(event.orderId);
    const slot = (key / ROLES_PER_SLOT) | 0;
    const role = key - slot * ROLES_PER_SLOT;
    const side = orders.side[key] ?? 0;
    if (this.#caution !== undefined && this.#caution.isLate(key, event.orderId))
      return this.#caution.lateFill(event);
    if (!(orders.id[key] === event.orderId))
      throw new InvariantError(`fill of order ${event.orderId}, which key ${key} does not hold`);
    const view = this.#view;
    this.#ledger.fill(side, event.qtySteps, event.priceTicks, event.fee);
    this.#ledger.bookFunding(event.funding);
    view.positionSteps = this.#ledger.positionSteps;
    const filled = (orders.filledSteps[key] ?? 0) + event.qtySteps;
    orders.filledSteps[key] = filled;
    view.orderFilled[key] = filled;
    orders.failures[key] = 0;
    if (role === ROLE_ENTRY) this.#slots.enter(slot, side, event);
    else this.#slots.leave(slot, role, side, event);
    if (this.#caution !== undefined) this.#caution.noteFill(key);
    view.lastFillTicks = event.priceTicks;
    view.lastFillMs = event.timeMs;
    view.highestCloseTicks = -Infinity;
    view.lowestCloseTicks = Infinity;
    orders.advance(key, LIFE_FILL);
    if (orders.attaches) {
      if (role === ROLE_ENTRY && hasTriggered(orders, key)) view.slotStopTriggered[slot] = 1;
      this.#attachments.resize(slot, key);
    }
    this.#closeIfOver(key);
    this.#slots.refresh(slot);
    return ASK;
  }

  orderEnded(event: EventRegister): number {
    const orders = this.#orders;
    const key = orders.keyOf(event.orderId);
    if (orders.id[key] !== event.orderId || !orders.isAlive(key)) return NOTHING;
    if (this.#caution !== undefined) this.#caution.noteEnd(key);
    orders.endFilledSteps[key] = Math.max(orders.endFilledSteps[key] ?? -1, event.filledSteps);
    orders.endCode[key] = event.end;
    orders.advance(key, LIFE_ENDED);
    this.#closeIfOver(key);
    this.#slots.refresh((key / ROLES_PER_SLOT) | 0);
    return ASK;
  }

  /**
   * Closed = all its quantity is in the ledger, or the venue says it is over and all its fills are
   * in the ledger. While an amend is under way, its quantity is the larger of the two.
   */
  #closeIfOver(key: number): void {
    const orders = this.#orders;
    const filled = orders.filledSteps[key] ?? 0;
    const whole =
      filled >= (orders.askedSteps[key] ?? 0) && filled >= (orders.standingSteps[key] ?? 0);
    if (whole && !(orders.attaches && mayGrow(orders, key))) {
      this.#forget(key, LIFE_FILLED);
      return;
    }
    const ended = orders.state[key] === ORDER_DRAINING;
    if (!ended || !(filled >= (orders.endFilledSteps[key] ?? Infinity))) return;
    const end = orders.endCode[key];
    if (end === END_POST_ONLY) this.#view.slotPostOnlyWait[(key / ROLES_PER_SLOT) | 0] = 1;
    else if (!isExpected(end)) orders.failed(key, filled > 0, this.#view.nowMs);
    this.#forget(key, LIFE_DRAINED);
  }

  /** The venue has made an exit that came with its entry. */
  attached(event: EventRegister): number {
    const key = this.#orders.keyOf(event.orderId);
    this.#attachments.born(key, event.orderId, event.priceTicks);
    this.#slots.refresh((key / ROLES_PER_SLOT) | 0);
    return FOLLOW;
  }

  stopTriggered(orderId: number): number {
    const key = this.#orders.keyOf(orderId);
    if (this.#orders.id[key] !== orderId) return NOTHING;
    // Surfaces show a triggered stop again and again, also when it is over.
    if (this.#caution !== undefined && !this.#orders.isAlive(key)) return NOTHING;
    // An attached take-profit is a limit order once it has triggered.
    if (key % ROLES_PER_SLOT === ROLE_EXIT) return NOTHING;
    this.#view.slotStopTriggered[(key / ROLES_PER_SLOT) | 0] = 1;
    // From now on it is a market order, which is never amended or cancelled.
    this.#orders.kind[key] = KIND_MARKET;
    return ASK;
  }

  /** The caller refreshes the slot. */
  #forget(key: number, life: number): void {
    this.#orders.advance(key, life);
    if (this.#orders.attaches && key % ROLES_PER_SLOT === ROLE_ENTRY) this.#attachments.drop(key);
    this.#view.orderAlive[key] = 0;
    this.#view.orderFilled[key] = 0;
    this.#view.orderSentMs[key] = NaN;
  }
}

/** Ends that are nobody's failure: the next order of the key need not wait. */
function isExpected(end: number | undefined): boolean {
  return end === END_FILLED || end === END_CANCELLED_BY_USER || end === END_PROTECTION_CLEARED;
}
