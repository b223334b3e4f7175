import type { Tape } from './tape.ts';

const PERIOD = 14;

/**
 * Which tape candles are volatile: range above `rangeAtrs` x ATR(14) of the tape's own candles as
 * of the candle before (Wilder, first true range skipped). Candles before the first ATR are calm.
 */
export function volatileCandles(tape: Tape, rangeAtrs: number): Uint8Array {
  const { high, low, close, count } = tape;
  const volatile = new Uint8Array(new SharedArrayBuffer(count));
  let atr = 0;
  for (let i = 1; i < count; i += 1) {
    const top = high[i] ?? 0;
    const bottom = low[i] ?? 0;
    if (i > PERIOD && top - bottom > rangeAtrs * atr) volatile[i] = 1;
    const previous = close[i - 1] ?? 0;
    const range = Math.max(top, previous) - Math.min(bottom, previous);
    if (i < PERIOD) atr += range;
    else if (i === PERIOD) atr = (atr + range) / PERIOD;
    else atr += (range - atr) * (1 / PERIOD);
  }
  return volatile;
}
