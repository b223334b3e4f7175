import { Chance } from '../venue/chance.ts';
import type { Auditor } from './auditor.ts';
import type { Bot, BotMaker } from './bot.ts';
import type { CallLine } from './call-line.ts';
import { SimulatedDisk, flipBit } from './disk.ts';
import type { Effect, Input } from '../live/session/protocol.ts';
import type { Observer } from './observer.ts';
import type { Stage } from './stage.ts';
import type { StreamLine } from './stream-line.ts';
import { Violation } from './violation.ts';

const RESTART_MS = [1_000, 45_000] as const;
const DISK_RESTART_MS = 30_000;
const MIXED = 24;
const NEWLINE = 10;
const MOST_SYNC_MS = 20_000;

/**
 * The process that trades: the production session with its journal, which lives until an effect
 * kills it. Its effects are carried out here, one by one; between any two of them it may die.
 */
export class BotProcess {
  readonly disk = new SimulatedDisk();
  /** Counts the starts; what was meant for an earlier process reaches nobody. */
  run = 0;
  timerMs = Infinity;
  stalledUntilMs = -Infinity;
  crashes = 0;
  bot: Bot | undefined;
  /** Of the last process, where the file holds all that it did; else empty. */
  #digestAtDeath = '';
  /** The file up to here is as the last start found it: a crash never cuts what was durable. */
  #settled = 0;
  /** A record did not fit: nothing after it may be written, or the journal would have a hole. */
  #lostSpace = false;
  readonly #stage: Stage;
  readonly #maker: BotMaker;
  readonly #calls: CallLine;
  readonly #streams: StreamLine;
  readonly #auditor: Auditor;
  readonly #times: Chance;
  readonly #observer: Observer | undefined;

  constructor(
    stage: Stage,
    maker: BotMaker,
    calls: CallLine,
    streams: StreamLine,
    auditor: Auditor,
    seed: number,
    observer: Observer | undefined,
  ) {
    this.#observer = observer;
    this.#stage = stage;
    this.#maker = maker;
    this.#calls = calls;
    this.#streams = streams;
    this.#auditor = auditor;
    this.#times = new Chance(seed, 'process times');
  }

  /** Reads the journal, folds it, boots. */
  start(): void {
    const stage = this.#stage;
    const { dice, nowMs } = stage;
    if (dice.strikes('clockSkew', 'start')) stage.clock.step(nowMs, dice.chance('clockSkew'));
    if (dice.strikes('clockDrift', 'start')) stage.clock.drift(nowMs, dice.chance('clockDrift'));
    this.#tryBadJournals();
    const started = this.#maker.start(this.disk.read(), this.#settled);
    if (!started.ok) throw new Violation('S8', `its own journal is refused: ${started.why}`);
    this.disk.truncate(started.wholeLength);
    this.#settled = started.wholeLength;
    this.#lostSpace = false;
    const again = this.#digestAtDeath === '' ? '' : started.bot.digest();
    if (again !== this.#digestAtDeath) {
      throw new Violation('S8', `at its death ${this.#digestAtDeath}, folded ${again}`);
    }
    this.bot = started.bot;
    this.run += 1;
    this.timerMs = Infinity;
    stage.trace.note(nowMs, `start ${this.run}`, `${started.wholeLength} bytes of journal`);
    this.#auditor.started(started.wholeLength);
    const opening = started.bot.opening?.() ?? '';
    if (opening !== '') this.#append(opening);
    this.handle({ t: 'boot', atMs: stage.clock.read(nowMs), run: this.run });
  }

  handle(input: Input): void {
    const { bot } = this;
    if (bot === undefined) return;
    this.#stage.trace.note(this.#stage.nowMs, `in  ${input.t}`, input);
    this.#observer?.input(this.#stage.nowMs, input);
    bot.handle(input);
    this.#carryOut(bot);
    this.#observer?.belief(this.#stage.nowMs, bot.belief);
  }

  /** The process is gone; what it had not synced is torn anywhere. */
  die(why: string, undone: readonly Effect[] = [], downMs = -1): void {
    const stage = this.#stage;
    if (this.bot === undefined) return;
    stage.trace.note(stage.nowMs, `dies: ${why}`);
    this.#observer?.died(stage.nowMs, why);
    const digest = undone.some(({ t }) => t === 'append') ? '' : this.bot.digest();
    this.crashes += 1;
    this.bot = undefined;
    this.timerMs = Infinity;
    this.stalledUntilMs = -Infinity;
    this.#streams.drop('private');
    this.#streams.drop('public');
    const written = this.disk.length;
    this.disk.crash(stage.dice.chance('crash'));
    const isWhole = this.disk.length === written && !this.#lostSpace;
    this.#digestAtDeath = isWhole ? digest : '';
    // What it had not made durable, it may not know again.
    this.#calls.banSeenMs = -Infinity;
    const waitsForSpace = stage.nowMs < this.disk.fullUntilMs;
    const [low, high] = RESTART_MS;
    const usualMs = waitsForSpace ? DISK_RESTART_MS : this.#times.between(low, high);
    stage.put(downMs < 0 ? usualMs : downMs, { t: 'start' });
  }

