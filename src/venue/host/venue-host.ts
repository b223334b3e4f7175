import { InputError, InvariantError } from '../../engine/invariant.ts';
import { PATH_ADVERSE } from '../../market/path.ts';
import { Agenda } from '../agenda.ts';
import { Exchange } from '../exchange/exchange.ts';
import type { ExchangeOptions, Surface } from '../exchange/options.ts';
import type { Body } from '../exchange/order-ask.ts';
import { RateLimits } from '../exchange/rate-limits.ts';
import { RET_RATE_LIMIT, answer, isRefusal, refusal, refused } from '../exchange/ret-codes.ts';
import type { Envelope } from '../exchange/ret-codes.ts';
import type { Truth } from '../exchange/records.ts';
import { AccountEndpoints } from './account-endpoints.ts';
import type { HostEvent } from './host-event.ts';
import { Legs } from './legs.ts';
import { Market } from './market.ts';
import { MarketEndpoints } from './market-endpoints.ts';
import { DEFAULT_TICK_MS, surfacesOf } from './options.ts';
import type { HostOptions } from './options.ts';
import { PublicFeed } from './public-feed.ts';

type Request = {
  readonly id: number;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly params: Body;
};

const MINUTE_MS = 60_000;
const CORNERS = 4;

/**
 * The exchange for one symbol, living on a tape: the price walks its path, requests take their time
 * to arrive and their answers to come back, streams tell what happened. Time moves only when it is
 * told to, so it serves a client in the same process as well as one behind a wire.
 */
export class VenueHost {
  readonly market: Market;
  readonly account: AccountEndpoints;
  readonly #options: HostOptions;
  readonly #exchange: Exchange;
  readonly #legs: Legs;
  readonly #marketEndpoints: MarketEndpoints;
  readonly #feed: PublicFeed;
  readonly #rates = new RateLimits();
  readonly #arriving = new Agenda<Request>();
  /** Answers and public frames on their way. */
  readonly #leaving = new Agenda<HostEvent>();
  readonly #ready: HostEvent[] = [];
  readonly #levels = { floor: -Infinity, ceil: Infinity };
  readonly #tickMs: number;
  #nextTickMs: number;
  #candleRow = -1;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#tickMs = options.tickEveryMs ?? DEFAULT_TICK_MS;
    refuseWhatCannotBeWalked(options, this.#tickMs);
    this.market = new Market(options);
    this.#legs = new Legs(options.execution, options.tape, options.seed);
    this.#exchange = new Exchange(this.#exchangeOptions());
    const isolated = options.marginMode === 'isolated';
    const { instrument, startMs, seed } = options;
    this.account = new AccountEndpoints(instrument, this.#exchange.truth, isolated, startMs);
    this.#marketEndpoints = new MarketEndpoints(this.market, seed);
    this.#feed = new PublicFeed(this.market, this.#legs, this.#leaving, seed);
    this.#nextTickMs = (Math.floor(startMs / this.#tickMs) + 1) * this.#tickMs;
    this.#play(startMs);
  }

  get nowMs(): number {
    return this.market.nowMs;
  }

  get category(): 'linear' | 'inverse' {
    return this.#options.instrument.spec.category;
  }

  get endMs(): number {
    return this.#options.endMs;
  }

  /** For auditors only. */
  get truth(): Truth {
    return this.#exchange.truth;
  }

  /** A client sends a request at `sentMs`; its answer is the reply of the same id. */
  request(id: number, sentMs: number, method: 'GET' | 'POST', path: string, params: Body): void {
    if (sentMs < this.nowMs)
      throw new InvariantError(`request sent at ${sentMs}, before ${this.nowMs}`);
    const arrivalMs = this.#legs.arrivalMs(sentMs, path, method === 'POST');
    this.#arriving.put(arrivalMs, { id, method, path, params });
  }

  /** Whether the public topic exists; its frames come from now on. */
  listen(topic: string): boolean {
    return this.#feed.listen(topic);
  }

  forget(topic: string): void {
    this.#feed.forget(topic);
  }

  /** When something next happens here, seen or not; Infinity when nothing ever will. */
  nextMs(): number {
    if (this.#ready.length > 0) return this.nowMs;
    return Math.min(
      this.#nextTickMs,
      this.market.walk.nextCornerMs(this.nowMs),
      this.#nextLevelMs(),
      this.#arriving.nextMs(),
      this.#leaving.nextMs(),
      this.#exchange.nextFrameMs(),
    );
  }

  /** Time passes until `untilMs`, or until there is something to take. Gives the time reached. */
  advanceTo(untilMs: number): number {
    while (this.#ready.length === 0) {
      const nextMs = this.nextMs();
      if (nextMs > untilMs) {
        if (untilMs > this.nowMs) this.#play(untilMs);
        break;
      }
      this.#play(nextMs);
    }
    return this.nowMs;
  }

  /** What has reached its client by now, in order. */
  take(): HostEvent | undefined {
    return this.#ready.shift();
  }

  restart(): void {
    this.#exchange.restart(this.nowMs);
  }

  stall(surface: Surface, forMs: number): void {
    this.#exchange.stall(surface, this.nowMs + forMs);
  }

  /** Somebody trades on the same account, outside the client; positive buys. */
  tradeByHand(steps: number): void {
    this.#exchange.tradeByHand(this.nowMs, Math.sign(steps), Math.abs(steps));
  }

  injectExecution(execType: string, qtySteps: number): void {
    this.#exchange.injectExecution(this.nowMs, execType, qtySteps);
  }

  /** For this ms last, mark and index stand elsewhere: fills, triggers, liquidates. */
  spike(priceTicks: number): void {
    this.#exchange.movePrice(this.nowMs, priceTicks, priceTicks, priceTicks);
    this.#feed.saySpike(undefined, this.#options.instrument.formatPrice(priceTicks));
  }

  #exchangeOptions(): ExchangeOptions {
    const options = this.#options;
    const { funding, lastTicks } = this.market;
    return {
      instrument: options.instrument,
      seed: options.seed,
      startMs: options.startMs,
      priceTicks: lastTicks,
      leverage: options.leverage,
      capitalMoney: options.capitalMoney,
      marginMode: options.marginMode,
      funding: funding.isPaid
        ? {
            everyMs: funding.everyMs,
            rate: funding.fallback,
            rateAt: (timeMs) => funding.rateAt(timeMs),
          }
        : undefined,
      delays: options.delays ?? surfacesOf(options.execution),
      execution: options.execution,
    };
  }

  #nextLevelMs(): number {
    this.#exchange.levelsInto(this.#levels);
    return this.market.walk.nextLevelMs(this.nowMs, this.#levels);
  }

  /** One ms: the path, then what arrives, then what has reached its client. */
  #play(timeMs: number): void {
    const { market } = this;
    const ticks = timeMs >= this.#nextTickMs;
    market.to(timeMs);
    if (ticks) {
      market.tick();
      const nextMs = this.#nextTickMs + this.#tickMs;
      this.#nextTickMs = nextMs <= this.#options.endMs ? nextMs : Infinity;
    }
    this.#walk(timeMs);
    const corner = this.#cornerAt(timeMs);
    if (ticks || corner >= 0) this.#feed.observe(corner);
    while (this.#arriving.nextMs() <= timeMs) this.#carryOut(this.#arriving.take());
    this.#collect(timeMs);
  }

  #walk(timeMs: number): void {
    const { walk, point, markTicks, indexTicks } = this.market;
    if (!walk.isOpen(timeMs)) {
      this.#exchange.closeMarket(timeMs);
      return;
    }
    if (walk.row !== this.#candleRow) {
      this.#candleRow = walk.row;
      this.#exchange.openCandle(walk.tape.volumeSteps[walk.row] ?? 0);
    }
    this.#exchange.walkPrice(timeMs, point, markTicks, indexTicks);
  }

