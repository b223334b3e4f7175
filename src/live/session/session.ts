import type { Engine } from '../../engine/engine.ts';
import {
  GATE_CATCHING_UP,
  GATE_FLATTEN,
  GATE_HALT,
  GATE_RESUMABLE,
  GATE_STOPPING,
  GATE_UNOWNED,
} from '../../engine/entry-gate.ts';
import type { Instrument } from '../../engine/instrument.ts';
import type { NumberedRecord } from '../journal/record.ts';
import { hashText } from './canonical.ts';
import type { LinkBook } from './link-book.ts';
import type { SessionOptions } from './options.ts';
import type { ControlWord, Effect, Input } from './protocol.ts';
import { SNAPSHOT_LAYOUT, loadSession, saveSession } from './saved-session.ts';
import type { SavedSession } from './saved-session.ts';
import { describeSession, wireSession } from './session-wiring.ts';
import type { SessionWiring } from './session-wiring.ts';
import { spokenInput } from './spoken.ts';
import type { Stream } from './stream.ts';

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
  readonly #parts: SessionWiring;
  #timerMs = NaN;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#parts = wireSession(options, this.effects);
    this.engine = this.#parts.engine;
    this.links = this.#parts.links;
  }

  get nowMs(): number {
    return this.#parts.feed.nowMs;
  }

  /** Feeds what a journal holds, effects dropped; `boot` is to follow. */
  fold(records: readonly NumberedRecord[]): void {
    this.beginFold(records.length > 0);
    for (const record of records) this.foldRecord(record);
    this.endFold();
  }

  beginFold(hasHeader: boolean): void {
    this.#parts.journal.beginFold(hasHeader);
  }

  /** The effects of the record stay until the next one: whoever replays may look at them. */
  foldRecord(record: NumberedRecord): void {
    this.effects.length = 0;
    if (record.k === 'snapshot') this.#parts.journal.compareSnapshot(record, this.digest());
    this.#parts.journal.foldRecord(record);
    if (record.k === 'in') this.#act(record['i'] as Input);
  }

  endFold(): void {
    this.effects.length = 0;
    this.#parts.journal.endFold();
  }

  /** The state as a journal line, between two inputs. */
  snapshot(): { readonly seq: number; readonly text: string } {
    return this.#parts.journal.snapshot(
      this.digest(),
      saveSession(this.#parts, { failed: this.failed, runs: this.runs, timerMs: this.#timerMs }),
    );
  }

  /**
   * Begins where a snapshot stands instead of at the first record; else says why it cannot, and is
   * of no more use.
   */
  restore(record: NumberedRecord): string | undefined {
    if (record['layout'] !== SNAPSHOT_LAYOUT) return `its layout is ${String(record['layout'])}`;
    const saved = record['state'] as SavedSession;
    const problem = loadSession(this.#parts, saved);
    if (problem !== undefined) return `${problem} is not as this version has it`;
    const { failed, runs, timerMs } = saved.fields;
    this.failed = failed;
    this.runs = runs;
    this.#timerMs = timerMs;
    this.#parts.journal.seq = record.n - 1;
    const digest = this.digest();
    this.#parts.journal.seq = record.n;
    return digest === record['digest'] ? undefined : `its state has the digest ${digest}`;
  }

  /** Where a fold first decided otherwise than the journal says. */
  get divergence(): string | undefined {
    return this.#parts.journal.divergence;
  }

  /** Intents that a fold has found as the journal says. */
  get agreedIntents(): number {
    return this.#parts.journal.agreed;
  }

  /** As the venue last said; NaN before. */
  get venueSteps(): number {
    return this.#parts.position.venueSteps;
  }

  get instrument(): Instrument {
    return this.#options.instrument;
  }

  /** Close of the last candle that was told; -Infinity before any. */
  get candleMs(): number {
    return this.#parts.feed.candleMs;
  }

  get priceTicks(): number {
    return this.#parts.feed.priceTicks;
  }

  get lastSeq(): number {
    return this.#parts.journal.seq;
  }

  get executionCount(): number {
    return this.#parts.records.executionCount;
  }

  get streamStates(): { readonly private: string; readonly public: string } {
    return { private: this.#parts.privateStream.state, public: this.#parts.publicStream.state };
  }

  handle(input: Input): void {
    if (this.failed && input.t !== 'boot') return;
    const clean = spokenInput(input);
    this.#parts.journal.input(clean);
    this.#act(clean);
  }

  /** A hash of everything that decides what happens next. */
  digest(): string {
    return hashText(this.describe());
  }

  describe(): string {
    return describeSession(this.#parts, this);
  }

  #act(input: Input): void {
    this.#parts.feed.nowMs = Math.max(this.nowMs, input.atMs);
    const heardPrivately = this.#parts.privateStream.state === 'subscribed';
    this.#absorb(input);
    this.#parts.feed.drain();
    this.#tend();
    if (heardPrivately && this.#parts.privateStream.state !== 'subscribed') {
      this.#parts.feed.gate(GATE_CATCHING_UP, true);
      this.#parts.feed.drain();
    }
    this.#parts.outbox.release(this.nowMs);
    this.#parts.journal.syncIntents();
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
        if (input.socket === 'private') this.#parts.frames.privateFrame(input.body);
        else this.#parts.frames.publicFrame(input.body);
        return;
      case 'reply':
        this.#parts.answers.reply(input, this.nowMs);
        return;
      case 'failed':
        this.#parts.answers.failed(input.call, input.why, this.nowMs);
        return;
      case 'timer':
        // Clocks drift, and a timer may be early: then it is to be set again.
        if (this.#timerMs > this.nowMs) this.#timerMs = NaN;
        this.#parts.feed.tell({ kind: 'timer', timeMs: this.nowMs });
        return;
      case 'synced':
        this.#parts.outbox.syncedSeq = Math.max(this.#parts.outbox.syncedSeq, input.seq);
        return;
      case 'diskFailed':
        this.failed = true;
        this.#parts.alarm('disk', `the journal cannot be made durable: ${input.why}`);
        return;
      case 'candle': {
        const { closeMs = NaN, closeTicks, indicators } = input;
        if (closeMs <= this.#parts.feed.candleMs) return;
        if (!Number.isNaN(closeMs)) this.#parts.feed.candleMs = closeMs;
        this.#parts.feed.tell({ kind: 'candleClose', timeMs: this.nowMs, closeTicks, indicators });
        return;
      }
      case 'control':
        this.#parts.journal.keepInput();
        this.#control(input.word);
        return;
    }
  }

  #boot(): void {
    this.failed = false;
    this.#parts.feed.clear();
    this.#parts.outbox.clear();
    this.#parts.outbox.syncedSeq = this.#parts.journal.seq - 1;
    this.#timerMs = NaN;
    const { engine } = this;
    // Before the start: with its history told, a strategy would enter an account nobody looked at.
    this.#parts.feed.gate(GATE_CATCHING_UP, true);
    if (!engine.started) {
      this.#parts.feed.tell({
        kind: 'start',
        timeMs: this.nowMs,
        walletMoney: this.#options.capitalMoney,
      });
    }
    this.#parts.feed.tell({ kind: 'restarted', timeMs: this.nowMs });
    if (this.#parts.feed.isGated(GATE_STOPPING)) this.#parts.feed.gate(GATE_STOPPING, false);
    if (this.#parts.journal.divergence !== undefined)
      this.#parts.alarm('journal-diverges', this.#parts.journal.divergence);
    for (const stream of [this.#parts.privateStream, this.#parts.publicStream]) {
      stream.failures = 0;
      stream.connect(this.nowMs);
    }
    this.#parts.records.lookUpAgain();
    this.#parts.catchUp.restart(this.nowMs);
  }

  #control(word: ControlWord): void {
    switch (word) {
      case 'halt':
        this.#parts.feed.gate(GATE_HALT, true);
        return;
      case 'flatten':
        this.#parts.feed.gate(GATE_FLATTEN, true);
        return;
      case 'stop':
        this.#parts.feed.gate(GATE_STOPPING, true);
        return;
      case 'resume':
        this.#parts.quarantine.accept();
        this.#parts.position.accept();
        this.#parts.feed.gate(GATE_RESUMABLE | GATE_UNOWNED, false);
        return;
    }
  }

  #tend(): void {
    this.#parts.privateStream.tend(this.nowMs);
    this.#parts.publicStream.tend(this.nowMs);
    if (this.#parts.catchUp.tend(this.nowMs))
      this.#parts.alarm('catch-up-late', `reading since ${this.#parts.catchUp.startedMs}`);
  }

  #setTimer(): void {
    const dueMs = Math.min(
      this.engine.timerMs,
      this.engine.caution?.resolver.dueMs ?? Infinity,
      this.#parts.privateStream.wakeMs,
      this.#parts.publicStream.wakeMs,
      this.#parts.catchUp.wakeMs,
      this.#parts.outbox.wakeMs,
    );
    if (dueMs === this.#timerMs) return;
    this.#timerMs = dueMs;
    this.effects.push({ t: 'timer', atMs: dueMs });
  }

  #stream(socket: 'private' | 'public'): Stream {
    return socket === 'private' ? this.#parts.privateStream : this.#parts.publicStream;
  }
}
