import { KIND_MARKET, ROLE_ENTRY, ROLES_PER_SLOT } from './codes.ts';
import type { Ledger } from './ledger.ts';
import type { OrderTable } from './order-table.ts';
import { REASON } from './reasons.ts';
import type { RiskLimits } from './risk.ts';
import { MS_PER_DAY } from './units.ts';
import type { View } from './view.ts';

export const NOT_BLOCKED = -1;
const RATE_WINDOW_MS = 60_000;

export type RiskGuardParts = {
  readonly limits: RiskLimits;
  readonly view: View;
  readonly orders: OrderTable;
  readonly ledger: Ledger;
};

/** Holds an order that would open a position against the limits. Exits are never asked. */
export class RiskGuard {
  /** Some limit is set: without one a run pays nothing for them. */
  readonly active: boolean;
  /** When a blocked order may be tried again; Infinity where only other news can free it. */
  freeAtMs = Infinity;
  /** Start of the UTC day, and what the account was worth when it was first looked at. */
  dayMs = NaN;
  dayWorth = 0;
  /** The latest sends, oldest first from `rateAt`. */
  readonly sentMs: Float64Array;
  rateAt = 0;
  readonly #limits: RiskLimits;
  readonly #view: View;
  readonly #orders: OrderTable;
  readonly #ledger: Ledger;

  constructor({ limits, view, orders, ledger }: RiskGuardParts) {
    this.#limits = limits;
    this.#view = view;
    this.#orders = orders;
    this.#ledger = ledger;
    this.active = Object.values(limits).some((limit) => limit !== Infinity);
    const { maxOrdersPerMinute } = limits;
    const kept = maxOrdersPerMinute === Infinity ? 0 : Math.max(1, Math.floor(maxOrdersPerMinute));
    this.sentMs = new Float64Array(kept).fill(-Infinity);
  }

  /** Every decision: the day turns whether or not anything is sent. */
  observe(): void {
    const dayMs = Math.floor(this.#view.nowMs / MS_PER_DAY) * MS_PER_DAY;
    if (dayMs === this.dayMs) return;
    this.dayMs = dayMs;
    this.dayWorth = this.#worth();
  }

  noteSent(): void {
    if (this.sentMs.length === 0) return;
    this.sentMs[this.rateAt] = this.#view.nowMs;
    this.rateAt = (this.rateAt + 1) % this.sentMs.length;
  }

  /** The reason why this entry must not be sent now, or NOT_BLOCKED. */
  blocks(kind: number, side: number, ticks: number, steps: number): number {
    this.freeAtMs = Infinity;
    if (this.#exceeds(side, steps)) return REASON['risk-limit'];
    if (this.dayWorth - this.#worth() >= this.#limits.maxDailyLossMoney) {
      this.freeAtMs = this.dayMs + MS_PER_DAY;
      return REASON['daily-loss'];
    }
    if (kind !== KIND_MARKET && this.#isBeyondCollar(side, ticks)) return REASON['price-collar'];
    if (this.sentMs.length > 0) {
      const freeAtMs = (this.sentMs[this.rateAt] ?? -Infinity) + RATE_WINDOW_MS;
      if (freeAtMs > this.#view.nowMs) {
        this.freeAtMs = freeAtMs;
        return REASON['order-rate'];
      }
    }
    return NOT_BLOCKED;
  }

  /** Position if every entry that may still fill does so; an unknown one may. */
  #exceeds(side: number, steps: number): boolean {
    const { maxPositionSteps, maxOpenOrders } = this.#limits;
    if (maxPositionSteps === Infinity && maxOpenOrders === Infinity) return false;
    const orders = this.#orders;
    let position = this.#view.positionSteps + side * steps;
    let open = 1;
    for (let other = 0; other < orders.keyCount; other += 1) {
      if (!orders.isAlive(other)) continue;
      open += 1;
      if (other % ROLES_PER_SLOT !== ROLE_ENTRY || orders.side[other] !== side) continue;
      const most = Math.max(orders.askedSteps[other] ?? 0, orders.standingSteps[other] ?? 0);
      position += side * (most - (orders.filledSteps[other] ?? 0));
    }
    return Math.abs(position) > maxPositionSteps || open > maxOpenOrders;
  }

  /** A buy far above, or a sell far below, what is known of the price. */
  #isBeyondCollar(side: number, ticks: number): boolean {
    const { priceTicks, closeTicks } = this.#view;
    const reference = priceTicks === priceTicks ? priceTicks : closeTicks;
    return side * (ticks - reference) > reference * this.#limits.collarShare;
  }

  #worth(): number {
    const { priceTicks, closeTicks } = this.#view;
    const price = priceTicks === priceTicks ? priceTicks : closeTicks;
    return this.#ledger.cash() + (price === price ? this.#ledger.unrealised(price) : 0);
  }
}
