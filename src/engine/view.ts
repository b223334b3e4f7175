import { ROLES_PER_SLOT } from './codes.ts';

/**
 * What the strategy may know: belief only, never the venue's truth. Prices in ticks, times in ms.
 * Slot arrays are indexed by slot, order arrays by key (`slot x 4 + role`).
 */
export class View {
  readonly slotCount: number;
  nowMs = -Infinity;
  /** The known price: what the market feed has shown by now. NaN unless the strategy watches it. */
  priceTicks = NaN;
  /** The first known price of the run; NaN unless the strategy watches the price. */
  firstPriceTicks = NaN;
  /** Every indicator has a value. */
  ready = false;
  /** Latest known values, in the order of the strategy's `indicators`. */
  readonly indicators: Float64Array;
  /** The same, one closed candle before. */
  readonly previousIndicators: Float64Array;
  /** Close of the latest known indicator candle; NaN before the first. */
  closeTicks = NaN;
  /** Close of the candle that completed the warm-up; NaN before. */
  warmupCloseTicks = NaN;
  /** Of closed indicator candles since the last fill (before any: since the warm-up). */
  highestCloseTicks = -Infinity;
  lowestCloseTicks = Infinity;
  /** Price of the last known fill; NaN before any. */
  lastFillTicks = NaN;
  lastFillMs = NaN;
  /** When the last stop's fill was known; -Infinity before any. */
  lastStopMs = -Infinity;
  /** Net position, signed steps. */
  positionSteps = 0;
  /**
   * Capital + realised PnL - fees - funding + unrealised PnL at the newest price known (else the
   * newest close), in money units; NaN when capital was not given.
   */
  equityMoney = NaN;
  /** Side of the open lot: +1 long, -1 short, 0 flat. */
  readonly slotSide: Int8Array;
  /** Known open quantity, steps. */
  readonly slotQty: Float64Array;
  /** Price of the slot's first known entry fill. */
  readonly slotEntryTicks: Float64Array;
  readonly slotEntryMs: Float64Array;
  /** Indicator values when that fill was known: slot x indicators.length + i. */
  readonly slotEntryIndicators: Float64Array;
  /** The stop's trigger is known, or the venue refused it as already passed. */
  readonly slotStopTriggered: Uint8Array;
  /** A post-only entry was cancelled; cleared at the next indicator close. */
  readonly slotPostOnlyWait: Uint8Array;
  /** Some order of this key may exist at the venue. */
  readonly orderAlive: Uint8Array;
  readonly orderSentMs: Float64Array;
  /** Known filled steps of the key's current order. */
  readonly orderFilled: Float64Array;

  constructor(slotCount: number, indicatorCount: number) {
    const keys = slotCount * ROLES_PER_SLOT;
    this.slotCount = slotCount;
    this.indicators = new Float64Array(indicatorCount).fill(NaN);
    this.previousIndicators = new Float64Array(indicatorCount).fill(NaN);
    this.slotSide = new Int8Array(slotCount);
    this.slotQty = new Float64Array(slotCount);
    this.slotEntryTicks = new Float64Array(slotCount).fill(NaN);
    this.slotEntryMs = new Float64Array(slotCount).fill(NaN);
    this.slotEntryIndicators = new Float64Array(slotCount * indicatorCount).fill(NaN);
    this.slotStopTriggered = new Uint8Array(slotCount);
    this.slotPostOnlyWait = new Uint8Array(slotCount);
    this.orderAlive = new Uint8Array(keys);
    this.orderSentMs = new Float64Array(keys).fill(NaN);
    this.orderFilled = new Float64Array(keys);
  }
}
