import { join } from 'node:path';
import type { Argv } from 'yargs';
import { BybitTransport, ORDER_ENTRIES } from '../brokers/bybit/bybit-transport.ts';
import { forgetKeys, loadCredentials } from '../brokers/bybit/credentials.ts';
import { ENVIRONMENTS, endpointsOf } from '../brokers/bybit/environments.ts';
import { InputError } from '../engine/invariant.ts';
import { DEFAULT_PATIENCE } from '../engine/patience.ts';
import { botConfigOf, identityOf } from '../live/deployment/bot-of.ts';
import type { Deployment } from '../live/deployment/manifest.ts';
import { openDeployment, readDeployment } from '../live/deployment/read-deployment.ts';
import { sessionOptionsOf } from '../live/session/session-of.ts';
import { concessionLines } from '../live/deployment/verdict-text.ts';
import { runLive } from '../live/shell/run-live.ts';
import type { LiveHandle } from '../live/shell/run-live.ts';
import type { LiveStatus } from '../live/shell/status.ts';
import { Terminal } from '../live/watch/terminal.ts';
import { hiding } from '../brokers/bybit/redaction.ts';
import { movedLive } from './live-moved.ts';
import { checkedBroker, checkedMarket, klineFeedOf } from './live-broker.ts';
import { dryRunTransport, pricesOf } from './live-dry-run.ts';
import { openLog } from './live-log.ts';
import { openWatchers, readWatchSettings, watchOptions } from './live-watch.ts';
import type { WatchArguments } from './live-watch.ts';

const LIVE_ENVIRONMENTS = ['dry-run', ...ENVIRONMENTS] as const;
type LiveEnvironment = (typeof LIVE_ENVIRONMENTS)[number];

type LiveArguments = {
  readonly deployment: string;
  readonly env: LiveEnvironment;
  readonly stateDir: string | undefined;
  readonly keyFile: string | undefined;
  readonly baseUrl: string | undefined;
  readonly wsUrl: string | undefined;
  readonly orderEntry: (typeof ORDER_ENTRIES)[number];
  readonly margin: 'isolated' | 'cross';
  readonly speed: number;
  readonly control: string | undefined;
  readonly rotateMb: number;
  readonly keepFiles: number | undefined;
} & WatchArguments;

const HISTORY_WITHIN_MS = 20_000;
const BYTES_A_MB = 1_000_000;

export function addLiveCommand(program: Argv): Argv {
  return program.command('live', 'Trade a deployment', liveOptions, async (args) => {
    process.exitCode = await live(args as unknown as LiveArguments);
  });
}

function liveOptions(command: Argv): Argv {
  const text = { type: 'string', requiresArg: true } as const;
  return watchOptions(command)
    .option('deployment', { ...text, demandOption: true, describe: 'what lockstep promote wrote' })
    .option('env', {
      choices: LIVE_ENVIRONMENTS,
      demandOption: true,
      describe: 'where to trade; dry-run: live prices, fills in this process',
    })
    .option('state-dir', { ...text, describe: 'journal, status, lock (default live/ID)' })
    .option('key-file', { ...text, describe: 'owner-only JSON; else from the environment' })
    .option('base-url', { ...text, describe: 'REST of an emulator or a regional host' })
    .option('ws-url', { ...text, describe: 'streams of an emulator or a regional host' })
    .option('order-entry', {
      choices: ORDER_ENTRIES,
      default: 'rest',
      describe: 'how orders go out',
    })
    .option('margin', { choices: ['isolated', 'cross'], default: 'isolated', describe: 'expected' })
    .option('speed', {
      type: 'number',
      default: 1,
      describe: "the emulator's venue seconds a second",
    })
    .option('control', { ...text, describe: "an emulator's control port: its time is moved by us" })
    .option('rotate-mb', { type: 'number', default: 64, describe: 'size of a journal file' })
    .option('keep-files', {
      type: 'number',
      describe: 'closed journal files to keep (default all)',
    });
}

