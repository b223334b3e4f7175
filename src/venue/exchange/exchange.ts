import { KIND_MARKET } from '../../engine/codes.ts';
import { InvariantError } from '../../engine/invariant.ts';
import { TakerTerms } from '../../market/exact.ts';
import type { PathPoint } from '../../market/exact.ts';
import type { FundingIndex } from '../../market/funding-index.ts';
import { Venue } from '../venue.ts';
import { Bookkeeper } from './bookkeeper.ts';
import { Endpoints } from './endpoints.ts';
import { FundingClock } from './funding-clock.ts';
import { Logs } from './logs.ts';
import type { ExchangeOptions, Surface } from './options.ts';
import type { SurfaceClock } from './lag.ts';
import { OrderEntry } from './order-entry.ts';
import type { Body } from './order-ask.ts';
import type { RateHeaders } from './rate-limits.ts';
import { Reads } from './reads.ts';
import type { Truth } from './records.ts';
import { answer, isRefusal, refused } from './ret-codes.ts';
import type { Envelope, Refusal } from './ret-codes.ts';
import { Streams } from './streams.ts';
import type { PrivateFrame } from './streams.ts';
import { truthOf } from './truth-view.ts';

/** Funding is booked when it is due, so the venue's own prefix sums are empty. */
const NO_FUNDING: FundingIndex = {
  count: 0,
  timeMs: new Float64Array(0),
  longCost: new Float64Array(1),
  shortCost: new Float64Array(1),
};

/**
 * The whole exchange for one symbol: the venue's truth, and the surfaces that show it, each later
 * than it happened. Time only moves forward; every call brings its own. Rules: docs/simulation.md.
 */
export class Exchange {
  readonly truth: Truth;
  readonly #options: ExchangeOptions;
  readonly #venue: Venue;
  readonly #books: Bookkeeper;
  readonly #logs: Logs;
  readonly #entry: OrderEntry;
  readonly #reads: Reads;
  readonly #streams: Streams;
  readonly #endpoints: Endpoints;
  readonly #funding: FundingClock;
  #lastTicks: number;

