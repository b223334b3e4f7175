import type { InstrumentSpec } from '../../src/engine/instrument.ts';
import type { ExecutionProfile } from '../../src/venue/execution-profile.ts';
import { randomCandles, randomMark } from './random-candles.ts';
import { randomFrom } from './random.ts';
import type { Random } from './random.ts';
import { randomStrategy } from './random-strategy.ts';
import type { Funding } from './setup.ts';
import type { Candle, PathName } from './world.ts';

export type RandomCase = {
  readonly seed: number; readonly intervalMs: number; readonly candles: readonly Candle[]; readonly spec: InstrumentSpec;
  readonly profile: ExecutionProfile; readonly path: PathName; readonly startMs: number; readonly leverage: number;
  readonly capital: number; readonly funding: Funding | undefined; readonly mark: readonly Candle[] | undefined;
  readonly strategy: string; readonly params: Readonly<Record<string, number | string | boolean>>;
};

const MINUTE = 60_000;

export function randomCase(seed: number): RandomCase {
  const random = randomFrom(seed);
  const intervalMs = random.pick([1, 5, 5, 15, 15, 60]) * MINUTE;
  const path = random.pick(['direction', 'high-first', 'low-first', 'adverse'] as const);
  const count = random.chance(0.03) ? 1_500 + random.below(500) : 200 + random.below(path === 'adverse' || intervalMs > 15 * MINUTE ? 200 : 800);
  const base = random.pick([200, 2_000, 60_000, 1_000_000]);
  const spec = randomInstrument(random);
  const qtySteps = 1 + random.below(1_000);
  const start = 1_700_006_400_000 + random.below(2000) * intervalMs;
  const candles = randomCandles(random, { count, base, start, intervalMs, volume: qtySteps * random.pick([1, 5, 40]) });
  const startRow = random.chance(0.5) ? 0 : random.below(60);
  const startMs = candles[startRow]?.t ?? start;
  const { strategy, params, needsCapital } = randomStrategy(random, { intervalMs, spec, qtySteps, base: candles[startRow]?.open ?? base });
  const leverage = random.pick([1, 1, 1, 2, 2, 3, 10, 50]);
  return {
    seed, intervalMs, candles, spec, profile: randomProfile(random), path, startMs, leverage,
    capital: needsCapital || random.chance(0.35) ? randomCapital(random, spec, qtySteps, base, leverage) : NaN,
    funding: randomFunding(random, candles, intervalMs), strategy, params,
    mark: random.chance(0.25) ? randomMark(random, candles, intervalMs) : undefined,
  };
}

function randomInstrument(random: Random): InstrumentSpec {
  const fees = { takerFeeRate: random.pick(['0.00055', '0.001']), makerFeeRate: random.pick(['0.0002', '-0.0001', '0']) };
  const funding = random.chance(0.8) ? { fundingIntervalMinutes: random.pick([60, 240, 480]), fallbackFundingRate: '0.0001' } : {};
  const common = { ...fees, ...funding, leverage: '1', maxLeverage: '100', maintenanceMarginRate: '0.005', tickSize: '0.10' };
  return random.chance(0.5)
    ? { ...common, symbol: 'BTCUSD', category: 'inverse', baseCurrency: 'BTC', quoteCurrency: 'USD', qtyStep: '1', minQty: '1' }
    : { ...common, symbol: 'BTCUSDT', category: 'linear', baseCurrency: 'BTC', quoteCurrency: 'USDT', qtyStep: '0.001', minQty: '0.001' };
}

/** Money units for about a few orders' margin. */
function randomCapital(random: Random, spec: InstrumentSpec, qtySteps: number, base: number, leverage: number): number {
  const value = spec.category === 'inverse' ? (qtySteps / (base * 0.1)) * 1e12 : qtySteps * 0.001 * base * 0.1 * 1e8;
  return Math.round((value / leverage) * random.pick([0.9, 1.2, 1.5, 3, 10, 100]));
}

function randomFunding(random: Random, candles: readonly Candle[], intervalMs: number): Funding | undefined {
  if (random.chance(0.5)) return undefined;
  const first = candles[0]?.t ?? 0;
  const every = random.pick([1, 8]) * 3_600_000;
  const rows: { t: number; rate: number }[] = [];
  const until = first + candles.length * intervalMs * random.pick([0.5, 2]);
  for (let t = Math.ceil(first / every) * every + random.pick([0, 0, 4 * every]); t < until; t += every) {
    rows.push({ t, rate: (random.below(2001) - 1000) / 1e6 });
  }
  return rows.length === 0 ? undefined : rows;
}

type Distribution = ExecutionProfile['legs']['market'];

function randomProfile(random: Random): ExecutionProfile {
  const scale = random.pick([0, 1, 10, 100, 1_000, 20_000]);
  const leg = (): Distribution => {
    if (scale === 0) return { type: 'constant', ms: 0 };
    const ms = 1 + random.below(scale);
    return random.pick<Distribution>([
      { type: 'constant', ms },
      { type: 'uniform', fromMs: random.below(ms), toMs: ms + random.below(3) },
      { type: 'lognormal', medianMs: ms, p99Ms: ms * (2 + random.below(5)) },
      { type: 'empirical', quantilesMs: [0, ms, 2 * ms, 2 * ms, 9 * ms] },
    ]);
  };
  return {
    name: 'random', description: '', halfSpreadTicks: random.pick([0, 0.5, 0.5, 1, 2.5, 3]),
    slippageBps: random.pick([0, 0, 0.5, 3, 20]), throughTicks: random.pick([0, 1, 1, 2, 3]),
    ...(random.chance(0.4) ? { participation: random.pick([0.02, 0.05, 0.5, 1]) } : {}),
    ...(random.chance(0.4) ? { volatility: { factor: random.pick([2, 4.5]), rangeAtrs: random.pick([0.5, 1, 3]) } } : {}),
    legs: { market: leg(), submit: leg(), amend: leg(), cancel: leg(), ack: leg(), wsOrder: leg(), wsExecution: leg() },
  };
}
