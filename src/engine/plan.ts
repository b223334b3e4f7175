import { ROLES_PER_SLOT } from './codes.ts';
import type { View } from './view.ts';

/** No indicator: the price is `base` alone. */
export const NO_INDICATOR = -1;
export const ROUND_FLOOR = -1;
export const ROUND_CEIL = 1;

/** What a base trails: nothing, the highest or the lowest close since the last fill. */
export const TRAIL_NONE = 0;
export const TRAIL_HIGHEST = 1;
export const TRAIL_LOWEST = -1;

const FEW_KEYS = 64;
const WANT_NOTHING = 0;
export const WANT_ORDER = 1;
export const WANT_KEEP = 2;

/** What a base that trails the closes has come to. */
export function anchorOf(
  base: number,
  trail: number,
  highestClose: number,
  lowestClose: number,
): number {
  if (trail > 0) return highestClose > base ? highestClose : base;
  return trail < 0 && lowestClose < base ? lowestClose : base;
}

/**
 * What a strategy wants, and until when that stays true: numeric registers in one preallocated
 * object. An order is addressed by its key, `slot x 4 + role`; a slot has at most one order a role.
 *
 * A price is affine in an indicator: `round(base + coef x indicator)`, and the base may trail the
 * closes. The engine follows it at every indicator close without waking the strategy. The band is in ticks of the known price and
 * may follow an indicator in the same way.
 */
export class Plan {
  readonly slotCount: number;
  readonly want: Uint8Array;
  readonly kind: Uint8Array;
  readonly side: Int8Array;
  readonly base: Float64Array;
  readonly coef: Float64Array;
  readonly indicator: Int8Array;
  readonly rounding: Int8Array;
  readonly trail: Int8Array;
  /** Steps still to be filled (leaves), not the order's total. */
  readonly qty: Float64Array;
  readonly reduceOnly: Uint8Array;
  readonly postOnly: Uint8Array;
  /** Exits that are to come with the order, from its price: see protect(). */
  readonly protects: Uint8Array;
  readonly takeProfitCoef: Float64Array;
  readonly stopCoef: Float64Array;
  readonly protectIndicator: Int8Array;
  readonly reason: Uint8Array;
  /** The price the slot waits for, in ticks; NaN when it waits for none. */
  readonly level: Float64Array;
  /** Distance between levels in ticks, for reasons; NaN where the strategy has none. */
  spacing = NaN;
  bandLowBase = -Infinity;
  bandLowCoef = NaN;
  bandHighBase = Infinity;
  bandHighCoef = NaN;
  bandLowTrail = TRAIL_NONE;
  bandHighTrail = TRAIL_NONE;
  bandIndicator = NO_INDICATOR;
  /** Ask again at this time. */
  wakeMs = Infinity;
  /** Ask again at the next candle close of the strategy's interval. */
  wakeOnClose = false;
  /** Some wanted price follows an indicator. */
  followsIndicator = false;
  /** Some wanted order is to bring its exits. */
  attaches = false;

  constructor(slotCount: number) {
    const keys = slotCount * ROLES_PER_SLOT;
    this.slotCount = slotCount;
    this.want = new Uint8Array(keys);
    this.kind = new Uint8Array(keys);
    this.side = new Int8Array(keys);
    this.base = new Float64Array(keys);
    this.coef = new Float64Array(keys);
    this.indicator = new Int8Array(keys).fill(NO_INDICATOR);
    this.rounding = new Int8Array(keys);
    this.trail = new Int8Array(keys);
    this.qty = new Float64Array(keys);
    this.reduceOnly = new Uint8Array(keys);
    this.postOnly = new Uint8Array(keys);
    this.protects = new Uint8Array(keys);
    this.takeProfitCoef = new Float64Array(keys);
    this.stopCoef = new Float64Array(keys);
    this.protectIndicator = new Int8Array(keys).fill(NO_INDICATOR);
    this.reason = new Uint8Array(slotCount);
    this.level = new Float64Array(slotCount).fill(NaN);
    this.reset();
  }

  reset(): void {
    // A call of fill costs more than a few stores.
    const keys = this.want.length;
    if (keys > FEW_KEYS) this.want.fill(WANT_NOTHING);
    else for (let key = 0; key < keys; key += 1) this.want[key] = WANT_NOTHING;
    this.spacing = NaN;
    this.bandLowBase = -Infinity;
    this.bandLowCoef = 0;
    this.bandHighBase = Infinity;
    this.bandHighCoef = 0;
    this.bandLowTrail = TRAIL_NONE;
    this.bandHighTrail = TRAIL_NONE;
    this.bandIndicator = NO_INDICATOR;
    this.wakeMs = Infinity;
    this.wakeOnClose = false;
    this.followsIndicator = false;
    this.attaches = false;
  }

