import type { PathPoint } from '../market/exact.ts';
import type { AssumedQueue } from './assumed-queue.ts';
import type { OrderBook } from './order-book.ts';
import type { Present } from './present.ts';
import type { VenueTerms } from './venue-terms.ts';

/** What resting orders get of one trade: places in the queue, and our share. Rules: R-QUE. */
export class TradeShare {
  /** Of the present trade; nothing between trades. */
  sizeSteps = 0;
  takerSide = 0;
  /** Steps of the present trade that went to our orders in the queue at its price. */
  queuedSteps = 0;
  /** Steps our resting orders may still take of the present trade, and when it was. */
  sharedSteps = Infinity;
  tradeMs = -Infinity;
  readonly #queue: AssumedQueue;
  readonly #throughTicks: number;
  /** Millionths of a trade's size that are ours at most; NaN = no limit. */
  readonly #millionths: number;
  readonly #book: OrderBook;
  readonly #point: PathPoint;
  readonly #present: Present;

  constructor(
    queue: AssumedQueue,
    terms: VenueTerms,
    book: OrderBook,
    point: PathPoint,
    present: Present,
  ) {
    this.#queue = queue;
    this.#throughTicks = terms.throughTicks;
    this.#millionths =
      terms.participation === undefined ? NaN : Math.round(terms.participation * 1e6);
    this.#book = book;
    this.#point = point;
    this.#present = present;
  }

  /** A limit order takes its place at its price, behind all of our own that stand there. */
  join(at: number): void {
    const book = this.#book;
    let ahead = this.#queue.stepsAt(this.#present.nowMs);
    for (let other = 0; other < book.count; other += 1) {
      if (other === at || book.waiting[other] === 1) continue;
      if (book.side[other] !== book.side[at] || book.price[other] !== book.price[at]) continue;
      ahead = Math.max(ahead, book.ahead[other] ?? 0);
    }
    book.ahead[at] = ahead;
  }

  /** `tradedBefore`: steps of all trades before this one. */
  open(sizeSteps: number, takerSide: number, tradedBefore: number): void {
    this.sizeSteps = sizeSteps;
    this.takerSide = takerSide;
    this.queuedSteps = 0;
    this.tradeMs = this.#present.nowMs;
    if (Number.isNaN(this.#millionths)) return;
    // What is no whole step passes to the next trade: the share of all that is traded adds up.
    const carry = ((tradedBefore % 1e6) * this.#millionths) % 1e6;
    this.sharedSteps = Math.floor((sizeSteps * this.#millionths + carry) / 1e6);
  }

  close(): void {
    this.sizeSteps = 0;
    this.takerSide = 0;
  }

  /** Steps the present trade has for an order it has reached; works off what is ahead of it. */
  stepsFor(at: number): number {
    const book = this.#book;
    const shared = this.#sharedNow();
    if (this.#isThrough(at)) return shared;
    const side = book.side[at] ?? 0;
    if (this.takerSide !== -side) return 0;
    const traded = this.sizeSteps - this.queuedSteps;
    const ahead = book.ahead[at] ?? 0;
    const gone = Math.min(ahead, traded);
    if (gone > 0) book.ahead[at] = ahead - gone;
    return Math.min(traded - gone, shared);
  }

  /** `steps` of the present trade went to the order. */
  take(at: number, steps: number): void {
    this.sharedSteps -= steps;
    if (!this.#isThrough(at)) this.queuedSteps += steps;
  }

  /** Beyond its price by so much that everything at it must have been filled. */
  #isThrough(at: number): boolean {
    const side = this.#book.side[at] ?? 0;
    const level = (this.#book.price[at] ?? 0) - side * this.#throughTicks;
    return side > 0 ? this.#point.atOrBelow(level) : this.#point.atOrAbove(level);
  }

  #sharedNow(): number {
    if (Number.isNaN(this.#millionths)) return Infinity;
    return this.tradeMs === this.#present.nowMs ? this.sharedSteps : 0;
  }
}
