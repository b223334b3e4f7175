import {
  KIND_LIMIT,
  KIND_MARKET,
  KIND_STOP_MARKET,
  ROLE_CLOSE,
  ROLE_ENTRY,
  ROLE_EXIT,
  ROLE_STOP,
  ROLES_PER_SLOT,
} from '../engine/codes.ts';
import {
  ROUND_CEIL,
  ROUND_FLOOR,
  TRAIL_HIGHEST,
  TRAIL_LOWEST,
  TRAIL_NONE,
  anchorOf,
} from '../engine/plan.ts';
import type { Plan } from '../engine/plan.ts';
import { REASON } from '../engine/reasons.ts';
import type { Strategy } from '../engine/strategy.ts';
import type { View } from '../engine/view.ts';
import { intervalMsOf } from './intervals.ts';
import { ATR_GRID_PARAMETERS, compileAtrGrid } from './atr-grid-parameters.ts';
import type { AtrGrid } from './atr-grid-parameters.ts';

const ATR = 0;
const NOT_BLOCKED = -1;

/**
 * Buys a multiple of ATR below the last fill, sells a fraction of ATR above what it paid (short
 * mirrors it). Exact rules: docs/strategies.md, "atr-grid".
 */
export const atrGrid: Strategy<AtrGrid> = {
  name: 'atr-grid',
  summary: 'entries a multiple of ATR from the last fill, exits a fraction of ATR from the entry',
  parameters: ATR_GRID_PARAMETERS,
  setup(params, instrument) {
    const compiled = compileAtrGrid(params, instrument);
    return {
      compiled,
      slotCount: compiled.maxLevels,
      indicators: [
        {
          kind: 'atr',
          period: Number(params.atrPeriod),
          intervalMs: intervalMsOf(String(params.atrInterval)),
        },
      ],
      watchesPrice: !compiled.restingEntry || !compiled.restingExit,
      needsCapital: false,
    };
  },
  plan(view, grid, plan) {
    if (!view.ready) {
      for (let slot = 0; slot < view.slotCount; slot += 1)
        plan.why(slot, REASON['warming-up'], NaN);
      return;
    }
    plan.spacing = grid.multiplier * (view.indicators[ATR] ?? NaN);
    for (let slot = 0; slot < view.slotCount; slot += 1) {
      if ((view.slotQty[slot] ?? 0) > 0) planExit(view, grid, plan, slot);
    }
    planEntry(view, grid, plan);
  },
};

function planExit(view: View, grid: AtrGrid, plan: Plan, slot: number): void {
  const key = slot * ROLES_PER_SLOT;
  const side = view.slotSide[slot] ?? 0;
  const open = view.slotQty[slot] ?? 0;
  const entry = view.slotEntryTicks[slot] ?? NaN;
  const atr = view.slotEntryIndicators[slot * view.indicators.length + ATR] ?? NaN;
  const exit =
    side > 0 ? Math.ceil(entry + grid.takeProfit * atr) : Math.floor(entry - grid.takeProfit * atr);
  const stop =
    side > 0 ? Math.floor(entry - grid.stopLoss * atr) : Math.ceil(entry + grid.stopLoss * atr);
  if (grid.maxHoldMs > 0) {
    const dueMs = (view.slotEntryMs[slot] ?? NaN) + grid.maxHoldMs;
    if (view.nowMs >= dueMs) {
      planTimeout(view, plan, slot, side, open);
      return;
    }
    plan.wakeAt(dueMs);
  }
  if (view.slotStopTriggered[slot] === 1) {
    // The triggered stop is at work, or the venue refused it as passed: then leave at market.
    plan.why(slot, REASON['exit-pending'], NaN);
    if (view.orderAlive[key + ROLE_STOP] === 1) plan.keep(key + ROLE_STOP);
    else plan.order(key + ROLE_STOP, KIND_MARKET, -side, 0, open, true);
    return;
  }
  if (grid.restingExit) {
    plan.why(slot, REASON['exit-resting'], exit);
    plan.order(key + ROLE_EXIT, KIND_LIMIT, -side, exit, open, true);
    if (grid.stopLoss > 0 && stop > 0)
      plan.order(key + ROLE_STOP, KIND_STOP_MARKET, -side, stop, open, true);
    return;
  }
  planSignalExit(view, grid, plan, slot, side, open, exit, stop);
}

/** maxHold: the exit and the stop go first, then the position at market. */
function planTimeout(view: View, plan: Plan, slot: number, side: number, open: number): void {
  const key = slot * ROLES_PER_SLOT;
  plan.why(slot, REASON['exit-pending'], NaN);
  if (view.orderAlive[key + ROLE_EXIT] === 1 || view.orderAlive[key + ROLE_STOP] === 1) return;
  plan.order(key + ROLE_CLOSE, KIND_MARKET, -side, 0, open, true);
}

