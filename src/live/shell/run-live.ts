import type { Transport, TransportSink } from '../../brokers/transport.ts';
import { LatencyBook } from '../journal/latency-book.ts';
import { compact } from '../journal-files/compaction.ts';
import { nodeDisk } from '../journal-files/journal-disk.ts';
import type { JournalDisk } from '../journal-files/journal-disk.ts';
import { JournalFiles } from '../journal-files/journal-files.ts';
import { ProcessLock } from '../journal-files/process-lock.ts';
import { headerOf } from '../session/journal-writer.ts';
import type { Session } from '../session/session.ts';
import type { SessionOptions } from '../session/options.ts';
import { CandleGate } from './candle-gate.ts';
import type { CandleFeed } from '../../brokers/candle-feed.ts';
import type { Clock } from './clock.ts';
import { foldJournal } from './fold-journal.ts';
import type { LiveLog } from './live-log.ts';
import { LiveProcess } from './live-process.ts';
import type { LiveEnd } from './live-process.ts';
import { LiquidationWatch } from '../watch/liquidation-watch.ts';
import { guarded } from '../watch/onlooker.ts';
import type { Onlooker } from '../watch/onlooker.ts';
import { Reporter } from './reporter.ts';
import { StateFolder } from './state-folder.ts';
import { statusOf } from './status.ts';
import type { LiveStatus } from './status.ts';

export type LiveRun = {
  readonly stateDir: string;
  readonly environment: string;
  readonly options: SessionOptions;
  readonly transport: (sink: TransportSink) => Transport;
  /** A feed that tells no candle that closed by then. */
  readonly candles: (toldUntilMs: number) => CandleFeed;
  /** Interval of the strategy's candles; 0 where it needs none. */
  readonly candleMs: number;
  /** Exits must be looked after even where no candle can be had: from then on without. */
  readonly historyWithinMs: number;
  /** What a status says beside what is so now: deployment, version, waivers. */
  readonly about: Readonly<Record<string, unknown>>;
  readonly clock: Clock;
  readonly log: LiveLog;
  /** How large a file of the journal may grow. */
  readonly rotateBytes: number;
  /** Closed files to keep; Infinity for all. */
  readonly keepFiles: number;
  readonly disk?: JournalDisk;
  /** Page, alerts, screen: told what happens, and once a second how it stands. */
  readonly onlookers?: readonly Onlooker[];
  /** How often wishes are looked for; 250 where nothing else is said. */
  readonly lookEveryMs?: number;
  /** Told how to stop the process before it starts. */
  readonly onStart?: (handle: LiveHandle) => void;
};

export type LiveHandle = {
  readonly process: LiveProcess;
  readonly stop: (why: string) => void;
  readonly status: () => LiveStatus;
};

const LOOK_EVERY_MS = 250;
const STATUS_EVERY_MS = 1_000;
const TOUCH_EVERY_MS = 5_000;
const KEPT_LEGS = 200;

/** One life of the process, from the lock to the last line. */
export async function runLive(run: LiveRun): Promise<LiveEnd> {
  const folder = new StateFolder(run.stateDir);
  folder.create();
  const lock = ProcessLock.take(run.stateDir, run.clock.nowMs());
  try {
    const life = new Life(run, folder, lock);
    run.onStart?.(life.handle);
    return await life.live();
  } finally {
    lock.release();
  }
}

class Life {
  readonly handle: LiveHandle;
  readonly #run: LiveRun;
  readonly #folder: StateFolder;
  readonly #lock: ProcessLock;
  readonly #files: JournalFiles;
  readonly #reporter: Reporter;
  readonly #process: LiveProcess;
  readonly #gate: CandleGate;
  readonly #boot: () => void;
  readonly #candleMs: number;
  readonly #session: Session;
  #isBooted = false;
  readonly #onlookers: readonly Onlooker[];
  #statusMs = -Infinity;
  #touchMs = -Infinity;
  #packing: Promise<void> = Promise.resolve();

