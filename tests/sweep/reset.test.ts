import { beforeAll, describe, expect, it } from 'vitest';
import type { ParameterValue } from '../../src/engine/parameters.ts';
import type { PathModel } from '../../src/market/path.ts';
import { METRIC_COUNT, METRIC_COLUMN } from '../../src/sweep/metrics/registry.ts';
import { prepareRun } from '../../src/sweep/prepare.ts';
import type { PreparedRun } from '../../src/sweep/prepare.ts';
import { PointRunner, daysPerRow } from '../../src/sweep/worker-runner.ts';
import { marketDir, specOf } from './support/market.ts';

type Params = Readonly<Record<string, ParameterValue>>;

/** Points that leave as much behind as they can: open positions, waiting orders, many slots. */
const CASES: readonly { strategy: string; capital?: string; params: readonly Params[] }[] = [
  {
    strategy: 'atr-grid',
    params: [
      { multiplier: 0.3, takeProfit: 0.3, maxLevels: 5 },
      { multiplier: 1, takeProfit: 0.5, stopLoss: 1, cooldownHours: 3 },
      { multiplier: 0.5, takeProfit: 0.5, direction: 'both', entryStyle: 'on-signal', exitStyle: 'on-signal', maxHoldHours: 9 },
      { multiplier: 0.7, takeProfit: 0.4, anchor: 'trailing', initialEntry: 'immediate', atrPeriod: 7 },
      { multiplier: 0.4, takeProfit: 0.6, entryStyle: 'on-signal', signalOrder: 'limit', direction: 'short', maxLevels: 3 },
    ],
  },
  {
    strategy: 'ladder-grid',
    params: [
      { lower: 40_000, upper: 80_000, cells: 60 },
      { lower: 55_000, upper: 65_000, cells: 7, direction: 'both' },
      { lower: 50_000, upper: 70_000, cells: 31, spacing: 'geometric', direction: 'short' },
    ],
  },
  { strategy: 'sma-cross', capital: '0.5', params: [{}, { fast: 3, slow: 11 }] },
  { strategy: 'buy-and-hold', capital: '0.5', params: [{}] },
];

let dataDir = '';
beforeAll(async () => {
  dataDir = await marketDir(25);
});

describe.each(CASES)('$strategy', ({ strategy, capital, params }) => {
  it.each<[PathModel]>([['direction'], ['adverse']])(
    'under %s gives each point the same row alone, after any other, and after itself',
    async (path) => {
      const prepared = await prepareRun(specOf(dataDir, { strategy, path, capital }));
      const alone = params.map((each) => rowOf(new PointRunner(prepared), each, prepared));
      // Rows of runs that never trade would agree whatever was left behind.
      expect(alone.every(({ metrics }) => (metrics[METRIC_COLUMN.fills] ?? 0) > 0)).toBe(true);
      const shared = new PointRunner(prepared);
      for (let first = 0; first < params.length; first += 1) {
        for (let second = 0; second < params.length; second += 1) {
          expect(rowOf(shared, params[first] ?? {}, prepared)).toEqual(alone[first]);
          expect(rowOf(shared, params[second] ?? {}, prepared)).toEqual(alone[second]);
        }
      }
    },
  );
});

function rowOf(runner: PointRunner, params: Params, prepared: PreparedRun) {
  const metrics = new Float64Array(METRIC_COUNT);
  const daily = new Float32Array(daysPerRow(prepared));
  runner.measure(params, metrics, 0, daily, 0);
  return { metrics, daily };
}
