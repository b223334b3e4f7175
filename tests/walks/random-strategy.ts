import { Instrument } from '../../src/engine/instrument.ts';
import type { InstrumentSpec } from '../../src/engine/instrument.ts';
import { resolveParameters } from '../../src/engine/parameters.ts';
import type { ParameterValue } from '../../src/engine/parameters.ts';
import {
  ROUND_CEIL,
  ROUND_FLOOR,
  TRAIL_HIGHEST,
  TRAIL_LOWEST,
  TRAIL_NONE,
} from '../../src/engine/plan.ts';
import { anyStrategy } from '../../src/engine/strategy.ts';
import type { AnyStrategy, IndicatorNeed, StrategySetup } from '../../src/engine/strategy.ts';
import { findStrategy } from '../../src/strategies/registry.ts';
import type { Random } from '../reference/random.ts';
import { followStrategy } from './follow-strategy.ts';
import type { FollowSettings, Lot, Rule } from './follow-strategy.ts';
import { bandStrategy, clockStrategy } from './wake-strategies.ts';
import type { BandLevels, BandSettings, ClockSettings } from './wake-strategies.ts';

/** A strategy with one set of parameters, and what to call it. */
export type StrategyChoice = {
  readonly strategy: AnyStrategy;
  readonly setup: StrategySetup<unknown>;
  /** What was drawn, for people who look at one case. */
  readonly params: unknown;
};

export type StrategyWish = {
  readonly spec: InstrumentSpec;
  readonly tapeMs: number;
  readonly indicatorMs: number;
  /** One of the names atr-grid and sma-cross accept; undefined: only test strategies fit. */
  readonly intervalName: string | undefined;
  readonly qtySteps: number;
  /** First price of the run, in ticks. */
  readonly base: number;
  /** What a tape candle spans on average, in ticks. */
  readonly range: number;
};

const NAMED = [
  ...Array.from({ length: 14 }, () => 'atr-grid' as const),
  ...Array.from({ length: 2 }, () => 'ladder-grid' as const),
  ...Array.from({ length: 2 }, () => 'sma-cross' as const),
  'buy-and-hold',
] as const;
const TEST_ONLY = ['follow', 'follow', 'follow', 'band', 'clock'] as const;

export function randomStrategy(random: Random, wish: StrategyWish): StrategyChoice {
  const testOnly = wish.intervalName === undefined || random.chance(0.25);
  if (testOnly) return testStrategy(random, wish, random.pick(TEST_ONLY));
  const name = random.pick(NAMED);
  const qty = Number((wish.qtySteps * Number(wish.spec.qtyStep)).toFixed(3));
  switch (name) {
    case 'atr-grid':
      return shipped(wish, name, gridParams(random, wish, qty));
    case 'ladder-grid':
      return shipped(wish, name, ladderParams(random, wish, qty));
    case 'sma-cross': {
      const fast = 1 + random.below(4);
      return shipped(wish, name, {
        fast,
        slow: fast + 1 + random.below(6),
        interval: wish.intervalName ?? '1h',
        direction: random.pick(['long', 'short', 'both', 'both']),
        sizing: random.pick(['fixed', 'fixed', 'equity']),
        qty,
        equityFraction: random.pick([0.3, 0.9]),
      });
    }
    case 'buy-and-hold':
      return shipped(wish, name, { qty, direction: random.pick(['long', 'short']) });
  }
}

function shipped(
  wish: StrategyWish,
  name: string,
  params: Readonly<Record<string, ParameterValue>>,
): StrategyChoice {
  const strategy = findStrategy(name);
  const resolved = resolveParameters(name, strategy.parameters, params);
  return { strategy, setup: strategy.setup(resolved, new Instrument(wish.spec)), params };
}

function gridParams(
  random: Random,
  wish: StrategyWish,
  qty: number,
): Readonly<Record<string, ParameterValue>> {
  const entryStyle = random.pick(['resting', 'resting', 'on-signal']);
  const initialEntry = random.pick(['wait', 'wait', 'immediate']);
  const both = entryStyle === 'on-signal' && initialEntry === 'wait';
  const hours = (candles: number): number => (candles * wish.tapeMs) / 3_600_000;
  // Wide levels leave long stretches in which only amends happen.
  const distances = random.chance(0.2) ? [2, 4, 8] : [0.05, 0.1, 0.1, 0.2, 0.4, 1];
  return {
    multiplier: random.pick(distances),
    takeProfit: random.pick(distances),
    stopLoss: random.pick([0, 0, 0.3, 1, 3]),
    atrPeriod: random.pick([1, 2, 3, 5, 14]),
    atrInterval: wish.intervalName ?? '1h',
    qty,
    maxLevels: random.pick([1, 1, 2, 3, 5]),
    maxHoldHours: random.chance(0.4) ? hours(random.pick([1, 4, 20])) : 0,
    cooldownHours: random.chance(0.3) ? hours(random.pick([1, 7, 50])) : 0,
    direction: random.pick(both ? ['long', 'short', 'both', 'both'] : ['long', 'short']),
    anchor: random.pick(['last-fill', 'last-fill', 'trailing']),
    initialEntry,
    entryStyle,
    exitStyle: random.pick(['resting', 'resting', 'on-signal']),
    signalOrder: random.pick(['market', 'limit']),
    pendingTimeoutMs: Math.ceil(wish.tapeMs * random.pick([0.01, 0.1, 0.5, 2])),
    postOnly: entryStyle === 'resting' && random.chance(0.35),
  };
}

