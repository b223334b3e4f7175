import { CommandSink } from '../../engine/commands.ts';
import { ORDER_LIVE } from '../../engine/codes.ts';
import { SOURCE_OPEN_LIST, SOURCE_STREAM } from '../../engine/doubt-events.ts';
import { Engine } from '../../engine/engine.ts';
import {
  GATE_CATCHING_UP,
  GATE_FLATTEN,
  GATE_HALT,
  GATE_POSITION,
  GATE_QUARANTINE,
  GATE_RESUMABLE,
  GATE_UNOWNED,
} from '../../engine/entry-gate.ts';
import { EventRegister, writeEvent } from '../../engine/events.ts';
import type { EngineEvent } from '../../engine/events.ts';
import { InvariantError } from '../../engine/invariant.ts';
import { decodePrivateFrame } from '../../brokers/bybit/wire/private-frame.ts';
import type { PrivateFrame } from '../../brokers/bybit/wire/private-frame.ts';
import { decodePublicFrame } from '../../brokers/bybit/wire/public-frame.ts';
import type { ExecutionRecord, OrderRecord } from '../../brokers/bybit/wire/records.ts';
import type { NumberedRecord } from '../journal/record.ts';
import { Answers } from './answers.ts';
import { canonical, hashText } from './canonical.ts';
import { CatchUp } from './catch-up.ts';
import { CommandDesk } from './command-desk.ts';
import { Executions } from './executions.ts';
import { JournalWriter } from './journal-writer.ts';
import { LinkBook } from './link-book.ts';
import type { SessionOptions } from './options.ts';
import { isOpen, newsOfOrder } from './order-news.ts';
import { Outbox } from './outbox.ts';
import type { AlarmCode, ControlWord, Effect, Input } from './protocol.ts';
import { spokenFrame, spokenReply } from './spoken.ts';
import { Stream } from './stream.ts';

const MOST_EVENTS_AN_INPUT = 10_000;

/**
 * The trading process without its I/O: inputs in, effects out. It owns the engine, the journal's
 * records, the calls and the streams. What it does is a function of its inputs, so a session that
 * is fed the journal is the one that wrote it.
 */
