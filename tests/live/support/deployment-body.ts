import { resolveParameters } from '../../../src/engine/parameters.ts';
import type { Evidence, RunNumbers } from '../../../src/live/deployment/evidence.ts';
import type { GateConfig } from '../../../src/live/deployment/gate-config.ts';
import { GATE_EXECUTIONS, GATE_PATHS, judgeGates } from '../../../src/live/deployment/gates.ts';
import type { Environment, Waiver } from '../../../src/live/deployment/gates.ts';
import type { DeploymentBody } from '../../../src/live/deployment/manifest.ts';
import { provenParts } from '../../../src/live/deployment/part-hash.ts';
import { programCode } from '../../../src/live/program-code.ts';
import { atrGrid } from '../../../src/strategies/atr-grid.ts';

export const GATES: GateConfig = {
  minTrades: 100,
  minDays: 90,
  minReturnPercent: 0,
  feeFactor: 1.5,
  maxDrawdownPercent: 25,
  maxPositionDays: 14,
  minDryRunHours: 72,
  minTestnetHours: 168,
};

const SOME_HASH = '3e'.repeat(32);

export function runNumbers(change: Partial<RunNumbers> = {}): RunNumbers {
  return {
    path: 'direction',
    execution: 'home',
    feeFactor: 1,
    netProfit: 0.0123,
    returnPercent: 4.5,
    maxDrawdownPercent: 6.25,
    trades: 321,
    longestPositionDays: 2.5,
    liquidated: false,
    ...change,
  };
}

/** Evidence that passes every gate on results, with room. */
export function goodEvidence(change: Partial<Evidence> = {}): Evidence {
  const harsher = GATE_EXECUTIONS.flatMap((execution) =>
    GATE_PATHS.flatMap((path) =>
      [1, 1.5].map((feeFactor) => runNumbers({ path, execution, feeFactor })),
    ),
  );
  return {
    of: {},
    source: { kind: 'backtest', manifestSha256: SOME_HASH },
    days: 180,
    candles: 259_200,
    synthetic: false,
    volumeLimited: true,
    own: runNumbers(),
    harsher,
    sweep: null,
    scenarios: { played: 29, failed: [], codeHash: programCode().hash },
    earlier: null,
    word: null,
    ...change,
  };
}

export function goodBody(
  change: Partial<DeploymentBody> = {},
  evidence: Evidence = goodEvidence(),
  environment: Environment = 'dry-run',
  waivers: Waiver[] = [],
): DeploymentBody {
  const given = { multiplier: 0.5, takeProfit: 0.4, qty: 10 };
  const body: DeploymentBody = {
    schema: 'lockstep.deployment',
    version: 1,
    environment,
    promotedAt: '2026-01-02T03:04:05.678Z',
    strategy: 'atr-grid',
    parameters: { ...resolveParameters('atr-grid', atrGrid.parameters, given) },
    instrument: {
      symbol: 'BTCUSD',
      category: 'inverse',
      baseCurrency: 'BTC',
      quoteCurrency: 'USD',
      tickSize: '0.10',
      qtyStep: '1',
      minQty: '1',
      takerFeeRate: '0.00055',
      makerFeeRate: '0.0002',
      leverage: '1',
      maxLeverage: '100',
      maintenanceMarginRate: '0.005',
    },
    candles: { interval: '1m', indicatorsStartMs: 1_700_000_000_000 },
    capital: null,
    leverage: 1,
    risk: {
      'max-position': '100',
      'max-order-rate': '30',
      'price-collar': '0.05',
      'max-daily-loss': '0.001',
    },
    simulation: {
      path: 'direction',
      execution: { name: 'home' },
      seed: 1,
      fromMs: 1_700_000_000_000,
      toMs: 1_715_552_000_000,
      warmupMs: 0,
    },
    data: [{ series: 'candles inverse BTCUSD 1m', sha256: SOME_HASH, rows: 259_200 }],
    code: programCode(),
    evidence,
    gates: {
      source: 'shipped',
      config: GATES,
      laxer: [],
      verdicts: judgeGates(evidence, GATES, environment, waivers),
    },
    waivers,
    ...change,
  };
  return { ...body, evidence: { ...body.evidence, of: provenParts(body) } };
}
