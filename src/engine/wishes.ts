import { mayGrow } from './attached-pair.ts';
import { KIND_MARKET, ORDER_LIVE, ORDER_NONE, ROLES_PER_SLOT } from './codes.ts';
import { InvariantError } from './invariant.ts';
import type { OrderTable } from './order-table.ts';
import { NO_INDICATOR, WANT_KEEP, WANT_ORDER } from './plan.ts';
import type { Plan } from './plan.ts';
import type { View } from './view.ts';

/** Compares what the plan wants with what was last asked for. */
export class Wishes {
  readonly #view: View;
  readonly #plan: Plan;
  readonly #orders: OrderTable;

  constructor(view: View, plan: Plan, orders: OrderTable) {
    this.#view = view;
    this.#plan = plan;
    this.#orders = orders;
  }

  /** What is wanted of a key differs from what was last asked for, and could be asked for now. */
  differs(key: number): boolean {
    const state = this.#orders.state[key];
    if (state === ORDER_NONE) return this.#plan.want[key] === WANT_ORDER;
    return this.orderDiffers(key, state);
  }

  orderDiffers(key: number, state: number | undefined): boolean {
    const plan = this.#plan;
    const wanted = plan.want[key];
    if (state !== ORDER_LIVE || wanted === WANT_KEEP) return false;
    const orders = this.#orders;
    const kind = orders.kind[key];
    if (kind === KIND_MARKET) return false;
    if (wanted !== WANT_ORDER || plan.kind[key] !== kind || plan.side[key] !== orders.side[key])
      return orders.attached[key] === 0 || !this.#isEarly(key);
    const total = (plan.qty[key] as number) + (orders.filledSteps[key] as number);
    if (total !== orders.askedSteps[key]) return true;
    return plan.priceTicks(key, this.#view) !== orders.askedTicks[key];
  }

  /** The venue made an exit for a fill that is not known yet: it is not unwanted. */
  #isEarly(key: number): boolean {
    const orders = this.#orders;
    const slot = (key / ROLES_PER_SLOT) | 0;
    return this.#view.slotQty[slot] === 0 && mayGrow(orders, key);
  }

  /** Every wanted order that stands is as it was last asked for, and no retry is waited for. */
  isSettled(): boolean {
    const plan = this.#plan;
    const orders = this.#orders;
    for (let key = 0; key < orders.keyCount; key += 1) {
      if (orders.state[key] !== ORDER_LIVE || !plan.isWanted(key)) continue;
      const total = (plan.qty[key] ?? 0) + (orders.filledSteps[key] ?? 0);
      if (total !== orders.askedSteps[key]) return false;
      if (plan.priceTicks(key, this.#view) !== orders.askedTicks[key]) return false;
      if ((orders.retryAtMs[key] ?? 0) > this.#view.nowMs) return false;
    }
    return true;
  }

  /** Orders that follow an indicator, after amends that were sent and accepted meanwhile. */
  passAmends(): void {
    const plan = this.#plan;
    const orders = this.#orders;
    for (let key = 0; key < orders.keyCount; key += 1) {
      if (!this.follows(key)) continue;
      const ticks = plan.priceTicks(key, this.#view);
      if (!(ticks > 0)) throw new InvariantError(`order key ${key} would follow to ${ticks} ticks`);
      orders.askedTicks[key] = ticks;
      orders.standingTicks[key] = ticks;
    }
  }

  /** A standing order whose price follows an indicator. */
  follows(key: number): boolean {
    return (
      this.#orders.state[key] === ORDER_LIVE &&
      this.#plan.isWanted(key) &&
      (this.#plan.indicator[key] ?? NO_INDICATOR) !== NO_INDICATOR
    );
  }
}
