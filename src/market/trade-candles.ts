import { InvariantError } from '../engine/invariant.ts';
import { tapeBytes, tapeOver } from './tape.ts';
import type { Tape } from './tape.ts';
import type { TradeTape } from './trade-tape.ts';

/**
 * The candles of a trade tape, on UTC boundaries: open is an interval's first trade, close its last,
 * volume the sum of its sizes. An interval without a trade has no candle.
 */
export function candlesFromTrades(trades: TradeTape, intervalMs: number): Tape {
  const { symbol, category } = trades;
  const count = countIntervals(trades, intervalMs);
  const head = { symbol, category, intervalMs, hasVolume: true };
  const tape = tapeOver(new SharedArrayBuffer(tapeBytes(count)), count, head);
  let row = -1;
  let openMs = -Infinity;
  for (let trade = 0; trade < trades.count; trade += 1) {
    const price = trades.priceTicks[trade] as number;
    const bucketMs = bucketOf(trades.timeMs[trade] as number, intervalMs);
    if (bucketMs < openMs) throw new InvariantError(`trade ${trade} is older than the one before`);
    if (bucketMs > openMs) {
      row += 1;
      openMs = bucketMs;
      tape.openTimeMs[row] = openMs;
      tape.open[row] = price;
      tape.high[row] = price;
      tape.low[row] = price;
    }
    if (price > (tape.high[row] as number)) tape.high[row] = price;
    if (price < (tape.low[row] as number)) tape.low[row] = price;
    tape.close[row] = price;
    tape.volumeSteps[row] = (tape.volumeSteps[row] as number) + (trades.sizeSteps[trade] as number);
  }
  return tape;
}

function countIntervals({ timeMs, count }: TradeTape, intervalMs: number): number {
  let found = 0;
  let last = -Infinity;
  for (let trade = 0; trade < count; trade += 1) {
    const bucketMs = bucketOf(timeMs[trade] as number, intervalMs);
    if (bucketMs !== last) found += 1;
    last = bucketMs;
  }
  return found;
}

function bucketOf(timeMs: number, intervalMs: number): number {
  return Math.floor(timeMs / intervalMs) * intervalMs;
}
