import { compare, fraction, whole } from './fraction.ts';
import type { Fraction } from './fraction.ts';
import type { World } from './world.ts';

type Waypoint = { readonly t: number; readonly price: number };

/** The candle that covers t, or -1 (closed market). */
export function candleAt(world: World, t: number): number {
  return world.candles.findLastIndex((c) => c.t <= t && t < c.t + world.intervalMs);
}

/** The four waypoints of a candle, in the order that was chosen for it. */
export function waypoints(world: World, row: number): Waypoint[] {
  const c = world.candles[row];
  if (c === undefined) throw new Error(`no candle ${row}`);
  const length = world.intervalMs;
  const highFirst = world.highFirst[row] ?? false;
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
  if (row < 0) return undefined;
  const points = waypoints(world, row);
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
  const before = world.candles.findLast((c) => c.t <= t);
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
  const points = waypoints(world, row);
  for (let i = 0; i + 1 < points.length; i += 1) {
    const a = points[i];
    const b = points[i + 1];
    if (a === undefined || b === undefined) continue;
    const first = Math.max(a.t, from);
    const last = Math.min(b.t, until - 1);
    if (first > last) continue;
    // A straight line: if neither end is beyond the level, nothing between is.
    const reachedAt = (t: number): boolean => {
      const span = BigInt(b.t - a.t);
      const price = fraction(BigInt(a.price) * span + BigInt(b.price - a.price) * BigInt(t - a.t), span);
      return isReached(price, level, direction);
    };
    if (reachedAt(first)) return first;
    if (!reachedAt(last)) continue;
    let no = first;
    let yes = last;
    while (yes - no > 1) {
      const middle = Math.floor((no + yes) / 2);
      if (reachedAt(middle)) yes = middle;
      else no = middle;
    }
    return yes;
  }
  return undefined;
}
