import { KIND_LIMIT } from '../engine/codes.ts';
import { lowerBound } from '../market/tape.ts';
import type { Tape } from '../market/tape.ts';
import type { TradeTape } from '../market/trade-tape.ts';
import type { QueueWaits } from './beside-results.ts';
import { quantilesOf } from './latency-quantiles.ts';
import type { OrderHistory, OrderLevel } from './outputs/order-lives.ts';
import type { FillColumns } from './run-record.ts';

/** A resting limit order at one price, from its arrival there until it left. */
export type Stand = {
  readonly orderId: number;
  readonly side: number;
  readonly priceTicks: number;
  readonly fromMs: number;
  readonly untilMs: number;
};

/** How long orders that trades had reached waited for their fill, and how many in vain. */
export function queueWaits(
  history: OrderHistory,
  fills: FillColumns,
  trades: TradeTape,
  tape: Tape,
  endMs: number,
): QueueWaits {
  const fillsOf = makerFillTimes(fills);
  const waits: number[] = [];
  let inVain = 0;
  for (const stand of standsOf(history.levels, endMs)) {
    const { fromMs, untilMs } = stand;
    const filledMs = fillsOf
      .get(stand.orderId)
      ?.find((timeMs) => timeMs >= fromMs && timeMs <= untilMs);
    const reachedMs = firstReachedMs(stand, trades, tape, filledMs ?? untilMs);
    if (filledMs !== undefined) waits.push(filledMs - Math.min(reachedMs, filledMs));
    else if (reachedMs < Infinity) inVain += 1;
  }
  return { waits: quantilesOf(waits), atOnce: waits.filter((ms) => ms === 0).length, inVain };
}

function makerFillTimes(fills: FillColumns): Map<number, number[]> {
  const times = new Map<number, number[]>();
  for (let at = 0; at < fills.count; at += 1) {
    if (fills.maker[at] !== 1) continue;
    const orderId = fills.orderId[at] ?? NaN;
    const timeMs = fills.timeMs[at] ?? NaN;
    const found = times.get(orderId);
    if (found === undefined) times.set(orderId, [timeMs]);
    else found.push(timeMs);
  }
  return times;
}

/** A new price ends one stand and begins the next; a new quantity at the same price does not. */
export function standsOf(levels: readonly OrderLevel[], endMs: number): Stand[] {
  const open = new Map<number, OrderLevel>();
  const stands: Stand[] = [];
  const close = ({ order, priceTicks, timeMs }: OrderLevel, untilMs: number): void => {
    if (order.kind !== KIND_LIMIT || Number.isNaN(priceTicks)) return;
    const { orderId, side } = order;
    stands.push({ orderId, side, priceTicks, fromMs: timeMs, untilMs });
  };
  for (const level of levels) {
    const before = open.get(level.order.orderId);
    if (before?.priceTicks === level.priceTicks) continue;
    if (before !== undefined) close(before, level.timeMs);
    open.set(level.order.orderId, level);
  }
  for (const level of open.values()) close(level, endMs);
  return stands;
}

/**
 * The first trade after the order's arrival, up to `untilMs`, that the other side took at its price
 * or beyond; Infinity if there is none. Candles whose range stays away are not looked into.
 */
export function firstReachedMs(
  { side, priceTicks, fromMs }: Stand,
  trades: TradeTape,
  { openTimeMs, low, high, intervalMs }: Tape,
  untilMs: number,
): number {
  const firstRow = Math.max(0, lowerBound(openTimeMs, fromMs + 1) - 1);
  for (let row = firstRow; (openTimeMs[row] ?? Infinity) <= untilMs; row += 1) {
    const nearest = (side > 0 ? low[row] : high[row]) ?? NaN;
    if (side * (nearest - priceTicks) > 0) continue;
    const openMs = openTimeMs[row] ?? NaN;
    let at = lowerBound(trades.timeMs, Math.max(openMs, fromMs + 1));
    const end = lowerBound(trades.timeMs, Math.min(openMs + intervalMs, untilMs + 1));
    for (; at < end; at += 1) {
      if (trades.takerSide[at] !== -side) continue;
      if (side * ((trades.priceTicks[at] ?? NaN) - priceTicks) <= 0)
        return trades.timeMs[at] ?? NaN;
    }
  }
  return Infinity;
}
