import { resolveParameters } from '../../../src/engine/parameters.ts';
import type { Deployment } from '../../../src/live/deployment/manifest.ts';
import { sealDeployment } from '../../../src/live/deployment/seal.ts';
import { atrGrid } from '../../../src/strategies/atr-grid.ts';
import { goodBody } from './deployment-body.ts';

/** A grid close enough to trade several times an hour. */
export function busyDeployment(indicatorsStartMs: number, multiplier = 0.8): Deployment {
  const given = {
    multiplier,
    takeProfit: 0.75 * multiplier,
    stopLoss: 3,
    qty: 10,
    maxLevels: 6,
    atrInterval: '1m',
    atrPeriod: 5,
  };
  const parameters = { ...resolveParameters('atr-grid', atrGrid.parameters, given) };
  return sealDeployment(goodBody({ parameters, candles: { interval: '1m', indicatorsStartMs } }));
}

/** A series of its own, and the command line of so many days of it. */
export function parityMarket(days: number): { synth: string[]; market: string[] } {
  const series = ['--symbol', 'BTCUSD', '--category', 'inverse'];
  const to = new Date(Date.UTC(2024, 0, 1 + days, 2)).toISOString();
  return {
    synth: ['data', 'synth', ...series, '--days', String(days + 1), '--seed', '3'],
    market: [
      ...[...series, '--interval', '1m', '--synthetic', '--capital', '1'],
      ...['--from', '2024-01-01T02:00', '--to', to, '--tick', '60000'],
    ],
  };
}
