export type Prices = {
  readonly lastTicks: number;
  readonly markTicks: number;
  readonly indexTicks: number;
};

/** Between which prices everything has been tried since the last change. */
export class ShownRange {
  #low: Prices | undefined;
  #high: Prices | undefined;

  forget(): void {
    this.#low = undefined;
    this.#high = undefined;
  }

  covers({ lastTicks, markTicks, indexTicks }: Prices): boolean {
    const low = this.#low;
    const high = this.#high;
    if (low === undefined || high === undefined) return false;
    return (
      lastTicks >= low.lastTicks &&
      lastTicks <= high.lastTicks &&
      markTicks >= low.markTicks &&
      markTicks <= high.markTicks &&
      indexTicks >= low.indexTicks &&
      indexTicks <= high.indexTicks
    );
  }

  add(prices: Prices): void {
    this.#low = this.#low === undefined ? prices : combined(this.#low, prices, Math.min);
    this.#high = this.#high === undefined ? prices : combined(this.#high, prices, Math.max);
  }
}

function combined(a: Prices, b: Prices, choose: (a: number, b: number) => number): Prices {
  return {
    lastTicks: choose(a.lastTicks, b.lastTicks),
    markTicks: choose(a.markTicks, b.markTicks),
    indexTicks: choose(a.indexTicks, b.indexTicks),
  };
}
