import { InvariantError } from '../../engine/invariant.ts';
import type { Instrument } from '../../engine/instrument.ts';
import { Agenda } from '../agenda.ts';
import type { ExecutionProfile } from '../execution-profile.ts';
import type { Body } from '../exchange/order-ask.ts';
import type { Truth } from '../exchange/records.ts';
import { answer, isRefusal, refused } from '../exchange/ret-codes.ts';
import type { Envelope } from '../exchange/ret-codes.ts';
import { AccountEndpoints } from '../host/account-endpoints.ts';
import { FundingRates } from '../host/funding-rates.ts';
import type { HostEvent } from '../host/host-event.ts';
import { Legs } from '../host/legs.ts';
import { surfacesOf } from '../host/options.ts';
import { BookedExchange } from './booked-exchange.ts';
import { endOfMinute, nextAfter } from './due-times.ts';
import { missedCorners } from './missed-way.ts';
import type { Corner, MinuteCandle } from './missed-way.ts';
import type { Prices } from './shown-range.ts';
import type { VenueBook, VenueRecord } from './venue-record.ts';

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

const NO_PRICE = 1;

/**
 * The exchange of this project under somebody else's prices. It stands still until it has been told
 * where the price went meanwhile, and everything that changes it is written into its book, from
 * which it comes back after a restart.
 */
export class DryVenue {
  readonly options: DryVenueOptions;
  readonly #booked: BookedExchange;
  readonly #account: AccountEndpoints;
  readonly #legs: Legs;
  readonly #fundingMs: number;
  readonly #arriving = new Agenda<Request>();
  readonly #leaving = new Agenda<HostEvent>();
  readonly #ready: HostEvent[] = [];
  #latest: Prices | undefined;
  #nextRate = '';
  #minuteEndMs: number;
  #nextFundingMs: number;
  #isHeld = true;
  #nowMs: number;

  constructor(options: DryVenueOptions, book: VenueBook) {
    this.options = options;
    const { instrument, execution, seed, startMs } = options;
    this.#legs = new Legs(execution, undefined, seed);
    const funding = new FundingRates(instrument, undefined);
    this.#fundingMs = funding.everyMs;
    const delays = surfacesOf(execution);
    this.#booked = new BookedExchange({ ...options, priceTicks: NO_PRICE, delays }, funding, book);
    const isolated = options.marginMode === 'isolated';
    this.#account = new AccountEndpoints(instrument, this.truth, isolated, startMs);
    this.#nowMs = startMs;
    this.#minuteEndMs = endOfMinute(startMs);
    this.#nextFundingMs = nextAfter(startMs, this.#fundingMs);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get category(): 'linear' | 'inverse' {
    return this.options.instrument.spec.category;
  }

  get truth(): Truth {
    return this.#booked.truth;
  }

  /** Up to where it has lived: what happened later it has to be told. */
  get livedMs(): number {
    return this.#booked.exchange.nowMs;
  }

  /** It waits to be told where the price went. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** From its book, before anything else. Nobody hears again what was said then. */
  restore(records: Iterable<VenueRecord>): void {
    this.#booked.restore(records);
    this.#latest = this.#booked.stands;
    this.#nowMs = this.livedMs;
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
    this.#booked.rate(dueMs, rate);
  }

  /** The rate that the next settlement will have, as far as is known. */
  expectRate(rate: string): void {
    this.#nextRate = rate;
  }

  /** What our orders may take of a minute, where the profile limits it: its predecessor's volume. */
  volume(steps: number): void {
    if (this.options.execution.participation !== undefined) this.#booked.volume(steps);
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
    const seen = this.#booked.seen.of(candle.openTimeMs);
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
      lastTicks: this.#booked.stands?.lastTicks ?? candle.open,
      seen: this.#booked.seen,
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
      this.#booked.line({
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
      this.#latest = this.#booked.stands;
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
      this.#booked.exchange.nextFrameMs(),
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
    this.#booked.advance(nowMs);
  }

  /** Its last price is shown, so that every minute has one; the next shows its own. */
  #endMinute(nowMs: number): void {
    this.#booked.forgetShown();
    this.#show(nowMs);
    this.#booked.forgetShown();
    this.#minuteEndMs = endOfMinute(nowMs + 1);
    if (nowMs + 1 === this.#nextFundingMs && this.#nextRate !== '')
      this.rate(this.#nextFundingMs, this.#nextRate);
  }

  #show(nowMs: number, always = false): void {
    if (this.#latest !== undefined) this.#booked.show(nowMs, this.#latest, always);
  }

  #arrive(nowMs: number): void {
    while (this.#arriving.nextMs() <= nowMs) {
      const request = this.#arriving.take();
      const atMs = this.#legs.replyMs(nowMs, request.method === 'POST');
      const body = this.#answer(request, nowMs);
      const limits = this.#booked.exchange.rateHeaders;
      this.#leaving.put(atMs, { t: 'reply', atMs, id: request.id, body, limits });
    }
  }

  #answer({ method, path, params, sentMs }: Request, nowMs: number): Envelope {
    const own =
      method === 'GET' ? this.#account.read(path, params) : this.#account.write(path, params);
    if (own !== undefined) return isRefusal(own) ? refused(nowMs, own) : answer(nowMs, own);
    if (method === 'GET') return this.#booked.get(nowMs, path, params);
    // It meets the price of now, not the one that was last shown.
    this.#show(nowMs, true);
    return this.#booked.post(nowMs, sentMs, path, params);
  }

  #restartClocks(): void {
    this.#minuteEndMs = endOfMinute(this.livedMs + 1);
    this.#nextFundingMs = nextAfter(this.livedMs, this.#fundingMs);
  }

  #collect(nowMs: number): void {
    while (this.#booked.exchange.nextFrameMs() <= nowMs) {
      const { topic, body } = this.#booked.exchange.takeFrame();
      this.#ready.push({ t: 'private', atMs: nowMs, topic, body });
    }
    while (this.#leaving.nextMs() <= nowMs) this.#ready.push(this.#leaving.take());
  }
}
