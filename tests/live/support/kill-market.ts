import type { HostOptions } from '../../../src/venue/host/options.ts';
import { draw } from '../../../src/venue/philox.ts';
import { MINUTE_MS, START_MS, optionsOf, profile, tapeOf } from '../../venue/host/rig.ts';

const HISTORY_MINUTES = 30;

/** BTCUSD that swings about its start, a few dollars a minute. */
export function killMarket(minutes: number, seed: number): HostOptions {
  let last = 600_000;
  let n = 0;
  const step = (most: number): number => {
    n += 1;
    return draw(seed, 93, n, 0) % (most + 1);
  };
  const rows = Array.from({ length: HISTORY_MINUTES + minutes }, () => {
    const open = last;
    const close = open + step(600) - 300 - Math.round((open - 600_000) / 8);
    const high = Math.max(open, close) + step(150);
    const low = Math.min(open, close) - step(150);
    last = close;
    return [open, high, low, close] as const;
  });
  const startMs = START_MS + HISTORY_MINUTES * MINUTE_MS;
  return optionsOf(tapeOf(rows, [], 'inverse'), {
    startMs,
    execution: profile('home'),
    leverage: 1,
  });
}
