import { ENTRY, EXIT } from './engine-state.ts';
import { add, decimal, div, floor, mul, whole } from './fraction.ts';
import { unrealised, valueOf } from './money.ts';
import { emptyPlan } from './strategy.ts';
import type { Strategy } from './strategy.ts';
import type { State, World } from './world.ts';

export type SmaParams = {
  readonly fast: number; readonly slow: number; readonly intervalMs: number; readonly direction: string;
  readonly sizing: string; readonly qty: number; readonly equityFraction: number;
};

export function smaCross(params: SmaParams): Strategy {
  const { fast, slow, intervalMs } = params;
  return {
    slots: 2, watchesPrice: false,
    indicators: [{ kind: 'sma', period: fast, intervalMs }, { kind: 'sma', period: slow, intervalMs }],
    plan(world, state) {
      const plan = emptyPlan();
      const { engine } = state;
      if (!engine.started && !engine.closeIsNews) return plan;
      const now = difference(engine.values);
      const before = difference(engine.previous);
      [1, -1].forEach((side, i) => {
        const slot = engine.slots[i];
        if (slot === undefined || now === undefined) return;
        const against = now * side < 0;
        const crosses = engine.closeIsNews && before !== undefined && now * side > 0 && before * side <= 0;
        if (slot.qty > 0 && against) {
          plan.wants.set(i * 4 + EXIT, { kind: 'market', side: -side, price: 0, qty: slot.qty, reduceOnly: true, postOnly: false });
        }
        const allowed = params.direction === 'both' || params.direction === (side > 0 ? 'long' : 'short');
        const otherEmpty = (engine.slots[1 - i]?.qty ?? 0) === 0;
        if (slot.qty === 0 && otherEmpty && crosses && allowed) {
          const qty = params.sizing === 'fixed' ? params.qty : sized(world, state, params.equityFraction);
          plan.wants.set(i * 4 + ENTRY, { kind: 'market', side, price: 0, qty, reduceOnly: false, postOnly: false });
        }
      });
      return plan;
    },
  };
}

function difference(values: readonly (number | undefined)[]): number | undefined {
  const [fast, slow] = values;
  return fast === undefined || slow === undefined ? undefined : fast - slow;
}

function sized(world: World, state: State, share: number): number {
  const { ledger, close } = state.engine;
  if (close === undefined || world.capital === undefined) return 0;
  const cash = whole(world.capital + ledger.realised - ledger.fees - ledger.funding);
  const equity = add(cash, unrealised(world, ledger, whole(close)));
  const steps = floor(div(mul(decimal(share), equity), valueOf(world, 1, whole(close))));
  return Math.max(0, steps);
}

