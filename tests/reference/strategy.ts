import type { Plan } from './engine-state.ts';
import type { State, World } from './world.ts';

export type Params = Readonly<Record<string, number | string | boolean>>;

export type IndicatorWish = { readonly kind: 'atr' | 'sma'; readonly period: number; readonly intervalMs: number };

export type Strategy = {
  readonly slots: number;
  readonly indicators: readonly IndicatorWish[];
  readonly watchesPrice: boolean;
  plan(world: World, state: State): Plan;
};

export function emptyPlan(): Plan {
  return { wants: new Map(), low: -Infinity, high: Infinity, wakes: [] };
}

/** An alert at or below (direction -1) or at or above (+1) a price that the known price has not reached. */
export function alert(plan: Plan, level: number, direction: number): void {
  if (direction < 0) plan.low = Math.max(plan.low, level);
  else plan.high = Math.min(plan.high, level);
}
