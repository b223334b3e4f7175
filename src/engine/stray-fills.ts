import { NO_KEY } from './attached-pair.ts';
import type { Attachments } from './attachments.ts';
import { ASK } from './attention.ts';
import { ROLE_ENTRY, ROLES_PER_SLOT } from './codes.ts';
import type { CommandSink } from './commands.ts';
import { UNOWNED_FOREIGN, UNOWNED_LIQUIDATION } from './doubt-events.ts';
import { GATE_FOREIGN, GATE_LIQUIDATED, GATE_UNOWNED } from './entry-gate.ts';
import type { EntryGate } from './entry-gate.ts';
import type { EventRegister } from './events.ts';
import { InvariantError } from './invariant.ts';
import type { Ledger } from './ledger.ts';
import type { OrderTable } from './order-table.ts';
import { ALARM_FORCED, ALARM_LATE_FILL, ALARM_UNOWNED } from './alarms.ts';
import type { SlotBook } from './slot-book.ts';
import type { View } from './view.ts';

const NO_ORDER = -1;

export type StrayParts = {
  readonly view: View;
  readonly orders: OrderTable;
  readonly slots: SlotBook;
  readonly ledger: Ledger;
  readonly sink: CommandSink;
  readonly attachments: Attachments;
};

/** Fills that no living order awaits: those that come late, and those that are not ours. */
export class StrayFills {
  /** Unowned steps that a person has accepted. */
  acceptedSteps = 0;
  readonly #parts: StrayParts;
  readonly #gate: EntryGate;

  constructor(parts: StrayParts, gate: EntryGate) {
    this.#parts = parts;
    this.#gate = gate;
  }

  /** A fill counts whenever it comes: ledger and slot take it, the newer order stays as it is. */
  late(event: EventRegister): number {
    const { orders, slots, view, sink, attachments } = this.#parts;
    const key = orders.keyOf(event.orderId);
    const slot = (key / ROLES_PER_SLOT) | 0;
    const role = key - slot * ROLES_PER_SLOT;
    const { side } = event;
    if (side !== 1 && side !== -1)
      throw new InvariantError(`late fill of order ${event.orderId} without a side`);
    orders.attempts = Math.max(orders.attempts, Math.floor(event.orderId / orders.keyCount));
    this.#book(side, event);
    if (role === ROLE_ENTRY) slots.enter(slot, side, event);
    else slots.leave(slot, role, side, event);
    if (orders.id[key] === event.orderId) {
      orders.filledSteps[key] = (orders.filledSteps[key] ?? 0) + event.qtySteps;
      if (role === ROLE_ENTRY) attachments.expectAgain(key);
    }
    if (orders.attaches) attachments.resize(slot, NO_KEY);
    view.lastFillTicks = event.priceTicks;
    view.lastFillMs = event.timeMs;
    slots.refresh(slot);
    sink.alarm(event.orderId, ALARM_LATE_FILL);
    this.#weigh();
    return ASK;
  }

  /** No order of ours explains it: lots of nobody, or our lots taken by somebody else. */
  unowned(event: EventRegister): number {
    const { slots, view, sink } = this.#parts;
    this.#book(event.side, event);
    slots.takeUnowned(event.side, event.qtySteps);
    for (let slot = 0; slot < view.slotCount; slot += 1) slots.refresh(slot);
    sink.alarm(NO_ORDER, event.source === UNOWNED_FOREIGN ? ALARM_UNOWNED : ALARM_FORCED);
    // Lots that it only takes from us leave none of nobody, and are no less a surprise.
    this.#gate.set(GATE_FOREIGN, true);
    if (event.source === UNOWNED_LIQUIDATION) this.#gate.set(GATE_LIQUIDATED, true);
    this.#weigh();
    return ASK;
  }

  /** An owned fill may owe, or pay back what was taken from its slot before it was known. */
  noteFill(): void {
    this.#weigh();
  }

  accept(): void {
    this.acceptedSteps = this.#parts.slots.unownedSteps;
  }

  #weigh(): void {
    const { unownedSteps } = this.#parts.slots;
    // Lots that were accepted and are gone since leave nothing to accept.
    if (unownedSteps === 0) this.acceptedSteps = 0;
    this.#gate.set(GATE_UNOWNED, unownedSteps !== this.acceptedSteps);
  }

  #book(side: number, event: EventRegister): void {
    const { ledger, view } = this.#parts;
    ledger.fill(side, event.qtySteps, event.priceTicks, event.fee);
    view.positionSteps = ledger.positionSteps;
  }
}
