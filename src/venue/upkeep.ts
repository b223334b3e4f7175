import { END_FILLED, END_PROTECTION_CLEARED, END_REDUCE_ONLY } from '../engine/codes.ts';
import { InvariantError } from '../engine/invariant.ts';
import type { Ledger } from '../engine/ledger.ts';
import type { PathPoint } from '../market/exact.ts';
import type { OrderBook } from './order-book.ts';
import type { OrderGate } from './order-gate.ts';
import type { Present } from './present.ts';
import type { Protection, ProtectionDesk } from './protection.ts';
import { nextToTrim, reduceOnlyExcess } from './reduce-only.ts';
import type { VenueListener } from './venue-listener.ts';
import type { VenueTerms } from './venue-terms.ts';

export type UpkeepParts = {
  readonly host: VenueListener;
  readonly book: OrderBook;
  readonly gate: OrderGate;
  readonly ledger: Ledger;
  readonly protection: Protection;
  readonly point: PathPoint;
  readonly present: Present;
  readonly terms: VenueTerms;
};

/** What the venue itself does to orders in its book: ends them, trims them, attaches exits. */
export class Upkeep {
  readonly #host: VenueListener;
  readonly #book: OrderBook;
  readonly #gate: OrderGate;
  readonly #ledger: Ledger;
  readonly #protection: Protection;
  readonly #present: Present;
  readonly #desk: ProtectionDesk;

  /** `admit`: an attached order is in the book now. */
  constructor(parts: UpkeepParts, admit: (at: number) => void) {
    this.#host = parts.host;
    this.#book = parts.book;
    this.#gate = parts.gate;
    this.#ledger = parts.ledger;
    this.#protection = parts.protection;
    this.#present = parts.present;
    const { book, point, present } = parts;
    this.#desk = {
      spawn: (orderId, parentId, at) => {
        const ticks = book.price[at] ?? NaN;
        this.#host.onAttached?.(orderId, parentId, present.nowMs, ticks, book.qty[at] ?? NaN);
        admit(at);
      },
      resize: (at, qtySteps) => {
        this.#resize(at, qtySteps);
        // A stop that was given another trigger may be beyond it already.
        if (present.marketOpen && book.isReached(at, point)) present.arrivalReached = true;
      },
      clear: (at) => {
        this.end(at, END_PROTECTION_CLEARED);
      },
    };
  }

  end(at: number, end: number): void {
    const book = this.#book;
    const present = this.#present;
    const id = book.id[at] ?? NaN;
    const filled = book.filled[at] ?? 0;
    if (book.waiting[at] === 1) present.waitingCount -= 1;
    book.remove(at);
    if (this.#protection.count > 0) this.#protection.onEnded(id);
    this.#host.onOrderEnded(id, present.nowMs, end, filled);
  }

  /** After a fill of `at`, the account having held `heldSteps` before it. */
  afterFill(at: number, steps: number, heldSteps: number): void {
    const book = this.#book;
    if (this.#protection.count > 0) this.#protection.onFill(book.id[at] ?? NaN, steps);
    if (book.leaves(at) === 0) this.end(at, END_FILLED);
    // A fill that opens can leave no order with too much to close.
    if (heldSteps > 0) this.trimReduceOnly();
  }

  /** Furthest from the market first, among equals the newest (an assumption: docs/simulation.md). */
  trimReduceOnly(): void {
    const book = this.#book;
    for (let side = -1; side <= 1; side += 2) {
      for (;;) {
        const excess = reduceOnlyExcess(book, side, this.#gate.closable(side));
        if (excess <= 0) break;
        const at = nextToTrim(book, side);
        if (book.leaves(at) <= excess) this.end(at, END_REDUCE_ONLY);
        else this.#resize(at, (book.qty[at] ?? 0) - excess);
      }
    }
  }

  protect(): void {
    // What it does may itself fill or end orders; each such change asks once more.
    for (let round = 0; round < 1_000; round += 1) {
      this.#protection.settle(this.#book, this.#ledger.positionSteps, this.#desk);
      // Where others have closed lots of the account, what is due may be more than is left.
      this.trimReduceOnly();
      if (!this.#protection.dirty) return;
    }
    throw new InvariantError(`${this.#protection.count} protections do not settle`);
  }

  #resize(at: number, qtySteps: number): void {
    this.#book.change(at, this.#book.price[at] ?? 0, qtySteps);
    this.#host.onResized?.(this.#book.id[at] ?? NaN, this.#present.nowMs);
  }
}
