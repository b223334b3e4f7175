import { ENTRY } from './engine-state.ts';
import { emptyPlan } from './strategy.ts';
import type { Strategy } from './strategy.ts';

export function buyAndHold(qty: number, direction: string): Strategy {
  return {
    slots: 1, indicators: [], watchesPrice: false,
    plan(_world, state) {
      const plan = emptyPlan();
      const { slots, started, orders } = state.engine;
      if (started && ((slots[0]?.qty ?? 0) < qty || orders[ENTRY] !== undefined)) {
        plan.wants.set(ENTRY, { kind: 'market', side: direction === 'short' ? -1 : 1, price: 0, qty: qty - (slots[0]?.qty ?? 0), reduceOnly: false, postOnly: false });
      }
      return plan;
    },
  };
}