  /** S8: a session fed everything that was written is the one that wrote it. */
  checkFold(bot: Bot): void {
    if (this.#lostSpace) return;
    const folded = this.#maker.foldWhole(this.disk.read());
    if (!folded.ok) throw new Violation('S8', `what was written is refused: ${folded.why}`);
    const [live, again] = [bot.digest(), folded.bot.digest()];
    if (live === again) return;
    const where = difference(bot.describe(), folded.bot.describe());
    throw new Violation('S8', `live ${live}, folded ${again}: ${where}`);
  }

  #tryBadJournals(): void {
    const { dice } = this.#stage;
    const read = this.disk.read();
    const bytes = read.subarray(0, read.lastIndexOf(NEWLINE) + 1);
    if (bytes.length === 0) return;
    if (dice.strikes('bitFlip', 'journal')) {
      const chance = dice.chance('bitFlip');
      const [at, bit] = [chance.between(0, bytes.length - 1), chance.between(0, 6)];
      const unchanged = Math.min(at, this.#settled);
      const started = this.#maker.start(flipBit(bytes, at, bit), unchanged);
      this.#settled = unchanged;
      // Without its newline the last record is a torn one: that is cut, nothing else may be.
      const lastRecord = bytes.lastIndexOf(NEWLINE, bytes.length - 2) + 1;
      if (started.ok && started.wholeLength !== lastRecord) {
        throw new Violation('S8', `a changed bit was not seen: ${started.wholeLength} bytes`);
      }
    }
    if (dice.strikes('otherJournal', 'journal')) {
      const started = this.#maker.start(this.#maker.foreignJournal(), 0);
      this.#settled = 0;
      if (started.ok) throw new Violation('S8', "another deployment's journal was taken");
    }
  }

  #carryOut(bot: Bot): void {
    const { effects } = bot;
    for (const [at, effect] of effects.entries()) {
      if (this.#diesAt('before', effect, at)) break;
      this.#carryOutOne(effect);
      if (this.#diesAt('after', effect, at + 1)) break;
    }
    effects.length = 0;
  }

  /** `done`: how many of the input's effects were carried out. */
  #diesAt(when: string, effect: Effect, done: number): boolean {
    const { dice } = this.#stage;
    const label = effect.t === 'call' ? `call ${effect.path}` : effect.t;
    const target = `${when} ${label}`;
    if (dice.oneOf(['crash'], target) === undefined) return false;
    this.die(target, this.bot?.effects.slice(done), dice.scriptedDelayMs);
    return true;
  }

  #carryOutOne(effect: Effect): void {
    const stage = this.#stage;
    stage.trace.note(stage.nowMs, `out ${effect.t}`, effect);
    switch (effect.t) {
      case 'call':
        stage.mix(
          `${effect.path} ${effect.method === 'POST' ? JSON.stringify(effect.params) : ''}`,
        );
        this.#auditor.calling(effect, stage.nowMs, this.disk, this.#calls.banSeenMs);
        this.#observer?.sent(stage.nowMs, effect.path, effect.params);
        this.#calls.send(effect, this.run);
        return;
      case 'connect':
        this.#streams.connect(effect.socket, this.run);
        return;
      case 'disconnect':
        this.#streams.drop(effect.socket);
        return;
      case 'send':
        this.#streams.receive(effect.socket, effect.body);
        return;
      case 'timer':
        this.#setTimer(effect.atMs);
        return;
      case 'append':
        this.#append(effect.text);
        return;
      case 'sync':
        this.#sync(effect.seq);
        return;
      case 'alarm':
        this.#auditor.alarm(effect.code, effect.text);
        return;
    }
  }

  /** A timer counts time that passes; it does not follow the clock when that is set anew. */
  #setTimer(localMs: number): void {
    const { nowMs, clock } = this.#stage;
    const waitMs = localMs - clock.read(nowMs);
    this.timerMs = localMs === Infinity ? Infinity : nowMs + Math.max(0, waitMs);
  }

  #append(text: string): void {
    const stage = this.#stage;
    // A line begins with the checksum of the rest.
    stage.mix(text.slice(0, MIXED));
    if (stage.nowMs < this.disk.fullUntilMs && !this.#lostSpace) {
      this.#lostSpace = true;
      stage.put(1, { t: 'syncFailed', run: this.run, why: 'ENOSPC' });
    }
    if (!this.#lostSpace) {
      this.disk.append(text);
    }
    this.#auditor.written(text, this.#lostSpace ? Infinity : this.disk.length);
  }

  #sync(seq: number): void {
    const stage = this.#stage;
    const { dice } = stage;
    const { run } = this;
    const afterMs = this.#times.between(1, 8);
    if (this.#lostSpace) return;
    if (dice.strikes('syncFails', 'sync')) {
      stage.put(afterMs, { t: 'syncFailed', run, why: 'EIO' });
      return;
    }
    const slow = dice.strikes('syncSlow', 'sync');
    const slowMs = slow ? dice.chance('syncSlow').between(100, MOST_SYNC_MS) : 0;
    if (slow) stage.disturb(stage.nowMs + slowMs);
    stage.put(afterMs + slowMs, { t: 'synced', run, seq, length: this.disk.length });
  }
}

const SHOWN = 160;

/** The first place where two texts differ, with what is around it. */
function difference(live: string, folded: string): string {
  let at = 0;
  while (at < live.length && live[at] === folded[at]) at += 1;
  const from = Math.max(0, at - SHOWN / 2);
  return `live ...${live.slice(from, at + SHOWN)}... folded ...${folded.slice(from, at + SHOWN)}...`;
}
