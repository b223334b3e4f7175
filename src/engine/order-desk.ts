import { NO_KEY, standingAttached } from './attached-pair.ts';
import type { Attachments } from './attachments.ts';
import {
  KIND_LIMIT,
  KIND_MARKET,
  ORDER_LIVE,
  ORDER_NONE,
  ROLE_ENTRY,
  ROLES_PER_SLOT,
} from './codes.ts';
import type { CommandSink } from './commands.ts';
import type { Instrument } from './instrument.ts';
import { LIFE_AMEND, LIFE_CANCEL, LIFE_SEND } from './order-life.ts';
import type { OrderTable } from './order-table.ts';
import { WANT_ORDER } from './plan.ts';
import type { Plan } from './plan.ts';
import { REASON } from './reasons.ts';
import { meetsMinimum } from './risk.ts';
import { NOT_BLOCKED } from './risk-guard.ts';
import type { RiskGuard } from './risk-guard.ts';
import type { SlotBook } from './slot-book.ts';
import type { View } from './view.ts';
import { Wishes } from './wishes.ts';

/** Market orders of one slot and role are at least this far apart: a signal must not fire in a loop. */
const MARKET_SPACING_MS = 100;
/** A key's role: roles per slot are a power of two. */
const ROLE_BITS = ROLES_PER_SLOT - 1;

export type DeskParts = {
  readonly view: View;
  readonly plan: Plan;
  readonly orders: OrderTable;
  readonly slots: SlotBook;
  readonly sink: CommandSink;
  readonly instrument: Instrument;
  readonly guard: RiskGuard;
  readonly attachments: Attachments;
};

/** Turns what is wanted into requests: places, amends, cancels, and the waits between them. */
export class OrderDesk {
  /** When the engine wants a timer event; Infinity for none. */
  timerMs = Infinity;
  /** Some wanted order was held back in the last step. */
  unmet = false;
  readonly wishes: Wishes;
  readonly #view: View;
  readonly #plan: Plan;
  readonly #orders: OrderTable;
  readonly #slots: SlotBook;
  readonly #sink: CommandSink;
  readonly #instrument: Instrument;
  readonly #guard: RiskGuard;
  readonly #attachments: Attachments;
  readonly #changed: Int32Array;

  constructor(parts: DeskParts) {
    this.wishes = new Wishes(parts.view, parts.plan, parts.orders);
    this.#view = parts.view;
    this.#plan = parts.plan;
    this.#orders = parts.orders;
    this.#slots = parts.slots;
    this.#sink = parts.sink;
    this.#instrument = parts.instrument;
    this.#guard = parts.guard;
    this.#attachments = parts.attachments;
    this.#changed = new Int32Array(parts.orders.keyCount);
  }

  /**
   * Sends the difference between wanted and known: cancels first, then exits, then entries. No key's
   * request changes whether another differs, so only those that do are gone through again.
   */
  reconcile(): void {
    this.unmet = this.#guard.withheld;
    const count = this.#findChanges();
    if (count === 0) return;
    const changed = this.#changed;
    for (let at = 0; at < count; at += 1) this.#withdraw(changed[at] as number);
    for (let at = 0; at < count; at += 1) {
      const key = changed[at] as number;
      if ((key & ROLE_BITS) !== ROLE_ENTRY) this.#provide(key);
    }
    for (let at = 0; at < count; at += 1) {
      const key = changed[at] as number;
      if ((key & ROLE_BITS) === ROLE_ENTRY) this.#provide(key);
    }
  }

