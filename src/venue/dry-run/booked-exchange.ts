import { Exchange } from '../exchange/exchange.ts';
import type { ExchangeOptions } from '../exchange/options.ts';
import type { Body } from '../exchange/order-ask.ts';
import type { Truth } from '../exchange/records.ts';
import type { Envelope } from '../exchange/ret-codes.ts';
import { walkLine } from './line-walk.ts';
import { SeenPrices } from './seen-prices.ts';
import { ShownRange } from './shown-range.ts';
import type { Prices } from './shown-range.ts';
import type { LineRecord, VenueBook, VenueRecord } from './venue-record.ts';

type PostRecord = Extract<VenueRecord, { t: 'post' }>;

/**
 * An exchange together with the book of everything that changed it. What cannot change it is left
 * out: a price within those that were tried since the last change.
 */
export class BookedExchange {
  readonly exchange: Exchange;
  readonly seen = new SeenPrices();
  readonly #book: VenueBook;
  readonly #rates = new Map<number, string>();
  readonly #shown = new ShownRange();
  /** Where the exchange stands. */
  #stands: Prices | undefined;
  #bookings = 0;

  constructor(
    options: Omit<ExchangeOptions, 'funding'>,
    funding: { readonly everyMs: number; readonly fallback: string },
    book: VenueBook,
  ) {
    this.#book = book;
    const { everyMs, fallback: rate } = funding;
    this.exchange = new Exchange({
      ...options,
      funding: Number.isFinite(everyMs)
        ? { everyMs, rate, rateAt: (dueMs) => this.#rates.get(dueMs) }
        : undefined,
    });
  }

  get truth(): Truth {
    return this.exchange.truth;
  }

  get stands(): Prices | undefined {
    return this.#stands;
  }

  /** Nobody hears again what was said then. */
  restore(records: Iterable<VenueRecord>): void {
    for (const record of records) {
      if (record.t === 'post') this.#apply(() => this.#post(record));
      else this.#do(record);
    }
    while (this.exchange.nextFrameMs() < Infinity) this.exchange.takeFrame();
    this.#bookings = this.truth.executions.length;
  }

  /** The price is here; `always`: a request is about to meet it. */
  show(atMs: number, prices: Prices, always = false): void {
    if (always ? prices !== this.#stands : !this.#shown.covers(prices))
      this.#carry({ t: 'price', atMs, ...prices }, prices);
  }

  /** Whatever is shown next is new. */
  forgetShown(): void {
    this.#shown.forget();
  }

  line(record: LineRecord): void {
    this.#carry(record);
  }

  volume(steps: number): void {
    this.#carry({ t: 'volume', atMs: this.exchange.nowMs, steps });
  }

  /** The first word on a settlement counts. */
  rate(dueMs: number, rate: string): void {
    if (!this.#rates.has(dueMs)) this.#carry({ t: 'rate', dueMs, rate });
  }

  advance(atMs: number): void {
    this.#apply(() => this.exchange.advance(atMs));
  }

  get(atMs: number, path: string, params: Body): Envelope {
    return this.exchange.get(atMs, path, params);
  }

  /** Durable before anybody hears of it. */
  post(atMs: number, sentMs: number, path: string, body: Body): Envelope {
    const record: PostRecord = { t: 'post', atMs, sentMs, path, body };
    this.#book.append(record);
    const envelope = this.#post(record);
    this.#bookings = this.truth.executions.length;
    this.#shownAnew();
    this.#book.sync();
    return envelope;
  }

  #carry(record: Exclude<VenueRecord, PostRecord>, prices?: Prices): void {
    this.#book.append(record);
    this.#apply(() => this.#do(record));
    if (prices !== undefined) this.#stands = prices;
  }

  /** What somebody may be told of must still be so after a restart. */
  #apply(change: () => void): void {
    change();
    if (this.truth.executions.length === this.#bookings) return;
    this.#bookings = this.truth.executions.length;
    this.#shownAnew();
    this.#book.sync();
  }

  #post({ atMs, path, body, sentMs }: PostRecord): Envelope {
    const envelope = this.exchange.post(atMs, path, body, sentMs);
    this.#shownAnew();
    return envelope;
  }

  #do(record: Exclude<VenueRecord, PostRecord>): void {
    switch (record.t) {
      case 'price': {
        const { atMs, lastTicks, markTicks, indexTicks } = record;
        this.seen.see(atMs, lastTicks);
        this.#shown.add(record);
        this.#stands = { lastTicks, markTicks, indexTicks };
        this.exchange.movePrice(atMs, lastTicks, markTicks, indexTicks);
        return;
      }
      case 'line':
        this.#line(record);
        return;
      case 'volume':
        this.exchange.openCandle(record.steps);
        return;
      case 'rate':
        this.#rates.set(record.dueMs, record.rate);
        return;
    }
  }

  #line(line: LineRecord): void {
    const { candleMs, markTicks } = line;
    const [from, until] = walkLine(this.exchange, line);
    this.seen.see(candleMs, from.ticks);
    this.seen.see(candleMs, until.ticks);
    const lastTicks = Math.round(until.ticks);
    this.#stands = { lastTicks, markTicks, indexTicks: markTicks };
    this.#shownAnew();
  }

  /** After a change every price but the present one has yet to be tried. */
  #shownAnew(): void {
    this.#shown.forget();
    if (this.#stands !== undefined) this.#shown.add(this.#stands);
  }
}
