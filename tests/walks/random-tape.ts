import type { Candle } from '../fixtures/tapes.ts';
import type { Random } from '../reference/random.ts';

export type TapeWish = {
  readonly count: number;
  /** Price the walk comes back to, in ticks. */
  readonly base: number;
  /** Tape candles in one indicator candle. */
  readonly ratio: number;
  /** Index of the first candle since an indicator boundary. */
  readonly firstIndex: number;
  /** Typical volume of a candle, in steps. */
  readonly volume: number;
};

/** How the walk moves for a while: `size` scales its steps, `pull` draws it to a swinging target. */
type Regime = { readonly size: number; readonly pull: number; readonly drift: number };

const BUSY: readonly Regime[] = [
  { size: 1, pull: 0.1, drift: 0 },
  { size: 1, pull: 0.3, drift: 0 },
  { size: 3, pull: 0.03, drift: 0 },
];
const CALM: readonly Regime[] = [
  { size: 0.3, pull: 0.003, drift: 0 },
  { size: 0.05, pull: 0, drift: 0 },
  { size: 0, pull: 0, drift: 0 },
  { size: 0.5, pull: 0, drift: 0.3 },
  { size: 0.5, pull: 0, drift: -0.3 },
];

/** A walk in regimes, with gaps, jumps, flat stretches and candles without volume. */
export function randomTape(random: Random, wish: TapeWish): Candle[] {
  const size = wish.base * random.pick([0.0007, 0.001, 0.002, 0.004]);
  const gaps = random.pick([0, 0, 0.002, 0.01, 0.03]);
  const jumps = random.pick([0, 0.002, 0.02, 0.3]);
  const dry = random.pick([0, 0.02, 0.2]);
  const calm = random.chance(0.4);
  // Swings about as long as indicator candles cross levels that are measured in ATRs.
  const swing = size * random.pick([0, 3, 10, 10, 30]);
  const period = Math.max(4, wish.ratio * random.pick([0.5, 2, 6]));
  const candles: Candle[] = [];
  let at = 0;
  let price = wish.base;
  let left = 0;
  let regime: Regime = { size: 1, pull: 0.1, drift: 0 };
  const step = (scale: number): number => (random.unit() + random.unit() - 1) * scale;
  for (let i = 0; i < wish.count; i += 1) {
    if (left === 0) {
      left = 5 + random.below(random.pick([20, 100, calm ? 600 : 100]));
      regime = random.pick(calm && random.chance(0.6) ? CALM : BUSY);
    }
    left -= 1;
    if (i > 0 && random.chance(gaps)) at = afterGap(random, wish, at);
    if (random.chance(jumps)) price += step(size * random.pick([2, 10, 40]));
    const reach = size * regime.size;
    const target = wish.base + swing * Math.sin((2 * Math.PI * i) / period);
    price += (target - price) * regime.pull + reach * regime.drift;
    const open = clamp(price, wish.base);
    const close = clamp(open + step(reach * 2), wish.base);
    const high = Math.max(open, close, Math.round(Math.max(open, close) + random.unit() * reach));
    const low = Math.min(open, close, Math.round(Math.min(open, close) - random.unit() * reach));
    const volume = random.chance(dry) ? 0 : 1 + random.below(wish.volume * 2);
    candles.push({ open, high, low: Math.max(1, low), close, volume, at });
    price = close;
    at += 1;
  }
  return candles;
}

/** Where the tape goes on: some end right at an indicator boundary, some skip whole buckets. */
function afterGap(random: Random, wish: TapeWish, at: number): number {
  const { ratio, firstIndex } = wish;
  const toBoundary = (ratio - ((firstIndex + at) % ratio)) % ratio;
  const missing = 1 + random.below(random.pick([3, 8, 3 * ratio, 30 * ratio]));
  switch (random.pick(['any', 'any', 'to boundary', 'from boundary', 'last of bucket'])) {
    case 'to boundary':
      return at + toBoundary + ratio * random.below(4);
    case 'from boundary':
      // Only where the next candle would open a bucket; else an ordinary gap.
      return at + (toBoundary === 0 ? missing : 0);
    case 'last of bucket':
      return at + toBoundary + ratio - 1;
    default:
      return at + missing;
  }
}

function clamp(price: number, base: number): number {
  return Math.round(Math.min(Math.max(price, base * 0.3, 3), base * 3));
}

/** A mark series near the tape, covering its gaps too: at times nearly the same, at times apart. */
export function randomMark(random: Random, tape: readonly Candle[], perMark: number): Candle[] {
  const off = random.pick([0, 2, 20]);
  const buckets = new Map<number, { open: number; high: number; low: number; close: number }>();
  for (const candle of tape) {
    const at = Math.floor((candle.at ?? 0) / perMark);
    const held = buckets.get(at);
    if (held === undefined) {
      buckets.set(at, { ...candle });
      continue;
    }
    held.high = Math.max(held.high, candle.high);
    held.low = Math.min(held.low, candle.low);
    held.close = candle.close;
  }
  const last = Math.floor((tape.at(-1)?.at ?? 0) / perMark);
  const marks: Candle[] = [];
  let close = tape[0]?.open ?? 1;
  for (let at = 0; at <= last; at += 1) {
    const bar = buckets.get(at) ?? { open: close, high: close, low: close, close };
    const shift = random.below(2 * off + 1) - off;
    const near = (price: number): number => Math.max(1, price + shift);
    marks.push({
      open: near(bar.open),
      high: near(bar.high),
      low: near(bar.low),
      close: near(bar.close),
      at,
    });
    close = bar.close;
  }
  return marks;
}
