/**
 * orderLinkIds ever seen, ascending; an id is used for ever. Only the count is state: a walk
 * that is taken back sends the same ids again, in the same order.
 */
export class UsedIds {
  count = 0;
  #ids = new Float64Array(256);

  has(orderId: number): boolean {
    let low = 0;
    let high = this.count;
    if (high === 0 || orderId > (this.#ids[high - 1] ?? 0)) return false;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ids[middle] ?? 0) < orderId) low = middle + 1;
      else high = middle;
    }
    return this.#ids[low] === orderId;
  }

  add(orderId: number): void {
    if (this.count === this.#ids.length) {
      const larger = new Float64Array(this.#ids.length * 2);
      larger.set(this.#ids);
      this.#ids = larger;
    }
    let at = this.count;
    // Ids nearly always come in order; one that does not is moved into its place.
    while (at > 0 && (this.#ids[at - 1] ?? 0) > orderId) {
      this.#ids[at] = this.#ids[at - 1] ?? 0;
      at -= 1;
    }
    this.#ids[at] = orderId;
    this.count += 1;
  }
}
