const STRIDE = 10;
/** Kinds come before sequence numbers: kind x 2^44 + sequence stays below 2^53. */
const KIND_SCALE = 2 ** 44;

/** Kinds of docs/simulation.md: what goes first within one ms. */
export const KIND_REQUEST = 1;
export const KIND_SURFACE = 2;

/**
 * Messages in flight, ordered by (time, kind, sequence). Few at a time, so a flat array with the
 * next one cached beats a heap; columns grow, nothing else is allocated.
 */
export class Mailbox {
  count = 0;
  sequence = 0;
  nextAt = -1;
  nextMs = Infinity;
  cells = new Float64Array(32 * STRIDE);

  reset(): void {
    this.count = 0;
    this.sequence = 0;
    this.nextAt = -1;
    this.nextMs = Infinity;
  }

  /** Posts a message; the payload goes into the seven cells from the returned offset. */
  post(timeMs: number, kind: number, type: number): number {
    const at = this.count * STRIDE;
    if (at + STRIDE > this.cells.length) this.#grow();
    this.sequence += 1;
    const cells = this.cells;
    cells[at] = timeMs;
    cells[at + 1] = kind * KIND_SCALE + this.sequence;
    cells[at + 2] = type;
    this.count += 1;
    // A later sequence number never goes before an equal (time, kind).
    if (
      timeMs < this.nextMs ||
      (timeMs === this.nextMs && this.#order(at) < this.#order(this.nextAt))
    ) {
      this.nextAt = at;
      this.nextMs = timeMs;
    }
    return at + 3;
  }

  /** The next message is a request on its way to the venue; false when there is none. */
  nextIsRequest(): boolean {
    return this.#order(this.nextAt) < KIND_SURFACE * KIND_SCALE;
  }

  nextType(): number {
    // As a whole number, so that a switch over it compares integers.
    return (this.cells[this.nextAt + 2] ?? -1) | 0;
  }

  /** Where the next message's payload begins. */
  nextPayload(): number {
    return this.nextAt + 3;
  }

  /** Removes the next message; its cells may be written over by the next post. */
  drop(): void {
    const cells = this.cells;
    const at = this.nextAt;
    if (this.count === 1) {
      this.count = 0;
      this.nextAt = -1;
      this.nextMs = Infinity;
      return;
    }
    const last = (this.count - 1) * STRIDE;
    if (at !== last) for (let i = 0; i < STRIDE; i += 1) cells[at + i] = cells[last + i] ?? 0;
    this.count -= 1;
    this.#findNext();
  }

  #order(at: number): number {
    return this.cells[at + 1] ?? Infinity;
  }

  #findNext(): void {
    const cells = this.cells;
    let bestAt = -1;
    let bestMs = Infinity;
    let bestOrder = Infinity;
    const end = this.count * STRIDE;
    for (let at = 0; at < end; at += STRIDE) {
      const timeMs = cells[at] ?? 0;
      const order = cells[at + 1] ?? 0;
      if (timeMs < bestMs || (timeMs === bestMs && order < bestOrder)) {
        bestAt = at;
        bestMs = timeMs;
        bestOrder = order;
      }
    }
    this.nextAt = bestAt;
    this.nextMs = bestMs;
  }

  #grow(): void {
    const larger = new Float64Array(this.cells.length * 2);
    larger.set(this.cells);
    this.cells = larger;
  }
}
