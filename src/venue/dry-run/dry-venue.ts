import { InvariantError } from '../../engine/invariant.ts';
import type { Instrument } from '../../engine/instrument.ts';
import { Agenda } from '../agenda.ts';
import type { ExecutionProfile } from '../execution-profile.ts';
import { Exchange } from '../exchange/exchange.ts';
import type { Body } from '../exchange/order-ask.ts';
import type { Truth } from '../exchange/records.ts';
import { answer, isRefusal, refused } from '../exchange/ret-codes.ts';
import type { Envelope } from '../exchange/ret-codes.ts';
import { AccountEndpoints } from '../host/account-endpoints.ts';
import { FundingRates } from '../host/funding-rates.ts';
import type { HostEvent } from '../host/host-event.ts';
import { Legs } from '../host/legs.ts';
import { surfacesOf } from '../host/options.ts';
import { walkLine } from './line-walk.ts';
import { missedCorners } from './missed-way.ts';
import type { Corner, MinuteCandle } from './missed-way.ts';
import { SeenPrices } from './seen-prices.ts';
import { ShownRange } from './shown-range.ts';
import type { Prices } from './shown-range.ts';
import type { LineRecord, VenueBook, VenueRecord } from './venue-record.ts';

export type DryVenueOptions = {
  readonly instrument: Instrument;
  readonly execution: ExecutionProfile;
  /** Code of the path model that missed minutes are walked by. */
  readonly path: number;
  readonly seed: number;
  readonly leverage: number;
  readonly capitalMoney: number;
  readonly marginMode: 'isolated' | 'cross';
  readonly startMs: number;
};

type Request = {
  readonly id: number;
  readonly sentMs: number;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly params: Body;
};

const MINUTE_MS = 60_000;
const NO_PRICE = 1;

/**
 * The exchange of this project under somebody else's prices. It stands still until it has been told
 * where the price went meanwhile, and everything that changes it is written into its book, from
 * which it comes back after a restart.
 */
export class DryVenue {
  readonly options: DryVenueOptions;
  readonly #book: VenueBook;
  readonly #exchange: Exchange;
  readonly #account: AccountEndpoints;
  readonly #legs: Legs;
  readonly #rates = new Map<number, string>();
  readonly #fundingMs: number;
  readonly #arriving = new Agenda<Request>();
  readonly #leaving = new Agenda<HostEvent>();
  readonly #ready: HostEvent[] = [];
  readonly #seen = new SeenPrices();
  /** What the exchange has been shown since it last changed. */
  readonly #shown = new ShownRange();
  #latest: Prices | undefined;
  /** Where the exchange stands. */
  #stands: Prices | undefined;
  #nextRate = '';
  #minuteEndMs: number;
  #nextFundingMs: number;
  #isHeld = true;
  #nowMs: number;
  #bookings = 0;

