import { InvariantError } from '../../engine/invariant.ts';
import type { Transport, TransportInput, TransportSink } from '../../brokers/transport.ts';
import type { JournalHeader } from '../journal/record.ts';
import type { JournalFiles } from '../journal-files/journal-files.ts';
import type { ControlWord, Effect, Input } from '../session/protocol.ts';
import type { Session } from '../session/session.ts';
import type { ClosedCandle } from '../../brokers/candle-feed.ts';
import type { Clock, ClockTimer } from './clock.ts';
import { EntryWithdrawal, standingEntries } from './entry-withdrawal.ts';
import { PriceFunnel } from './price-funnel.ts';

/** Why the process is over. */
export type LiveEnd = { readonly code: 0 | 1; readonly line: string };

export type LiveParts = {
  /** Folded; `boot` is told here. */
  readonly session: Session;
  readonly files: JournalFiles;
  readonly header: JournalHeader;
  readonly transport: (sink: TransportSink) => Transport;
  readonly clock: Clock;
  readonly watch: LiveWatch;
  readonly rotateBytes: number;
  /** After a new file has begun. */
  readonly rotated: () => void;
};

/** Whoever looks on. Nothing that it is told may be changed. */
export interface LiveWatch {
  /** Acted on; what it led to is about to be carried out. */
  acted(input: Input, effects: readonly Effect[]): void;
  said(line: string): void;
}

/** An input before it is stamped. */
type Incoming = TransportInput | WithoutTime<Exclude<Input, TransportInput>>;
type WithoutTime<T> = T extends unknown ? Omit<T, 'atMs'> : never;

const STOP_WITHIN_MS = 15_000;
const WITHDRAW_WITHIN_MS = 5_000;

/**
 * Drives the session in real life: stamps and queues what comes in, one after the other, and
 * carries out what the session wants, in its order. The order of inputs is the journal's order.
 */
export class LiveProcess {
  readonly ended: Promise<LiveEnd>;
  readonly #parts: LiveParts;
  readonly #transport: Transport;
  readonly #timer: ClockTimer;
  readonly #funnelTimer: ClockTimer;
  readonly #stopTimer: ClockTimer;
  readonly #funnel = new PriceFunnel();
  #inbox: Input[] = [];
  #isActing = false;
  #state: 'running' | 'stopping' | 'withdrawing' | 'over' = 'running';
  #withdrawal: EntryWithdrawal | undefined;
  #end: (end: LiveEnd) => void = () => undefined;

  constructor(parts: LiveParts) {
    this.#parts = parts;
    const { clock } = parts;
    this.#timer = clock.timer();
    this.#funnelTimer = clock.timer();
    this.#stopTimer = clock.timer();
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.#transport = parts.transport((input) => this.#hear(input));
  }

  get isOver(): boolean {
    return this.#state === 'over';
  }

  boot(run: number, version: string): void {
    this.#take({ t: 'boot', run, version });
  }

  candle(candle: ClosedCandle): void {
    this.#take({ t: 'candle', ...candle });
  }

  control(word: ControlWord): void {
    this.#take({ t: 'control', word });
  }

  /** From the journal's files. */
  synced(seq: number): void {
    this.#take({ t: 'synced', seq });
  }

  diskFailed(why: string): void {
    this.#take({ t: 'diskFailed', why });
  }

