const WINDOW_MS = 5_000;
const MOST_IN_WINDOW = 600;

/** Bybit's limit by address: 600 requests in 5 s, whatever they ask. */
export class EdgeLimit {
  readonly #recent: number[] = [];

  /** False for the request that is one too many. */
  admit(nowMs: number): boolean {
    while (this.#recent.length > 0 && (this.#recent[0] ?? 0) <= nowMs - WINDOW_MS)
      this.#recent.shift();
    if (this.#recent.length >= MOST_IN_WINDOW) return false;
    this.#recent.push(nowMs);
    return true;
  }
}