function planSignalExit(
  view: View,
  grid: AtrGrid,
  plan: Plan,
  slot: number,
  side: number,
  open: number,
  exit: number,
  stop: number,
): void {
  const key = slot * ROLES_PER_SLOT;
  const price = view.priceTicks;
  const stopReached = grid.stopLoss > 0 && side * (price - stop) <= 0;
  if (view.orderAlive[key + ROLE_STOP] === 1) {
    plan.why(slot, REASON['exit-pending'], NaN);
    plan.keep(key + ROLE_STOP);
    return;
  }
  if (stopReached) {
    plan.why(slot, REASON['exit-pending'], NaN);
    // An exit still at work is withdrawn by not being wanted; the stop does not wait for that.
    plan.order(key + ROLE_STOP, KIND_MARKET, -side, 0, open, true);
    return;
  }
  if (grid.stopLoss > 0) {
    if (side > 0) plan.watchBelow(stop);
    else plan.watchAbove(stop);
  }
  if (view.orderAlive[key + ROLE_EXIT] === 1) {
    plan.why(slot, REASON['exit-pending'], exit);
    keepUntilTimeout(view, grid, plan, key + ROLE_EXIT);
    return;
  }
  if (side * (price - exit) >= 0) {
    plan.why(slot, REASON['exit-pending'], exit);
    plan.order(
      key + ROLE_EXIT,
      grid.signalLimit ? KIND_LIMIT : KIND_MARKET,
      -side,
      exit,
      open,
      true,
    );
    // A limit just sent has its timeout from this moment on.
    if (grid.signalLimit) plan.wakeAt(view.nowMs + grid.pendingTimeoutMs);
    return;
  }
  plan.why(slot, REASON['waiting-for-exit-signal'], exit);
  if (side > 0) plan.watchAbove(exit);
  else plan.watchBelow(exit);
}

/** Market orders end by themselves; a limit is left until its time is up. */
function keepUntilTimeout(view: View, grid: AtrGrid, plan: Plan, key: number): void {
  if (!grid.signalLimit) {
    plan.keep(key);
    return;
  }
  const dueMs = (view.orderSentMs[key] ?? 0) + grid.pendingTimeoutMs;
  if (view.nowMs >= dueMs) return;
  plan.keep(key);
  plan.wakeAt(dueMs);
}

function planEntry(view: View, grid: AtrGrid, plan: Plan): void {
  let filled = 0;
  let side = grid.direction;
  let lowest = Infinity;
  let highest = -Infinity;
  let working = -1;
  let free = -1;
  for (let slot = 0; slot < view.slotCount; slot += 1) {
    const entryAlive = view.orderAlive[slot * ROLES_PER_SLOT + ROLE_ENTRY] === 1;
    if (entryAlive) working = slot;
    if ((view.slotQty[slot] ?? 0) > 0) {
      filled += 1;
      side = view.slotSide[slot] ?? side;
      const entry = view.slotEntryTicks[slot] ?? NaN;
      if (entry < lowest) lowest = entry;
      if (entry > highest) highest = entry;
    } else if (free < 0 && !entryAlive) free = slot;
  }
  if (working >= 0) {
    tendWorkingEntry(view, grid, plan, working, side, filled, lowest, highest);
    markIdle(view, plan, working, REASON['another-slot-first']);
    return;
  }
  if (free < 0) return;
  const reason = blockedBy(view, grid, plan);
  if (reason !== NOT_BLOCKED) {
    markIdle(view, plan, -1, reason);
    return;
  }
  markIdle(view, plan, free, REASON['another-slot-first']);
  if (grid.immediate && Number.isNaN(view.lastFillTicks)) {
    plan.why(free, REASON['entry-pending'], NaN);
    plan.order(free * ROLES_PER_SLOT + ROLE_ENTRY, KIND_MARKET, side, 0, grid.qtySteps, false);
    protect(grid, plan, free * ROLES_PER_SLOT + ROLE_ENTRY);
    return;
  }
  if (grid.restingEntry) restEntry(view, grid, plan, free, side, filled, lowest, highest);
  else signalEntry(view, grid, plan, free, side, filled, lowest, highest);
}

/** The one entry that is at work already. */
function tendWorkingEntry(
  view: View,
  grid: AtrGrid,
  plan: Plan,
  slot: number,
  side: number,
  filled: number,
  lowest: number,
  highest: number,
): void {
  const key = slot * ROLES_PER_SLOT + ROLE_ENTRY;
  const open = view.slotQty[slot] ?? 0;
  if (open > 0) {
    // Partly filled: a resting rest stays where it is, a signal's has its timeout.
    if (grid.restingEntry) plan.keep(key);
    else keepUntilTimeout(view, grid, plan, key);
    return;
  }
  if ((view.orderFilled[key] ?? 0) > 0) {
    plan.why(slot, REASON['remainder-closing'], NaN);
    return;
  }
  if (grid.immediate && Number.isNaN(view.lastFillTicks)) {
    plan.why(slot, REASON['entry-pending'], NaN);
    plan.keep(key);
    return;
  }
  if (grid.restingEntry) {
    const blocked = blockedBy(view, grid, plan);
    if (blocked === NOT_BLOCKED) restEntry(view, grid, plan, slot, side, filled, lowest, highest);
    else plan.why(slot, blocked, NaN);
    return;
  }
  plan.why(slot, REASON['entry-pending'], NaN);
  keepUntilTimeout(view, grid, plan, key);
}

