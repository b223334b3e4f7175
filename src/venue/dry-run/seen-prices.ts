const MINUTE_MS = 60_000;
/** A price line that fell silent is noticed within the next minute. */
const KEPT_MINUTES = 3;

type Range = { low: number; high: number };

/** The extremes that each of the last minutes has shown. */
export class SeenPrices {
  readonly #minutes = new Map<number, Range>();

  see(atMs: number, ticks: number): void {
    const minuteMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
    const range = this.#minutes.get(minuteMs);
    if (range !== undefined) {
      range.low = Math.min(range.low, ticks);
      range.high = Math.max(range.high, ticks);
      return;
    }
    this.#minutes.set(minuteMs, { low: ticks, high: ticks });
    if (this.#minutes.size <= KEPT_MINUTES) return;
    const [oldest = minuteMs] = this.#minutes.keys();
    this.#minutes.delete(oldest);
  }

  /** Undefined where nothing of that minute was seen. */
  of(minuteMs: number): Readonly<Range> | undefined {
    return this.#minutes.get(minuteMs);
  }
}