  constructor(options: ExchangeOptions) {
    const { instrument, execution, leverage, capitalMoney, marginMode } = options;
    this.#options = options;
    this.#books = new Bookkeeper(instrument, options.seed);
    this.#venue = new Venue(
      instrument,
      {
        taker: new TakerTerms(execution.halfSpreadTicks, execution.slippageBps),
        throughTicks: execution.throughTicks,
        participation: execution.participation,
        margin: {
          inverse: instrument.inverse,
          leverage,
          maintenanceMarginRate: instrument.maintenanceMarginRate,
          cross: marginMode === 'cross',
        },
        capitalMoney,
        liquidatesOnMark: true,
      },
      NO_FUNDING,
      this.#books,
    );
    this.#streams = new Streams(options);
    this.#logs = new Logs(options, this.#venue, this.#streams);
    this.#books.connect(this.#venue, this.#logs);
    this.#entry = new OrderEntry(options, this.#venue, this.#logs, this.#books);
    this.#reads = new Reads(options, this.#logs);
    this.#endpoints = new Endpoints({
      instrument,
      venue: this.#venue,
      entry: this.#entry,
      reads: this.#reads,
    });
    this.#funding = new FundingClock(options, this.#venue, this.#books);
    this.#lastTicks = options.priceTicks;
    this.#venue.present.nowMs = options.startMs;
    this.#venue.present.marketOpen = true;
    this.#venue.present.volumeLeft = Infinity;
    this.#setPrices(options.priceTicks, options.priceTicks, options.priceTicks);
    this.#logs.positions.push(this.#logs.positionNow(options.startMs));
    this.#logs.wallets.push(this.#logs.walletNow(options.startMs));
    this.truth = truthOf(this.#logs, this.#venue);
  }

  get nowMs(): number {
    return this.#venue.present.nowMs;
  }

  /** Headers of the last answer. */
  get rateHeaders(): RateHeaders {
    return this.#endpoints.rates.headers;
  }

  get lastTicks(): number {
    return this.#lastTicks;
  }

  /** The price jumps: what it reaches is filled, triggered, liquidated. */
  movePrice(
    atMs: number,
    lastTicks: number,
    markTicks = lastTicks,
    indexTicks = markTicks,
    volumeSteps = Infinity,
  ): void {
    this.advance(atMs);
    if (Number.isFinite(volumeSteps)) this.#venue.openCandle(volumeSteps);
    this.#setPrices(lastTicks, markTicks, indexTicks);
    this.#venue.match();
    this.#venue.matchReferences();
    this.#settle();
  }

  /**
   * The price is here on its path, at an exact fraction of ticks. After a closed market this is the
   * first price again: what waited arrives.
   */
  walkPrice(atMs: number, at: PathPoint, markTicks: number, indexTicks: number): void {
    this.advance(atMs);
    const venue = this.#venue;
    this.#setPrices(Math.round(at.ticks()), markTicks, indexTicks);
    venue.point.set(at.num, at.den);
    venue.present.marketOpen = true;
    venue.match();
    if (venue.present.waitingCount > 0) venue.release();
    venue.matchReferences();
    this.#settle();
  }

  /** A candle begins: its volume limits what our orders may take. */
  openCandle(volumeSteps: number): void {
    if (this.#venue.limitsVolume) this.#venue.openCandle(volumeSteps);
  }

  /** No candle: orders that arrive wait for the next price. */
  closeMarket(atMs: number): void {
    this.advance(atMs);
    this.#venue.present.marketOpen = false;
  }

  /** A path that stays between the two reaches no order; written into `levels`. */
  levelsInto(levels: { floor: number; ceil: number }): void {
    const { book } = this.#venue;
    if (book.levelsStale) book.refreshLevels();
    levels.floor = book.floorLevel;
    levels.ceil = book.ceilLevel;
  }

  /** Time passes without a price: funding that falls due is booked. */
  advance(atMs: number): void {
    for (let dueMs = this.#funding.take(atMs); dueMs <= atMs; dueMs = this.#funding.take(atMs)) {
      this.#to(dueMs);
      if (this.#funding.settle()) this.#settle();
    }
    this.#to(atMs);
  }

  /** `sentMs`: the request's own timestamp, where the caller's clock is to be checked. */
  post(atMs: number, path: string, body: Body, sentMs = NaN): Envelope {
    const wrong = this.#refuse(atMs, path, body, sentMs);
    if (wrong !== undefined) return refused(atMs, wrong);
    const result = this.#endpoints.write(path, body);
    this.#settle();
    return isRefusal(result) ? refused(atMs, result) : answer(atMs, result);
  }

  get(atMs: number, path: string, query: Body, sentMs = NaN): Envelope {
    const wrong = this.#refuse(atMs, path, query, sentMs);
    if (wrong !== undefined) return refused(atMs, wrong);
    const result = this.#endpoints.read(atMs, path, query);
    return isRefusal(result) ? refused(atMs, result) : answer(atMs, result);
  }

  /** When the next private frame is due; Infinity for none. */
  nextFrameMs(): number {
    return this.#streams.nextMs();
  }

  takeFrame(): PrivateFrame {
    return this.#streams.take();
  }

  /** The service restarts: closed orders are no longer in order/realtime. */
  restart(atMs: number): void {
    this.advance(atMs);
    this.#reads.realtime.wipedMs = atMs;
  }

  /** The surface shows until then what it shows now. */
  stall(surface: Surface, untilMs: number): void {
    this.#reads.advanceAll(this.nowMs);
    const clock = this.#clockOf(surface);
    clock.stalledUntilMs = Math.max(clock.stalledUntilMs, untilMs);
  }

  /** Somebody trades on the same account, outside the bot. */
  tradeByHand(atMs: number, side: number, qtySteps: number): void {
    this.advance(atMs);
    this.#entry.place(
      {
        linkId: '',
        side,
        kind: KIND_MARKET,
        limitTicks: 0,
        triggerTicks: 0,
        triggerDirection: 0,
        triggerBy: '',
        qtySteps,
        timeInForce: 'IOC',
        reduceOnly: false,
        closeOnTrigger: false,
        terms: 0,
        protection: undefined,
        tpslMode: '',
      },
      'CreateByUser',
    );
    this.#settle();
  }

  /**
   * The exchange books an execution of its own accord. ADL, bust, settlement and block trades
   * reduce the position at the last price; any other word is booked without touching it.
   */
  injectExecution(atMs: number, execType: string, qtySteps: number): void {
    this.advance(atMs);
    const ledger = this.#venue.ledger;
    const held = ledger.positionSteps;
    const side = held > 0 ? -1 : 1;
    const moves = MOVES_POSITION.includes(execType);
    const steps = moves ? Math.min(qtySteps, Math.abs(held)) : qtySteps;
    if (!(steps > 0)) return;
    const priceTicks = this.#lastTicks;
    const createType = execType === 'AdlTrade' ? 'CreateByAdl_PassThrough' : 'CreateByClosing';
    const order = this.#books.exchangeOrder(atMs, side, priceTicks, steps, createType);
    if (moves) this.#venue.takeOver(side, steps, priceTicks);
    this.#books.book({
      timeMs: atMs,
      execType,
      order,
      side,
      priceTicks,
      qtySteps: steps,
      feeMoney: 0,
      feeRate: '0',
      maker: false,
    });
    order.status = 'Filled';
    this.#books.changed(order, atMs);
    this.#settle();
  }

  #refuse(atMs: number, path: string, body: Body, sentMs: number): Refusal | undefined {
    this.advance(atMs);
    return this.#endpoints.refuse(atMs, path, body, sentMs);
  }

  /** Brings everything that one change causes at the same ms to its end. */
  #settle(): void {
    const venue = this.#venue;
    do {
      this.#entry.protection.protectPosition();
      if (venue.present.arrivalReached) venue.match();
      this.#settleTriggered();
      this.#liquidate();
    } while (venue.present.arrivalReached || this.#books.protecting.length > 0);
  }

  /** Triggered orders that rest from now on are New. */
  #settleTriggered(): void {
    const { triggered } = this.#books;
    for (let order = triggered.pop(); order !== undefined; order = triggered.pop()) {
      if (order.status !== 'Triggered') continue;
      order.status = 'New';
      this.#books.changed(order, this.nowMs);
    }
  }

  #liquidate(): void {
    const venue = this.#venue;
    const level = venue.account.liquidationLevel;
    const held = venue.ledger.positionSteps;
    if (Number.isNaN(level) || held === 0) return;
    if ((venue.references.markTicks - level) * Math.sign(held) > 0) return;
    venue.liquidate();
    venue.account.liquidated = false;
  }

  #setPrices(lastTicks: number, markTicks: number, indexTicks: number): void {
    this.#lastTicks = lastTicks;
    this.#venue.point.set(lastTicks, 1);
    this.#venue.references.markTicks = markTicks;
    this.#venue.references.indexTicks = indexTicks;
  }

  #to(atMs: number): void {
    if (!(atMs >= this.nowMs))
      throw new InvariantError(`exchange time went back from ${this.nowMs} to ${atMs}`);
    this.#venue.present.nowMs = atMs;
  }

  #clockOf(surface: Surface): SurfaceClock {
    const clock = this.#reads.clockOf(surface) ?? this.#streams.clockOf(surface);
    if (clock === undefined) throw new InvariantError(`no surface ${surface}`);
    return clock;
  }
}

const MOVES_POSITION = ['AdlTrade', 'BustTrade', 'Settle', 'BlockTrade', 'Delivery'];
