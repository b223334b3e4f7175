import { lowerBound } from '../../market/tape.ts';
import type { Tape } from '../../market/tape.ts';
import type { TradeTape } from '../../market/trade-tape.ts';
import type { Venue } from '../../venue/venue.ts';
import type { CandleWalk } from './candle-walk.ts';
import type { Delays } from './delays.ts';
import type { Moments } from './moments.ts';
import type { RowWalkParts } from './row-walk.ts';
import type { SimState } from './sim-state.ts';

/** Walks the trades of one candle, from one that matters, or one ms that matters, to the next. */
export class TradeWalk implements CandleWalk {
  row = 0;
  readonly #trades: TradeTape;
  readonly #tape: Tape;
  readonly #volatile: Uint8Array;
  readonly #state: SimState;
  readonly #venue: Venue;
  readonly #delays: Delays;
  readonly #moments: Moments;

  constructor(parts: RowWalkParts, trades: TradeTape) {
    this.#trades = trades;
    this.#tape = parts.world.tape;
    this.#volatile = parts.world.volatile;
    this.#state = parts.state;
    this.#venue = parts.venue;
    this.#delays = parts.delays;
    this.#moments = parts.moments;
  }

  walk(row: number): void {
    const { present, book } = this.#venue;
    const openMs = this.#tape.openTimeMs[row] as number;
    const endMs = openMs + this.#tape.intervalMs;
    this.row = row;
    if (this.#moments.nextMs() < openMs) this.drainBefore(openMs);
    this.#delays.volatileNow = this.#volatile[row] === 1;
    if (this.#venue.limitsVolume) this.#venue.openCandle(this.#tape.volumeSteps[row] ?? 0);
    // After a gap the market opens with the first trade; within a candle it stays open.
    present.marketOpen = this.#followsRow(row);
    this.#walkTrades(openMs, endMs);
    if (book.limitsBlocked) {
      // The next candle brings new volume.
      book.limitsBlocked = false;
      book.levelsStale = true;
      this.#moments.refreshLevels();
    }
  }

  /** A closed market: messages, closes and timers go on, nothing fills. */
  drainBefore(untilMs: number): void {
    for (;;) {
      const timeMs = this.#moments.nextMs();
      if (timeMs >= untilMs || this.#venue.account.liquidated) return;
      this.#showPrice(lowerBound(this.#trades.timeMs, timeMs + 1));
      this.#venue.present.marketOpen = false;
      this.#delays.volatileNow = false;
      this.#moments.play(timeMs, this.row, false);
    }
  }

  #walkTrades(openMs: number, endMs: number): void {
    const { timeMs } = this.#trades;
    const { present, account } = this.#venue;
    let trade = lowerBound(timeMs, openMs);
    const end = lowerBound(timeMs, endMs);
    while (!account.liquidated) {
      const eventMs = this.#moments.nextMs();
      const passed = trade;
      trade = this.#nextThatMatters(trade, end, eventMs);
      if (trade > passed) present.marketOpen = true;
      const tradeMs = trade < end ? (timeMs[trade] as number) : Infinity;
      if (tradeMs <= eventMs) {
        if (trade >= end) return;
        const from = trade;
        while (trade < end && timeMs[trade] === tradeMs) trade += 1;
        present.marketOpen = true;
        this.#moments.playTrades(tradeMs, this.row, this.#trades, from, trade);
      } else {
        if (eventMs >= endMs) return;
        this.#showPrice(trade);
        this.#moments.play(eventMs, this.row, false);
      }
    }
  }

  /** The first trade from `from` on that meets a level, or is not before the next event. */
  #nextThatMatters(from: number, end: number, eventMs: number): number {
    if (this.#moments.looksEverywhere) return from;
    const { timeMs, priceTicks } = this.#trades;
    const { floor, ceil } = this.#state;
    let trade = from;
    while (trade < end && (timeMs[trade] as number) < eventMs) {
      const ticks = priceTicks[trade] as number;
      if (ticks <= floor || ticks >= ceil) break;
      trade += 1;
    }
    return trade;
  }

  /** The price that the trade before `trade` left. */
  #showPrice(trade: number): void {
    if (trade > 0) this.#venue.point.set(this.#trades.priceTicks[trade - 1] as number, 1);
  }

  #followsRow(row: number): boolean {
    const { openTimeMs, intervalMs } = this.#tape;
    return row > 0 && (openTimeMs[row - 1] as number) + intervalMs === openTimeMs[row];
  }
}
