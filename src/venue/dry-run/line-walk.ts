import { InvariantError } from '../../engine/invariant.ts';
import { PathPoint } from '../../market/exact.ts';
import { crossingMs } from '../../market/path.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { LineRecord } from './venue-record.ts';

type Reached = { readonly atMs: number; readonly ticks: number };

/** Takes the exchange along a straight line, through every level on the way at its own ms. */
export function walkLine(exchange: Exchange, line: LineRecord): readonly [Reached, Reached] {
  const { untilMs, markTicks } = line;
  const levels = { floor: -Infinity, ceil: Infinity };
  const point = new PathPoint();
  const go = (atMs: number): Reached => {
    pointAt(line, atMs, point);
    exchange.walkPrice(atMs, point, markTicks, markTicks);
    return { atMs, ticks: point.ticks() };
  };
  const from = go(Math.max(line.fromMs, exchange.nowMs));
  let at = from;
  while (at.atMs < untilMs) {
    exchange.levelsInto(levels);
    at = go(Math.min(nextLevelMs(line, at.atMs, levels), untilMs));
  }
  return [from, at];
}

function nextLevelMs(line: LineRecord, nowMs: number, { floor, ceil }: Levels): number {
  const { fromMs, fromTicks, toMs, toTicks } = line;
  let reachedMs = Infinity;
  if (toTicks < fromTicks && toTicks <= floor)
    reachedMs = crossingMs(fromMs, fromTicks, toMs, toTicks, floor);
  else if (toTicks > fromTicks && toTicks >= ceil)
    reachedMs = crossingMs(fromMs, fromTicks, toMs, toTicks, ceil);
  if (reachedMs > nowMs) return reachedMs;
  throw new InvariantError(`a level at ${reachedMs} ms was passed over at ${nowMs} ms`);
}

type Levels = { readonly floor: number; readonly ceil: number };

function pointAt(
  { fromMs, fromTicks, toMs, toTicks }: LineRecord,
  atMs: number,
  at: PathPoint,
): void {
  if (atMs >= toMs) at.set(toTicks, 1);
  else if (atMs <= fromMs) at.set(fromTicks, 1);
  else at.set(fromTicks * (toMs - fromMs) + (toTicks - fromTicks) * (atMs - fromMs), toMs - fromMs);
}