/** Why no entry may be sent now. */
function blockedBy(view: View, grid: AtrGrid, plan: Plan): number {
  const coolUntilMs = view.lastStopMs + grid.cooldownMs;
  if (grid.cooldownMs > 0 && view.nowMs < coolUntilMs) {
    plan.wakeAt(coolUntilMs);
    return REASON.cooldown;
  }
  for (let slot = 0; slot < view.slotCount; slot += 1) {
    if (view.slotPostOnlyWait[slot] === 1) {
      plan.wakeOnClose = true;
      return REASON['post-only-wait'];
    }
  }
  return NOT_BLOCKED;
}

/** Every slot without position or entry gets the reason why not. */
function markIdle(view: View, plan: Plan, except: number, reason: number): void {
  for (let slot = 0; slot < view.slotCount; slot += 1) {
    if (slot !== except && view.slotQty[slot] === 0) plan.why(slot, reason, NaN);
  }
}

/** What the next level is measured from: the outermost open entry, or the last fill when flat. */
function baseOf(view: View, side: number, filled: number, lowest: number, highest: number): number {
  if (filled > 0) return side > 0 ? lowest : highest;
  return Number.isNaN(view.lastFillTicks) ? view.warmupCloseTicks : view.lastFillTicks;
}

/** A flat grid may trail the closes: a buyer's level rises with the highest, never falls. */
function trailOf(grid: AtrGrid, side: number, filled: number): number {
  if (!grid.trailing || filled > 0) return TRAIL_NONE;
  return side > 0 ? TRAIL_HIGHEST : TRAIL_LOWEST;
}

function restEntry(
  view: View,
  grid: AtrGrid,
  plan: Plan,
  slot: number,
  side: number,
  filled: number,
  lowest: number,
  highest: number,
): void {
  const key = slot * ROLES_PER_SLOT + ROLE_ENTRY;
  const base = baseOf(view, side, filled, lowest, highest);
  const rounding = side > 0 ? ROUND_FLOOR : ROUND_CEIL;
  plan.order(key, KIND_LIMIT, side, 0, grid.qtySteps, false);
  plan.follow(key, base, -side * grid.multiplier, ATR, rounding, trailOf(grid, side, filled));
  plan.postOnly[key] = grid.postOnly ? 1 : 0;
  protect(grid, plan, key);
  plan.why(slot, REASON['entry-resting'], plan.priceTicks(key, view));
}

function signalEntry(
  view: View,
  grid: AtrGrid,
  plan: Plan,
  slot: number,
  side: number,
  filled: number,
  lowest: number,
  highest: number,
): void {
  const key = slot * ROLES_PER_SLOT + ROLE_ENTRY;
  const price = view.priceTicks;
  const buys = side >= 0;
  const sells = side <= 0;
  const below = baseOf(view, 1, filled, lowest, highest);
  const above = baseOf(view, -1, filled, lowest, highest);
  const { highestCloseTicks: top, lowestCloseTicks: bottom } = view;
  const trailsUp = trailOf(grid, 1, filled);
  const trailsDown = trailOf(grid, -1, filled);
  const buyLevel = Math.floor(anchorOf(below, trailsUp, top, bottom) - plan.spacing);
  const sellLevel = Math.ceil(anchorOf(above, trailsDown, top, bottom) + plan.spacing);
  const kind = grid.signalLimit ? KIND_LIMIT : KIND_MARKET;
  if (buys && buyLevel > 0 && price <= buyLevel) {
    plan.order(key, kind, 1, buyLevel, grid.qtySteps, false);
    plan.why(slot, REASON['entry-pending'], buyLevel);
  } else if (sells && price >= sellLevel) {
    plan.order(key, kind, -1, sellLevel, grid.qtySteps, false);
    plan.why(slot, REASON['entry-pending'], sellLevel);
  } else {
    const lowIsFree = !buys || plan.bandLowBase === -Infinity;
    const highIsFree = !sells || plan.bandHighBase === Infinity;
    if (lowIsFree && highIsFree) {
      if (buys) plan.bandLow(below, -grid.multiplier, ATR, trailsUp);
      if (sells) plan.bandHigh(above, grid.multiplier, ATR, trailsDown);
    } else {
      // An exit or a stop needs the same side: fixed levels, and the next close asks anew.
      if (buys) plan.watchBelow(buyLevel);
      if (sells) plan.watchAbove(sellLevel);
      plan.wakeOnClose = true;
    }
    const nearest = buys && (!sells || price - buyLevel < sellLevel - price) ? buyLevel : sellLevel;
    plan.why(
      slot,
      buyLevel <= 0 && !sells ? REASON['level-below-zero'] : REASON['waiting-for-signal'],
      nearest,
    );
    return;
  }
  protect(grid, plan, key);
  if (grid.signalLimit) plan.wakeAt(view.nowMs + grid.pendingTimeoutMs);
}

function protect(grid: AtrGrid, plan: Plan, key: number): void {
  if (grid.attached) plan.protect(key, grid.takeProfit, grid.stopLoss, ATR);
}
