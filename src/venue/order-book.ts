import { KIND_LIMIT, KIND_MARKET, KIND_STOP_MARKET } from '../engine/codes.ts';
import type { PathPoint } from '../market/exact.ts';
import { TERMS_NOT_ON_LAST, TERM_TURNED } from './order-terms.ts';
import { UsedIds } from './used-ids.ts';

const FIRST_CAPACITY = 16;

/**
 * Our own resting orders of one symbol, as columns that grow; row order means nothing, `rank` is arrival.
 * A limit order is reached when the path trades through it by `throughTicks`; a stop, when the
 * path touches its trigger.
 */
export class OrderBook {
  count = 0;
  id = new Float64Array(FIRST_CAPACITY);
  kind = new Float64Array(FIRST_CAPACITY);
  side = new Float64Array(FIRST_CAPACITY);
  /** Limit price, or trigger price of a stop. */
  price = new Float64Array(FIRST_CAPACITY);
  qty = new Float64Array(FIRST_CAPACITY);
  filled = new Float64Array(FIRST_CAPACITY);
  reduceOnly = new Float64Array(FIRST_CAPACITY);
  postOnly = new Float64Array(FIRST_CAPACITY);
  rank = new Float64Array(FIRST_CAPACITY);
  /** Bits of order-terms.ts; 0 for ordinary orders. */
  terms = new Float64Array(FIRST_CAPACITY);
  /** Limit price that a conditional order has once it is triggered; 0 = it becomes a market order. */
  limit = new Float64Array(FIRST_CAPACITY);
  /** Arrived while the market was closed. */
  waiting = new Float64Array(FIRST_CAPACITY);
  /** On the path of trades: steps of others that stand before it at its price. */
  ahead = new Float64Array(FIRST_CAPACITY);
  /** Path at or below / at or above this reaches the order. */
  level = new Float64Array(FIRST_CAPACITY);
  /** +1: reached by a rising path; -1: by a falling one. */
  direction = new Float64Array(FIRST_CAPACITY);
  lastRank = 0;
  /** Conditional orders that count towards the cap: those that the venue attached itself do not. */
  conditionals = 0;
  /** Volume of this candle is used up: limit orders cannot fill. */
  limitsBlocked = false;
  /** floorLevel and ceilLevel must be found anew. */
  levelsStale = true;
  /** Nearest levels that matter: a path in (floorLevel, ceilLevel) reaches nothing. */
  floorLevel = -Infinity;
  ceilLevel = Infinity;
  readonly usedIds = new UsedIds();
  readonly #throughTicks: number;

  constructor(throughTicks: number) {
    this.#throughTicks = throughTicks;
  }

  add(
    orderId: number,
    kind: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    reduceOnly: boolean,
    postOnly: boolean,
  ): number {
    const at = this.count;
    if (at === this.id.length) this.#grow();
    this.count = at + 1;
    if (orderId > 0) this.usedIds.add(orderId);
    this.id[at] = orderId;
    this.kind[at] = kind;
    this.side[at] = side;
    this.price[at] = priceTicks;
    this.qty[at] = qtySteps;
    this.filled[at] = 0;
    this.reduceOnly[at] = reduceOnly ? 1 : 0;
    this.postOnly[at] = postOnly ? 1 : 0;
    this.terms[at] = 0;
    this.limit[at] = 0;
    this.waiting[at] = 0;
    this.ahead[at] = 0;
    this.#rank(at);
    this.#setLevel(at);
    if (kind === KIND_STOP_MARKET && orderId > 0) this.conditionals += 1;
    return at;
  }

  setTerms(at: number, terms: number, limitTicks: number): void {
    this.terms[at] = terms;
    this.limit[at] = limitTicks;
    this.#setLevel(at);
  }

  /** A new price or a larger quantity loses the place in the queue; a smaller quantity keeps it. */
  change(at: number, priceTicks: number, qtySteps: number): void {
    const loses = priceTicks !== this.price[at] || qtySteps > (this.qty[at] ?? 0);
    this.price[at] = priceTicks;
    this.qty[at] = qtySteps;
    if (loses) this.#rank(at);
    this.#setLevel(at);
  }

  /** A new price, and with it a new rank, even where the price came back to what it was. */
  moveTo(at: number, priceTicks: number): void {
    this.price[at] = priceTicks;
    this.#rank(at);
    this.#setLevel(at);
  }

  /** A conditional order is triggered: from now on it is a market or a limit order. */
  becomeActive(at: number): void {
    this.#countOut(at);
    const limitTicks = this.limit[at] ?? 0;
    this.kind[at] = limitTicks > 0 ? KIND_LIMIT : KIND_MARKET;
    if (limitTicks > 0) this.price[at] = limitTicks;
    this.#setLevel(at);
  }

  remove(at: number): void {
    this.#countOut(at);
    const last = this.count - 1;
    if (at !== last) this.#move(last, at);
    this.count = last;
    this.levelsStale = true;
  }

  find(orderId: number): number {
    for (let at = 0; at < this.count; at += 1) if (this.id[at] === orderId) return at;
    return -1;
  }

  leaves(at: number): number {
    return (this.qty[at] ?? 0) - (this.filled[at] ?? 0);
  }

