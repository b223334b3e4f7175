import { NO_KEY } from './attached-pair.ts';
import {
  KIND_LIMIT,
  KIND_STOP_MARKET,
  ORDER_AMENDING,
  ORDER_AWAITED,
  ORDER_CANCELLING,
  ORDER_LIVE,
  ORDER_NONE,
  ROLE_ENTRY,
  ROLE_EXIT,
  ROLE_STOP,
  ROLES_PER_SLOT,
} from './codes.ts';
import type { CommandSink } from './commands.ts';
import { ATTEMPTS_ATTACHED, attachedTo } from './order-id.ts';
import { LIFE_ATTACH, LIFE_CLEARED, LIFE_DROPPED, LIFE_SEEN } from './order-life.ts';
import type { OrderTable } from './order-table.ts';
import type { Plan } from './plan.ts';
import type { View } from './view.ts';

/**
 * Exits that the venue makes itself when their entry fills, as large as what it has filled: what
 * one of the two closes the other loses, and the venue ends the pair with the lots. They hold the
 * slot's exit and stop keys from the entry's sending on.
 */
export class Attachments {
  readonly #view: View;
  readonly #plan: Plan;
  readonly #orders: OrderTable;
  readonly #sink: CommandSink;

  constructor(view: View, plan: Plan, orders: OrderTable, sink: CommandSink) {
    this.#view = view;
    this.#plan = plan;
    this.#orders = orders;
    this.#sink = sink;
  }

