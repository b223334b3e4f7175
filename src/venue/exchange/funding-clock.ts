import { Instrument } from '../../engine/instrument.ts';
import type { Venue } from '../venue.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import type { ExchangeOptions } from './options.ts';

/** Funding: when it falls due, and what the position held then pays or is paid. */
export class FundingClock {
  readonly #venue: Venue;
  readonly #books: Bookkeeper;
  readonly #rate: string;
  readonly #everyMs: number;
  /** Funding is a share of the position's value, as a fee is: the same exact arithmetic. */
  readonly #fees: Instrument | undefined;
  #nextMs: number;

  constructor(options: ExchangeOptions, venue: Venue, books: Bookkeeper) {
    const { funding, instrument, startMs } = options;
    this.#venue = venue;
    this.#books = books;
    this.#rate = funding?.rate ?? '0';
    this.#everyMs = funding?.everyMs ?? Infinity;
    const takerFeeRate = this.#rate.replace('-', '');
    this.#fees =
      funding === undefined ? undefined : new Instrument({ ...instrument.spec, takerFeeRate });
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
    const { ledger, references, nowMs } = this.#venue;
    const held = ledger.positionSteps;
    if (held === 0 || this.#fees === undefined) return false;
    const steps = Math.abs(held);
    const { markTicks } = references;
    const sign = (this.#rate.startsWith('-') ? -1 : 1) * Math.sign(held);
    const paid = sign * this.#fees.fee(steps, markTicks, false);
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
      feeRate: this.#rate,
      maker: false,
    });
    return true;
  }
}
