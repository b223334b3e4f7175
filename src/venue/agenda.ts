import { InvariantError } from '../engine/invariant.ts';

/** What is to happen, by (time, insertion): two things of one ms happen in the order they were put. */
export class Agenda<Item> {
  readonly #times: number[] = [];
  readonly #orders: number[] = [];
  readonly #items: Item[] = [];
  #inserted = 0;

  get size(): number {
    return this.#times.length;
  }

  /** Infinity when nothing is left. */
  nextMs(): number {
    return this.#times[0] ?? Infinity;
  }

  put(atMs: number, item: Item): void {
    if (!(atMs === atMs)) throw new InvariantError('agenda: a time that is not a number');
    this.#inserted += 1;
    let hole = this.#times.length;
    this.#times.push(atMs);
    this.#orders.push(this.#inserted);
    this.#items.push(item);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if ((this.#times[parent] ?? 0) <= atMs) break;
      this.#move(parent, hole);
      hole = parent;
    }
    this.#set(hole, atMs, this.#inserted, item);
  }

  take(): Item {
    const first = this.#items[0];
    const lastTime = this.#times.pop();
    const lastOrder = this.#orders.pop();
    const lastItem = this.#items.pop();
    if (
      first === undefined ||
      lastItem === undefined ||
      lastTime === undefined ||
      lastOrder === undefined
    ) {
      throw new InvariantError('agenda: nothing to take');
    }
    if (this.#times.length > 0) this.#sink(lastTime, lastOrder, lastItem);
    return first;
  }

  #sink(atMs: number, order: number, item: Item): void {
    const count = this.#times.length;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= count) break;
      if (child + 1 < count && this.#isBefore(child + 1, child)) child += 1;
      const childMs = this.#times[child] ?? 0;
      if (atMs < childMs || (atMs === childMs && order < (this.#orders[child] ?? 0))) break;
      this.#move(child, hole);
      hole = child;
    }
    this.#set(hole, atMs, order, item);
  }

  #isBefore(a: number, b: number): boolean {
    const aMs = this.#times[a] ?? 0;
    const bMs = this.#times[b] ?? 0;
    return aMs < bMs || (aMs === bMs && (this.#orders[a] ?? 0) < (this.#orders[b] ?? 0));
  }

  #move(from: number, to: number): void {
    const item = this.#items[from];
    if (item === undefined) throw new InvariantError(`agenda: no item at ${from}`);
    this.#set(to, this.#times[from] ?? 0, this.#orders[from] ?? 0, item);
  }

  #set(at: number, atMs: number, order: number, item: Item): void {
    this.#times[at] = atMs;
    this.#orders[at] = order;
    this.#items[at] = item;
  }
}