  /** The first time: entries are withdrawn, and the process ends when they are gone. Then: now. */
  stop(why: string): void {
    if (this.#state !== 'running') {
      this.#finish({ code: 0, line: `${why}: stopped at once; ${this.#whatStands()}` });
      return;
    }
    this.#parts.watch.said(`${why}: withdrawing entries, then stopping; once more stops at once`);
    this.#state = 'stopping';
    const atMs = this.#parts.clock.nowMs() + STOP_WITHIN_MS;
    this.#stopTimer.wakeAt(atMs, () => {
      const line = `${why}: stopped after ${STOP_WITHIN_MS / 1000} s; ${this.#whatStands()}`;
      this.#finish({ code: 0, line });
    });
    this.control('stop');
  }

  /** An error that nobody has foreseen: what may open a position goes, what protects one stays. */
  fail(error: unknown): void {
    if (this.#state === 'over' || this.#state === 'withdrawing') return;
    const name = error instanceof InvariantError ? 'broken promise' : 'unexpected';
    const said = error instanceof Error ? error.message : 'something that is not an Error';
    this.#withdraw(`${name}: ${said.replace(/\s+/g, ' ')}`);
  }

  #hear(input: TransportInput): void {
    if (this.#withdrawal !== undefined) {
      this.#withdrawal.hear(input);
      return;
    }
    if (input.t !== 'frame' || input.socket !== 'public') {
      this.#take(input);
      return;
    }
    const passed = this.#funnel.take(input, this.#parts.clock.nowMs());
    this.#funnelTimer.wakeAt(this.#funnel.dueMs, () => {
      const held = this.#funnel.release(this.#parts.clock.nowMs());
      if (held !== undefined) this.#take(held);
    });
    if (passed !== undefined) this.#take(passed);
  }

  #take(input: Incoming): void {
    if (this.#state === 'over' || this.#state === 'withdrawing') return;
    this.#inbox.push({ ...input, atMs: this.#parts.clock.nowMs() } as Input);
    if (this.#isActing) return;
    this.#isActing = true;
    try {
      while (this.#inbox.length > 0) {
        const waiting = this.#inbox;
        this.#inbox = [];
        for (const each of waiting) this.#act(each);
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.#isActing = false;
    }
  }

  #act(input: Input): void {
    if (this.#state === 'over' || this.#state === 'withdrawing') return;
    const { session, watch } = this.#parts;
    try {
      session.handle(input);
    } catch (error) {
      // What it failed on is written down, so that it can be looked at and played again.
      for (const effect of session.effects.splice(0))
        if (effect.t === 'append') this.#parts.files.append(effect.seq, effect.text);
      throw error;
    }
    const effects = session.effects.splice(0);
    watch.acted(input, effects);
    for (const effect of effects) this.#carryOut(effect);
    if (session.failed) {
      this.#withdraw(`the journal cannot be made durable: ${this.#parts.files.failure ?? 'disk'}`);
      return;
    }
    this.#rotateIfFull();
    if (this.#state === 'stopping' && standingEntries(session).length === 0)
      this.#finish({ code: 0, line: `stopped: ${this.#whatStands()}` });
  }

  #carryOut(effect: Effect): void {
    switch (effect.t) {
      case 'append':
        this.#parts.files.append(effect.seq, effect.text);
        return;
      case 'sync':
        this.#parts.files.sync(effect.seq);
        return;
      case 'call': {
        const { call, method, path, params, timeoutMs } = effect;
        this.#transport.call({ call, method, path, params, timeoutMs });
        return;
      }
      case 'connect':
        this.#transport.connect(effect.socket);
        return;
      case 'disconnect':
        this.#transport.disconnect(effect.socket);
        return;
      case 'send':
        this.#transport.send(effect.socket, effect.body);
        return;
      case 'timer':
        this.#timer.wakeAt(effect.atMs, () => this.#take({ t: 'timer' }));
        return;
      case 'alarm':
        return;
    }
  }

  #rotateIfFull(): void {
    const { files, session, rotateBytes, header, rotated } = this.#parts;
    if (files.bytes < rotateBytes || files.failure !== undefined) return;
    files.rotate(header, session.snapshot());
    rotated();
  }

  /** The session can decide nothing more: its entries are withdrawn without it. */
  #withdraw(line: string): void {
    if (this.#state === 'over' || this.#state === 'withdrawing') return;
    this.#state = 'withdrawing';
    this.#timer.wakeAt(Infinity, () => undefined);
    this.#withdrawal = new EntryWithdrawal(this.#parts.session, this.#transport, (said) =>
      this.#finish({ code: 1, line: `${line}; ${said}` }),
    );
    const atMs = this.#parts.clock.nowMs() + WITHDRAW_WITHIN_MS;
    this.#stopTimer.wakeAt(atMs, () => this.#withdrawal?.giveUp());
    this.#withdrawal.begin();
  }

  #finish(end: LiveEnd): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    for (const timer of [this.#timer, this.#funnelTimer, this.#stopTimer])
      timer.wakeAt(Infinity, () => undefined);
    this.#inbox = [];
    const whole = this.#parts.files.close();
    const line =
      whole || end.code !== 0 ? end.line : `${end.line}; the journal's end is not durable`;
    void this.#transport.close().then(
      () => this.#end({ code: whole ? end.code : 1, line }),
      () => this.#end({ code: 1, line: `${line}; the connection did not close` }),
    );
  }

  #whatStands(): string {
    const { engine } = this.#parts.session;
    const entries = standingEntries(this.#parts.session).length;
    const gone = entries === 0 ? 'no entry stands' : `${entries} entries may still stand`;
    const { positionSteps } = engine.ledger;
    return positionSteps === 0
      ? `${gone}, flat`
      : `${gone}; position ${positionSteps} steps, its exits stay at the venue`;
  }
}