  constructor(options: DryVenueOptions, book: VenueBook) {
    this.options = options;
    this.#book = book;
    const { instrument, execution, seed, startMs } = options;
    this.#legs = new Legs(execution, undefined, seed);
    const { everyMs, fallback } = new FundingRates(instrument, undefined);
    this.#fundingMs = everyMs;
    this.#exchange = new Exchange({
      ...options,
      priceTicks: NO_PRICE,
      funding: Number.isFinite(everyMs)
        ? { everyMs, rate: fallback, rateAt: (dueMs) => this.#rates.get(dueMs) }
        : undefined,
      delays: surfacesOf(execution),
    });
    const isolated = options.marginMode === 'isolated';
    this.#account = new AccountEndpoints(instrument, this.truth, isolated, startMs);
    this.#nowMs = startMs;
    this.#minuteEndMs = endOfMinute(startMs);
    this.#nextFundingMs = nextAfter(startMs, everyMs);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get category(): 'linear' | 'inverse' {
    return this.options.instrument.spec.category;
  }

  get truth(): Truth {
    return this.#exchange.truth;
  }

  /** Up to where it has lived: what happened later it has to be told. */
  get livedMs(): number {
    return this.#exchange.nowMs;
  }

  /** It waits to be told where the price went. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** From its book, before anything else. Nobody hears again what was said then. */
  restore(records: Iterable<VenueRecord>): void {
    for (const record of records) this.#apply(record);
    while (this.#exchange.nextFrameMs() < Infinity) this.#exchange.takeFrame();
    this.#nowMs = this.livedMs;
    this.#bookings = this.truth.executions.length;
    this.#restartClocks();
  }

  request(id: number, sentMs: number, method: 'GET' | 'POST', path: string, params: Body): void {
    const arrivalMs = this.#legs.arrivalMs(sentMs, path, method === 'POST');
    this.#arriving.put(arrivalMs, { id, sentMs, method, path, params });
  }

  /** Public topics are the real exchange's. */
  listen(): boolean {
    return false;
  }

  forget(): void {
    // It has none.
  }

  nextMs(): number {
    if (this.#ready.length > 0) return this.#nowMs;
    return this.#isHeld ? Infinity : this.#nextMs();
  }

  /** Gives the time reached. */
  advanceTo(untilMs: number): number {
    if (!this.#isHeld) this.#playTo(untilMs);
    this.#nowMs = Math.max(this.#nowMs, untilMs);
    return this.#nowMs;
  }

  take(): HostEvent | undefined {
    return this.#ready.shift();
  }

  /** The rate of a settlement; the first word counts. */
  rate(dueMs: number, rate: string): void {
    if (!this.#rates.has(dueMs)) this.#carry({ t: 'rate', dueMs, rate });
  }

  /** The rate that the next settlement will have, as far as is known. */
  expectRate(rate: string): void {
    this.#nextRate = rate;
  }

  /** What our orders may take of a minute, where the profile limits it: its predecessor's volume. */
  volume(steps: number): void {
    if (this.options.execution.participation === undefined) return;
    this.#carry({ t: 'volume', atMs: this.livedMs, steps });
  }

  /** The price now. While the venue is held it has to be told by `catchUp` first. */
  price(atMs: number, prices: Prices): void {
    if (this.#isHeld) throw new InvariantError('a price for a venue that waits for its past');
    this.advanceTo(atMs);
    this.#latest = prices;
    this.#show(this.#nowMs);
    this.#collect(this.#nowMs);
  }

  /** Nothing is known of the price from now on. */
  hold(): void {
    this.#isHeld = true;
  }

  /**
   * Where the price went since `sinceMs`, up to when it was last looked up: what rests is matched
   * against it, funding that fell due is booked, and requests that arrived meanwhile are carried out.
   */
  catchUp(candles: readonly MinuteCandle[], sinceMs: number, untilMs: number): void {
    this.#isHeld = false;
    const knownMs = Math.min(sinceMs, this.livedMs);
    for (const candle of candles) this.#walk(candle, knownMs, this.livedMs, untilMs);
    this.#restartClocks();
    this.#playTo(untilMs);
  }

  /** A minute that has closed: an extreme of it that was never shown is met now. */
  mend(candle: MinuteCandle): void {
    const seen = this.#seen.of(candle.openTimeMs);
    if (this.#isHeld || seen === undefined) return;
    if (candle.high <= seen.high && candle.low >= seen.low) return;
    const latest = this.#latest;
    this.#walk(candle, candle.openTimeMs, this.#nowMs, this.#nowMs);
    this.#latest = latest;
    this.#show(this.#nowMs);
  }

  #walk(candle: MinuteCandle, sinceMs: number, nowMs: number, untilMs: number): void {
    const corners = missedCorners(candle, {
      sinceMs,
      nowMs,
      untilMs,
      lastTicks: this.#exchange.lastTicks === NO_PRICE ? candle.open : this.#exchange.lastTicks,
      seen: this.#seen,
      path: this.options.path,
    });
    if (corners.length > 0) this.volume(candle.volumeSteps);
    const { openTimeMs } = candle;
    corners.forEach((corner, at) => this.#walkTo(corners[at - 1] ?? corner, corner, openTimeMs));
    this.#collect(this.livedMs);
  }

  /** In pieces, between the requests that arrive on the way. */
  #walkTo(from: Corner, to: Corner, candleMs: number): void {
    for (;;) {
      const untilMs = Math.max(this.livedMs, Math.min(to.atMs, this.#arriving.nextMs()));
      this.#carry({
        t: 'line',
        candleMs,
        fromMs: from.atMs,
        fromTicks: from.ticks,
        toMs: to.atMs,
        toTicks: to.ticks,
        untilMs,
        // Between corners the mark stands still.
        markTicks: untilMs < to.atMs ? from.markTicks : to.markTicks,
      });
      this.#arrive(untilMs);
      if (untilMs >= to.atMs) break;
    }
  }

  #nextMs(): number {
    return Math.min(
      this.#minuteEndMs,
      this.#nextFundingMs,
      this.#arriving.nextMs(),
      this.#leaving.nextMs(),
      this.#exchange.nextFrameMs(),
    );
  }

  #playTo(untilMs: number): void {
    for (let atMs = this.#nextMs(); atMs <= untilMs; atMs = this.#nextMs()) {
      const nowMs = Math.max(atMs, this.livedMs);
      if (nowMs >= this.#nextFundingMs) this.#settle(nowMs);
      if (nowMs >= this.#minuteEndMs) this.#endMinute(nowMs);
      this.#arrive(nowMs);
      this.#collect(nowMs);
    }
  }

  /** Funding is booked when it is due, whether or not a price comes then. */
  #settle(nowMs: number): void {
    this.#nextFundingMs = nextAfter(nowMs, this.#fundingMs);
    this.#exchange.advance(nowMs);
    this.#syncBookings();
  }

  /** Its last price is shown, so that every minute has one; the next shows its own. */
  #endMinute(nowMs: number): void {
    this.#shown.forget();
    this.#show(nowMs);
    this.#shown.forget();
    this.#minuteEndMs = endOfMinute(nowMs + 1);
    if (nowMs + 1 === this.#nextFundingMs && this.#nextRate !== '')
      this.rate(this.#nextFundingMs, this.#nextRate);
  }

  /** A price within what was shown since the last change can change nothing. */
  #show(nowMs: number): void {
    const latest = this.#latest;
    if (latest === undefined || this.#shown.covers(latest)) return;
    this.#carry({ t: 'price', atMs: nowMs, ...latest });
  }

  #arrive(nowMs: number): void {
    while (this.#arriving.nextMs() <= nowMs) {
      const request = this.#arriving.take();
      const atMs = this.#legs.replyMs(nowMs, request.method === 'POST');
      const body = this.#answer(request, nowMs);
      const limits = this.#exchange.rateHeaders;
      this.#leaving.put(atMs, { t: 'reply', atMs, id: request.id, body, limits });
    }
  }

  #answer({ method, path, params, sentMs }: Request, nowMs: number): Envelope {
    const own =
      method === 'GET' ? this.#account.read(path, params) : this.#account.write(path, params);
    if (own !== undefined) return isRefusal(own) ? refused(nowMs, own) : answer(nowMs, own);
    if (method === 'GET') return this.#exchange.get(nowMs, path, params);
    // It meets the price of now, not the one that was last shown.
    if (this.#latest !== this.#stands) this.#shown.forget();
    this.#show(nowMs);
    return this.#post({ t: 'post', atMs: nowMs, sentMs, path, body: params }, true);
  }

  #post(record: Extract<VenueRecord, { t: 'post' }>, isNew: boolean): Envelope {
    if (isNew) this.#book.append(record);
    const { atMs, path, body, sentMs } = record;
    const envelope = this.#exchange.post(atMs, path, body, sentMs);
    this.#shown.forget();
    if (this.#stands !== undefined) this.#shown.add(this.#stands);
    if (isNew) this.#book.sync();
    this.#bookings = this.truth.executions.length;
    return envelope;
  }

  /** Written down, and done. */
  #carry(record: Exclude<VenueRecord, { t: 'post' }>): void {
    this.#book.append(record);
    this.#apply(record);
    this.#syncBookings();
  }

  /** What somebody may be told of must still be so after a restart. */
  #syncBookings(): void {
    if (this.truth.executions.length === this.#bookings) return;
    this.#bookings = this.truth.executions.length;
    this.#shown.forget();
    if (this.#stands !== undefined) this.#shown.add(this.#stands);
    this.#book.sync();
  }

  #apply(record: VenueRecord): void {
    switch (record.t) {
      case 'price': {
        const { atMs, lastTicks, markTicks, indexTicks } = record;
        this.#seen.see(atMs, lastTicks);
        this.#shown.add(record);
        this.#latest = record;
        this.#stands = record;
        this.#exchange.movePrice(atMs, lastTicks, markTicks, indexTicks);
        return;
      }
      case 'line':
        this.#line(record);
        return;
      case 'volume':
        this.#exchange.openCandle(record.steps);
        return;
      case 'rate':
        this.#rates.set(record.dueMs, record.rate);
        return;
      case 'post':
        this.#post(record, false);
        return;
    }
  }

  #line(line: LineRecord): void {
    const [from, until] = walkLine(this.#exchange, line);
    this.#seen.see(line.candleMs, from.ticks);
    this.#seen.see(line.candleMs, until.ticks);
    const { markTicks } = line;
    this.#latest = { lastTicks: Math.round(until.ticks), markTicks, indexTicks: markTicks };
    this.#stands = this.#latest;
    this.#shown.forget();
    this.#shown.add(this.#latest);
  }

  #restartClocks(): void {
    this.#minuteEndMs = endOfMinute(this.livedMs + 1);
    this.#nextFundingMs = nextAfter(this.livedMs, this.#fundingMs);
  }

  #collect(nowMs: number): void {
    while (this.#exchange.nextFrameMs() <= nowMs) {
      const { topic, body } = this.#exchange.takeFrame();
      this.#ready.push({ t: 'private', atMs: nowMs, topic, body });
    }
    while (this.#leaving.nextMs() <= nowMs) this.#ready.push(this.#leaving.take());
  }
}

/** Its last ms, at or after `ms`. */
function endOfMinute(ms: number): number {
  return (Math.floor(ms / MINUTE_MS) + 1) * MINUTE_MS - 1;
}

function nextAfter(ms: number, everyMs: number): number {
  return Number.isFinite(everyMs) ? (Math.floor(ms / everyMs) + 1) * everyMs : Infinity;
}