function ladderParams(
  random: Random,
  wish: StrategyWish,
  qty: number,
): Readonly<Record<string, ParameterValue>> {
  const cells = random.pick([2, 4, 8, 20]);
  const half = Math.max(cells, Math.round(wish.range * random.pick([2, 5, 20])));
  const tick = Number(wish.spec.tickSize);
  const price = (ticks: number): number => Number((ticks * tick).toFixed(2));
  return {
    lower: price(Math.max(1, wish.base - half)),
    upper: price(wish.base + half),
    cells,
    spacing: random.pick(['arithmetic', 'geometric']),
    direction: random.pick(['long', 'short', 'both']),
    qty,
  };
}

function testStrategy(
  random: Random,
  wish: StrategyWish,
  name: (typeof TEST_ONLY)[number],
): StrategyChoice {
  const needs = randomNeeds(random, wish.indicatorMs);
  // A proportional distance from an average; the ATR's is a multiple.
  const far = (wish.range / wish.base) * random.pick([0.1, 0.3, 1, 3, 10]);
  const average = needs.findIndex((need) => need.kind !== 'atr');
  const pack = (
    strategy: AnyStrategy,
    compiled: FollowSettings | BandSettings | ClockSettings,
    slotCount: number,
  ): StrategyChoice => ({
    strategy,
    setup: {
      compiled,
      slotCount,
      indicators: needs,
      watchesPrice: name === 'band',
      needsCapital: false,
    },
    params: { needs, ...compiled },
  });
  const { qtySteps } = wish;
  if (name === 'band') {
    const pendingMs = Math.ceil(wish.tapeMs * random.pick([0, 0, 0.1, 2]));
    const bothEdges = random.chance(0.3);
    const band = randomBand(random, needs, average, far);
    return pack(anyStrategy(bandStrategy), { ...band, qtySteps, pendingMs, bothEdges }, 1);
  }
  if (name === 'clock') {
    const side = random.pick([1, -1]);
    const phaseMs = Math.ceil(wish.tapeMs * random.pick([0.37, 1, 5, 40.5]));
    const rounding = random.pick([ROUND_FLOOR, ROUND_CEIL]);
    const asksForCloses = random.chance(0.6);
    return pack(
      anyStrategy(clockStrategy),
      {
        phaseMs,
        qtySteps,
        side,
        coef: 1 - side * far,
        indicator: average,
        rounding,
        asksForCloses,
      },
      1,
    );
  }
  const sides = random.pick([[1], [-1], [1, 1], [-1, -1, -1], [1, -1], [1, -1], [1, 1, -1, -1]]);
  const reduceOnly = sides.every((side) => side === sides[0]);
  const lots = sides.map((side, i) =>
    randomLot(random, needs, side, far * (1 + i), reduceOnly && random.chance(0.4)),
  );
  const settings: FollowSettings = {
    lots,
    reduceOnly,
    qtySteps,
    postOnly: random.chance(0.3),
    keepsRest: random.chance(0.7),
    maxHoldMs: random.chance(0.3) ? Math.ceil(wish.tapeMs * random.pick([1, 4.5, 30])) : 0,
    wakesOnClose: random.chance(0.2),
  };
  return pack(anyStrategy(followStrategy), settings, lots.length);
}

/** Fixed, a share of an average, or ATRs from the last fill, trailing the closes or not. */
function randomBand(
  random: Random,
  needs: readonly IndicatorNeed[],
  average: number,
  far: number,
): BandLevels {
  const atr = needs.findIndex((need) => need.kind === 'atr');
  const up = far * random.pick([0.1, 1]);
  const none = { anchored: false, lowTrail: TRAIL_NONE, highTrail: TRAIL_NONE };
  if (atr >= 0 && random.chance(0.5)) {
    const [low, high] = [-random.pick([0.3, 1, 3]), random.pick([0.1, 0.3, 1])];
    const lowTrail = random.pick([TRAIL_NONE, TRAIL_HIGHEST]);
    const highTrail = random.pick([TRAIL_NONE, TRAIL_LOWEST]);
    return { anchored: true, indicator: atr, low, high, lowTrail, highTrail };
  }
  if (random.chance(0.25)) return { ...none, indicator: -1, low: 1 - far, high: 1 + up };
  return { ...none, indicator: average, low: 1 - far, high: 1 + up };
}

/** An average and the ATR, in either order, or an average alone. */
function randomNeeds(random: Random, intervalMs: number): IndicatorNeed[] {
  const average = {
    kind: random.pick(['sma', 'ema'] as const),
    period: random.pick([1, 2, 5]),
    intervalMs,
  };
  const atr = { kind: 'atr' as const, period: random.pick([1, 2, 5, 14]), intervalMs };
  return random.pick([[average], [average, atr], [atr, average]]);
}

function randomLot(
  random: Random,
  needs: readonly IndicatorNeed[],
  side: number,
  far: number,
  hasStop: boolean,
): Lot {
  const rule = (sign: number, anchor: Rule['anchor'], trails: boolean): Rule => {
    const indicator = random.below(needs.length);
    const rounding = random.pick([ROUND_FLOOR, ROUND_CEIL]);
    if (needs[indicator]?.kind !== 'atr') {
      const coef = 1 + sign * far;
      return { anchor: 'zero', trail: TRAIL_NONE, indicator, coef, rounding };
    }
    // A level below the anchor trails upwards, one above it downwards.
    const trail = trails ? -sign : TRAIL_NONE;
    return { anchor, trail, indicator, coef: sign * random.pick([0.2, 0.5, 1, 3]), rounding };
  };
  const breaksOut = random.chance(0.3);
  return {
    side,
    breaksOut,
    entry: rule(breaksOut ? side : -side, 'last-fill', random.chance(0.4)),
    exit: rule(side, 'entry', random.chance(0.1)),
    stop: hasStop ? rule(-side, 'entry', random.chance(0.4)) : undefined,
  };
}
