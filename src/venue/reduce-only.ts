import { KIND_LIMIT } from '../engine/codes.ts';
import type { OrderBook } from './order-book.ts';

/** By how much the resting reduce-only limit orders of a side exceed what they could close. */
export function reduceOnlyExcess(book: OrderBook, side: number, closableSteps: number): number {
  let total = 0;
  for (let at = 0; at < book.count; at += 1) {
    if (isResting(book, at, side)) total += book.leaves(at);
  }
  return total - closableSteps;
}

/** The one that gives way: furthest from the market, among equals the newest. -1 for none. */
export function nextToTrim(book: OrderBook, side: number): number {
  let worst = -1;
  for (let at = 0; at < book.count; at += 1) {
    if (!isResting(book, at, side)) continue;
    if (worst < 0 || givesWay(book, at, worst, side)) worst = at;
  }
  return worst;
}

function isResting(book: OrderBook, at: number, side: number): boolean {
  return (
    book.reduceOnly[at] === 1 &&
    book.kind[at] === KIND_LIMIT &&
    book.side[at] === side &&
    book.waiting[at] !== 1
  );
}

function givesWay(book: OrderBook, at: number, other: number, side: number): boolean {
  const gap = ((book.price[at] ?? 0) - (book.price[other] ?? 0)) * side;
  return gap === 0 ? (book.rank[at] ?? 0) > (book.rank[other] ?? 0) : gap < 0;
}