  /** An order at a fixed price (ignored for market orders; the trigger for stop orders). */
  order(
    key: number,
    kind: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    reduceOnly: boolean,
  ): void {
    this.want[key] = WANT_ORDER;
    this.kind[key] = kind;
    this.side[key] = side;
    this.base[key] = priceTicks;
    this.coef[key] = 0;
    this.indicator[key] = NO_INDICATOR;
    this.rounding[key] = ROUND_FLOOR;
    this.trail[key] = TRAIL_NONE;
    this.qty[key] = qtySteps;
    this.reduceOnly[key] = reduceOnly ? 1 : 0;
    this.postOnly[key] = 0;
    this.protects[key] = 0;
  }

  /**
   * Makes the wanted order's price follow `round(anchor + coef x indicator)`; the anchor is the
   * base, or with a trail the highest (lowest) of the base and the closes since the last fill.
   */
  follow(
    key: number,
    base: number,
    coef: number,
    indicator: number,
    rounding: number,
    trail: number = TRAIL_NONE,
  ): void {
    this.trail[key] = trail;
    this.base[key] = base;
    this.coef[key] = coef;
    this.indicator[key] = indicator;
    this.rounding[key] = rounding;
    this.followsIndicator = true;
  }

  /**
   * The venue is to make the slot's exits itself when this entry fills: a take-profit and a stop,
   * multiples of an indicator away from the entry's price. 0 = none.
   */
  protect(key: number, takeProfitCoef: number, stopCoef: number, indicator: number): void {
    this.attaches = true;
    this.protects[key] = 1;
    this.takeProfitCoef[key] = takeProfitCoef;
    this.stopCoef[key] = stopCoef;
    this.protectIndicator[key] = indicator;
  }

  /** Leave the order as it stands. */
  keep(key: number): void {
    this.want[key] = WANT_KEEP;
  }

  /** Not wanted, whatever was said before. */
  drop(key: number): void {
    this.want[key] = WANT_NOTHING;
  }

  why(slot: number, reason: number, levelTicks: number): void {
    this.reason[slot] = reason;
    this.level[slot] = levelTicks;
  }

  /** Narrows the wake-up time. */
  wakeAt(timeMs: number): void {
    if (timeMs < this.wakeMs) this.wakeMs = timeMs;
  }

  /** Ask when the known price is at or below `ticks`. */
  watchBelow(ticks: number): void {
    if (ticks > this.bandLowBase) {
      this.bandLowBase = ticks;
      this.bandLowCoef = 0;
      this.bandLowTrail = TRAIL_NONE;
    }
  }

  /** Ask when the known price is at or above `ticks`. */
  watchAbove(ticks: number): void {
    if (ticks < this.bandHighBase) {
      this.bandHighBase = ticks;
      this.bandHighCoef = 0;
      this.bandHighTrail = TRAIL_NONE;
    }
  }

  /** Ask when the known price is at or below what follows `anchor + coef x indicator`. */
  bandLow(base: number, coef: number, indicator: number, trail: number): void {
    this.bandLowBase = base;
    this.bandLowCoef = coef;
    this.bandLowTrail = trail;
    this.bandIndicator = indicator;
  }

  /** The same at or above. */
  bandHigh(base: number, coef: number, indicator: number, trail: number): void {
    this.bandHighBase = base;
    this.bandHighCoef = coef;
    this.bandHighTrail = trail;
    this.bandIndicator = indicator;
  }

  isWanted(key: number): boolean {
    return this.want[key] === WANT_ORDER;
  }

  isKept(key: number): boolean {
    return this.want[key] === WANT_KEEP;
  }

  /** The wanted price of an order in ticks, with the indicators known now. */
  priceTicks(key: number, view: View): number {
    const indicator = this.indicator[key] ?? NO_INDICATOR;
    if (indicator < 0) return this.base[key] ?? NaN;
    const value = view.indicators[indicator] ?? NaN;
    return this.priceFor(key, value, view.highestCloseTicks, view.lowestCloseTicks);
  }

  /** The wanted price of an order that follows an indicator, at values of it and of the closes. */
  priceFor(key: number, value: number, highestClose: number, lowestClose: number): number {
    const base = this.base[key] ?? NaN;
    const anchor = anchorOf(base, this.trail[key] ?? TRAIL_NONE, highestClose, lowestClose);
    const exact = anchor + (this.coef[key] ?? 0) * value;
    return this.rounding[key] === ROUND_CEIL ? Math.ceil(exact) : Math.floor(exact);
  }
}
