import { mayGrow } from './attached-pair.ts';
import {
  ORDER_AWAITED,
  ORDER_NONE,
  ORDER_SENT,
  ORDER_UNKNOWN,
  ROLE_CLOSE,
  ROLE_ENTRY,
  ROLE_EXIT,
  ROLE_STOP,
  ROLES_PER_SLOT,
  SLOT_FLAT,
  SLOT_RECOVERING,
  SLOT_STATE_WORDS,
} from './codes.ts';
import type { EventRegister } from './events.ts';
import { InvariantError } from './invariant.ts';
import type { OrderTable } from './order-table.ts';
import type { ReasonLog } from './reason-log.ts';
import { assertTransition, isTrading, slotState } from './slot-machine.ts';
import type { View } from './view.ts';

/** The slots' books: what each holds, its state and how long, and why it does not act. */
export class SlotBook {
  /** The strategy does not see it: it has quantities and orders to go by. */
  readonly slotState: Uint8Array;
  /** Completed round trips per slot, for order ids people read. */
  readonly slotCycle: Float64Array;
  readonly slotTraded: Uint8Array;
  readonly slotReason: Uint8Array;
  readonly slotLevelTicks: Float64Array;
  /** Slot-milliseconds spent in each state. */
  readonly stateMs = new Float64Array(SLOT_STATE_WORDS.length);
  readonly stateSinceMs: Float64Array;
  /** Signed lots of the account that no slot holds: a person's, or closed before we knew them. */
  unownedSteps = 0;
  /** Fills may be known out of order, so a slot may close what it does not hold yet. */
  mayOwe = false;
  readonly #view: View;
  readonly #orders: OrderTable;

  constructor(view: View, orders: OrderTable) {
    const { slotCount } = view;
    this.slotState = new Uint8Array(slotCount);
    this.slotCycle = new Float64Array(slotCount);
    this.slotTraded = new Uint8Array(slotCount);
    this.slotReason = new Uint8Array(slotCount);
    this.slotLevelTicks = new Float64Array(slotCount).fill(NaN);
    this.stateSinceMs = new Float64Array(slotCount);
    this.#view = view;
    this.#orders = orders;
  }

  /** Counts the time in the present states up to now. */
  spendAll(nowMs: number): void {
    for (let slot = 0; slot < this.#view.slotCount; slot += 1) this.#spend(slot, nowMs);
  }

  enter(slot: number, side: number, event: EventRegister): void {
    const view = this.#view;
    const open = view.slotQty[slot] ?? 0;
    const steps = this.unownedSteps === 0 ? event.qtySteps : this.#payBack(side, event.qtySteps);
    if (steps === 0) return;
    if (open === 0) {
      view.slotSide[slot] = side;
      view.slotEntryTicks[slot] = event.priceTicks;
      view.slotEntryMs[slot] = event.timeMs;
      const count = view.indicators.length;
      for (let i = 0; i < count; i += 1) {
        view.slotEntryIndicators[slot * count + i] = view.indicators[i] ?? NaN;
      }
      view.slotStopTriggered[slot] = 0;
    }
    view.slotQty[slot] = open + steps;
    this.slotTraded[slot] = 1;
  }

  /**
   * A closing fill takes from its own slot. What that no longer holds (a stop that filled before
   * its cancel arrived) has closed lots of another: the lowest-numbered open slot gives them. An
   * exit that came with an entry closes what that has filled, and so owes it until it is known.
   */
  leave(slot: number, role: number, side: number, event: EventRegister): void {
    const view = this.#view;
    let left = event.qtySteps;
    let from = slot;
    if (this.mayOwe && this.#orders.attaches) {
      const known = (view.slotSide[slot] ?? 0) * side < 0 ? (view.slotQty[slot] ?? 0) : 0;
      const owed = Math.min(stillToFill(this.#orders, event.orderId), Math.max(0, left - known));
      this.unownedSteps += side * owed;
      left -= owed;
    }
    while (left > 0) {
      const open = (view.slotSide[from] ?? 0) * side < 0 ? (view.slotQty[from] ?? 0) : 0;
      const taken = Math.min(open, left);
      if (taken > 0) {
        view.slotQty[from] = open - taken;
        if (taken === open) view.slotSide[from] = 0;
        left -= taken;
        // The caller refreshes the filled order's own slot.
        if (from !== slot) this.refresh(from);
      }
      if (left > 0) from = this.#openSlot(side);
      if (left > 0 && from < 0 && this.mayOwe) {
        this.unownedSteps += side * left;
        break;
      }
      if (!(left === 0 || from >= 0))
        throw new InvariantError(`slot ${slot} closed ${left} steps that no slot holds`);
    }
    if (role === ROLE_STOP) view.lastStopMs = event.timeMs;
  }

  /** A fill of nobody's order: it closes unowned lots, then slots' lots, then opens unowned ones. */
  takeUnowned(side: number, qtySteps: number): void {
    const view = this.#view;
    let left = this.unownedSteps === 0 ? qtySteps : this.#payBack(side, qtySteps);
    for (let from = this.#openSlot(side); left > 0 && from >= 0; from = this.#openSlot(side)) {
      const open = view.slotQty[from] ?? 0;
      const taken = Math.min(open, left);
      view.slotQty[from] = open - taken;
      if (taken === open) view.slotSide[from] = 0;
      left -= taken;
    }
    this.unownedSteps += side * left;
  }

  /** Unowned lots of the other side are closed first; returns what is left of the fill. */
  #payBack(side: number, qtySteps: number): number {
    if (this.unownedSteps * side >= 0) return qtySteps;
    const paid = Math.min(Math.abs(this.unownedSteps), qtySteps);
    this.unownedSteps += side * paid;
    return qtySteps - paid;
  }

  /** The lowest-numbered slot whose lot a fill of this side closes; -1 when there is none. */
  #openSlot(side: number): number {
    const view = this.#view;
    for (let slot = 0; slot < view.slotCount; slot += 1) {
      if ((view.slotQty[slot] ?? 0) > 0 && (view.slotSide[slot] ?? 0) * side < 0) return slot;
    }
    return -1;
  }

  refresh(slot: number): void {
    const current = this.slotState[slot] ?? 0;
    if (!isTrading(current)) return;
    const next = this.#stateOf(slot);
    if (next === current) return;
    this.move(slot, next);
    if (this.#view.slotQty[slot] === 0 && this.slotTraded[slot] === 1 && next === 0) {
      this.slotTraded[slot] = 0;
      this.slotCycle[slot] = (this.slotCycle[slot] ?? 0) + 1;
    }
  }

  /** Out of RECOVERING, into what the facts amount to. */
  recover(slot: number): void {
    if (this.slotState[slot] !== SLOT_RECOVERING) return;
    const next = this.#stateOf(slot);
    this.move(slot, next);
    if (next === SLOT_FLAT && this.slotTraded[slot] === 1) {
      this.slotTraded[slot] = 0;
      this.slotCycle[slot] = (this.slotCycle[slot] ?? 0) + 1;
    }
  }

  #stateOf(slot: number): number {
    const states = this.#orders.state;
    const key = slot * ROLES_PER_SLOT;
    const open = this.#view.slotQty[slot] ?? 0;
    const exitStanding =
      open > 0 && (stands(states[key + ROLE_EXIT]) || stands(states[key + ROLE_CLOSE]));
    return slotState(open, states[key + ROLE_ENTRY] !== ORDER_NONE, exitStanding);
  }

