import { KIND_MARKET, ROLE_ENTRY, ROLES_PER_SLOT } from './codes.ts';
import { withdrawEntries } from './entry-gate.ts';
import { EVENT_CANDLE_CLOSE, EVENT_FILL, EVENT_START, EVENT_TIMER } from './events.ts';
import { EVENT_UNOWNED_FILL } from './doubt-events.ts';
import type { EventRegister } from './events.ts';
import type { Ledger } from './ledger.ts';
import type { OrderTable } from './order-table.ts';
import type { Plan } from './plan.ts';
import { REASON } from './reasons.ts';
import type { RiskLimits } from './risk.ts';
import { MS_PER_DAY } from './units.ts';
import type { View } from './view.ts';

export const NOT_BLOCKED = -1;
const RATE_WINDOW_MS = 60_000;
const NO_KEY = -1;

export type RiskGuardParts = {
  readonly limits: RiskLimits;
  readonly view: View;
  readonly orders: OrderTable;
  readonly ledger: Ledger;
};

/**
 * Holds an order that would open a position against the limits. Exits are never asked. Everything
 * is looked at when something is told or sent, never between, so that it does not matter which
 * candles a run passes over.
 */
export class RiskGuard {
  /** Some limit is set: without one a run pays nothing for them. */
  readonly active: boolean;
  /** The price of an amended entry is limited too, so each of its amends must be played. */
  readonly limitsAmends: boolean;
  /** When a blocked order may be tried again; Infinity where only other news can free it. */
  freeAtMs = Infinity;
  /** When the UTC day ends; NaN before the first event, Infinity where no loss is limited. */
  dayEndMs: number;
  /** What the account was worth when the day began, or was first looked at. */
  dayWorth = 0;
  /** The day's loss has reached its limit: no entry until the next day. */
  daySpent = false;
  /** An entry was taken out of the plan: a wish that is held back. */
  withheld = false;
  /** The latest of fill and candle close. */
  newestTicks = NaN;
  priceSeenMs = NaN;
  /** An entry waits for a newer price. */
  awaitsPrice = false;
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
    this.limitsAmends = limits.collarShare !== Infinity || limits.maxPriceAgeMs !== Infinity;
    this.dayEndMs = limits.maxDailyLossMoney === Infinity ? Infinity : NaN;
    const { maxOrdersPerMinute } = limits;
    const kept = maxOrdersPerMinute === Infinity ? 0 : Math.max(1, Math.floor(maxOrdersPerMinute));
    this.sentMs = new Float64Array(kept).fill(-Infinity);
  }

  /** Before an event is taken in: a new day begins after everything of its first ms. */
  observe(event: EventRegister): void {
    this.priceSeenMs = event.priceSeenMs;
    const { nowMs } = this.#view;
    if (nowMs < this.dayEndMs) return;
    const last = event.kind === EVENT_TIMER || event.kind === EVENT_START;
    if (nowMs === this.dayEndMs && !last) return;
    this.dayEndMs = (Math.floor(nowMs / MS_PER_DAY) + 1) * MS_PER_DAY;
    this.dayWorth = this.#worth();
    this.daySpent = false;
  }

  /** After an event was taken in: a fill may have brought the day's loss to its limit. */
  weigh(event: EventRegister): void {
    const { kind, priceTicks } = event;
    if (kind === EVENT_CANDLE_CLOSE) this.newestTicks = priceTicks;
    if (kind !== EVENT_FILL && kind !== EVENT_UNOWNED_FILL) return;
    this.newestTicks = priceTicks;
    if (this.#lossReached()) this.daySpent = true;
  }

  /** After the strategy was asked. */
  apply(plan: Plan): void {
    this.awaitsPrice = false;
    this.withheld = this.daySpent && withdrawEntries(plan, REASON['daily-loss'], NaN);
    if (this.dayEndMs < plan.wakeMs) plan.wakeMs = this.dayEndMs;
  }

  noteSent(): void {
    if (this.sentMs.length === 0) return;
    this.sentMs[this.rateAt] = this.#view.nowMs;
    this.rateAt = (this.rateAt + 1) % this.sentMs.length;
  }

  /** The reason why this entry must not be sent now, or NOT_BLOCKED. */
  blocks(kind: number, side: number, ticks: number, steps: number): number {
    this.freeAtMs = Infinity;
    const { nowMs } = this.#view;
    if (this.#exceeds(NO_KEY, side, steps)) return REASON['risk-limit'];
    if (this.#lossReached()) {
      // Entries that stand are withdrawn as soon as the strategy is asked again.
      this.daySpent = true;
      this.freeAtMs = nowMs;
      return REASON['daily-loss'];
    }
    const reason = this.#blocksPrice(kind, side, ticks);
    if (reason !== NOT_BLOCKED) return reason;
    if (this.sentMs.length > 0) {
      const freeAtMs = (this.sentMs[this.rateAt] ?? -Infinity) + RATE_WINDOW_MS;
      if (freeAtMs > nowMs) {
        this.freeAtMs = freeAtMs;
        return REASON['order-rate'];
      }
    }
    return NOT_BLOCKED;
  }

  /** The same for a standing entry that is to have another price or quantity. */
  blocksAmend(key: number, ticks: number, steps: number): number {
    this.freeAtMs = Infinity;
    const orders = this.#orders;
    const side = orders.side[key] ?? 0;
    const left = steps - (orders.filledSteps[key] ?? 0);
    if (steps > (orders.askedSteps[key] ?? 0) && this.#exceeds(key, side, left))
      return REASON['risk-limit'];
    if (!this.limitsAmends) return NOT_BLOCKED;
    return this.#blocksPrice(orders.kind[key] ?? KIND_MARKET, side, ticks);
  }

  #blocksPrice(kind: number, side: number, ticks: number): number {
    const { maxPriceAgeMs } = this.#limits;
    // A price that was never seen is as good as one that is too old.
    if (maxPriceAgeMs < Infinity && !(this.#view.nowMs - this.priceSeenMs <= maxPriceAgeMs)) {
      this.awaitsPrice = true;
      this.freeAtMs = this.#view.nowMs + maxPriceAgeMs;
      return REASON['stale-price'];
    }
    if (kind !== KIND_MARKET && this.#isBeyondCollar(side, ticks)) return REASON['price-collar'];
    return NOT_BLOCKED;
  }

  /** Position if every entry that may still fill does so; an unknown one may. */
  #exceeds(amended: number, side: number, steps: number): boolean {
    const { maxPositionSteps, maxOpenOrders } = this.#limits;
    if (maxPositionSteps === Infinity && maxOpenOrders === Infinity) return false;
    const orders = this.#orders;
    let position = this.#view.positionSteps + side * steps;
    let open = 1;
    for (let other = 0; other < orders.keyCount; other += 1) {
      if (other === amended || !orders.isAlive(other)) continue;
      open += 1;
      if (other % ROLES_PER_SLOT !== ROLE_ENTRY || orders.side[other] !== side) continue;
      const most = Math.max(orders.askedSteps[other] ?? 0, orders.standingSteps[other] ?? 0);
      position += side * (most - (orders.filledSteps[other] ?? 0));
    }
    return Math.abs(position) > maxPositionSteps || (amended < 0 && open > maxOpenOrders);
  }

  /** A buy far above, or a sell far below, what is known of the price. */
  #isBeyondCollar(side: number, ticks: number): boolean {
    const { collarShare } = this.#limits;
    if (collarShare === Infinity) return false;
    const reference = this.#knownTicks();
    // Without any price nothing can be said to be near it.
    return !(side * (ticks - reference) <= reference * collarShare);
  }

  #lossReached(): boolean {
    const { maxDailyLossMoney } = this.#limits;
    if (maxDailyLossMoney === Infinity) return false;
    return this.daySpent || this.dayWorth - this.#worth() >= maxDailyLossMoney;
  }

  #worth(): number {
    const price = this.#knownTicks();
    return this.#ledger.cash() + (price === price ? this.#ledger.unrealised(price) : 0);
  }

  /** The known price, where the strategy watches it; else the latest of fill and close. */
  #knownTicks(): number {
    const { priceTicks } = this.#view;
    return priceTicks === priceTicks ? priceTicks : this.newestTicks;
  }
}
