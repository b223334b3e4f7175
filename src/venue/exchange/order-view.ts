import { Lag } from './lag.ts';
import type { SurfaceClock } from './lag.ts';
import { isOver } from './records.ts';
import type { OrderVersion } from './records.ts';

/** Closed orders that order/realtime still shows. */
const CLOSED_CACHE = 500;

/** The orders as one surface shows them. */
export class OrderView {
  readonly lag: Lag<OrderVersion>;
  /** By the order's index. */
  readonly shown: (OrderVersion | undefined)[] = [];
  readonly open = new Set<number>();
  /** Indices in the order they were seen to close. */
  readonly closed: number[] = [];
  wipedMs = -Infinity;

  constructor(log: readonly OrderVersion[], clock: SurfaceClock) {
    this.lag = new Lag(log, clock, (version) => {
      this.#show(version);
    });
  }

  /** Indices of the open orders, newest first. */
  openNewestFirst(): number[] {
    return [...this.open].sort((a, b) => b - a);
  }

  /** Indices of the closed orders still cached, newest first by creation. */
  cachedNewestFirst(): number[] {
    return this.closed
      .slice(-CLOSED_CACHE)
      .filter((index) => this.#survivesWipe(index))
      .sort((a, b) => b - a);
  }

  /** Open, or closed and still cached: what a look-up by id finds. */
  isFound(index: number): boolean {
    if (this.open.has(index)) return true;
    return (
      this.closed.indexOf(index, Math.max(0, this.closed.length - CLOSED_CACHE)) >= 0 &&
      this.#survivesWipe(index)
    );
  }

  #survivesWipe(index: number): boolean {
    return (this.shown[index]?.updatedMs ?? -Infinity) >= this.wipedMs;
  }

  #show(version: OrderVersion): void {
    const { index } = version;
    this.shown[index] = version;
    if (!isOver(version.status)) {
      this.open.add(index);
      return;
    }
    this.open.delete(index);
    this.closed.push(index);
  }
}