  conditionalCount(): number {
    return this.conditionals;
  }

  isReached(at: number, point: PathPoint): boolean {
    if (this.waiting[at] === 1) return false;
    const kind = this.kind[at];
    if (kind === KIND_MARKET || (kind === KIND_LIMIT && this.limitsBlocked)) return false;
    const level = this.level[at] ?? 0;
    return (this.direction[at] ?? 0) < 0 ? point.atOrBelow(level) : point.atOrAbove(level);
  }

  /**
   * The next order the path has reached: those a falling path reaches first, highest level first;
   * then those a rising path reaches, lowest first; then arrival. -1 when there is none.
   */
  nextReached(point: PathPoint): number {
    let best = -1;
    for (let at = 0; at < this.count; at += 1) {
      if (this.isReached(at, point) && (best < 0 || this.#before(at, best))) best = at;
    }
    return best;
  }

  /** The one after it in the same order, wherever its row is now: by what `nextReached` sorts by. */
  nextReachedAfter(point: PathPoint, direction: number, level: number, rank: number): number {
    let best = -1;
    for (let at = 0; at < this.count; at += 1) {
      if (!this.isReached(at, point)) continue;
      const later = this.#order(at, direction, level, rank) > 0;
      if (later && (best < 0 || this.#before(at, best))) best = at;
    }
    return best;
  }

  refreshLevels(): void {
    this.levelsStale = false;
    let floor = -Infinity;
    let ceil = Infinity;
    for (let at = 0; at < this.count; at += 1) {
      const kind = this.kind[at];
      if (this.waiting[at] === 1 || kind === KIND_MARKET) continue;
      if (kind === KIND_LIMIT && this.limitsBlocked) continue;
      const level = this.level[at] ?? 0;
      if ((this.direction[at] ?? 0) < 0) {
        if (level > floor) floor = level;
      } else if (level < ceil) ceil = level;
    }
    this.floorLevel = floor;
    this.ceilLevel = ceil;
  }

  #before(a: number, b: number): boolean {
    return this.#order(a, this.direction[b] ?? 0, this.level[b] ?? 0, this.rank[b] ?? 0) < 0;
  }

  /** Below zero where the order at `at` comes first. */
  #order(at: number, direction: number, level: number, rank: number): number {
    const own = this.direction[at] ?? 0;
    if (own !== direction) return own - direction;
    const gap = ((this.level[at] ?? 0) - level) * direction;
    return gap === 0 ? (this.rank[at] ?? 0) - rank : gap;
  }

  #grow(): void {
    const larger = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const twice = new Float64Array(column.length * 2);
      twice.set(column);
      return twice;
    };
    this.id = larger(this.id);
    this.kind = larger(this.kind);
    this.side = larger(this.side);
    this.price = larger(this.price);
    this.qty = larger(this.qty);
    this.filled = larger(this.filled);
    this.reduceOnly = larger(this.reduceOnly);
    this.postOnly = larger(this.postOnly);
    this.rank = larger(this.rank);
    this.terms = larger(this.terms);
    this.limit = larger(this.limit);
    this.waiting = larger(this.waiting);
    this.ahead = larger(this.ahead);
    this.level = larger(this.level);
    this.direction = larger(this.direction);
  }

  #countOut(at: number): void {
    if (this.kind[at] === KIND_STOP_MARKET && (this.id[at] ?? 0) > 0) this.conditionals -= 1;
  }

  #rank(at: number): void {
    this.lastRank += 1;
    this.rank[at] = this.lastRank;
  }

  #setLevel(at: number): void {
    const side = this.side[at] ?? 0;
    const price = this.price[at] ?? 0;
    this.levelsStale = true;
    if (this.kind[at] !== KIND_STOP_MARKET) {
      // A buy limit is reached from above, a sell limit from below.
      this.direction[at] = -side;
      this.level[at] = price - side * this.#throughTicks;
      return;
    }
    const terms = this.terms[at] ?? 0;
    const direction = (terms & TERM_TURNED) === 0 ? side : -side;
    this.direction[at] = direction;
    // The last price never reaches one that looks at another price.
    this.level[at] = (terms & TERMS_NOT_ON_LAST) === 0 ? price : direction * Infinity;
  }

  #move(from: number, to: number): void {
    this.id[to] = this.id[from] ?? 0;
    this.kind[to] = this.kind[from] ?? 0;
    this.side[to] = this.side[from] ?? 0;
    this.price[to] = this.price[from] ?? 0;
    this.qty[to] = this.qty[from] ?? 0;
    this.filled[to] = this.filled[from] ?? 0;
    this.reduceOnly[to] = this.reduceOnly[from] ?? 0;
    this.postOnly[to] = this.postOnly[from] ?? 0;
    this.rank[to] = this.rank[from] ?? 0;
    this.terms[to] = this.terms[from] ?? 0;
    this.limit[to] = this.limit[from] ?? 0;
    this.waiting[to] = this.waiting[from] ?? 0;
    this.ahead[to] = this.ahead[from] ?? 0;
    this.level[to] = this.level[from] ?? 0;
    this.direction[to] = this.direction[from] ?? 0;
  }
}
