import { ENTRY, EXIT } from './engine-state.ts';
import { add, compare, decimal, div, floor, mul, sub, whole } from './fraction.ts';
import { alert, emptyPlan } from './strategy.ts';
import type { Strategy } from './strategy.ts';

export type LadderParams = {
  readonly lower: number; readonly upper: number; readonly cells: number; readonly spacing: string;
  readonly direction: string; readonly qty: number; readonly tickSize: number;
};

export function ladderLines({ lower, upper, cells, spacing, tickSize }: LadderParams): number[] {
  return Array.from({ length: cells + 1 }, (_, k) => {
    if (spacing === 'geometric') return Math.floor((lower * (upper / lower) ** (k / cells)) / tickSize + 0.5);
    const rise = mul(sub(decimal(upper), decimal(lower)), { n: BigInt(k), d: BigInt(cells) });
    const line = div(add(decimal(lower), rise), decimal(tickSize));
    return floor(add(line, { n: 1n, d: 2n }));
  });
}

export function ladder(params: LadderParams): Strategy {
  const lines = ladderLines(params);
  return {
    slots: params.cells, indicators: [], watchesPrice: true,
    plan(_world, state) {
      const plan = emptyPlan();
      const { engine } = state;
      if (!engine.started) return plan;
      if (engine.price === undefined) {
        plan.low = Infinity;
        return plan;
      }
      for (const [k, slot] of engine.slots.entries()) {
        const lower = lines[k] ?? NaN;
        const upper = lines[k + 1] ?? NaN;
        const side = sideOf(params.direction, lower, upper, engine.firstPrice);
        if (side === 0) continue;
        const from = side > 0 ? lower : upper;
        const to = side > 0 ? upper : lower;
        const exitOrder = engine.orders[k * 4 + EXIT];
        const entryOrder = engine.orders[k * 4 + ENTRY];
        if (slot.qty > 0) {
          plan.wants.set(k * 4 + EXIT, {
            kind: 'limit', side: -side, price: to, qty: slot.qty + (exitOrder?.filled ?? 0),
            reduceOnly: params.direction !== 'both', postOnly: false,
          });
        }
        const want = { kind: 'limit', side, price: from, qty: params.qty, reduceOnly: false, postOnly: false } as const;
        if (entryOrder !== undefined) {
          const closedFirst = entryOrder.filled > 0 && slot.qty === 0;
          if (!closedFirst) plan.wants.set(k * 4 + ENTRY, want);
        } else if (slot.qty === 0) {
          const onFarSide = compare(engine.price, whole(from + side)) * side >= 0;
          if (onFarSide) plan.wants.set(k * 4 + ENTRY, want);
          else alert(plan, from + side, side);
        }
      }
      return plan;
    },
  };
}

function sideOf(direction: string, lower: number, upper: number, first: ReturnType<typeof whole> | undefined): number {
  if (direction === 'long') return 1;
  if (direction === 'short') return -1;
  if (first === undefined) return 0;
  if (compare(whole(upper), first) <= 0) return 1;
  return compare(whole(lower), first) >= 0 ? -1 : 0;
}
