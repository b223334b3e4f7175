export type OrderedCandle = { readonly openTimeMs: number };

/** Right after its end a listed candle may still change; only the stream says when it does not. */
const SETTLED_AFTER_MS = 2_000;
/** A list may be a copy that is behind its own time, but not by more. */
const LAGS_AT_MOST_MS = 60_000;

/**
 * Brings candles of two sources, one that may lose and repeat and one that may lag, into one row:
 * each closed candle once, oldest first. A candle is passed over only where the list, which is the
 * venue's last word, has a later one and not this.
 */
export class CandleOrder<Candle extends OrderedCandle> {
  /** The first candle that has not been taken. */
  nextOpenMs: number;
  readonly intervalMs: number;
  /** Closed, but something before them is still missing. */
  readonly #held = new Map<number, Candle>();
  readonly #take: (candle: Candle) => void;

  constructor(firstOpenMs: number, intervalMs: number, take: (candle: Candle) => void) {
    this.nextOpenMs = firstOpenMs;
    this.intervalMs = intervalMs;
    this.#take = take;
  }

  /** Candles wait for one before them: the list has to be read. */
  get hasGap(): boolean {
    return this.#held.size > 0;
  }

  /** The venue's time from which the next candle stands settled in the list. */
  get settledMs(): number {
    return this.nextOpenMs + this.intervalMs + SETTLED_AFTER_MS;
  }

  /** A candle that the stream calls closed. */
  closed(candle: Candle): void {
    const { openTimeMs } = candle;
    if (openTimeMs < this.nextOpenMs || openTimeMs % this.intervalMs !== 0) return;
    this.#held.set(openTimeMs, candle);
    this.#takeHeld(this.nextOpenMs);
  }

  /**
   * The list of candles that open from `nextOpenMs` to `lastOpenMs`, oldest first, as it was at
   * `venueMs`. True where it brought the row further.
   */
  listed(candles: readonly Candle[], lastOpenMs: number, venueMs: number): boolean {
    const before = this.nextOpenMs;
    const newest = candles.at(-1);
    for (const candle of candles) {
      const { openTimeMs } = candle;
      const agoMs = venueMs - openTimeMs - this.intervalMs;
      // A later one proves that the list was made after this one closed.
      if (agoMs < (candle === newest ? LAGS_AT_MOST_MS : SETTLED_AFTER_MS)) break;
      if (openTimeMs < this.nextOpenMs || openTimeMs % this.intervalMs !== 0) continue;
      this.#takeHeld(openTimeMs - this.intervalMs);
      if (openTimeMs >= this.nextOpenMs) this.#advance(candle);
    }
    this.#takeHeld(this.nextOpenMs);
    // The page spans the range: what it does not have of the past, the venue does not have.
    if (lastOpenMs + this.intervalMs + LAGS_AT_MOST_MS <= venueMs) {
      this.#takeHeld(lastOpenMs);
      this.nextOpenMs = Math.max(this.nextOpenMs, lastOpenMs + this.intervalMs);
    }
    return this.nextOpenMs > before;
  }

  /** Those up to `untilMs`, and what follows them without a gap. */
  #takeHeld(untilMs: number): void {
    const early = [...this.#held.keys()]
      .filter((openMs) => openMs <= untilMs)
      .sort((a, b) => a - b);
    for (const openMs of early) this.#takeOne(openMs);
    while (this.#held.has(this.nextOpenMs)) this.#takeOne(this.nextOpenMs);
  }

  #takeOne(openMs: number): void {
    const candle = this.#held.get(openMs);
    this.#held.delete(openMs);
    if (candle !== undefined && openMs >= this.nextOpenMs) this.#advance(candle);
  }

  #advance(candle: Candle): void {
    this.nextOpenMs = candle.openTimeMs + this.intervalMs;
    this.#held.delete(candle.openTimeMs);
    this.#take(candle);
  }
}