  /** Notes the keys that differ, by slot and role; most of them have neither order nor wish. */
  #findChanges(): number {
    const states = this.#orders.state;
    const wants = this.#plan.want;
    const changed = this.#changed;
    const keys = states.length;
    let count = 0;
    for (let key = 0; key < keys; key += 1) {
      const state = states[key];
      if (state === ORDER_NONE ? wants[key] !== WANT_ORDER : !this.wishes.orderDiffers(key, state))
        continue;
      changed[count] = key;
      count += 1;
    }
    return count;
  }

  #withdraw(key: number): void {
    const orders = this.#orders;
    if (orders.state[key] !== ORDER_LIVE || orders.kind[key] === KIND_MARKET) return;
    const plan = this.#plan;
    if (plan.isKept(key)) return;
    if (
      plan.isWanted(key) &&
      plan.kind[key] === orders.kind[key] &&
      plan.side[key] === orders.side[key]
    )
      return;
    this.#cancel(key);
  }

  #cancel(key: number): void {
    const orders = this.#orders;
    orders.advance(key, LIFE_CANCEL);
    this.#sink.cancel(orders.id[key] ?? NaN);
    if (orders.attached[key] === 1) this.#sink.toAttached();
  }

  #provide(key: number): void {
    const plan = this.#plan;
    if (!plan.isWanted(key)) return;
    const orders = this.#orders;
    const state = orders.state[key];
    if (state === ORDER_NONE) this.#place(key);
    else if (state === ORDER_LIVE && orders.kind[key] !== KIND_MARKET) this.#amend(key);
  }

  #amend(key: number): void {
    const orders = this.#orders;
    const ticks = this.#plan.priceTicks(key, this.#view);
    const total = (this.#plan.qty[key] ?? 0) + (orders.filledSteps[key] ?? 0);
    if (ticks === orders.askedTicks[key] && total === orders.askedSteps[key]) return;
    if (this.#mustWait(key)) return;
    if (!(ticks > 0)) {
      this.#cancel(key);
      return;
    }
    if (this.#guard.active && this.#isAmendBlocked(key, ticks, total)) return;
    orders.advance(key, LIFE_AMEND);
    orders.askedTicks[key] = ticks;
    orders.askedSteps[key] = total;
    this.#sink.amend(orders.id[key] ?? NaN, ticks, total);
    if (orders.attached[key] === 1) this.#sink.toAttached();
    else if (this.#plan.attaches && (key & ROLE_BITS) === ROLE_ENTRY)
      this.#attachments.bring(key, ticks);
  }

  #place(key: number): void {
    const plan = this.#plan;
    const orders = this.#orders;
    const slot = (key / ROLES_PER_SLOT) | 0;
    const kind = plan.kind[key] ?? KIND_LIMIT;
    const ticks = kind === KIND_MARKET ? 0 : plan.priceTicks(key, this.#view);
    const steps = plan.qty[key] ?? 0;
    const reduceOnly = plan.reduceOnly[key] ?? 0;
    if (kind !== KIND_MARKET && !(ticks > 0)) {
      if ((key & ROLE_BITS) === ROLE_ENTRY)
        this.#slots.setReason(slot, REASON['level-below-zero'], ticks);
      this.unmet = true;
      return;
    }
    if (this.#mustWait(key)) {
      this.unmet = true;
      this.#slots.setReason(slot, REASON['retry-wait'], ticks);
      return;
    }
    if (plan.attaches && (key & ROLE_BITS) === ROLE_ENTRY && this.#attachments.mustWait(key)) {
      this.unmet = true;
      this.#slots.setReason(slot, REASON['exit-pending'], ticks);
      return;
    }
    if (orders.attaches && (key & ROLE_BITS) !== ROLE_ENTRY && this.#clearsPair(key)) {
      this.unmet = true;
      return;
    }
    if (kind === KIND_MARKET && this.#firesTooSoon(key)) {
      this.unmet = true;
      return;
    }
    const reference = kind === KIND_MARKET ? this.#referenceTicks() : ticks;
    if (!meetsMinimum(this.#instrument, steps, reference, reduceOnly === 1)) {
      this.unmet = true;
      this.#slots.setReason(slot, REASON['below-minimum'], ticks);
      return;
    }
    if (reduceOnly === 0 && this.#guard.active && this.#isBlocked(key, kind, ticks, steps)) return;
    this.#send(key, kind, ticks, steps, reduceOnly);
  }

  /** A slot's exits are the venue's or our own, never both: those that stand go first. */
  #clearsPair(key: number): boolean {
    const orders = this.#orders;
    const standing = standingAttached(orders, key);
    if (standing === NO_KEY) return false;
    if (orders.state[standing] === ORDER_LIVE && orders.kind[standing] !== KIND_MARKET)
      this.#cancel(standing);
    return true;
  }

  #send(key: number, kind: number, ticks: number, steps: number, reduceOnly: number): void {
    const orders = this.#orders;
    const view = this.#view;
    const { nowMs } = view;
    const side = this.#plan.side[key] ?? 0;
    const postOnly = this.#plan.postOnly[key] ?? 0;
    const id = orders.issue(key);
    this.#guard.noteSent();
    orders.id[key] = id;
    orders.advance(key, LIFE_SEND);
    orders.attached[key] = 0;
    orders.kind[key] = kind;
    orders.side[key] = side;
    orders.postOnly[key] = postOnly;
    orders.askedTicks[key] = ticks;
    orders.askedSteps[key] = steps;
    orders.standingTicks[key] = ticks;
    orders.standingSteps[key] = steps;
    orders.filledSteps[key] = 0;
    orders.endFilledSteps[key] = -1;
    if (kind === KIND_MARKET) orders.marketSentMs[key] = nowMs;
    view.orderAlive[key] = 1;
    view.orderFilled[key] = 0;
    view.orderSentMs[key] = nowMs;
    this.#sink.place(id, kind, side, ticks, steps, reduceOnly, postOnly);
    if (this.#plan.attaches && (key & ROLE_BITS) === ROLE_ENTRY)
      this.#attachments.bringNew(key, ticks);
    // Only a sent entry moves its slot; an exit stands once the venue has accepted it.
    if ((key & ROLE_BITS) === ROLE_ENTRY) this.#slots.refresh((key / ROLES_PER_SLOT) | 0);
  }

  #isBlocked(key: number, kind: number, ticks: number, steps: number): boolean {
    const side = this.#plan.side[key] ?? 0;
    return this.#holdBack(key, this.#guard.blocks(kind, side, ticks, steps), ticks);
  }

  #isAmendBlocked(key: number, ticks: number, steps: number): boolean {
    if (this.#plan.reduceOnly[key] === 1) return false;
    return this.#holdBack(key, this.#guard.blocksAmend(key, ticks, steps), ticks);
  }

  #holdBack(key: number, reason: number, ticks: number): boolean {
    if (reason === NOT_BLOCKED) return false;
    const { freeAtMs } = this.#guard;
    this.unmet = true;
    this.#slots.setReason((key / ROLES_PER_SLOT) | 0, reason, ticks);
    if (freeAtMs < this.timerMs) this.timerMs = freeAtMs;
    return true;
  }

  #referenceTicks(): number {
    const view = this.#view;
    if (view.priceTicks === view.priceTicks) return view.priceTicks;
    return view.closeTicks === view.closeTicks ? view.closeTicks : Infinity;
  }

  #firesTooSoon(key: number): boolean {
    const orders = this.#orders;
    const dueMs = (orders.marketSentMs[key] ?? -Infinity) + MARKET_SPACING_MS;
    if (dueMs <= this.#view.nowMs) return false;
    if (dueMs < this.timerMs) this.timerMs = dueMs;
    return true;
  }

  #mustWait(key: number): boolean {
    const retryAt = this.#orders.retryAtMs[key] ?? 0;
    if (retryAt <= this.#view.nowMs) return false;
    if (retryAt < this.timerMs) this.timerMs = retryAt;
    return true;
  }
}
