import { sharedFloat64 } from './shared-columns.ts';
import type { TradeTape } from './trade-tape.ts';

const volumes = new WeakMap<TradeTape, Float64Array>();

/** Steps traded before each trade; one more than there are trades. Made once for a tape. */
export function volumeBefore(trades: TradeTape): Float64Array {
  const known = volumes.get(trades);
  if (known !== undefined) return known;
  const before = sharedFloat64(trades.count + 1);
  for (let trade = 0; trade < trades.count; trade += 1) {
    before[trade + 1] = (before[trade] as number) + (trades.sizeSteps[trade] as number);
  }
  volumes.set(trades, before);
  return before;
}
