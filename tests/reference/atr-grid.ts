import { CLOSE, ENTRY, EXIT, STOP } from './engine-state.ts';
import type { EngineState, Plan, Slot } from './engine-state.ts';
import { compare, whole } from './fraction.ts';
import { alert, emptyPlan } from './strategy.ts';
import type { Strategy } from './strategy.ts';
import type { State } from './world.ts';

export type GridParams = {
  readonly multiplier: number; readonly takeProfit: number; readonly stopLoss: number; readonly atrPeriod: number;
  readonly atrIntervalMs: number; readonly qty: number; readonly maxLevels: number; readonly maxHoldMs: number;
  readonly cooldownMs: number; readonly direction: string; readonly anchor: string; readonly initialEntry: string;
  readonly entryStyle: string; readonly exitStyle: string; readonly signalOrder: string;
  readonly pendingTimeoutMs: number; readonly postOnly: boolean;
};

export function atrGrid(params: GridParams): Strategy {
  return {
    slots: params.maxLevels,
    indicators: [{ kind: 'atr', period: params.atrPeriod, intervalMs: params.atrIntervalMs }],
    watchesPrice: params.entryStyle === 'on-signal' || params.exitStyle === 'on-signal',
    plan(_world, state) {
      const plan = emptyPlan();
      if (!state.engine.warm) return plan;
      for (const [k, slot] of state.engine.slots.entries()) if (slot.qty > 0) planExit(params, state, plan, k, slot);
      planEntry(params, state, plan);
      return plan;
    },
  };
}

/** floor for prices below the reference, ceil for those above. */
function off(reference: number, distance: number, direction: number): number {
  return direction < 0 ? Math.floor(reference - distance) : Math.ceil(reference + distance);
}

function isAt(engine: EngineState, level: number, direction: number): boolean {
  return engine.price !== undefined && compare(engine.price, whole(level)) * direction >= 0;
}

function planExit(params: GridParams, state: State, plan: Plan, k: number, slot: Slot): void {
  const { engine, now } = state;
  const side = slot.side;
  const [exitKey, stopKey, closeKey] = [k * 4 + EXIT, k * 4 + STOP, k * 4 + CLOSE];
  const exitOrder = engine.orders[exitKey];
  const stopOrder = engine.orders[stopKey];
  const market = { kind: 'market', side: -side, price: 0, qty: slot.qty, reduceOnly: true, postOnly: false } as const;
  if (params.maxHoldMs > 0) {
    const until = slot.entryMs + params.maxHoldMs;
    if (now >= until) {
      if (exitOrder === undefined && stopOrder === undefined) plan.wants.set(closeKey, market);
      return;
    }
    plan.wakes.push(until);
  }
  const entry = slot.entryPrice ?? NaN;
  const exit = off(entry, params.takeProfit * slot.entryAtr, side);
  const stop = params.stopLoss > 0 ? off(entry, params.stopLoss * slot.entryAtr, -side) : 0;
  const limit = (filled: number) => ({
    kind: 'limit', side: -side, price: exit, qty: slot.qty + filled, reduceOnly: true, postOnly: false } as const);
  if (params.exitStyle === 'resting') {
    if (slot.stopTriggered) {
      if (stopOrder === undefined) plan.wants.set(stopKey, market);
      else plan.wants.set(stopKey, { ...market, kind: stopOrder.kind, price: stopOrder.price, qty: stopOrder.qty });
      return;
    }
    plan.wants.set(exitKey, limit(exitOrder?.filled ?? 0));
    if (stop >= 1) {
      plan.wants.set(stopKey, { kind: 'stop', side: -side, price: stop, qty: slot.qty + (stopOrder?.filled ?? 0), reduceOnly: true, postOnly: false });
    }
    return;
  }
  if (stopOrder !== undefined) return;
  if (stop >= 1) {
    if (isAt(engine, stop, -side)) {
      plan.wants.set(stopKey, market);
      return;
    }
    alert(plan, stop, -side);
  }
  if (exitOrder !== undefined) {
    if (exitOrder.kind === 'market') return;
    const until = exitOrder.sentAt + params.pendingTimeoutMs;
    if (now >= until) return;
    plan.wakes.push(until);
    // It stays as it was sent: only resting exits follow the slot's quantity.
    plan.wants.set(exitKey, { ...limit(0), price: exitOrder.price, qty: exitOrder.qty });
  } else if (isAt(engine, exit, side)) {
    plan.wants.set(exitKey, params.signalOrder === 'market' ? market : limit(0));
  } else {
    alert(plan, exit, side);
  }
}

