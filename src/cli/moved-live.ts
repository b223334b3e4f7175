import { ClockOffset } from '../brokers/bybit/clock-offset.ts';
import { KlineFeed } from '../brokers/bybit/kline-feed.ts';
import type { JournalDisk } from '../live/journal-files/journal-disk.ts';
import type { SessionOptions } from '../live/session/options.ts';
import type { LiveLog } from '../live/shell/live-log.ts';
import type { LiveEnd } from '../live/shell/live-process.ts';
import { runLive } from '../live/shell/run-live.ts';
import type { LiveHandle, LiveRun } from '../live/shell/run-live.ts';
import type { MovedVenue } from '../live/virtual/moved-venue.ts';
import { checkAccount } from './live-broker.ts';

export type MovedRun = {
  readonly venue: MovedVenue;
  readonly stateDir: string;
  readonly options: SessionOptions;
  readonly indicatorsStartMs: number;
  readonly margin: 'isolated' | 'cross';
  /** The process is stopped then. */
  readonly untilMs: number;
  readonly about: LiveRun['about'];
  readonly log: LiveLog;
  /** One whose syncs are over at once: time waits for nothing else. */
  readonly disk: JournalDisk;
  readonly rotateBytes: number;
  readonly keepFiles: number;
  readonly onStart?: (handle: LiveHandle) => void;
};

const HISTORY_WITHIN_MS = 20_000;
/** Of venue time, which passes far faster than a person waits. */
const LOOK_EVERY_MS = 600_000;

/** One life of the process at a venue whose time it moves: nothing in it depends on how fast. */
export async function runMoved(run: MovedRun): Promise<LiveEnd> {
  const { venue, options, margin, log } = run;
  const { instrument, setup } = options;
  const { clock } = venue;
  const clockOffset = new ClockOffset((request) => venue.ask(request));
  const asker = { ask: venue.ask.bind(venue), clock: clockOffset };
  const expected = { environment: 'emulator', instrument, margin, checksClock: false } as const;
  await checkAccount(asker, expected, log);
  const over = runLive({
    stateDir: run.stateDir,
    environment: 'emulator',
    options,
    transport: (sink) => venue.transport(sink, 'private'),
    candles: (toldUntilMs) =>
      new KlineFeed({
        instrument,
        needs: setup.indicators,
        startMs: run.indicatorsStartMs,
        toldUntilMs,
        clock,
        transport: (sink) => venue.transport(sink, 'public'),
        problem: (text) => log.warn({}, `candles: ${text}`),
      }),
    candleMs: setup.indicators[0]?.intervalMs ?? 0,
    historyWithinMs: HISTORY_WITHIN_MS,
    about: run.about,
    clock,
    log,
    rotateBytes: run.rotateBytes,
    keepFiles: run.keepFiles,
    disk: run.disk,
    lookEveryMs: LOOK_EVERY_MS,
    onStart: (handle) => {
      clock.timer().wakeAt(run.untilMs, () => {
        handle.stop('the period is over');
      });
      run.onStart?.(handle);
    },
  });
  return venue.moveUntil(over);
}
