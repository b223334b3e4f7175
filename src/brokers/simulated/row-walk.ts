import { InvariantError } from '../../engine/invariant.ts';
import { crossingMs } from '../../market/path.ts';
import type { TapePath } from '../../market/tape-path.ts';
import type { Tape } from '../../market/tape.ts';
import type { Account } from '../../venue/account.ts';
import type { Present } from '../../venue/present.ts';
import type { Venue } from '../../venue/venue.ts';
import type { CandleWalk } from './candle-walk.ts';
import type { Delays } from './delays.ts';
import type { Moments } from './moments.ts';
import type { RowSearch } from './row-search.ts';
import type { SimState } from './sim-state.ts';
import type { World } from './world.ts';

export type RowWalkParts = {
  readonly world: World;
  readonly path: TapePath;
  readonly state: SimState;
  readonly venue: Venue;
  readonly delays: Delays;
  readonly moments: Moments;
  readonly rows: RowSearch;
};

/** Walks the path through one candle, from one ms that matters to the next. */
export class RowWalk implements CandleWalk {
  /** The row walked last. */
  row = 0;
  readonly #tape: Tape;
  readonly #volatile: Uint8Array;
  readonly #hasVolatility: boolean;
  readonly #path: TapePath;
  readonly #state: SimState;
  readonly #venue: Venue;
  readonly #present: Present;
  readonly #account: Account;
  readonly #delays: Delays;
  readonly #moments: Moments;
  readonly #rows: RowSearch;

  constructor(parts: RowWalkParts) {
    this.#tape = parts.world.tape;
    this.#volatile = parts.world.volatile;
    this.#hasVolatility = parts.world.volatile.length > 0;
    this.#path = parts.path;
    this.#state = parts.state;
    this.#venue = parts.venue;
    this.#present = parts.venue.present;
    this.#account = parts.venue.account;
    this.#delays = parts.delays;
    this.#moments = parts.moments;
    this.#rows = parts.rows;
  }

  walk(row: number): void {
    const tape = this.#tape;
    const venue = this.#venue;
    const state = this.#state;
    const moments = this.#moments;
    this.row = row;
    const openMs = this.#rows.openMs(row);
    if (moments.nextMs() < openMs) this.drainBefore(openMs);
    if (this.#hasVolatility) this.#delays.volatileNow = this.#volatile[row] === 1;
    if (venue.limitsVolume) venue.openCandle(tape.volumeSteps[row] ?? 0);
    this.#present.marketOpen = true;
    const open = tape.open[row] as number;
    venue.point.set(open, 1);
    const reaches = open <= state.floor || open >= state.ceil || venue.book.levelsStale;
    if (reaches || moments.looksEverywhere || moments.nextMs() <= openMs)
      moments.play(openMs, row, reaches);
    this.#walkSegments(row, openMs, open);
    if (venue.book.limitsBlocked) {
      // The next candle brings new volume; what waits beyond its level must be seen there.
      venue.book.limitsBlocked = false;
      venue.book.levelsStale = true;
      moments.refreshLevels();
    }
  }

  /** A closed market: messages, closes and timers go on, nothing fills. */
  drainBefore(untilMs: number): void {
    for (;;) {
      const timeMs = this.#moments.nextMs();
      if (timeMs >= untilMs || this.#account.liquidated) return;
      const row = this.#path.rowAt(this.row, timeMs);
      if (row >= 0) this.#venue.point.set(this.#tape.close[row] ?? 0, 1);
      this.#present.marketOpen = false;
      this.#delays.volatileNow = false;
      this.#moments.play(timeMs, this.row, false);
    }
  }

  #walkSegments(row: number, openMs: number, open: number): void {
    const tape = this.#tape;
    const path = this.#path;
    const high = tape.high[row] as number;
    const low = tape.low[row] as number;
    const highFirst = path.isHighFirst(row);
    const first = highFirst ? high : low;
    const second = highFirst ? low : high;
    const firstMs = openMs + path.firstOffset;
    const secondMs = openMs + path.secondOffset;
    const close = tape.close[row] as number;
    const closeMs = openMs + tape.intervalMs - 1;
    if (this.#mayHappen(firstMs, first)) this.#walkSegment(openMs, open, firstMs, first);
    if (this.#mayHappen(secondMs, second)) this.#walkSegment(firstMs, first, secondMs, second);
    if (this.#mayHappen(closeMs, close)) this.#walkSegment(secondMs, second, closeMs, close);
  }

  /** A segment that ends between the levels, before anything is due, is passed over. */
  #mayHappen(toMs: number, to: number): boolean {
    const { floor, ceil } = this.#state;
    if (to <= floor || to >= ceil) return true;
    return this.#moments.nextMs() <= toMs || this.#moments.looksEverywhere;
  }

  #walkSegment(fromMs: number, from: number, toMs: number, to: number): void {
    const state = this.#state;
    const venue = this.#venue;
    const length = toMs - fromMs;
    let cursorMs = fromMs;
    while (!this.#account.liquidated) {
      let levelMs = Infinity;
      if (to < from && to <= state.floor) levelMs = crossingMs(fromMs, from, toMs, to, state.floor);
      else if (to > from && to >= state.ceil)
        levelMs = crossingMs(fromMs, from, toMs, to, state.ceil);
      if (!(levelMs > cursorMs))
        throw new InvariantError(`a level at ${levelMs} ms was passed over at ${cursorMs} ms`);
      const eventMs = this.#moments.nextMs();
      const timeMs = eventMs < levelMs ? eventMs : levelMs;
      if (timeMs > toMs) return;
      if (timeMs === toMs) venue.point.set(to, 1);
      else venue.point.set(from * length + (to - from) * (timeMs - fromMs), length);
      this.#moments.play(timeMs, this.row, timeMs === levelMs);
      cursorMs = timeMs;
    }
  }
}
