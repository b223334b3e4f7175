import { mkdirSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv } from 'yargs';
import type { Secret } from '../brokers/bybit/secret.ts';
import { writeAtomic } from '../feeds/atomic-write.ts';
import type { Alert } from '../live/alerts/alert.ts';
import type { AlertSettings } from '../live/alerts/alert-file.ts';
import { readAlertFile, secretsOf } from '../live/alerts/alert-file.ts';
import { AlertPost } from '../live/alerts/alert-post.ts';
import { AlertRules } from '../live/alerts/alert-rules.ts';
import { channelsOf } from '../live/alerts/channel.ts';
import type { Speaker } from '../live/alerts/channel.ts';
import { DailySummary, dayIn } from '../live/alerts/daily-summary.ts';
import type { DayStart, DayStore } from '../live/alerts/daily-summary.ts';
import { Heartbeat } from '../live/alerts/heartbeat.ts';
import { PageServer } from '../live/page/page-server.ts';
import { pageToken } from '../live/page/page-token.ts';
import type { LiveLog } from '../live/shell/live-log.ts';
import { StateFolder } from '../live/shell/state-folder.ts';
import { MeterBook } from '../live/watch/meter-book.ts';
import type { Onlooker } from '../live/watch/onlooker.ts';

export type WatchArguments = {
  readonly pagePort: number | undefined;
  readonly alerts: string | undefined;
  readonly tz: string;
};

/** Read before anything is said, so that nothing of it can be said. */
export type WatchSettings = {
  readonly pagePort: number | undefined;
  readonly token: Secret | undefined;
  readonly alerts: AlertSettings | undefined;
  readonly timeZone: string;
  readonly secrets: readonly Secret[];
};

/** Whoever looks on from outside the process, and how to let them go. */
export type Watchers = {
  readonly onlookers: readonly Onlooker[];
  readonly lines: readonly string[];
  readonly close: () => Promise<void>;
};

export function watchOptions(command: Argv): Argv {
  return command
    .option('page-port', {
      type: 'number',
      requiresArg: true,
      describe: 'status page and metrics on loopback; 0 takes a free port',
    })
    .option('alerts', {
      type: 'string',
      requiresArg: true,
      describe: 'owner-only JSON: webhook, telegram, heartbeat',
    })
    .option('tz', {
      type: 'string',
      requiresArg: true,
      default: 'UTC',
      describe: 'whose days the daily summary tells',
    });
}

export async function readWatchSettings(
  stateDir: string,
  { pagePort, alerts: file, tz: timeZone }: WatchArguments,
): Promise<WatchSettings> {
  mkdirSync(stateDir, { recursive: true });
  dayIn(timeZone);
  const token = pagePort === undefined ? undefined : await pageToken(stateDir);
  const alerts = file === undefined ? undefined : await readAlertFile(file);
  const secrets = alerts === undefined ? [] : secretsOf(alerts);
  const all = token === undefined ? secrets : [...secrets, token];
  return { pagePort, token, alerts, timeZone, secrets: all };
}

export async function openWatchers(
  stateDir: string,
  settings: WatchSettings,
  speaker: Speaker,
  log: LiveLog,
): Promise<Watchers> {
  const { pagePort = 0, token, alerts, timeZone } = settings;
  const onlookers: Onlooker[] = [];
  const closes: (() => Promise<void>)[] = [];
  const lines: string[] = [];
  if (token !== undefined) {
    const meters = new MeterBook();
    const halt = (): void => new StateFolder(stateDir).ask('halt');
    const page = await PageServer.open({ port: pagePort, token, meters, halt });
    onlookers.push(meters, page);
    closes.push(() => page.close());
    lines.push(`status page ${page.url} (its token is in ${stateDir}/page-token)`);
  }
  const url = alerts?.heartbeat?.url;
  const where = url === undefined ? {} : { url };
  const heartbeat = new Heartbeat({ stateDir, ...where, log, nowMs: Date.now });
  onlookers.push(heartbeat);
  closes.push(() => heartbeat.close());
  if (alerts !== undefined) {
    const channels = channelsOf(alerts, speaker);
    const post = new AlertPost(channels, log, Date.now);
    onlookers.push(...alertersOf(stateDir, alerts, timeZone, (alert) => post.take(alert)));
    closes.push(() => post.close());
    lines.push(`alerts go to: ${channels.map(({ name }) => name).join(', ') || 'nobody'}`);
  }
  const close = async (): Promise<void> => {
    await Promise.all(closes.map((each) => each()));
  };
  return { onlookers, lines, close };
}

function alertersOf(
  stateDir: string,
  { liquidationPercent, diskFreeMb }: AlertSettings,
  timeZone: string,
  emit: (alert: Alert) => void,
): Onlooker[] {
  const limits = { liquidationPercent, diskFreeBytes: diskFreeMb * 1e6 };
  const freeBytes = (): number => {
    const { bavail, bsize } = statfsSync(stateDir);
    return bavail * bsize;
  };
  const summary = new DailySummary(timeZone, dayStore(join(stateDir, 'day.json')), emit);
  return [new AlertRules(limits, freeBytes, emit), summary];
}

function dayStore(path: string): DayStore {
  return {
    read: () => {
      try {
        return JSON.parse(readFileSync(path, 'utf8')) as DayStart;
      } catch {
        // None yet, or none that can be read: the day then begins now.
        return undefined;
      }
    },
    write: (start) => writeAtomic(path, [new TextEncoder().encode(JSON.stringify(start))]),
  };
}
