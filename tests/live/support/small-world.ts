import { Instrument } from '../../../src/engine/instrument.ts';
import { resolveParameters } from '../../../src/engine/parameters.ts';
import type { ParameterValue } from '../../../src/engine/parameters.ts';
import { DEFAULT_PATIENCE } from '../../../src/engine/patience.ts';
import { NO_RISK_LIMITS } from '../../../src/engine/risk.ts';
import { decodeJournal } from '../../../src/live/journal/decode.ts';
import type { SessionOptions } from '../../../src/live/session/options.ts';
import type { Effect, Input } from '../../../src/live/session/protocol.ts';
import { Session } from '../../../src/live/session/session.ts';
import { findStrategy } from '../../../src/strategies/registry.ts';
import { Exchange } from '../../../src/venue/exchange/exchange.ts';
import { NO_DELAYS } from '../../../src/venue/exchange/options.ts';
import type { SurfaceDelays } from '../../../src/venue/exchange/options.ts';
import { PLAIN } from '../../fixtures/simulations.ts';

export const START_MS = 1_700_000_000_000;
export const START_TICKS = 500_000;
const REQUEST_MS = 10;

type Call = Extract<Effect, { t: 'call' }>;
/** What becomes of a call: carried out and answered, or one of the ways in which it is not. */
export type Fate =
  | 'ok'
  | 'acknowledged-only'
  | 'request-lost'
  | 'reply-lost'
  | 'refused'
  | { readonly code: number };
type Happening = { readonly atMs: number; readonly order: number; readonly run: () => void };

/** One exchange, one process, no chance: the tests say what goes wrong, and when. */
export class SmallWorld {
  nowMs = START_MS;
  session: Session;
  journal = '';
  /** Characters of the journal that a crash leaves. */
  durable = 0;
  readonly exchange: Exchange;
  readonly calls: Call[] = [];
  readonly alarms: string[] = [];
  /** Decides over calls; `undefined` is `ok`. */
  fate: (call: Call) => Fate | undefined = () => undefined;
  /** What becomes of an answer's body on its way. */
  mangle: (call: Call, body: unknown) => unknown = (_call, body) => body;
  /** Whether a private frame arrives. */
  hears: (topic: string) => boolean = () => true;
  readonly options: SessionOptions;
  #run = 0;
  #timerMs = Infinity;
  #order = 0;
  #subscribed = false;
  #happenings: Happening[] = [];

  constructor(
    params: Readonly<Record<string, ParameterValue>> = {},
    delays: Partial<SurfaceDelays> = {},
    options: Partial<SessionOptions> = {},
  ) {
    const instrument = new Instrument(PLAIN);
    const strategy = findStrategy('atr-grid');
    const given = { multiplier: 1, takeProfit: 0.5, qty: 0.01, ...params };
    const resolved = resolveParameters('atr-grid', strategy.parameters, given);
    this.options = {
      deployment: 'test01',
      configHash: 'c',
      version: 'v',
      instrument,
      strategy,
      setup: strategy.setup(resolved, instrument),
      risk: NO_RISK_LIMITS,
      patience: DEFAULT_PATIENCE,
      capitalMoney: NaN,
      ...options,
    };
    this.exchange = new Exchange({
      instrument,
      seed: 1,
      startMs: START_MS,
      priceTicks: START_TICKS,
      leverage: 1,
      capitalMoney: 1e15,
      marginMode: 'isolated',
      delays: { ...NO_DELAYS, ...delays },
      execution: { halfSpreadTicks: 0.5, slippageBps: 0, throughTicks: 1 },
    });
    this.session = new Session(this.options);
  }

  /** Starts the process over what the journal holds. */
  boot(): void {
    const read = decodeJournal(this.journal, { deployment: this.options.deployment });
    if (!read.ok) throw new Error(read.problem);
    this.session = new Session(this.options);
    this.session.fold(read.records);
    this.#run += 1;
    this.#give({ t: 'boot', atMs: this.nowMs, run: this.#run });
  }

  /** Boots, connects, catches up, closes the first candle: the entry stands. */
  begin(): void {
    this.boot();
    this.wait(2_000);
    this.candle(START_TICKS, 1_000);
    this.wait(1_000);
  }

  /** The process dies at once; unsynced records are gone. */
  crash(): void {
    this.journal = this.journal.slice(0, this.durable);
    this.#run += 1;
    this.#timerMs = Infinity;
    this.#subscribed = false;
  }

  candle(closeTicks: number, atr: number): void {
    this.#give({ t: 'candle', atMs: this.nowMs, closeTicks, indicators: [atr] });
  }

  control(word: 'halt' | 'resume' | 'flatten'): void {
    this.#give({ t: 'control', atMs: this.nowMs, word });
  }

  /** The public stream says a price; the exchange's own has nothing to do with it. */
  hearPrice(ticks: number): void {
    const lastPrice = (ticks / 10).toFixed(1);
    const body = {
      topic: 'tickers.TEST',
      type: 'delta',
      cs: 1,
      ts: this.nowMs,
      data: { symbol: 'TEST', lastPrice },
    };
    this.#give({ t: 'frame', atMs: this.nowMs, socket: 'public', body });
  }

  /** The private stream breaks; frames until the next subscription are nobody's. */
  cutStream(): void {
    this.#subscribed = false;
    this.#give({ t: 'close', atMs: this.nowMs, socket: 'private' });
  }

