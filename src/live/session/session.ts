import { CommandSink } from '../../engine/commands.ts';
import { Engine } from '../../engine/engine.ts';
import {
  GATE_CATCHING_UP,
  GATE_FLATTEN,
  GATE_HALT,
  GATE_RESUMABLE,
  GATE_STOPPING,
  GATE_UNOWNED,
} from '../../engine/entry-gate.ts';
import type { EngineEvent } from '../../engine/events.ts';
import type { Instrument } from '../../engine/instrument.ts';
import type { NumberedRecord } from '../journal/record.ts';
import { Answers } from './answers.ts';
import { canonical, hashText } from './canonical.ts';
import { CatchUp } from './catch-up.ts';
import { CommandDesk } from './command-desk.ts';
import { EngineFeed } from './engine-feed.ts';
import { FramesIn } from './frames-in.ts';
import { JournalWriter } from './journal-writer.ts';
import { LinkBook } from './link-book.ts';
import type { SessionOptions } from './options.ts';
import { Outbox } from './outbox.ts';
import { PositionCheck } from './position-check.ts';
import type { AlarmCode, ControlWord, Effect, Input } from './protocol.ts';
import { Quarantine } from './quarantine.ts';
import { RecordsIn } from './records-in.ts';
import { SNAPSHOT_LAYOUT, loadSession, saveSession } from './saved-session.ts';
import type { SavedSession, SessionParts } from './saved-session.ts';
import { spokenInput } from './spoken.ts';
import { Stream } from './stream.ts';

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
  /** A failed disk ends the process: nothing it does could be made durable. */
  failed = false;
  /** Number of the last start. */
  runs = 0;
  readonly #options: SessionOptions;
  readonly #feed: EngineFeed;
  readonly #journal: JournalWriter;
  readonly #outbox: Outbox;
  readonly #private: Stream;
  readonly #public: Stream;
  readonly #catchUp: CatchUp;
  readonly #records: RecordsIn;
  readonly #frames: FramesIn;
  readonly #quarantine: Quarantine;
  readonly #position: PositionCheck;
  readonly #answers: Answers;
  readonly #alarm: (code: AlarmCode, text: string) => void;
  #timerMs = NaN;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { strategy, setup, instrument, risk } = options;
    const sink = new CommandSink();
    const indicators = setup.indicators.length;
    this.engine = new Engine(
      strategy,
      setup.compiled,
      instrument,
      setup.slotCount,
      indicators,
      sink,
      risk,
      false,
    );
    this.engine.beCareful(options.patience);
    this.links = new LinkBook(options.deployment, this.engine.orders.keyCount);
    this.#journal = new JournalWriter(options, this.effects);
    this.#outbox = new Outbox(this.effects);
    this.#private = new Stream('private', instrument.symbol, this.effects);
    this.#public = new Stream('public', instrument.symbol, this.effects);
    this.#catchUp = new CatchUp(instrument, (request, round) =>
      this.#outbox.add('read', { to: 'catch-up', round }, request, 0),
    );
    const { engine, links } = this;
    const [outbox, journal, catchUp] = [this.#outbox, this.#journal, this.#catchUp];
    const [privateStream, publicStream] = [this.#private, this.#public];
    const alarm = (code: AlarmCode, text: string): void => {
      this.effects.push({ t: 'alarm', code, text });
    };
    const feed = new EngineFeed(engine, setup.watchesPrice, () => commands.carryOut(feed.nowMs));
    const tell = (event: EngineEvent): void => feed.tell(event);
    const commands = new CommandDesk({
      engine,
      sink,
      outbox,
      links,
      journal,
      instrument,
      tell,
      alarm,
    });
    const records = new RecordsIn({
      engine,
      feed,
      links,
      catchUp,
      alarm,
      lookUp: (venueId, source, tries) => commands.lookUp(venueId, source, tries, feed.nowMs),
      cancelSecond: (venueId, orderId) => commands.cancelSecond(venueId, orderId),
    });
    const quarantine = new Quarantine(feed, alarm);
    const position = new PositionCheck({ engine, feed, catchUp, privateStream, alarm });
    this.#frames = new FramesIn({
      instrument,
      feed,
      catchUp,
      quarantine,
      records,
      privateStream,
      publicStream,
    });
    this.#answers = new Answers({
      engine,
      outbox,
      catchUp,
      commands,
      records,
      position,
      quarantine,
      instrument,
      tell,
      alarm,
    });
    this.#alarm = alarm;
    this.#feed = feed;
    this.#records = records;
    this.#quarantine = quarantine;
    this.#position = position;
  }

  get nowMs(): number {
    return this.#feed.nowMs;
  }

  /** Feeds what a journal holds, effects dropped; `boot` is to follow. */
  fold(records: readonly NumberedRecord[]): void {
    this.beginFold(records.length > 0);
    for (const record of records) this.foldRecord(record);
    this.endFold();
  }

  beginFold(hasHeader: boolean): void {
    this.#journal.beginFold(hasHeader);
  }

  /** The effects of the record stay until the next one: whoever replays may look at them. */
  foldRecord(record: NumberedRecord): void {
    this.effects.length = 0;
    if (record.k === 'snapshot') this.#journal.compareSnapshot(record, this.digest());
    this.#journal.foldRecord(record);
    if (record.k === 'in') this.#act(record['i'] as Input);
  }

  endFold(): void {
    this.effects.length = 0;
    this.#journal.endFold();
  }

  /** The state as a journal line, between two inputs. */
  snapshot(): { readonly seq: number; readonly text: string } {
    return this.#journal.snapshot(
      this.digest(),
      saveSession(this.#parts(), { failed: this.failed, runs: this.runs, timerMs: this.#timerMs }),
    );
  }

  /**
   * Begins where a snapshot stands instead of at the first record; else says why it cannot, and is
   * of no more use.
   */
  restore(record: NumberedRecord): string | undefined {
    if (record['layout'] !== SNAPSHOT_LAYOUT) return `its layout is ${String(record['layout'])}`;
    const saved = record['state'] as SavedSession;
    const problem = loadSession(this.#parts(), saved);
    if (problem !== undefined) return `${problem} is not as this version has it`;
    const { failed, runs, timerMs } = saved.fields;
    this.failed = failed;
    this.runs = runs;
    this.#timerMs = timerMs;
    this.#journal.seq = record.n - 1;
    const digest = this.digest();
    this.#journal.seq = record.n;
    return digest === record['digest'] ? undefined : `its state has the digest ${digest}`;
  }

  /** Where a fold first decided otherwise than the journal says. */
  get divergence(): string | undefined {
    return this.#journal.divergence;
  }

  /** Intents that a fold has found as the journal says. */
  get agreedIntents(): number {
    return this.#journal.agreed;
  }

  /** As the venue last said; NaN before. */
  get venueSteps(): number {
    return this.#position.venueSteps;
  }

  get instrument(): Instrument {
    return this.#options.instrument;
  }

  /** Close of the last candle that was told; -Infinity before any. */
  get candleMs(): number {
    return this.#feed.candleMs;
  }

  get priceTicks(): number {
    return this.#feed.priceTicks;
  }

  get lastSeq(): number {
    return this.#journal.seq;
  }

  get executionCount(): number {
    return this.#records.executionCount;
  }

  get streamStates(): { readonly private: string; readonly public: string } {
    return { private: this.#private.state, public: this.#public.state };
  }

  handle(input: Input): void {
    if (this.failed && input.t !== 'boot') return;
    const clean = spokenInput(input);
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
      this.#records.executionCount,
      this.links.count,
      this.nowMs,
      this.failed,
      this.runs,
      this.#position.acceptedSteps,
      this.#quarantine.describe(),
      this.#feed.priceTicks,
      this.#feed.priceSeenMs,
      this.#feed.candleMs,
      this.#journal.seq,
    ].join('\n');
  }

  #parts(): SessionParts {
    return {
      engine: this.engine,
      outbox: this.#outbox,
      privateStream: this.#private,
      publicStream: this.#public,
      catchUp: this.#catchUp,
      executions: this.#records.taken,
      links: this.links,
      feed: this.#feed,
      position: this.#position,
      quarantine: this.#quarantine,
    };
  }

  #act(input: Input): void {
    this.#feed.nowMs = Math.max(this.nowMs, input.atMs);
    const heardPrivately = this.#private.state === 'subscribed';
    this.#absorb(input);
    this.#feed.drain();
    this.#tend();
    if (heardPrivately && this.#private.state !== 'subscribed') {
      this.#feed.gate(GATE_CATCHING_UP, true);
      this.#feed.drain();
    }
    this.#outbox.release(this.nowMs);
    this.#journal.syncIntents();
    this.#setTimer();
  }

  #absorb(input: Input): void {
    switch (input.t) {
      case 'boot':
        this.runs = input.run;
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
        if (input.socket === 'private') this.#frames.privateFrame(input.body);
        else this.#frames.publicFrame(input.body);
        return;
      case 'reply':
        this.#answers.reply(input, this.nowMs);
        return;
      case 'failed':
        this.#answers.failed(input.call, input.why, this.nowMs);
        return;
      case 'timer':
        // Clocks drift, and a timer may be early: then it is to be set again.
        if (this.#timerMs > this.nowMs) this.#timerMs = NaN;
        this.#feed.tell({ kind: 'timer', timeMs: this.nowMs });
        return;
      case 'synced':
        this.#outbox.syncedSeq = Math.max(this.#outbox.syncedSeq, input.seq);
        return;
      case 'diskFailed':
        this.failed = true;
        this.#alarm('disk', `the journal cannot be made durable: ${input.why}`);
        return;
      case 'candle': {
        const { closeMs = NaN, closeTicks, indicators } = input;
        if (closeMs <= this.#feed.candleMs) return;
        if (!Number.isNaN(closeMs)) this.#feed.candleMs = closeMs;
        this.#feed.tell({ kind: 'candleClose', timeMs: this.nowMs, closeTicks, indicators });
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
    this.#feed.clear();
    this.#outbox.clear();
    this.#outbox.syncedSeq = this.#journal.seq - 1;
    this.#timerMs = NaN;
    const { engine } = this;
    if (!engine.started) {
      this.#feed.tell({
        kind: 'start',
        timeMs: this.nowMs,
        walletMoney: this.#options.capitalMoney,
      });
    }
    this.#feed.tell({ kind: 'restarted', timeMs: this.nowMs });
    this.#feed.gate(GATE_CATCHING_UP, true);
    if (this.#feed.isGated(GATE_STOPPING)) this.#feed.gate(GATE_STOPPING, false);
    if (this.#journal.divergence !== undefined)
      this.#alarm('journal-diverges', this.#journal.divergence);
    for (const stream of [this.#private, this.#public]) {
      stream.failures = 0;
      stream.connect(this.nowMs);
    }
    this.#records.lookUpAgain();
    this.#catchUp.restart(this.nowMs);
  }

  #control(word: ControlWord): void {
    switch (word) {
      case 'halt':
        this.#feed.gate(GATE_HALT, true);
        return;
      case 'flatten':
        this.#feed.gate(GATE_FLATTEN, true);
        return;
      case 'stop':
        this.#feed.gate(GATE_STOPPING, true);
        return;
      case 'resume':
        this.#quarantine.accept();
        this.#position.accept();
        this.#feed.gate(GATE_RESUMABLE | GATE_UNOWNED, false);
        return;
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
}
