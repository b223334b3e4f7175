import { compare, fraction, whole } from './fraction.ts';
import type { Fraction } from './fraction.ts';
import type { Candle, World } from './world.ts';

export type Waypoint = { readonly t: number; readonly price: number };

/** The candle that covers t, or -1 (closed market). */
export function candleAt(world: World, t: number): number {
  const row = lastRow(world.candles, t);
  return t < (world.candles[row]?.t ?? Infinity) + world.intervalMs ? row : -1;
}

/** The last candle that opens at or before t, or -1. */
export function lastRow(candles: readonly Candle[], t: number): number {
  let low = -1;
  let high = candles.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((candles[middle]?.t ?? Infinity) <= t) low = middle;
    else high = middle;
  }
  return low;
}

/** The four waypoints of a candle, in the order that was chosen for it. */
export function waypoints(world: World, row: number): Waypoint[] {
  const c = world.candles[row];
  if (c === undefined) throw new Error(`no candle ${row}`);
  return waypointsOf(c, world.intervalMs, world.highFirst[row] ?? false);
}

export function waypointsOf(c: Candle, length: number, highFirst: boolean): Waypoint[] {
  return [
    { t: c.t, price: c.open },
    { t: c.t + Math.floor(length / 3), price: highFirst ? c.high : c.low },
    { t: c.t + Math.floor((2 * length) / 3), price: highFirst ? c.low : c.high },
    { t: c.t + length - 1, price: c.close },
  ];
}

/** The path at t; undefined while the market is closed. */
export function priceAt(world: World, t: number): Fraction | undefined {
  const row = candleAt(world, t);
  return row < 0 ? undefined : priceOn(waypoints(world, row), t);
}

export function priceOn(points: readonly Waypoint[], t: number): Fraction {
  for (let i = 0; i + 1 < points.length; i += 1) {
    const a = points[i];
    const b = points[i + 1];
    if (a === undefined || b === undefined || t < a.t || t > b.t) continue;
    return fraction(BigInt(a.price) * BigInt(b.t - a.t) + BigInt(b.price - a.price) * BigInt(t - a.t), BigInt(b.t - a.t));
  }
  throw new Error(`no segment at ${t}`);
}

/** What a surface that has seen the path up to t shows: in a gap the last close. */
export function lastPriceAt(world: World, t: number): Fraction | undefined {
  const here = priceAt(world, t);
  if (here !== undefined) return here;
  const before = world.candles[lastRow(world.candles, t)];
  return before === undefined ? undefined : whole(before.close);
}

/** Beyond: at or below the level for direction -1, at or above for +1. */
export function isReached(price: Fraction, level: number, direction: number): boolean {
  return compare(price, whole(level)) * direction >= 0;
}

/** The first ms in [from, until) of one candle at which the path is at or beyond the level. */
export function firstReached(
  world: World, row: number, from: number, until: number, level: number, direction: number,
): number | undefined {
  return firstOf(waypoints(world, row), from, until, level, direction);
}

export function firstOf(
  points: readonly Waypoint[], from: number, until: number, level: number, direction: number,
): number | undefined {
  for (let i = 0; i + 1 < points.length; i += 1) {
    const a = points[i];
    const b = points[i + 1];
    if (a === undefined || b === undefined) continue;
    const first = Math.max(a.t, from);
    const last = Math.min(b.t, until - 1);
    if (first > last) continue;
    const starts = (a.price - level) * direction >= 0;
    const ends = (b.price - level) * direction >= 0;
    if (!starts && !ends) continue;
    if (starts && ends) return first;
    // One crossing, in whole numbers: at or beyond from `t` on, or up to `t`.
    const travelled = Math.abs(level - a.price) * (b.t - a.t);
    const speed = Math.abs(b.price - a.price);
    const whole = Math.floor((travelled - (travelled % speed)) / speed);
    if (starts) {
      if (first <= a.t + whole) return first;
      continue;
    }
    const t = a.t + whole + (travelled % speed === 0 ? 0 : 1);
    if (Math.max(t, first) <= last) return Math.max(t, first);
  }
  return undefined;
}
