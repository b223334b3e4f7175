import type { Random } from './random.ts';
import type { Candle } from './world.ts';

export type CandleWish = {
  readonly count: number; readonly base: number; readonly start: number; readonly intervalMs: number; readonly volume: number;
};

/** A jumpy mean-reverting walk with gaps, flat candles and candles without volume. */
export function randomCandles(random: Random, wish: CandleWish): Candle[] {
  const size = Math.max(4, wish.base * random.pick([0.002, 0.005, 0.02]));
  const gaps = random.pick([0, 0.005, 0.02]);
  const jumps = random.pick([0, 0.01]);
  const candles: Candle[] = [];
  let price = wish.base;
  let t = wish.start;
  const step = (scale: number): number => (random.unit() + random.unit() - 1) * scale;
  for (let i = 0; i < wish.count; i += 1) {
    if (i > 0 && random.chance(gaps)) t += wish.intervalMs * (1 + random.below(8));
    price += (wish.base - price) * 0.01 + (random.chance(jumps) ? step(wish.base * 0.3) : random.chance(0.3) ? step(size) : 0);
    const open = clamp(price, wish.base);
    const flat = random.chance(0.03);
    const close = flat ? open : clamp(price + step(size * 2), wish.base);
    const reach = (): number => (flat || random.chance(0.1) ? 0 : random.unit() * size);
    const high = Math.max(open, close, Math.round(Math.max(open, close) + reach()));
    const low = Math.max(1, Math.min(open, close, Math.round(Math.min(open, close) - reach())));
    const volume = random.chance(0.04) ? 0 : random.below(wish.volume * 2) + 1;
    candles.push({ t, open, high, low, close, volume });
    price = close;
    t += wish.intervalMs;
  }
  return candles;
}

function clamp(price: number, base: number): number {
  return Math.max(Math.ceil(base * 0.2), Math.round(price));
}

/** A mark series near the tape: over its gaps too or not, at times the very same candles. */
export function randomMark(random: Random, tape: readonly Candle[], intervalMs: number): Candle[] {
  if (random.chance(0.3)) return [...tape];
  const everywhere = random.chance(0.6);
  const off = random.pick([0, 1, 5]);
  const near = (price: number): number => Math.max(1, price + random.below(2 * off + 1) - off);
  const candles: Candle[] = [];
  let last: Candle | undefined;
  for (const c of tape) {
    while (everywhere && last !== undefined && last.t + intervalMs < c.t) {
      const price = near(last.close);
      last = { t: last.t + intervalMs, open: price, high: price + off, low: Math.max(1, price - off), close: price, volume: 0 };
      candles.push(last);
    }
    const open = near(c.open);
    const close = near(c.close);
    const reach = [open, close, near(c.high), near(c.low)];
    last = { t: c.t, open, high: Math.max(...reach), low: Math.min(...reach), close, volume: 0 };
    candles.push(last);
  }
  return candles;
}
