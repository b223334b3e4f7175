import { KIND_STOP_MARKET } from '../engine/codes.ts';
import type { OrderBook } from './order-book.ts';

/** The order that has waited longest for the market to open; -1 for none. */
export function nextWaiting(book: OrderBook): number {
  let best = -1;
  for (let at = 0; at < book.count; at += 1) {
    if (book.waiting[at] !== 1) continue;
    if (best < 0 || (book.rank[at] ?? 0) < (book.rank[best] ?? 0)) best = at;
  }
  return best;
}

/** The next conditional order that its reference price (mark or index) has reached; -1 for none. */
export function nextReachedBy(book: OrderBook, term: number, ticks: number): number {
  let best = -1;
  for (let at = 0; at < book.count; at += 1) {
    if (((book.terms[at] ?? 0) & term) === 0 || book.waiting[at] === 1) continue;
    if (book.kind[at] !== KIND_STOP_MARKET) continue;
    const direction = book.direction[at] ?? 0;
    if ((ticks - (book.price[at] ?? 0)) * direction < 0) continue;
    if (best < 0 || (book.rank[at] ?? 0) < (book.rank[best] ?? 0)) best = at;
  }
  return best;
}