  move(slot: number, next: number): void {
    assertTransition(slot, this.slotState[slot] ?? 0, next);
    this.#spend(slot, this.#view.nowMs);
    this.slotState[slot] = next;
  }

  #spend(slot: number, nowMs: number): void {
    const state = this.slotState[slot] ?? 0;
    this.stateMs[state] = (this.stateMs[state] ?? 0) + nowMs - (this.stateSinceMs[slot] ?? nowMs);
    this.stateSinceMs[slot] = nowMs;
  }

  /** What the strategy says of every slot. */
  takeReasons(codes: Uint8Array, levels: Float64Array): void {
    const ownCodes = this.slotReason;
    const ownLevels = this.slotLevelTicks;
    for (let slot = 0; slot < ownCodes.length; slot += 1) {
      ownCodes[slot] = codes[slot] as number;
      ownLevels[slot] = levels[slot] as number;
    }
  }

  setReason(slot: number, code: number, levelTicks: number): void {
    this.slotReason[slot] = code;
    this.slotLevelTicks[slot] = levelTicks;
  }

  /** Only what stands at the end of a step is a reason; what it passed through is not. */
  noteReasons(reasons: ReasonLog, spacingTicks: number): void {
    const view = this.#view;
    const codes = this.slotReason;
    const noted = reasons.code;
    for (let slot = 0; slot < codes.length; slot += 1) {
      const code = codes[slot] ?? 0;
      if (noted[slot] === code) continue;
      const price = view.priceTicks === view.priceTicks ? view.priceTicks : view.closeTicks;
      const level = this.slotLevelTicks[slot] ?? NaN;
      reasons.set(slot, code, view.nowMs, price, view.lastFillTicks, spacingTicks, level);
    }
  }
}

/** What the entry of an attached exit may have filled beyond what is known. */
function stillToFill(orders: OrderTable, exitId: number): number {
  const key = orders.keyOf(exitId);
  if (orders.id[key] !== exitId || !mayGrow(orders, key)) return 0;
  const entryKey = ((key / ROLES_PER_SLOT) | 0) * ROLES_PER_SLOT + ROLE_ENTRY;
  return Math.max(0, (orders.askedSteps[entryKey] ?? 0) - (orders.filledSteps[entryKey] ?? 0));
}

/** An exit stands once the venue has accepted it; a sent one may have been refused. */
function stands(state: number | undefined): boolean {
  if (state === ORDER_AWAITED) return false;
  return state !== ORDER_NONE && state !== ORDER_SENT && state !== ORDER_UNKNOWN;
}