  price(ticks: number): void {
    this.exchange.movePrice(this.nowMs, ticks);
  }

  wait(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (;;) {
      const next = this.#next();
      if (next.atMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    this.nowMs = untilMs;
    this.exchange.advance(untilMs);
  }

  /** Orders that stand at the venue, ours, oldest first. */
  open(): { linkId: string; side: number; priceTicks: number }[] {
    return this.exchange.truth.orders
      .filter(({ status }) => ['New', 'PartiallyFilled', 'Untriggered'].includes(status))
      .map(({ orderLinkId, side, priceTicks }) => ({ linkId: orderLinkId, side, priceTicks }));
  }

  creates(): string[] {
    return this.calls
      .filter(({ path }) => path === '/v5/order/create')
      .map(({ params }) => String(params['orderLinkId']));
  }

  #next(): Happening {
    let next: Happening = { atMs: this.#timerMs, order: Infinity, run: () => this.#wake() };
    const frameMs = this.exchange.nextFrameMs();
    if (frameMs <= next.atMs) next = { atMs: frameMs, order: -1, run: () => this.#frame() };
    for (const each of this.#happenings)
      if (each.atMs < next.atMs || (each.atMs === next.atMs && each.order < next.order))
        next = each;
    return next;
  }

  #at(atMs: number, run: () => void): void {
    const order = (this.#order += 1);
    const process = this.#run;
    const happening: Happening = {
      atMs,
      order,
      run: () => {
        this.#happenings = this.#happenings.filter((each) => each !== happening);
        if (process === this.#run) run();
      },
    };
    this.#happenings.push(happening);
  }

  #wake(): void {
    this.#timerMs = Infinity;
    this.#give({ t: 'timer', atMs: this.nowMs });
  }

  #frame(): void {
    const { topic, body } = this.exchange.takeFrame();
    if (this.#subscribed && this.hears(topic))
      this.#give({ t: 'frame', atMs: this.nowMs, socket: 'private', body });
  }

  #give(input: Input): void {
    this.session.handle(input);
    const effects = this.session.effects.splice(0);
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: Effect): void {
    switch (effect.t) {
      case 'append':
        this.journal += effect.text;
        return;
      case 'sync': {
        const { length } = this.journal;
        this.#at(this.nowMs + 1, () => {
          this.durable = Math.max(this.durable, length);
          this.#give({ t: 'synced', atMs: this.nowMs, seq: effect.seq });
        });
        return;
      }
      case 'timer':
        this.#timerMs = effect.atMs;
        return;
      case 'alarm':
        this.alarms.push(effect.code);
        return;
      case 'connect':
        this.#at(this.nowMs + 5, () =>
          this.#give({ t: 'open', atMs: this.nowMs, socket: effect.socket }),
        );
        return;
      case 'disconnect':
        if (effect.socket === 'private') this.#subscribed = false;
        return;
      case 'send':
        this.#answerSocket(effect);
        return;
      case 'call':
        this.#call(effect);
    }
  }

  #answerSocket({ socket, body }: Extract<Effect, { t: 'send' }>): void {
    const { op, req_id } = body as { op: string; req_id: string };
    this.#at(this.nowMs + 5, () => {
      if (op === 'subscribe' && socket === 'private') this.#subscribed = true;
      const answer = op === 'ping' ? { op: 'pong', req_id } : { success: true, op, req_id };
      this.#give({ t: 'frame', atMs: this.nowMs, socket, body: answer });
    });
  }

  #call(call: Call): void {
    this.calls.push(call);
    const fate = this.fate(call) ?? 'ok';
    const fail = (why: 'timeout' | 'refused', afterMs: number): void =>
      this.#at(this.nowMs + afterMs, () =>
        this.#give({ t: 'failed', atMs: this.nowMs, call: call.call, why }),
      );
    if (fate === 'refused') fail('refused', 1);
    else if (fate === 'request-lost') fail('timeout', call.timeoutMs);
    else this.#arrive(call, fate, fail);
  }

  #arrive(
    call: Call,
    fate: Exclude<Fate, 'refused' | 'request-lost'>,
    fail: (why: 'timeout', afterMs: number) => void,
  ): void {
    if (fate === 'reply-lost') fail('timeout', call.timeoutMs);
    // The request arrives whether or not the process that sent it still lives.
    const happening: Happening = {
      atMs: this.nowMs + REQUEST_MS,
      order: (this.#order += 1),
      run: () => {
        this.#happenings = this.#happenings.filter((each) => each !== happening);
        const body =
          typeof fate === 'object'
            ? { retCode: fate.code, retMsg: 'no', result: {}, time: this.nowMs }
            : fate === 'acknowledged-only'
              ? acknowledgement(call, this.nowMs)
              : call.method === 'POST'
                ? this.exchange.post(this.nowMs, call.path, call.params)
                : this.exchange.get(this.nowMs, call.path, call.params);
        if (fate === 'reply-lost') return;
        this.#at(this.nowMs + REQUEST_MS, () =>
          this.#give({
            t: 'reply',
            atMs: this.nowMs,
            call: call.call,
            status: 200,
            body: this.mangle(call, body),
          }),
        );
      },
    };
    this.#happenings.push(happening);
  }
}

/** Accepted, and then never booked. */
function acknowledgement({ params }: Call, time: number): unknown {
  const result = { orderId: 'nowhere', orderLinkId: params['orderLinkId'] };
  return { retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time };
}
