import { Instrument } from '../engine/instrument.ts';
import type { InstrumentSpec } from '../engine/instrument.ts';
import { resolveParameters } from '../engine/parameters.ts';
import type { ParameterValue } from '../engine/parameters.ts';
import { NO_RISK_LIMITS } from '../engine/risk.ts';
import type { RiskLimits } from '../engine/risk.ts';
import type { AnyStrategy, StrategySetup } from '../engine/strategy.ts';
import { findStrategy } from '../strategies/registry.ts';
import { Chance } from '../venue/chance.ts';

export const INVERSE: InstrumentSpec = {
  symbol: 'BTCUSD',
  category: 'inverse',
  baseCurrency: 'BTC',
  quoteCurrency: 'USD',
  tickSize: '0.1',
  qtyStep: '1',
  minQty: '1',
  maxQty: '25000000',
  maxMarketQty: '5000000',
  takerFeeRate: '0.00055',
  makerFeeRate: '0.0002',
  leverage: '1',
  maxLeverage: '100',
  maintenanceMarginRate: '0.005',
};
const LINEAR: InstrumentSpec = {
  ...INVERSE,
  symbol: 'BTCUSDT',
  category: 'linear',
  quoteCurrency: 'USDT',
  qtyStep: '0.001',
  minQty: '0.001',
  maxQty: '1190',
  maxMarketQty: '500',
  minNotional: '5',
};

/** What is traded in a run, and how: small grids that fill often. */
export type GridCase = {
  readonly instrument: Instrument;
  readonly strategy: AnyStrategy;
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly setup: StrategySetup<unknown>;
  readonly levels: number;
  readonly qtySteps: number;
  readonly hasStops: boolean;
  readonly startTicks: number;
  readonly volatility: number;
  readonly meanGapMs: number;
  /** Steps that may trade at one price; Infinity = any number. */
  readonly volumeSteps: number;
  readonly risk: RiskLimits;
};

export function drawGridCase(seed: number): GridCase {
  const chance = new Chance(seed, 'grid case');
  const instrument = new Instrument(chance.hits(0.5) ? INVERSE : LINEAR);
  const levels = chance.between(1, 4);
  const qtySteps = chance.between(1, 9);
  const hasStops = chance.hits(0.4);
  const params: Record<string, ParameterValue> = {
    multiplier: rounded(chance.logUniform(0.3, 1.5)),
    takeProfit: rounded(chance.logUniform(0.2, 1)),
    stopLoss: hasStops ? rounded(chance.logUniform(1.5, 4)) : 0,
    maxHoldHours: chance.hits(0.3) ? rounded(chance.logUniform(0.2, 2)) : 0,
    atrPeriod: chance.between(3, 10),
    atrInterval: chance.pick(['1m', '3m', '5m']),
    qty: Number(instrument.formatQty(qtySteps)),
    maxLevels: levels,
    direction: chance.pick(['long', 'short']),
    anchor: chance.pick(['last-fill', 'trailing']),
    initialEntry: chance.pick(['wait', 'immediate']),
    postOnly: chance.hits(0.25),
    // A stream of its own: what was drawn before it came stays as it was.
    protect: new Chance(seed, 'protect').hits(0.4) ? 'attached' : 'own',
  };
  const thin = chance.hits(0.4);
  return caseOf(instrument, params, {
    levels,
    qtySteps,
    hasStops,
    startTicks: chance.between(200_000, 900_000),
    volatility: chance.logUniform(0.0002, 0.0008),
    meanGapMs: chance.between(4_000, 12_000),
    volumeSteps: thin ? chance.between(1, 5) : Infinity,
    risk: drawLimits(seed, levels, qtySteps),
  });
}

export function caseOf(
  instrument: Instrument,
  params: Readonly<Record<string, ParameterValue>>,
  rest: Omit<GridCase, 'instrument' | 'strategy' | 'params' | 'setup' | 'risk'> & {
    readonly risk?: RiskLimits;
  },
): GridCase {
  const strategy = findStrategy('atr-grid');
  const resolved = resolveParameters(strategy.name, strategy.parameters, params);
  const setup = strategy.setup(resolved, instrument);
  return { instrument, strategy, params, setup, risk: NO_RISK_LIMITS, ...rest };
}

const IS_LIMITED = 0.3;

/** Limits that a grid of this size meets; a stream of their own leaves all other draws as they are. */
function drawLimits(seed: number, levels: number, qtySteps: number): RiskLimits {
  const chance = new Chance(seed, 'risk limits');
  if (!chance.hits(IS_LIMITED)) return NO_RISK_LIMITS;
  const position = chance.hits(0.6) ? chance.between(qtySteps, levels * qtySteps) : Infinity;
  const orders = chance.hits(0.6) ? chance.between(1, 2 * levels) : Infinity;
  return { ...NO_RISK_LIMITS, maxPositionSteps: position, maxOpenOrders: orders };
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