  constructor(run: LiveRun, folder: StateFolder, lock: ProcessLock) {
    this.#run = run;
    this.#folder = folder;
    this.#lock = lock;
    const { options, clock, log } = run;
    const { files, found } = JournalFiles.open(
      folder.journalDir,
      options.deployment,
      run.disk ?? nodeDisk,
      {
        synced: (seq) => this.#process.synced(seq),
        failed: (why) => this.#process.diskFailed(why),
      },
    );
    this.#files = files;
    const { session, lines } = foldJournal(files, found, options);
    this.#session = session;
    const latency = new LatencyBook(KEPT_LEGS);
    const book = {
      acted: (...[input, effects]: Parameters<Reporter['acted']>) => latency.take(input, effects),
    };
    const liquidation = new LiquidationWatch(options.instrument.symbol);
    this.#onlookers = (run.onlookers ?? []).map((each) => guarded(each, log));
    const acted = this.#onlookers.map((each) => ({
      acted: (...[input, effects]: Parameters<Reporter['acted']>) => each.acted?.(input, effects),
    }));
    this.#reporter = new Reporter(session, log, [book, liquidation, ...acted]);
    for (const line of lines) this.#reporter.said(`journal: ${line}`);
    const process = new LiveProcess({
      session,
      files,
      header: headerOf(options),
      transport: run.transport,
      clock,
      watch: this.#reporter,
      rotateBytes: run.rotateBytes,
      rotated: () => this.#pack(),
    });
    this.#process = process;
    this.#gate = new CandleGate(
      run.candleMs,
      (candle) => process.candle(candle),
      () => this.#boot(),
    );
    this.#candleMs = session.candleMs;
    this.#boot = () => {
      const history = this.#gate.isOpen ? [] : this.#gate.open();
      const isFirst = !session.engine.started;
      // Before its first start the engine only warms up; later it does so while it recovers.
      if (isFirst) for (const candle of history) process.candle(candle);
      this.#bareBoot();
      if (!isFirst) for (const candle of history) process.candle(candle);
    };
    const status = (): LiveStatus => {
      const { alarms, alarmCount } = this.#reporter;
      const { environment } = run;
      const nowMs = clock.nowMs();
      const { about } = run;
      const { price: liquidationPrice } = liquidation;
      return statusOf({
        session,
        latency,
        nowMs,
        environment,
        about,
        alarms,
        alarmCount,
        liquidationPrice,
      });
    };
    this.handle = { process, stop: (why) => process.stop(why), status };
  }

  async live(): Promise<LiveEnd> {
    const { clock, lookEveryMs = LOOK_EVERY_MS } = this.#run;
    const candles = this.#run.candles(this.#candleMs);
    const lookTimer = clock.timer();
    const historyTimer = clock.timer();
    const look = (): void => {
      this.#look();
      lookTimer.wakeAt(clock.nowMs() + lookEveryMs, look);
    };
    historyTimer.wakeAt(clock.nowMs() + this.#run.historyWithinMs, () => {
      if (this.#gate.isOpen) return;
      this.#reporter.said('no candle history yet: starting without it, to look after what stands');
      this.#bareBoot();
    });
    candles.start((candle) => this.#gate.take(candle, clock.nowMs()));
    // No candle has closed since the last one that is known, or none is needed.
    if (this.#candleMs + this.#run.candleMs > clock.nowMs() || this.#run.candleMs === 0)
      this.#boot();
    look();
    const end = await this.#process.ended;
    lookTimer.wakeAt(Infinity, look);
    historyTimer.wakeAt(Infinity, look);
    await candles.close();
    await this.#packing;
    this.#writeStatus({ state: 'STOPPED', end: end.line });
    return end;
  }

  /** With the history once it is there, as after a restart: nothing is decided on old candles. */
  #bareBoot(): void {
    this.#isBooted = true;
    this.#process.boot(this.#session.runs + 1, this.#run.options.version);
    // What was asked for while no process ran is heard before anything can be entered.
    this.#hearCommands();
  }

  /** Wishes, life signs, status: what does not come as an input. */
  #look(): void {
    const nowMs = this.#run.clock.nowMs();
    if (this.#isBooted) this.#hearCommands();
    if (nowMs >= this.#touchMs + TOUCH_EVERY_MS) {
      this.#touchMs = nowMs;
      this.#lock.touch(nowMs);
    }
    if (nowMs < this.#statusMs + STATUS_EVERY_MS) return;
    this.#statusMs = nowMs;
    this.#writeStatus({});
  }

  #hearCommands(): void {
    for (const word of this.#folder.takeCommands()) this.#process.control(word);
  }

  #writeStatus(more: Partial<Pick<LiveStatus, 'end' | 'state'>>): void {
    const status = { ...this.handle.status(), ...more };
    for (const each of this.#onlookers) each.looked?.(status);
    try {
      this.#folder.writeStatus(status);
    } catch (error) {
      // A status that cannot be written stops nobody from trading; a journal does, by itself.
      const why = error instanceof Error ? error.message : String(error);
      this.#run.log.warn({ why }, 'the status cannot be written');
    }
  }

  #pack(): void {
    const { log, keepFiles } = this.#run;
    this.#packing = this.#packing
      .then(() => compact(this.#files.closed(), keepFiles))
      .then((lines) => lines.forEach((line) => log.info({}, `journal: ${line}`)))
      .catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        log.warn({ why }, 'the journal cannot be packed');
      });
  }
}
