import type { Random } from './random.ts';
import type { Candle } from './world.ts';

export type CandleWish = {
  readonly count: number; readonly base: number; readonly start: number; readonly intervalMs: number; readonly volume: number;
};

/** A jumpy mean-reverting walk with gaps, flat candles and candles without volume. */
export function randomCandles(random: Random, wish: CandleWish): Candle[] {
  const size = wish.base * random.pick([0.002, 0.005, 0.02]);
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
