import type { Exchange } from '../venue/exchange/exchange.ts';
import { Auditor } from './auditor.ts';
import { BookAudit } from './book-audit.ts';
import type { BotMaker } from './bot.ts';
import { BotProcess } from './bot-process.ts';
import { CallLine } from './call-line.ts';
import { CalmAudit, FILL_KNOWN_MS } from './calm-audit.ts';
import type { FaultDice } from './fault-dice.ts';
import type { TimedFault } from './fault-plan.ts';
import type { GridCase } from './grid-case.ts';
import type { Happening } from './happening.ts';
import { HourlyFaults } from './hourly-faults.ts';
import type { Observer } from './observer.ts';
import { candlesOf, readyMs } from './price-walk.ts';
import type { ClosedCandles, PriceWalk } from './price-walk.ts';
import type { Input } from '../live/session/protocol.ts';
import { Stage } from './stage.ts';
import { StreamLine } from './stream-line.ts';
import type { Trace } from './trace.ts';
import { Violation } from './violation.ts';

const FOLDED_SEEDS = 4;
const AUDIT_EVERY_MS = 5_000;
const OPERATOR_EVERY_MS = 300_000;
const CANDLE_KNOWN_MS = 120;
const CALM_CRASH_MS = 8 * 60_000;
const CALM_HALT_MS = 25 * 60_000;
const CALM_RESUME_MS = 27 * 60_000;

export type WorldOptions = {
  readonly seed: number;
  readonly startMs: number;
  readonly chaosMs: number;
  readonly calmMs: number;
  readonly grid: GridCase;
  readonly walk: PriceWalk;
  readonly timed: readonly TimedFault[];
};

/**
 * The world around the process under test, in virtual time: prices, the exchange and its surfaces,
 * the network, the clock, the disk, and everything that goes wrong with them; then calm, in which
 * all must come right.
 */
export class FaultWorld {
  readonly stage: Stage;
  readonly process: BotProcess;
  readonly auditor = new Auditor();
  readonly books: BookAudit;
  readonly #options: WorldOptions;
  readonly #exchange: Exchange;
  readonly #calls: CallLine;
  readonly #streams: StreamLine;
  readonly #hourly: HourlyFaults;
  readonly #observer: Observer | undefined;
  readonly #candles: ClosedCandles;
  #calm: CalmAudit | undefined;
  #endMs = Infinity;
  #lastCandle = -1;

