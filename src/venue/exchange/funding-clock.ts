import { Instrument } from '../../engine/instrument.ts';
import type { Venue } from '../venue.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import type { ExchangeOptions } from './options.ts';

/** Funding: when it falls due, and what the position held then pays or is paid. */
export class FundingClock {
  readonly #venue: Venue;
  readonly #books: Bookkeeper;
  readonly #options: ExchangeOptions;
  readonly #everyMs: number;
  #nextMs: number;

  constructor(options: ExchangeOptions, venue: Venue, books: Bookkeeper) {
    const { funding, startMs } = options;
    this.#options = options;
    this.#venue = venue;
    this.#books = books;
    this.#everyMs = funding?.everyMs ?? Infinity;
    this.#nextMs = Number.isFinite(this.#everyMs)
      ? (Math.floor(startMs / this.#everyMs) + 1) * this.#everyMs
      : Infinity;
  }

  /** The next time of funding; one that is not after `atMs` counts as taken. */
  take(atMs: number): number {
    const dueMs = this.#nextMs;
    if (dueMs <= atMs) this.#nextMs += this.#everyMs;
    return dueMs;
  }

  /** True when something was booked. */
  settle(): boolean {
    const { ledger, references, present } = this.#venue;
    const { nowMs } = present;
    const held = ledger.positionSteps;
    const { funding, instrument } = this.#options;
    if (held === 0 || funding === undefined) return false;
    const rate = funding.rateAt?.(nowMs) ?? funding.rate;
    // Funding is a share of the position's value, as a fee is: the same exact arithmetic.
    const fees = new Instrument({ ...instrument.spec, takerFeeRate: rate.replace('-', '') });
    const steps = Math.abs(held);
    const { markTicks } = references;
    const sign = (rate.startsWith('-') ? -1 : 1) * Math.sign(held);
    const paid = sign * fees.fee(steps, markTicks, false);
    ledger.bookFunding(paid);
    this.#venue.refreshLiquidation();
    this.#books.book({
      timeMs: nowMs,
      execType: 'Funding',
      order: undefined,
      side: Math.sign(held),
      priceTicks: markTicks,
      qtySteps: steps,
      feeMoney: paid,
      feeRate: rate,
      maker: false,
    });
    return true;
  }
}