async function live(args: LiveArguments): Promise<number> {
  const deployment = openedFor(args.env, args.deployment);
  const config = botConfigOf(deployment, DEFAULT_PATIENCE);
  const options = sessionOptionsOf(config, identityOf(deployment));
  const { env, baseUrl, wsUrl } = args;
  const { category } = config.instrument;
  const isDry = env === 'dry-run';
  const endpoints = isDry
    ? pricesOf(category, { baseUrl, wsUrl })
    : endpointsOf(env, category, { baseUrl, wsUrl });
  const credentials = isDry ? undefined : await loadCredentials(process.env, args.keyFile);
  forgetKeys(process.env);
  const stateDir = args.stateDir ?? join('live', deployment.deployment);
  const terminal = new Terminal(process.stdout, Date.now);
  const settings = await readWatchSettings(stateDir, args);
  const ofKey = credentials === undefined ? [] : [credentials.key, credentials.secret];
  const redact = hiding([...ofKey, ...settings.secrets]);
  const { log, close } = openLog(join(stateDir, 'live.log'), redact, terminal);
  const { instrument, setup } = options;
  const { symbol } = instrument;
  const speaker = { symbol, environment: args.env, deployment: deployment.deployment };
  const watchers = await openWatchers(stateDir, settings, speaker, log);
  try {
    log.say(
      `${deployment.strategy} on ${instrument.symbol}, ${args.env}, deployment ${deployment.deployment}`,
    );
    for (const line of [...concessionLines(deployment), ...watchers.lines]) log.say(line);
    const { margin, speed, orderEntry } = args;
    const { environment } = endpoints;
    const files = {
      rotateBytes: args.rotateMb * BYTES_A_MB,
      keepFiles: args.keepFiles ?? Infinity,
    };
    const about = aboutOf(deployment);
    if (args.control !== undefined) {
      if (environment !== 'emulator' || credentials === undefined)
        throw new InputError(`--control is an emulator's: time in ${env} is what it is`);
      const { indicatorsStartMs } = deployment.candles;
      const moved = { controlUrl: args.control, keyFile: args.keyFile, endpoints, credentials };
      const run = { stateDir, options, indicatorsStartMs, margin, about, log, ...files };
      const onStart = (handle: LiveHandle): void => {
        for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => handle.stop(signal));
      };
      const { code, line } = await movedLive({ ...moved, ...run, onStart });
      log.say(line);
      return code;
    }
    const parts = { endpoints, instrument, margin, speed, environment, log };
    const { clock } =
      credentials === undefined
        ? await checkedMarket(parts)
        : await checkedBroker({ ...parts, credentials });
    const handles: LiveHandle[] = [];
    const stop = (why: string): void => handles.forEach((handle) => handle.stop(why));
    const fail = (error: unknown): void => handles.forEach(({ process }) => process.fail(error));
    process.on('SIGINT', () => stop('SIGINT'));
    process.on('SIGTERM', () => stop('SIGTERM'));
    process.on('uncaughtException', fail);
    process.on('unhandledRejection', fail);
    const measuresClock = environment !== 'emulator';
    const { capitalMoney } = config;
    const dry = { ...parts, deployment, capitalMoney, stateDir, clock };
    const notice = (text: { readonly code: string; readonly text: string }): void =>
      log.warn({ notice: text.code }, text.text);
    const end = await runLive({
      stateDir,
      environment: env,
      options,
      transport: (sink) =>
        isDry
          ? dryRunTransport(dry, sink)
          : new BybitTransport({ endpoints, credentials, orderEntry, measuresClock, notice }, sink),
      candles: (toldUntilMs) =>
        klineFeedOf({
          endpoints,
          instrument,
          needs: setup.indicators,
          startMs: deployment.candles.indicatorsStartMs,
          toldUntilMs,
          clock,
          log,
        }),
      candleMs: setup.indicators[0]?.intervalMs ?? 0,
      historyWithinMs: HISTORY_WITHIN_MS * speed,
      about,
      onlookers: [terminal, ...watchers.onlookers],
      clock,
      log,
      ...files,
      onStart: (handle) => void handles.push(handle),
    });
    log.say(end.line);
    log.info({ code: end.code }, end.line);
    return end.code;
  } finally {
    await watchers.close();
    close();
  }
}

/** An emulator takes every deployment, and demo what was promoted to testnet. */
function openedFor(environment: LiveEnvironment, path: string): Deployment {
  if (environment === 'emulator') return openDeployment(path, readDeployment(path).environment);
  return openDeployment(path, environment === 'demo' ? 'testnet' : environment);
}

function aboutOf(deployment: Deployment): Partial<LiveStatus> {
  const { deployment: id, strategy, sha256, code } = deployment;
  const concessions = concessionLines(deployment);
  return { deployment: id, strategy, configHash: sha256, version: code.version, concessions };
}
