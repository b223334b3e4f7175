import type { InstrumentSpec } from '../../src/engine/instrument.ts';
import type { Random } from './random.ts';

export type StrategyChoice = {
  readonly strategy: string; readonly needsCapital: boolean;
  readonly params: Readonly<Record<string, number | string | boolean>>;
};

type Wish = { readonly intervalMs: number; readonly spec: InstrumentSpec; readonly qtySteps: number; readonly base: number };

const INTERVALS: Readonly<Record<number, readonly string[]>> = {
  60_000: ['1m', '3m', '5m', '15m'], 300_000: ['5m', '15m', '30m'], 900_000: ['15m', '30m', '1h'],
  3_600_000: ['1h', '2h', '4h'],
};

export function randomStrategy(random: Random, wish: Wish): StrategyChoice {
  const qty = wish.spec.category === 'inverse' ? wish.qtySteps : Number((wish.qtySteps * 0.001).toFixed(3));
  const interval = random.pick(INTERVALS[wish.intervalMs] ?? ['1h']);
  const name = random.pick(['atr-grid', 'atr-grid', 'atr-grid', 'atr-grid', 'atr-grid', 'atr-grid', 'ladder-grid', 'ladder-grid', 'ladder-grid', 'sma-cross', 'sma-cross', 'buy-and-hold'] as const);
  switch (name) {
    case 'atr-grid':
      return { strategy: name, needsCapital: false, params: gridParams(random, qty, interval, wish.intervalMs) };
    case 'ladder-grid': {
      const cells = 2 + random.below(8);
      const half = Math.max(cells, Math.round(wish.base * random.pick([0.01, 0.03, 0.1])));
      const price = (ticks: number): number => Number((ticks * 0.1).toFixed(1));
      return {
        strategy: name, needsCapital: false,
        params: {
          lower: price(wish.base - half), upper: price(wish.base + half), cells, qty,
          spacing: random.pick(['arithmetic', 'geometric']), direction: random.pick(['long', 'short', 'both']),
        },
      };
    }
    case 'sma-cross': {
      const fast = 1 + random.below(4);
      const sizing = random.pick(['fixed', 'equity']);
      return {
        strategy: name, needsCapital: sizing === 'equity',
        params: {
          fast, slow: fast + 1 + random.below(6), interval, direction: random.pick(['long', 'short', 'both', 'both']),
          sizing, qty, equityFraction: random.pick([0.3, 0.5, 0.9]),
        },
      };
    }
    case 'buy-and-hold':
      return { strategy: name, needsCapital: false, params: { qty, direction: random.pick(['long', 'short']) } };
  }
}

function gridParams(random: Random, qty: number, interval: string, tapeMs: number): StrategyChoice['params'] {
  const entryStyle = random.pick(['resting', 'resting', 'on-signal']);
  const initialEntry = random.pick(['wait', 'wait', 'immediate']);
  const directions = entryStyle === 'on-signal' && initialEntry === 'wait' ? ['long', 'short', 'both', 'both'] : ['long', 'short'];
  const hours = (candles: number): number => (candles * tapeMs) / 3_600_000;
  return {
    multiplier: random.pick([0.1, 0.3, 0.5, 1]), takeProfit: random.pick([0.1, 0.3, 0.5, 1]),
    stopLoss: random.pick([0, 0.2, 0.5, 1, 2]), atrPeriod: random.pick([2, 3, 5, 14]), atrInterval: interval, qty,
    maxLevels: 1 + random.below(5), maxHoldHours: random.chance(0.4) ? hours(random.pick([1, 4, 20])) : 0,
    cooldownHours: random.chance(0.3) ? hours(random.pick([1, 7])) : 0, direction: random.pick(directions),
    anchor: random.pick(['last-fill', 'trailing', 'trailing']), initialEntry, entryStyle,
    exitStyle: random.pick(['resting', 'resting', 'on-signal']), signalOrder: random.pick(['market', 'limit']),
    pendingTimeoutMs: tapeMs * random.pick([0.01, 0.1, 0.5, 2]), postOnly: entryStyle === 'resting' && random.chance(0.5),
  };
}