function planEntry(params: GridParams, state: State, plan: Plan): void {
  const { engine, now } = state;
  const at = engine.slots.findIndex((_, k) => engine.orders[k * 4 + ENTRY] !== undefined);
  const order = at < 0 ? undefined : engine.orders[at * 4 + ENTRY];
  const slot = at >= 0 ? at : engine.slots.findIndex((candidate) => candidate.qty === 0);
  if (slot < 0) return;
  const key = slot * 4 + ENTRY;
  const keep = (): void => {
    if (order !== undefined) {
      plan.wants.set(key, { kind: order.kind, side: order.side, price: order.price, qty: order.qty, reduceOnly: false, postOnly: params.postOnly });
    }
  };
  if (order !== undefined) {
    if (order.filled > 0 && engine.slots[slot]?.qty === 0) return;
    if (params.entryStyle === 'on-signal' && order.kind === 'limit') {
      const until = order.sentAt + params.pendingTimeoutMs;
      if (now >= until) return;
      plan.wakes.push(until);
      keep();
      return;
    }
    if (order.kind === 'market' || order.filled > 0) {
      keep();
      return;
    }
  }
  if (params.cooldownMs > 0 && now < engine.lastStopMs + params.cooldownMs) {
    plan.wakes.push(engine.lastStopMs + params.cooldownMs);
    return;
  }
  if (engine.postOnlyWait) return;
  const want = { qty: params.qty, reduceOnly: false, postOnly: params.postOnly };
  const openSide = engine.slots.find((candidate) => candidate.qty > 0)?.side;
  const sides = params.direction === 'long' ? [1] : params.direction === 'short' ? [-1] : openSide !== undefined ? [openSide] : [1, -1];
  const [first] = sides;
  if (params.initialEntry === 'immediate' && !engine.anyExecution && first !== undefined) {
    plan.wants.set(key, { ...want, kind: 'market', side: first, price: 0, postOnly: false });
    return;
  }
  if (params.entryStyle === 'resting') {
    if (first === undefined) return;
    const level = levelOf(params, engine, first);
    if (level >= 1) plan.wants.set(key, { ...want, kind: 'limit', side: first, price: level });
    return;
  }
  const levels = sides.map((side) => ({ side, level: levelOf(params, engine, side) })).filter(({ level }) => level >= 1);
  for (const { side, level } of levels) {
    if (!isAt(engine, level, -side)) continue;
    const kind = params.signalOrder === 'limit' ? 'limit' : 'market';
    plan.wants.set(key, { ...want, kind, side, price: kind === 'limit' ? level : 0 });
    if (kind === 'limit') plan.wakes.push(now + params.pendingTimeoutMs);
    return;
  }
  for (const { side, level } of levels) alert(plan, level, -side);
}

function levelOf(params: GridParams, engine: EngineState, side: number): number {
  const open = engine.slots.filter((slot) => slot.qty > 0).map((slot) => slot.entryPrice ?? NaN);
  const spacing = params.multiplier * (engine.values[0] ?? NaN);
  let reference = engine.anchor ?? NaN;
  if (open.length > 0) reference = side > 0 ? Math.min(...open) : Math.max(...open);
  else if (params.anchor === 'trailing') {
    reference = side > 0 ? Math.max(reference, engine.highest) : Math.min(reference, engine.lowest);
  }
  return off(reference, spacing, -side);
}
