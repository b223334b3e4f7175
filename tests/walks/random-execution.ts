import type { InstrumentSpec } from '../../src/engine/instrument.ts';
import type { ExecutionProfile } from '../../src/venue/execution-profile.ts';
import { LEGS } from '../../src/venue/latency.ts';
import type { Distribution, Leg } from '../../src/venue/latency.ts';
import type { Random } from '../reference/random.ts';

const MINUTE = 60_000;

/** Delays from none to longer than an indicator candle, each leg drawn for itself. */
export function randomExecution(random: Random, indicatorMs: number): ExecutionProfile {
  const scales = [0, 0, 5, 60, 60, 700, 9_000, 3 * MINUTE, indicatorMs, 2.2 * indicatorMs];
  const scale = random.pick(scales);
  const allConstant = random.chance(0.15);
  const leg = (): Distribution => {
    if (scale === 0 || random.chance(0.1)) return { type: 'constant', ms: 0 };
    const ms = 1 + random.below(scale);
    if (allConstant) return { type: 'constant', ms };
    return random.pick<Distribution>([
      { type: 'constant', ms },
      { type: 'constant', ms: Math.round(scale) },
      { type: 'uniform', fromMs: random.below(ms), toMs: ms + random.below(3) },
      { type: 'lognormal', medianMs: ms, p99Ms: ms * (2 + random.below(5)) },
      { type: 'empirical', quantilesMs: [0, ms, 2 * ms, 2 * ms, 9 * ms] },
    ]);
  };
  const volatility = { factor: random.pick([0, 2, 4.5]), rangeAtrs: random.pick([0.5, 1, 2]) };
  return {
    name: 'random',
    description: '',
    halfSpreadTicks: random.pick([0, 0.5, 0.5, 1, 2.5]),
    slippageBps: random.pick([0, 0, 0.5, 3, 20]),
    throughTicks: random.pick([0, 1, 1, 2]),
    ...(random.chance(0.4) ? { participation: random.pick([0.02, 0.1, 0.5, 1]) } : {}),
    ...(random.chance(0.3) ? { volatility } : {}),
    legs: Object.fromEntries(LEGS.map((name) => [name, leg()])) as Record<Leg, Distribution>,
  };
}

/** Both contract types, with fees that may be rebates, minimum notionals and several ticks. */
export function randomInstrument(random: Random): InstrumentSpec {
  const common = {
    takerFeeRate: random.pick(['0.00055', '0.001']),
    makerFeeRate: random.pick(['0.0002', '-0.0001', '0']),
    leverage: '1',
    maxLeverage: '100',
    maintenanceMarginRate: random.pick(['0.005', '0.02']),
    tickSize: random.pick(['0.10', '0.5', '0.01']),
    ...(random.chance(0.8) ? { fundingIntervalMinutes: random.pick([60, 240, 480]) } : {}),
    fallbackFundingRate: random.pick(['0.0001', '-0.0001', '0']),
  };
  return random.chance(0.4)
    ? {
        ...common,
        symbol: 'INVERSE',
        category: 'inverse',
        baseCurrency: 'BTC',
        quoteCurrency: 'USD',
        qtyStep: '1',
        minQty: '1',
      }
    : {
        ...common,
        symbol: 'LINEAR',
        category: 'linear',
        baseCurrency: 'BTC',
        quoteCurrency: 'USDT',
        qtyStep: '0.001',
        minQty: '0.001',
        ...(random.chance(0.1) ? { maxMarketQty: '0.3' } : {}),
      };
}
