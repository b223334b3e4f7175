import {
  KIND_LIMIT,
  KIND_MARKET,
  ROLE_ENTRY,
  ROLE_EXIT,
  ROLE_STOP,
} from '../../src/engine/codes.ts';
import { NO_INDICATOR, TRAIL_NONE, anchorOf } from '../../src/engine/plan.ts';
import type { Plan } from '../../src/engine/plan.ts';
import { REASON } from '../../src/engine/reasons.ts';
import type { Strategy } from '../../src/engine/strategy.ts';
import type { View } from '../../src/engine/view.ts';

const ENTRY = ROLE_ENTRY;
const EXIT = ROLE_EXIT;
const STOP = ROLE_STOP;

/** Where a band's edges are: `anchor + factor x indicator`. */
export type BandLevels = {
  /** -1: no indicator, the edges are shares of the last fill. */
  readonly indicator: number;
  readonly low: number;
  readonly high: number;
  /** The anchor is the last fill; else nothing, and the edges are shares of the indicator. */
  readonly anchored: boolean;
  readonly lowTrail: number;
  readonly highTrail: number;
};

/** Buys where the known price is at or below the low edge, leaves at the high one. */
export type BandSettings = BandLevels & {
  readonly qtySteps: number;
  /** A limit at the level, cancelled after this; 0 = market orders. */
  readonly pendingMs: number;
  /** Both edges of the band are set, though one of them would do. */
  readonly bothEdges: boolean;
};

/** One slot, long only, never woken by a close: its band follows an indicator, or is fixed. */
export const bandStrategy: Strategy<BandSettings> = {
  name: 'test-band',
  summary: 'a band that follows an indicator',
  parameters: [],
  setup() {
    throw new Error('made by the case');
  },
  plan(view, settings, plan) {
    if (!view.ready) {
      plan.why(0, REASON['warming-up'], NaN);
      return;
    }
    const open = view.slotQty[0] ?? 0;
    const key = open > 0 ? EXIT : ENTRY;
    const side = open > 0 ? -1 : 1;
    setBand(view, settings, plan);
    const level = edgeOf(view, plan, side);
    if (view.orderAlive[ENTRY] === 1 || view.orderAlive[EXIT] === 1) {
      dropBand(plan);
      plan.why(0, open > 0 ? REASON['exit-pending'] : REASON['entry-pending'], NaN);
      keepForAWhile(view, settings, plan, ENTRY);
      keepForAWhile(view, settings, plan, EXIT);
      return;
    }
    if (side * (view.priceTicks - level) <= 0) {
      dropBand(plan);
      plan.why(0, open > 0 ? REASON['exit-pending'] : REASON['entry-pending'], level);
      const kind = settings.pendingMs > 0 ? KIND_LIMIT : KIND_MARKET;
      plan.order(key, kind, side, level, open > 0 ? open : settings.qtySteps, open > 0);
      if (settings.pendingMs > 0) plan.wakeAt(view.nowMs + settings.pendingMs);
      return;
    }
    plan.why(0, open > 0 ? REASON['waiting-for-exit-signal'] : REASON['waiting-for-signal'], level);
    if (settings.bothEdges) return;
    if (open > 0) plan.bandLow(-Infinity, 0, plan.bandIndicator, TRAIL_NONE);
    else plan.bandHigh(Infinity, 0, plan.bandIndicator, TRAIL_NONE);
  },
};

function setBand(view: View, settings: BandSettings, plan: Plan): void {
  const { indicator, low, high, anchored, lowTrail, highTrail } = settings;
  const last = Number.isNaN(view.lastFillTicks) ? view.warmupCloseTicks : view.lastFillTicks;
  if (indicator < 0) {
    plan.bandLowBase = last * low;
    plan.bandHighBase = last * high;
    return;
  }
  plan.bandLow(anchored ? last : 0, low, indicator, lowTrail);
  plan.bandHigh(anchored ? last : 0, high, indicator, highTrail);
}

/** The edge as the engine will round it. */
function edgeOf(view: View, plan: Plan, side: number): number {
  const value = plan.bandIndicator < 0 ? 0 : (view.indicators[plan.bandIndicator] ?? NaN);
  const { highestCloseTicks: top, lowestCloseTicks: bottom } = view;
  if (side > 0) {
    const anchor = anchorOf(plan.bandLowBase, plan.bandLowTrail, top, bottom);
    return Math.floor(anchor + plan.bandLowCoef * value);
  }
  const anchor = anchorOf(plan.bandHighBase, plan.bandHighTrail, top, bottom);
  return Math.ceil(anchor + plan.bandHighCoef * value);
}

/** The band sleeps while an order is under way. */
function dropBand(plan: Plan): void {
  plan.bandLow(-Infinity, 0, NO_INDICATOR, TRAIL_NONE);
  plan.bandHigh(Infinity, 0, NO_INDICATOR, TRAIL_NONE);
}

function keepForAWhile(view: View, settings: BandSettings, plan: Plan, key: number): void {
  if (view.orderAlive[key] !== 1) return;
  const dueMs = (view.orderSentMs[key] ?? 0) + settings.pendingMs;
  if (settings.pendingMs > 0 && view.nowMs >= dueMs) return;
  plan.keep(key);
  if (settings.pendingMs > 0) plan.wakeAt(dueMs);
}

/** What is wanted depends on the hour: phase = floor(now / phaseMs). */
export type ClockSettings = {
  readonly phaseMs: number;
  readonly qtySteps: number;
  readonly side: number;
  /** Distance of the limit entry from the indicator, as a factor. */
  readonly coef: number;
  readonly indicator: number;
  readonly rounding: number;
  /** In its third phase it asks for closes, and enters when the last one rose. */
  readonly asksForCloses: boolean;
};

/** Enters by a limit that follows, by the market, or when a close rose; leaves in the last phase. */
export const clockStrategy: Strategy<ClockSettings> = {
  name: 'test-clock',
  summary: 'timers and closes',
  parameters: [],
  setup() {
    throw new Error('made by the case');
  },
  plan(view, settings, plan) {
    const { side, indicator, phaseMs } = settings;
    const phase = Math.floor(view.nowMs / phaseMs) % 4;
    plan.wakeAt((Math.floor(view.nowMs / phaseMs) + 1) * phaseMs);
    const open = view.slotQty[0] ?? 0;
    plan.why(0, open > 0 ? REASON.holding : REASON['no-cross'], NaN);
    if (open > 0) {
      if (view.orderAlive[ENTRY] === 1 && phase < 2) plan.keep(ENTRY);
      if (phase === 3) plan.order(STOP, KIND_MARKET, -side, 0, open, true);
      return;
    }
    if (phase === 0 && view.ready) {
      plan.order(ENTRY, KIND_LIMIT, side, 0, settings.qtySteps, false);
      plan.follow(ENTRY, 0, settings.coef, indicator, settings.rounding);
      plan.why(0, REASON['entry-resting'], plan.priceTicks(ENTRY, view));
    } else if (phase === 1) {
      plan.order(ENTRY, KIND_MARKET, side, 0, settings.qtySteps, false);
      plan.why(0, REASON['entry-pending'], NaN);
    } else if (phase === 2 && settings.asksForCloses) {
      plan.wakeOnClose = true;
      const now = view.indicators[indicator] ?? NaN;
      const before = view.previousIndicators[indicator] ?? NaN;
      if (side * (now - before) > 0)
        plan.order(ENTRY, KIND_MARKET, side, 0, settings.qtySteps, false);
    }
  },
};