  /** An entry waits for its slot's former exits to be over: their keys are its exits' keys. */
  mustWait(entryKey: number): boolean {
    if (this.#plan.protects[entryKey] !== 1) return false;
    const { state } = this.#orders;
    return state[entryKey + ROLE_EXIT] !== ORDER_NONE || state[entryKey + ROLE_STOP] !== ORDER_NONE;
  }

  /** The entry's command was just given: its exits go with it. */
  bring(entryKey: number, entryTicks: number): void {
    if (this.#plan.protects[entryKey] !== 1) return;
    const fromTicks = this.#expectedTicks(entryKey, entryTicks);
    const takeProfit = this.#exitTicks(entryKey, fromTicks, ROLE_EXIT);
    const stop = this.#exitTicks(entryKey, fromTicks, ROLE_STOP);
    if (takeProfit === 0 && stop === 0) return;
    const orders = this.#orders;
    this.#sink.attach(orders.side[entryKey] ?? 0, takeProfit, stop);
    if (orders.state[entryKey + ROLE_EXIT] === ORDER_AWAITED)
      orders.askedTicks[entryKey + ROLE_EXIT] = takeProfit;
    if (orders.state[entryKey + ROLE_STOP] === ORDER_AWAITED)
      orders.askedTicks[entryKey + ROLE_STOP] = stop;
  }

  /** As `bring`, with an entry that is new; 0 ticks for a market order. */
  bringNew(entryKey: number, entryTicks: number): void {
    if (this.#plan.protects[entryKey] !== 1) return;
    const orders = this.#orders;
    const fromTicks = this.#expectedTicks(entryKey, entryTicks);
    const takeProfit = this.#exitTicks(entryKey, fromTicks, ROLE_EXIT);
    const stop = this.#exitTicks(entryKey, fromTicks, ROLE_STOP);
    if (takeProfit === 0 && stop === 0) return;
    orders.attaches = true;
    orders.attempts += ATTEMPTS_ATTACHED - 1;
    this.#sink.attach(orders.side[entryKey] ?? 0, takeProfit, stop);
    if (takeProfit > 0) this.#await(entryKey, ROLE_EXIT, KIND_LIMIT, takeProfit);
    if (stop > 0) this.#await(entryKey, ROLE_STOP, KIND_STOP_MARKET, stop);
  }

  /** The venue has made one: from now on it is an order like any other. */
  born(key: number, orderId: number, priceTicks: number): void {
    const orders = this.#orders;
    if (orders.id[key] !== orderId || orders.state[key] === ORDER_NONE) {
      // What comes back of a pair that is over must go: the slot has exits of its own by now.
      this.#sink.cancel(orderId);
      this.#sink.toAttached();
      return;
    }
    orders.advance(key, LIFE_SEEN);
    orders.askedTicks[key] = priceTicks;
    orders.standingTicks[key] = priceTicks;
  }

  /** A slot's lots have changed: its pair is as large as they are, and over when they are gone. */
  resize(slot: number, filledKey: number): void {
    const open = this.#view.slotQty[slot] ?? 0;
    const byPair = filledKey !== NO_KEY && this.#orders.attached[filledKey] === 1;
    for (let role = ROLE_EXIT; role <= ROLE_STOP; role += 1) {
      const key = slot * ROLES_PER_SLOT + role;
      const orders = this.#orders;
      const state = orders.state[key];
      if (orders.attached[key] === 0 || state === ORDER_NONE) continue;
      const total = (orders.filledSteps[key] ?? 0) + open;
      orders.askedSteps[key] = total;
      orders.standingSteps[key] = total;
      if (open > 0 || key === filledKey || !byPair) continue;
      if (state === ORDER_LIVE || state === ORDER_AMENDING || state === ORDER_CANCELLING)
        orders.advance(key, LIFE_CLEARED);
    }
  }

  /** The entry ended without a fill: the venue has made nothing. */
  drop(entryKey: number): void {
    if ((this.#orders.filledSteps[entryKey] ?? 0) > 0) return;
    for (let role = ROLE_EXIT; role <= ROLE_STOP; role += 1) {
      const key = entryKey + role;
      if (this.#orders.state[key] !== ORDER_AWAITED) continue;
      this.#orders.advance(key, LIFE_DROPPED);
      this.#view.orderAlive[key] = 0;
      this.#view.orderSentMs[key] = NaN;
    }
  }

  /** A late fill of an entry that was believed over: its exits may exist after all. */
  expectAgain(entryKey: number): void {
    const orders = this.#orders;
    for (let role = ROLE_EXIT; role <= ROLE_STOP; role += 1) {
      const key = entryKey + role;
      const id = attachedTo(orders.id[entryKey] ?? NaN, role, orders.keyCount);
      if (orders.attached[key] === 0 || orders.id[key] !== id) continue;
      if (orders.state[key] !== ORDER_NONE || (orders.filledSteps[key] ?? 0) > 0) continue;
      if ((orders.endFilledSteps[key] ?? -1) >= 0) continue;
      orders.advance(key, LIFE_ATTACH);
      this.#view.orderAlive[key] = 1;
    }
  }

  /**
   * Lots that another entry left in the slot are not protected by a pair that waits for this one's
   * fill: the entry makes room.
   */
  makeRoom(plan: Plan): void {
    const { orderAlive, slotQty, slotCount } = this.#view;
    const orders = this.#orders;
    for (let slot = 0; slot < slotCount; slot += 1) {
      const key = slot * ROLES_PER_SLOT + ROLE_ENTRY;
      if ((slotQty[slot] ?? 0) === 0 || orderAlive[key] !== 1) continue;
      if ((orders.filledSteps[key] ?? 0) > 0) continue;
      const awaits =
        orders.state[key + ROLE_EXIT] === ORDER_AWAITED ||
        orders.state[key + ROLE_STOP] === ORDER_AWAITED;
      if (awaits) plan.drop(key);
    }
  }

  #await(entryKey: number, role: number, kind: number, ticks: number): void {
    const orders = this.#orders;
    const view = this.#view;
    const key = entryKey + role;
    orders.id[key] = attachedTo(orders.id[entryKey] ?? NaN, role, orders.keyCount);
    orders.advance(key, LIFE_ATTACH);
    orders.attached[key] = 1;
    orders.kind[key] = kind;
    orders.side[key] = -(orders.side[entryKey] ?? 0);
    orders.askedTicks[key] = ticks;
    orders.standingTicks[key] = ticks;
    orders.askedSteps[key] = 0;
    orders.standingSteps[key] = 0;
    orders.filledSteps[key] = 0;
    orders.endFilledSteps[key] = -1;
    view.orderAlive[key] = 1;
    view.orderFilled[key] = 0;
    view.orderSentMs[key] = view.nowMs;
  }

  /** A limit that the newest price known has passed fills about there: exits are measured from it. */
  #expectedTicks(entryKey: number, limitTicks: number): number {
    const { priceTicks, closeTicks, lastFillTicks, highestCloseTicks } = this.#view;
    const filledSince = highestCloseTicks === -Infinity && lastFillTicks === lastFillTicks;
    const latest = filledSince ? lastFillTicks : closeTicks;
    const newest = priceTicks === priceTicks ? priceTicks : latest;
    if (!(newest === newest)) return limitTicks;
    if (limitTicks === 0) return newest;
    const buys = (this.#plan.side[entryKey] ?? 0) > 0;
    return buys ? Math.min(limitTicks, newest) : Math.max(limitTicks, newest);
  }

  /** 0 = none. Rounded away from the entry, as exits are. */
  #exitTicks(entryKey: number, entryTicks: number, role: number): number {
    const plan = this.#plan;
    const exit = role === ROLE_EXIT;
    const coef = (exit ? plan.takeProfitCoef[entryKey] : plan.stopCoef[entryKey]) ?? 0;
    const value = this.#view.indicators[plan.protectIndicator[entryKey] ?? 0] ?? NaN;
    if (coef === 0 || !(entryTicks > 0) || !(value === value)) return 0;
    const up = (plan.side[entryKey] ?? 0) > 0 === exit;
    const ticks = up ? Math.ceil(entryTicks + coef * value) : Math.floor(entryTicks - coef * value);
    return Math.max(0, ticks);
  }
}
