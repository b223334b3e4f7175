import type { PathPoint } from './exact.ts';
import type { PricePath } from './price-path.ts';
import { lowerBound } from './tape.ts';
import type { Tape } from './tape.ts';
import type { TradeTape } from './trade-tape.ts';

/** The recorded trades as a path: the price of a ms is that of the last trade up to its end. */
export class TradePath implements PricePath {
  readonly #trades: TradeTape;
  readonly #tape: Tape;

  /** `tape`: the candles of these trades. */
  constructor(trades: TradeTape, tape: Tape) {
    this.#trades = trades;
    this.#tape = tape;
  }

  rowAt(row: number, timeMs: number): number {
    let at = row;
    while (at >= 0 && (this.#tape.openTimeMs[at] ?? 0) > timeMs) at -= 1;
    return at;
  }

  closedForMs(row: number, timeMs: number): number {
    const at = this.rowAt(row, timeMs);
    if (at < 0) return 0;
    const lastMs = (this.#tape.openTimeMs[at] ?? 0) + this.#tape.intervalMs - 1;
    return Math.max(0, timeMs - lastMs);
  }

  priceAt(_row: number, timeMs: number, point: PathPoint): boolean {
    const after = lowerBound(this.#trades.timeMs, timeMs + 1);
    if (after === 0) return false;
    point.set(this.#trades.priceTicks[after - 1] as number, 1);
    return true;
  }

  firstOutside(_row: number, afterMs: number, untilMs: number, low: number, high: number): number {
    const { timeMs, priceTicks, count } = this.#trades;
    const after = lowerBound(timeMs, afterMs + 1);
    if (after > 0 && isOutside(priceTicks[after - 1] as number, low, high)) return afterMs + 1;
    for (let trade = after; trade < count; trade += 1) {
      const atMs = timeMs[trade] as number;
      if (atMs > untilMs) return Infinity;
      // The price of a ms is that of its last trade.
      if (timeMs[trade + 1] === atMs) continue;
      if (isOutside(priceTicks[trade] as number, low, high)) return atMs;
    }
    return Infinity;
  }
}

function isOutside(ticks: number, low: number, high: number): boolean {
  return ticks <= low || ticks >= high;
}