export class Session {
  /** What the last input led to; whoever carries it out empties it. */
  readonly effects: Effect[] = [];
  readonly engine: Engine;
  readonly links: LinkBook;
  /** Never goes back, whatever the clock does. */
  nowMs = -Infinity;
  /** A failed disk ends the process: nothing it does could be made durable. */
  failed = false;
  /** Venue position less ledger, as a person has accepted it. */
  acceptedSteps = 0;
  positionSteps = NaN;
  /** What was put aside because it could not be read, and what a person has said to pass over. */
  readonly quarantined = new Set<string>();
  readonly accepted = new Set<string>();
  readonly #options: SessionOptions;
  readonly #sink = new CommandSink();
  readonly #register = new EventRegister();
  readonly #queue: EngineEvent[] = [];
  readonly #journal: JournalWriter;
  readonly #outbox: Outbox;
  readonly #private: Stream;
  readonly #public: Stream;
  readonly #catchUp: CatchUp;
  readonly #executions: Executions;
  readonly #answers: Answers;
  readonly #commands: CommandDesk;
  #priceTicks = NaN;
  #timerMs = NaN;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { strategy, setup, instrument, risk } = options;
    const indicators = setup.indicators.length;
    this.engine = new Engine(
      strategy,
      setup.compiled,
      instrument,
      setup.slotCount,
      indicators,
      this.#sink,
      risk,
      false,
    );
    this.engine.beCareful(options.patience);
    this.links = new LinkBook(options.deployment, this.engine.orders.keyCount);
    this.#journal = new JournalWriter(options, this.effects);
    this.#outbox = new Outbox(this.effects);
    this.#private = new Stream('private', instrument.symbol, this.effects);
    this.#public = new Stream('public', instrument.symbol, this.effects);
    this.#executions = new Executions(this.links);
    this.#catchUp = new CatchUp(instrument, (request, round) =>
      this.#outbox.add('read', { to: 'catch-up', round }, request, 0),
    );
    const alarm = (code: AlarmCode, text: string): void => this.#alarm(code, text);
    const tell = (event: EngineEvent): void => this.#tell(event);
    this.#commands = new CommandDesk({
      engine: this.engine,
      sink: this.#sink,
      outbox: this.#outbox,
      links: this.links,
      journal: this.#journal,
      instrument,
      tell,
      alarm,
    });
    this.#answers = new Answers({
      engine: this.engine,
      outbox: this.#outbox,
      catchUp: this.#catchUp,
      instrument,
      tell,
      alarm,
      commands: this.#commands,
      orders: (records, source, askedMs) => this.#orders(records, source, askedMs),
      executions: (records) => this.#takeExecutions(records),
      openOrdersRead: (askedMs) => this.#openOrdersRead(askedMs),
      positionRead: (steps, askedMs, whole) => this.#positionRead(steps, askedMs, whole),
      quarantine: (problems) => this.#quarantine(problems),
    });
  }

  /** Feeds what a journal holds, effects dropped; `boot` is to follow. */
  fold(records: readonly NumberedRecord[]): void {
    this.#journal.beginFold(records.length > 0);
    for (const record of records) {
      this.#journal.foldRecord(record);
      if (record.k === 'in') this.#act(record['i'] as Input);
      this.effects.length = 0;
    }
    this.#journal.endFold();
  }

  handle(input: Input): void {
    if (this.failed && input.t !== 'boot') return;
    const clean = cleaned(input);
    this.#journal.input(clean);
    this.#act(clean);
  }

  /** A hash of everything that decides what happens next. */
  digest(): string {
    return hashText(this.describe());
  }

  describe(): string {
    return [
      canonical(this.engine),
      this.#outbox.describe(),
      canonical(this.#private),
      canonical(this.#public),
      canonical(this.#catchUp),
      this.#executions.count,
      this.links.count,
      this.nowMs,
      this.failed,
      this.acceptedSteps,
      [...this.quarantined].join(' '),
      [...this.accepted].join(' '),
      this.#priceTicks,
      this.#journal.seq,
    ].join('\n');
  }

  #act(input: Input): void {
    this.nowMs = Math.max(this.nowMs, input.atMs);
    const heardPrivately = this.#private.state === 'subscribed';
    this.#absorb(input);
    this.#drain();
    this.#tend();
    if (heardPrivately && this.#private.state !== 'subscribed') {
      this.#gate(GATE_CATCHING_UP, true);
      this.#drain();
    }
    this.#outbox.release(this.nowMs);
    this.#journal.syncIntents();
    this.#setTimer();
  }

  #absorb(input: Input): void {
    switch (input.t) {
      case 'boot':
        this.#boot();
        return;
      case 'open':
        this.#stream(input.socket).opened(this.nowMs);
        return;
      case 'close':
        this.#stream(input.socket).closed(this.nowMs);
        return;
      case 'frame':
        this.#stream(input.socket).heard(this.nowMs);
        if (input.socket === 'private') this.#privateFrame(input.body);
        else this.#publicFrame(input.body);
        return;
      case 'reply':
        this.#answers.reply(input, this.nowMs);
        return;
      case 'failed':
        this.#answers.failed(input.call, input.why, this.nowMs);
        return;
      case 'timer':
        this.#tell({ kind: 'timer', timeMs: this.nowMs });
        return;
      case 'synced':
        this.#outbox.syncedSeq = Math.max(this.#outbox.syncedSeq, input.seq);
        return;
      case 'diskFailed':
        this.failed = true;
        this.#alarm('disk', `the journal cannot be made durable: ${input.why}`);
        return;
      case 'candle': {
        const { closeTicks, indicators } = input;
        this.#tell({ kind: 'candleClose', timeMs: this.nowMs, closeTicks, indicators });
        return;
      }
      case 'control':
        this.#journal.keepInput();
        this.#control(input.word);
        return;
    }
  }

  #boot(): void {
    this.failed = false;
    this.#queue.length = 0;
    this.#outbox.clear();
    this.#outbox.syncedSeq = this.#journal.seq - 1;
    const { engine } = this;
    if (!engine.started) {
      this.#tell({ kind: 'start', timeMs: this.nowMs, walletMoney: this.#options.capitalMoney });
    }
    this.#tell({ kind: 'restarted', timeMs: this.nowMs });
    this.#gate(GATE_CATCHING_UP, true);
    if (this.#journal.divergence !== undefined)
      this.#alarm('journal-diverges', this.#journal.divergence);
    for (const stream of [this.#private, this.#public]) {
      stream.failures = 0;
      stream.connect(this.nowMs);
    }
    this.#catchUp.restart(this.nowMs);
  }

  #control(word: ControlWord): void {
    switch (word) {
      case 'halt':
        this.#gate(GATE_HALT, true);
        return;
      case 'flatten':
        this.#gate(GATE_FLATTEN, true);
        return;
      case 'resume':
        for (const problem of this.quarantined) this.accepted.add(problem);
        this.quarantined.clear();
        if (this.#isGated(GATE_POSITION) && !Number.isNaN(this.positionSteps))
          this.acceptedSteps = this.positionSteps - this.engine.ledger.positionSteps;
        this.#gate(GATE_RESUMABLE | GATE_UNOWNED, false);
        return;
    }
  }

  #privateFrame(body: unknown): void {
    const decoded = decodePrivateFrame(body, this.#options.instrument);
    if (!decoded.ok) {
      if (decoded.sound !== undefined) {
        this.#quarantine(decoded.problems);
        this.#privateNews(decoded.sound);
      }
      // What could not be read may have been a fill: read everything.
      this.#gate(GATE_CATCHING_UP, true);
      this.#catchUp.start(this.nowMs);
      return;
    }
    this.#privateNews(decoded.value);
  }

  #privateNews(frame: PrivateFrame): void {
    switch (frame.kind) {
      case 'control':
        if (this.#private.control(frame, this.nowMs)) this.#catchUp.start(this.nowMs);
        return;
      case 'orders':
        this.#orders(frame.records, SOURCE_STREAM, -Infinity);
        return;
      case 'executions':
        this.#takeExecutions(frame.records);
        return;
      case 'positions':
      case 'wallet':
        return;
    }
  }

  #publicFrame(body: unknown): void {
    const decoded = decodePublicFrame(body, this.#options.instrument);
    const frame = decoded.ok ? decoded.value : decoded.sound;
    if (frame === undefined) return;
    if (frame.kind === 'control') {
      this.#public.control(frame, this.nowMs);
      return;
    }
    if (frame.kind === 'ticker' && frame.lastTicks > 0) this.#price(frame.lastTicks);
    if (frame.kind === 'trades') {
      const last = frame.records.at(-1);
      if (last !== undefined) this.#price(last.priceTicks);
    }
  }

  #price(ticks: number): void {
    this.#priceTicks = ticks;
    if (this.#options.setup.watchesPrice)
      this.#tell({ kind: 'price', timeMs: this.nowMs, priceTicks: ticks });
  }

  #orders(records: readonly OrderRecord[], source: number, askedMs: number): void {
    for (const record of records) {
      const orderId = this.links.read(record.orderLinkId);
      if (orderId === undefined) {
        if (isOpen(record) && source === SOURCE_STREAM)
          this.#alarm('foreign-order', `order ${record.orderId} is not ours`);
        continue;
      }
      if (source === SOURCE_OPEN_LIST) this.#catchUp.seen.add(record.orderLinkId);
      for (const event of newsOfOrder(record, orderId, source, this.nowMs, askedMs))
        this.#tell(event);
    }
  }

  #takeExecutions(records: readonly ExecutionRecord[]): void {
    for (const event of this.#executions.take(records, this.nowMs)) this.#tell(event);
  }

  /** Orders believed to stand that a whole list of open orders does not show. */
  #openOrdersRead(askedMs: number): void {
    const { orders } = this.engine;
    for (let key = 0; key < orders.keyCount; key += 1) {
      const orderId = orders.id[key] ?? -1;
      if (orders.state[key] !== ORDER_LIVE) continue;
      if (this.#catchUp.seen.has(this.links.textOf(orderId))) continue;
      const source = SOURCE_OPEN_LIST;
      this.#tell({ kind: 'orderAbsent', timeMs: this.nowMs, orderId, source, askedMs });
    }
  }

  /** `whole`: executions were read to the end before, so that a difference is one. */
  #positionRead(steps: number, askedMs: number, whole: boolean): void {
    // What was told before this answer must be in the ledger before it is compared.
    this.#drain();
    this.positionSteps = steps;
    const expected = steps - this.acceptedSteps;
    const agrees = expected === this.engine.ledger.positionSteps;
    this.#tell({ kind: 'positionSeen', timeMs: this.nowMs, steps: expected, askedMs });
    if (!whole) return;
    const deaf = this.#private.state !== 'subscribed';
    const verdict = this.#catchUp.compared(agrees, deaf, this.nowMs);
    if (verdict === 'again') return;
    if (verdict === 'differs' && !this.#isGated(GATE_POSITION)) {
      const { positionSteps } = this.engine.ledger;
      this.#alarm('position-differs', `venue ${expected}, ledger ${positionSteps} steps`);
    }
    this.#gate(GATE_POSITION, verdict === 'differs');
    this.#tell({ kind: 'caughtUp', timeMs: this.nowMs });
    if (!deaf) this.#gate(GATE_CATCHING_UP, false);
  }

  /** Alarms and stops entries, but for what a person has accepted; false where that is all. */
  #quarantine(problems: readonly string[]): boolean {
    const unheard = problems.filter((problem) => !this.accepted.has(problem));
    if (unheard.length === 0) return false;
    const news = unheard.filter((problem) => !this.quarantined.has(problem));
    for (const problem of news) this.quarantined.add(problem);
    if (news.length > 0) this.#alarm('quarantine', news.join('; '));
    this.#gate(GATE_QUARANTINE, true);
    return true;
  }

  #isGated(bits: number): boolean {
    return ((this.engine.caution?.gate.bits ?? 0) & bits) !== 0;
  }

  #gate(bits: number, closed: boolean): void {
    this.#tell({ kind: 'gate', timeMs: this.nowMs, bits, closed });
  }

  #tell(event: EngineEvent): void {
    this.#queue.push(event);
  }

  /** Tells the engine everything in its order; what it commands may lead to more. */
  #drain(): void {
    let told = 0;
    for (let event = this.#queue.shift(); event !== undefined; event = this.#queue.shift()) {
      told += 1;
      if (!(told <= MOST_EVENTS_AN_INPUT))
        throw new InvariantError(`session: more than ${MOST_EVENTS_AN_INPUT} events, a loop`);
      const register = writeEvent(this.#register, event);
      const { watchesPrice } = this.#options.setup;
      register.knownPriceTicks = watchesPrice ? this.#priceTicks : NaN;
      this.engine.step(register);
      this.#commands.carryOut(this.nowMs);
    }
  }

  #tend(): void {
    this.#private.tend(this.nowMs);
    this.#public.tend(this.nowMs);
    if (this.#catchUp.tend(this.nowMs))
      this.#alarm('catch-up-late', `reading since ${this.#catchUp.startedMs}`);
  }

  #setTimer(): void {
    const dueMs = Math.min(
      this.engine.timerMs,
      this.engine.caution?.resolver.dueMs ?? Infinity,
      this.#private.wakeMs,
      this.#public.wakeMs,
      this.#catchUp.wakeMs,
      this.#outbox.wakeMs,
    );
    if (dueMs === this.#timerMs) return;
    this.#timerMs = dueMs;
    this.effects.push({ t: 'timer', atMs: dueMs });
  }

  #stream(socket: 'private' | 'public'): Stream {
    return socket === 'private' ? this.#private : this.#public;
  }

  #alarm(code: AlarmCode, text: string): void {
    this.effects.push({ t: 'alarm', code, text });
  }
}

/** Only what may be written down, and is acted on. */
function cleaned(input: Input): Input {
  if (input.t === 'frame') return { ...input, body: spokenFrame(input.body) };
  if (input.t === 'reply') return { ...input, body: spokenReply(input.body) };
  return input;
}