  constructor(
    options: WorldOptions,
    exchange: Exchange,
    maker: BotMaker,
    dice: FaultDice,
    trace: Trace,
    observer?: Observer,
  ) {
    const { seed, startMs, grid } = options;
    this.#options = options;
    this.#observer = observer;
    this.#exchange = exchange;
    this.stage = new Stage(startMs, dice, trace, exchange, grid.instrument.symbol);
    this.#calls = new CallLine(this.stage, seed);
    this.#streams = new StreamLine(this.stage, seed);
    this.process = new BotProcess(
      this.stage,
      maker,
      this.#calls,
      this.#streams,
      this.auditor,
      seed,
      observer,
    );
    this.books = new BookAudit(exchange.truth, grid, this.auditor.createdMs);
    this.#hourly = new HourlyFaults(
      this.stage,
      this.#calls,
      this.#streams,
      this.process,
      this.books,
      grid.qtySteps,
    );
    this.#candles = candlesOf(options.walk, grid.setup.indicators);
  }

  /** Throws the first Violation. */
  run(): void {
    const { stage } = this;
    this.#hourly.begin(this.#options.timed);
    stage.put(0, { t: 'start' });
    stage.put(0, { t: 'price', index: 0 });
    stage.agenda.put((this.#candles.closeMs[0] ?? 0) + CANDLE_KNOWN_MS, { t: 'candle', index: 0 });
    stage.put(this.#options.chaosMs, { t: 'calm' });
    stage.put(OPERATOR_EVERY_MS, { t: 'operator' });
    while (this.#next()) {
      this.books.look();
      this.#observer?.truth(stage.nowMs, this.#exchange.truth);
    }
    const { bot } = this.process;
    if (bot === undefined || this.#calm === undefined) throw new Violation('L4', 'dead at the end');
    this.#calm.end(bot.belief);
    // Twice the time of a run: the starts after crashes have checked it too.
    if (this.#options.seed % FOLDED_SEEDS === 0) this.process.checkFold(bot);
    stage.mix(bot.digest());
  }

  /** False at the end. What is due first comes first; at one ms frames, agenda, the timer. */
  #next(): boolean {
    const { stage, process } = this;
    const timerMs = Math.max(process.timerMs, process.stalledUntilMs);
    const dueMs = Math.min(this.#exchange.nextFrameMs(), stage.agenda.nextMs(), timerMs);
    if (dueMs === Infinity || this.#isOver(dueMs)) return false;
    if (dueMs > stage.nowMs) stage.nowMs = dueMs;
    if (this.#exchange.nextFrameMs() <= dueMs) {
      const { topic, body } = this.#exchange.takeFrame();
      this.#streams.pushPrivate(topic, body);
    } else if (stage.agenda.nextMs() <= dueMs) this.#happen(stage.agenda.take());
    else {
      process.timerMs = Infinity;
      this.#deliver({ t: 'timer', atMs: this.#localMs() });
    }
    return true;
  }

  /** What was booked last is given the time in which it must be known. */
  #isOver(dueMs: number): boolean {
    if (dueMs <= this.#endMs) return false;
    this.#endMs = Math.max(this.#endMs, this.books.lastBookingMs + FILL_KNOWN_MS);
    return dueMs > this.#endMs;
  }

  #happen(happening: Happening): void {
    const { stage, process } = this;
    switch (happening.t) {
      case 'price':
        this.#movePrice(happening.index);
        return;
      case 'candle':
        this.#closeCandle(happening.index);
        return;
      case 'arrive':
        this.#calls.arrive(happening.call);
        return;
      case 'reply':
      case 'giveUp':
        this.#endCall(happening);
        return;
      case 'opened':
      case 'closed':
      case 'frame':
        this.#say(happening);
        return;
      case 'synced':
      case 'syncFailed':
        this.#endSync(happening);
        return;
      case 'start':
        process.start();
        this.#calm?.restarted(stage.nowMs);
        if (this.#lastCandle >= 0) this.#deliverCandle(this.#lastCandle);
        return;
      case 'calmCrash':
        if (this.#calm !== undefined) process.die('a crash in calm');
        return;
      case 'fault':
        this.#hourly.strike(happening.kind);
        return;
      case 'timed':
        this.#hourly.do(happening.kind);
        return;
      case 'handTradeBack':
        this.#hourly.undoHand();
        return;
      case 'operator':
        stage.put(OPERATOR_EVERY_MS, happening);
        if (process.bot?.belief.isTrading === false) this.#control('resume');
        return;
      case 'control':
        this.#control(happening.word);
        return;
      case 'calm':
        this.#beginCalm();
        return;
      case 'audit':
        this.#audit();
        return;
    }
  }

  #movePrice(index: number): void {
    const { walk, grid } = this.#options;
    const { stage } = this;
    const ticks = walk.priceTicks[index] ?? 0;
    this.#exchange.movePrice(stage.nowMs, ticks, ticks, ticks, grid.volumeSteps);
    const nextMs = walk.timesMs[index + 1];
    if (nextMs !== undefined && index + 1 < walk.count) {
      stage.agenda.put(nextMs, { t: 'price', index: index + 1 });
    }
    const price = grid.instrument.formatPrice(ticks);
    const topic = `tickers.${stage.symbol}`;
    // The shell passes on no more of a ticker.
    const data = { lastPrice: price };
    this.#streams.pushPublic(topic, { topic, type: 'snapshot', ts: stage.nowMs, data });
  }

  #closeCandle(index: number): void {
    this.#lastCandle = index;
    const nextMs = this.#candles.closeMs[index + 1];
    if (nextMs !== undefined && index + 1 < this.#candles.count) {
      this.stage.agenda.put(nextMs + CANDLE_KNOWN_MS, { t: 'candle', index: index + 1 });
    }
    this.#deliverCandle(index);
  }

  #deliverCandle(index: number): void {
    this.#deliver({
      t: 'candle',
      atMs: this.#localMs(),
      closeTicks: this.#candles.closeTicks[index] ?? NaN,
      indicators: this.#candles.indicators.map((column) => column[index] ?? NaN),
    });
  }

  #endCall(happening: Extract<Happening, { t: 'reply' | 'giveUp' }>): void {
    const { call } = happening;
    if (call.isOver || call.run !== this.process.run || this.process.bot === undefined) return;
    if (this.#isPutOff(happening)) return;
    call.isOver = true;
    const atMs = this.#localMs();
    if (happening.t === 'giveUp') {
      this.#deliver({ t: 'failed', atMs, call: call.call, why: happening.why });
      return;
    }
    const { status, body, headers } = happening;
    this.#calls.noteReply(call, status, body);
    this.#deliver({
      t: 'reply',
      atMs,
      call: call.call,
      status,
      body,
      ...(headers === undefined ? {} : { headers }),
    });
  }

  #say(happening: Extract<Happening, { t: 'opened' | 'closed' | 'frame' }>): void {
    const { connection } = happening;
    const { socket } = connection;
    if (this.#streams.current(socket) !== connection || this.#isPutOff(happening)) return;
    const atMs = this.#localMs();
    switch (happening.t) {
      case 'opened':
        connection.isOpen = true;
        this.#deliver({ t: 'open', atMs, socket });
        return;
      case 'closed':
        this.#streams.drop(socket);
        this.#deliver({ t: 'close', atMs, socket });
        return;
      case 'frame':
        this.#deliver({ t: 'frame', atMs, socket, body: happening.body });
        return;
    }
  }

  #endSync(happening: Extract<Happening, { t: 'synced' | 'syncFailed' }>): void {
    if (happening.run !== this.process.run || this.process.bot === undefined) return;
    if (this.#isPutOff(happening)) return;
    const atMs = this.#localMs();
    if (happening.t === 'synced') {
      this.process.disk.makeDurable(happening.length);
      this.#deliver({ t: 'synced', atMs, seq: happening.seq });
      return;
    }
    this.#deliver({ t: 'diskFailed', atMs, why: happening.why });
    // What a failed sync has lost cannot be known: the supervisor starts the process anew.
    this.process.die(happening.why);
  }

  /** A process that stands still gets everything later, in order. */
  #isPutOff(happening: Happening): boolean {
    const { stage, process } = this;
    if (stage.nowMs >= process.stalledUntilMs) return false;
    stage.agenda.put(process.stalledUntilMs, happening);
    return true;
  }

  #deliver(input: Input): void {
    if (this.process.bot !== undefined) this.process.handle(input);
  }

  #control(word: 'halt' | 'resume' | 'flatten'): void {
    if (word === 'halt') this.#calm?.halted(this.stage.nowMs);
    if (word === 'resume') this.#calm?.resumed();
    this.#deliver({ t: 'control', atMs: this.#localMs(), word });
  }

  /** Nothing breaks any more; what is broken ends by itself, and then the calm is counted. */
  #beginCalm(): void {
    const { stage } = this;
    stage.dice.isCalm = true;
    stage.clock.mend(stage.nowMs);
    const fromMs = Math.max(stage.nowMs, stage.disturbedUntilMs);
    const { calmMs } = this.#options;
    this.#calm = new CalmAudit(this.#exchange.truth, this.books, this.#options.grid, {
      fromMs,
      wantedFromMs: readyMs(this.#candles) + CANDLE_KNOWN_MS,
    });
    this.#endMs = fromMs + calmMs;
    stage.trace.note(stage.nowMs, 'calm', `counted from ${fromMs - this.#options.startMs} ms on`);
    const { agenda } = stage;
    agenda.put(fromMs, { t: 'control', word: 'resume' });
    agenda.put(fromMs, { t: 'audit' });
    if (calmMs > CALM_CRASH_MS) agenda.put(fromMs + CALM_CRASH_MS, { t: 'calmCrash' });
    if (calmMs > CALM_RESUME_MS) {
      agenda.put(fromMs + CALM_HALT_MS, { t: 'control', word: 'halt' });
      agenda.put(fromMs + CALM_RESUME_MS, { t: 'control', word: 'resume' });
    }
  }

  #audit(): void {
    const { stage, process } = this;
    stage.put(AUDIT_EVERY_MS, { t: 'audit' });
    if (process.bot !== undefined) this.#calm?.look(stage.nowMs, process.bot.belief);
  }

  #localMs(): number {
    return this.stage.clock.read(this.stage.nowMs);
  }
}
