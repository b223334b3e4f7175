import type { ExecutionProfile } from '../../src/venue/execution-profile.ts';
import { philox4x32 } from '../../src/venue/philox.ts';
import { candleAt } from './path.ts';
import type { State, World } from './world.ts';

export const LEGS = ['market', 'submit', 'amend', 'cancel', 'ack', 'wsOrder', 'wsExecution'] as const;
export type LegName = (typeof LEGS)[number];

/** Delay of a message sent at t, and one more draw of its leg. */
export function delay(world: World, state: State, leg: LegName, t: number): number {
  const counter = state.draws[leg];
  const n = counter.t === t ? counter.n : 0;
  state.draws[leg] = { t, n: n + 1 };
  return delayOf(world, leg, leg === 'market' ? 0 : n, t);
}

export function marketDelay(world: World, t: number): number {
  return delayOf(world, 'market', 0, t);
}

function delayOf(world: World, leg: LegName, n: number, t: number): number {
  const table = world.tables[leg];
  let value = table[0] ?? 0;
  if (world.draws[leg]) {
    const seed = world.seed;
    const counter = [LEGS.indexOf(leg), n, t % 2 ** 32, Math.floor(t / 2 ** 32)];
    const word = philox4x32(counter, [seed % 2 ** 32, Math.floor(seed / 2 ** 32)])[0] ?? 0;
    value = table[word >>> 22] ?? 0;
  }
  const row = candleAt(world, t);
  const rule = world.profile.volatility;
  return rule !== undefined && row >= 0 && world.volatile[row] === true ? Math.round(value * rule.factor) : value;
}

export function delayTable(distribution: ExecutionProfile['legs']['market']): number[] {
  return Array.from({ length: 1024 }, (_, k) => Math.round(quantile(distribution, k)));
}

/** Of the normal distribution, at (k + 0.5)/1024; filled when first asked for. */
const NORMAL_QUANTILES: number[] = [];

function quantile(of: ExecutionProfile['legs']['market'], k: number): number {
  const u = (k + 0.5) / 1024;
  switch (of.type) {
    case 'constant':
      return of.ms;
    case 'uniform':
      return of.fromMs + u * (of.toMs - of.fromMs);
    case 'lognormal':
      return of.medianMs * Math.exp((Math.log(of.p99Ms / of.medianMs) / 2.3263478740408408) * (NORMAL_QUANTILES[k] ??= normalQuantile(u)));
    case 'empirical': {
      const place = u * (of.quantilesMs.length - 1);
      const below = of.quantilesMs[Math.floor(place)] ?? 0;
      const above = of.quantilesMs[Math.floor(place) + 1] ?? below;
      return below + (above - below) * (place - Math.floor(place));
    }
  }
}

/** Inverse of the normal distribution function, by bisection. */
function normalQuantile(u: number): number {
  let low = -10;
  let high = 10;
  for (let i = 0; i < 100; i += 1) {
    const middle = (low + high) / 2;
    if (normal(middle) < u) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Distribution function of the normal distribution: its Taylor series about zero. */
function normal(z: number): number {
  let term = z;
  let sum = z;
  for (let k = 1; k < 300; k += 1) {
    term = (term * z * z) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
