import { KIND_STOP_MARKET } from '../engine/codes.ts';
import type { OrderBook } from './order-book.ts';
import { TERM_TURNED } from './order-terms.ts';

const FIRST_ROWS = 8;
const TAKE_PROFIT = 0;
const STOP_LOSS = 1;

/** What protects an order's fills, or the whole position. 0 = absent. */
export type ProtectionSpec = {
  readonly takeProfitTicks: number;
  readonly stopLossTicks: number;
  /** Limit prices of the two once triggered; 0 = market. */
  readonly takeProfitLimitTicks: number;
  readonly stopLossLimitTicks: number;
  /** Bits of order-terms.ts: which price triggers them. */
  readonly takeProfitTerms: number;
  readonly stopLossTerms: number;
};

/** The parent of what protects the position as a whole. */
export const WHOLE_POSITION = 0;

/** Ids of attached orders are negative, so that they never meet an id of a client. */
export function attachedOrderId(parentId: number, stop: boolean): number {
  return -(2 * parentId + 2 + (stop ? 1 : 0));
}

export function parentOf(attachedId: number): number {
  return Math.floor(-attachedId / 2) - 1;
}

export function isAttachedStop(attachedId: number): boolean {
  return -attachedId - 2 * Math.floor(-attachedId / 2) === 1;
}

/** What the venue does for its protection. */
export type ProtectionDesk = {
  spawn(attachedId: number, parentId: number, at: number): void;
  resize(at: number, qtySteps: number): void;
  clear(at: number): void;
};

/**
 * Take-profits and stops that came with an order: they appear when it fills, grow with its fills,
 * shrink with what either of the two closes, and go when the position is closed.
 */
export class Protection {
  count = 0;
  /** Something happened that `settle` has to look at. */
  dirty = false;
  parent = new Float64Array(FIRST_ROWS);
  side = new Float64Array(FIRST_ROWS);
  /** Filled by the parent and not yet closed by one of the two. */
  open = new Float64Array(FIRST_ROWS);
  price = new Float64Array(FIRST_ROWS * 2);
  limit = new Float64Array(FIRST_ROWS * 2);
  terms = new Float64Array(FIRST_ROWS * 2);

  /** `side` is that of the attached orders: against the parent's. */
  attach(parentId: number, side: number, spec: ProtectionSpec): void {
    let row = this.find(parentId);
    if (row < 0) {
      row = this.count;
      if (row === this.parent.length) this.#grow();
      this.count += 1;
      this.parent[row] = parentId;
      this.open[row] = 0;
    }
    this.side[row] = side;
    this.#setLeg(row, TAKE_PROFIT, spec.takeProfitTicks, spec.takeProfitLimitTicks);
    this.#setLeg(row, STOP_LOSS, spec.stopLossTicks, spec.stopLossLimitTicks);
    this.terms[row * 2] = spec.takeProfitTerms | TERM_TURNED;
    this.terms[row * 2 + 1] = spec.stopLossTerms;
    this.dirty = true;
  }

  find(parentId: number): number {
    for (let row = 0; row < this.count; row += 1) if (this.parent[row] === parentId) return row;
    return -1;
  }

  /** Trigger price of one of the two; 0 = none. */
  triggerTicks(row: number, stop: boolean): number {
    return this.price[row * 2 + (stop ? STOP_LOSS : TAKE_PROFIT)] ?? 0;
  }

  onFill(orderId: number, steps: number): void {
    this.dirty = true;
    const row = this.find(orderId > 0 ? orderId : parentOf(orderId));
    if (row < 0) return;
    this.open[row] = Math.max(0, (this.open[row] ?? 0) + (orderId > 0 ? steps : -steps));
  }

  /** A client gave one of the two another trigger. */
  onMoved(orderId: number, triggerTicks: number): void {
    const row = this.find(parentOf(orderId));
    const leg = isAttachedStop(orderId) ? STOP_LOSS : TAKE_PROFIT;
    if (row >= 0) this.price[row * 2 + leg] = triggerTicks;
  }

  /** One that is over, by fill or cancel, does not come back. */
  onEnded(orderId: number): void {
    this.dirty = true;
    if (orderId > 0) return;
    const row = this.find(parentOf(orderId));
    if (row >= 0) this.price[row * 2 + (isAttachedStop(orderId) ? STOP_LOSS : TAKE_PROFIT)] = 0;
  }

  /** Brings the book to what protection is due for a signed position. */
  settle(book: OrderBook, positionSteps: number, desk: ProtectionDesk): void {
    this.dirty = false;
    for (let row = this.count - 1; row >= 0; row -= 1) {
      const parent = this.parent[row] ?? 0;
      const closable = positionSteps * (this.side[row] ?? 0) < 0 ? Math.abs(positionSteps) : 0;
      const whole = parent === WHOLE_POSITION;
      const due = whole ? closable : closable === 0 ? 0 : (this.open[row] ?? 0);
      if (due === 0 && !whole && closable === 0) this.open[row] = 0;
      this.#settleLeg(row, TAKE_PROFIT, due, book, desk);
      this.#settleLeg(row, STOP_LOSS, due, book, desk);
      const bare = this.price[row * 2] === 0 && this.price[row * 2 + 1] === 0;
      const lives = !whole && book.find(parent) >= 0;
      if ((due === 0 && !lives) || (bare && !lives)) this.#remove(row);
    }
    this.dirty = false;
  }

  #settleLeg(row: number, leg: number, due: number, book: OrderBook, desk: ProtectionDesk): void {
    const cell = row * 2 + leg;
    const parent = this.parent[row] ?? 0;
    const trigger = this.price[cell] ?? 0;
    const id = attachedOrderId(parent, leg === STOP_LOSS);
    const at = book.find(id);
    if (due === 0 || trigger === 0) {
      if (at < 0) return;
      desk.clear(at);
      this.price[cell] = trigger;
      return;
    }
    if (at < 0) {
      const side = this.side[row] ?? 0;
      const added = book.add(id, KIND_STOP_MARKET, side, trigger, due, true, false);
      book.setTerms(added, this.terms[cell] ?? 0, this.limit[cell] ?? 0);
      desk.spawn(id, parent, added);
      return;
    }
    if (book.kind[at] === KIND_STOP_MARKET && book.price[at] !== trigger) {
      book.change(at, trigger, due);
      desk.resize(at, due);
    } else if (book.leaves(at) !== due) desk.resize(at, due + (book.filled[at] ?? 0));
  }

  #setLeg(row: number, leg: number, triggerTicks: number, limitTicks: number): void {
    this.price[row * 2 + leg] = triggerTicks;
    this.limit[row * 2 + leg] = limitTicks;
  }

  #remove(row: number): void {
    const last = this.count - 1;
    this.count = last;
    if (row === last) return;
    this.parent[row] = this.parent[last] ?? 0;
    this.side[row] = this.side[last] ?? 0;
    this.open[row] = this.open[last] ?? 0;
    for (let leg = 0; leg < 2; leg += 1) {
      this.price[row * 2 + leg] = this.price[last * 2 + leg] ?? 0;
      this.limit[row * 2 + leg] = this.limit[last * 2 + leg] ?? 0;
      this.terms[row * 2 + leg] = this.terms[last * 2 + leg] ?? 0;
    }
  }

  #grow(): void {
    const larger = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const twice = new Float64Array(column.length * 2);
      twice.set(column);
      return twice;
    };
    this.parent = larger(this.parent);
    this.side = larger(this.side);
    this.open = larger(this.open);
    this.price = larger(this.price);
    this.limit = larger(this.limit);
    this.terms = larger(this.terms);
  }
}
