import {
  KIND_LIMIT,
  KIND_MARKET,
  KIND_STOP_MARKET,
  ROLE_CLOSE,
  ROLE_ENTRY,
  ROLE_EXIT,
  ROLE_STOP,
  ROLES_PER_SLOT,
} from '../../src/engine/codes.ts';
import type { Plan } from '../../src/engine/plan.ts';
import { REASON } from '../../src/engine/reasons.ts';
import type { Strategy } from '../../src/engine/strategy.ts';
import type { View } from '../../src/engine/view.ts';

/** `round(anchor + coef x indicator)`; the anchor may trail the closes since the last fill. */
export type Rule = {
  readonly anchor: 'zero' | 'last-fill' | 'entry';
  readonly trail: number;
  readonly indicator: number;
  readonly coef: number;
  readonly rounding: number;
};

export type Lot = {
  readonly side: number;
  readonly entry: Rule;
  /** The entry is a stop order: a break-out. */
  readonly breaksOut: boolean;
  readonly exit: Rule;
  readonly stop: Rule | undefined;
};

/** One slot a lot. Lots of both sides net out at the exchange, so their exits are plain orders. */
export type FollowSettings = {
  readonly lots: readonly Lot[];
  readonly reduceOnly: boolean;
  readonly qtySteps: number;
  readonly postOnly: boolean;
  /** The rest of a partly filled entry stays. */
  readonly keepsRest: boolean;
  /** 0 = off. */
  readonly maxHoldMs: number;
  readonly wakesOnClose: boolean;
};

/** Every order follows an indicator: entries, exits and stops, on both sides, rounded either way. */
export const followStrategy: Strategy<FollowSettings> = {
  name: 'test-follow',
  summary: 'orders that follow indicators',
  parameters: [],
  setup() {
    throw new Error('made by the case');
  },
  plan(view, settings, plan) {
    if (settings.wakesOnClose) plan.wakeOnClose = true;
    settings.lots.forEach((lot, slot) => {
      if (!view.ready) plan.why(slot, REASON['warming-up'], NaN);
      else if ((view.slotQty[slot] ?? 0) > 0) planExit(view, settings, plan, slot, lot);
      else planEntry(view, settings, plan, slot, lot);
    });
  },
};

function planEntry(view: View, settings: FollowSettings, plan: Plan, slot: number, lot: Lot): void {
  const key = slot * ROLES_PER_SLOT + ROLE_ENTRY;
  plan.why(slot, REASON['entry-pending'], NaN);
  if (lot.breaksOut && view.slotStopTriggered[slot] === 1) {
    // Triggered, or refused because the price has passed it: then the market is entered at once.
    if (view.orderAlive[key] === 1) plan.keep(key);
    else plan.order(key, KIND_MARKET, lot.side, 0, settings.qtySteps, false);
    return;
  }
  const kind = lot.breaksOut ? KIND_STOP_MARKET : KIND_LIMIT;
  plan.order(key, kind, lot.side, 0, settings.qtySteps, false);
  follow(view, plan, slot, key, lot.entry);
  if (settings.postOnly && !lot.breaksOut) {
    if (view.slotPostOnlyWait[slot] === 1) {
      plan.want[key] = 0;
      plan.wakeOnClose = true;
      plan.why(slot, REASON['post-only-wait'], NaN);
      return;
    }
    plan.postOnly[key] = 1;
  }
  plan.why(slot, REASON['entry-resting'], plan.priceTicks(key, view));
}

function planExit(view: View, settings: FollowSettings, plan: Plan, slot: number, lot: Lot): void {
  const first = slot * ROLES_PER_SLOT;
  const open = view.slotQty[slot] ?? 0;
  if (settings.keepsRest && view.orderAlive[first + ROLE_ENTRY] === 1)
    plan.keep(first + ROLE_ENTRY);
  if (settings.maxHoldMs > 0) {
    const dueMs = (view.slotEntryMs[slot] ?? NaN) + settings.maxHoldMs;
    if (view.nowMs >= dueMs) {
      planTimeout(view, settings, plan, slot, lot, open);
      return;
    }
    plan.wakeAt(dueMs);
  }
  if (lot.stop !== undefined && view.slotStopTriggered[slot] === 1) {
    plan.why(slot, REASON['exit-pending'], NaN);
    if (view.orderAlive[first + ROLE_STOP] === 1) plan.keep(first + ROLE_STOP);
    else plan.order(first + ROLE_STOP, KIND_MARKET, -lot.side, 0, open, true);
    return;
  }
  plan.order(first + ROLE_EXIT, KIND_LIMIT, -lot.side, 0, open, settings.reduceOnly);
  follow(view, plan, slot, first + ROLE_EXIT, lot.exit);
  plan.why(slot, REASON['exit-resting'], plan.priceTicks(first + ROLE_EXIT, view));
  if (lot.stop === undefined) return;
  plan.order(first + ROLE_STOP, KIND_STOP_MARKET, -lot.side, 0, open, true);
  follow(view, plan, slot, first + ROLE_STOP, lot.stop);
}

/** Exit and stop go first, then the position at market. */
function planTimeout(
  view: View,
  settings: FollowSettings,
  plan: Plan,
  slot: number,
  lot: Lot,
  open: number,
): void {
  const first = slot * ROLES_PER_SLOT;
  plan.why(slot, REASON['exit-pending'], NaN);
  if (view.orderAlive[first + ROLE_EXIT] === 1 || view.orderAlive[first + ROLE_STOP] === 1) return;
  plan.order(first + ROLE_CLOSE, KIND_MARKET, -lot.side, 0, open, settings.reduceOnly);
}

function follow(view: View, plan: Plan, slot: number, key: number, rule: Rule): void {
  const last = Number.isNaN(view.lastFillTicks) ? view.warmupCloseTicks : view.lastFillTicks;
  const entry = view.slotEntryTicks[slot] ?? NaN;
  const anchor = rule.anchor === 'zero' ? 0 : rule.anchor === 'entry' ? entry : last;
  plan.follow(key, anchor, rule.coef, rule.indicator, rule.rounding, rule.trail);
}