  #cornerAt(timeMs: number): number {
    const { walk } = this.market;
    if (!walk.isOpen(timeMs)) return -1;
    for (let corner = 0; corner < CORNERS; corner += 1)
      if (walk.path.waypointMs(walk.row, corner) === timeMs) return corner;
    return -1;
  }

  #carryOut(request: Request): void {
    const atMs = this.#legs.replyMs(this.nowMs, request.method === 'POST');
    const { body, limits } = this.#answer(request);
    this.#leaving.put(atMs, { t: 'reply', atMs, id: request.id, body, limits });
  }

  #answer(request: Request): Pick<Extract<HostEvent, { t: 'reply' }>, 'body' | 'limits'> {
    const { method, path, params } = request;
    const nowMs = this.nowMs;
    if (method === 'GET') {
      const shown = this.#marketEndpoints.read(path, params);
      if (shown !== undefined) return { body: enveloped(nowMs, shown), limits: undefined };
    }
    const own =
      method === 'GET' ? this.account.read(path, params) : this.account.write(path, params);
    if (own === undefined) {
      const body =
        method === 'GET'
          ? this.#exchange.get(nowMs, path, params)
          : this.#exchange.post(nowMs, path, params);
      return { body, limits: this.#exchange.rateHeaders };
    }
    const admitted = this.#rates.admit(path, nowMs);
    const body = admitted ? enveloped(nowMs, own) : refused(nowMs, refusal(RET_RATE_LIMIT));
    return { body, limits: this.#rates.headers };
  }

  /** The streams first: within a ms what an answer is about is told before the answer. */
  #collect(timeMs: number): void {
    while (this.#exchange.nextFrameMs() <= timeMs) {
      const { topic, body } = this.#exchange.takeFrame();
      this.#ready.push({ t: 'private', atMs: timeMs, topic, body });
    }
    while (this.#leaving.nextMs() <= timeMs) this.#ready.push(this.#leaving.take());
  }
}

function enveloped(nowMs: number, result: Readonly<Record<string, unknown>>): Envelope {
  return isRefusal(result) ? refused(nowMs, result) : answer(nowMs, result);
}

function refuseWhatCannotBeWalked({ path, tape }: HostOptions, tickMs: number): void {
  if (path === PATH_ADVERSE)
    throw new InputError(
      'the adverse path walks every candle twice, which a venue with clients cannot: ' +
        'use direction, high-first or low-first',
    );
  if (!(tickMs >= 1) || MINUTE_MS % tickMs !== 0)
    throw new InputError(`a tick of ${tickMs} ms does not divide a minute: use 1000, 100 or 10`);
  if (tape.count === 0) throw new InputError('the tape is empty');
}
