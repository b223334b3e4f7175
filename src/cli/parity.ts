import { join } from 'node:path';
import { rmSync } from 'node:fs';
import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { DEFAULT_PATIENCE } from '../engine/patience.ts';
import { botConfigOf, identityOf } from '../live/deployment/bot-of.ts';
import type { Deployment } from '../live/deployment/manifest.ts';
import { openDeployment, readDeployment } from '../live/deployment/read-deployment.ts';
import { hastyDisk } from '../live/journal-files/prompt-disk.ts';
import { compareRuns } from '../live/parity/compare.ts';
import type { Parity } from '../live/parity/compare.ts';
import { tradingRecords } from '../live/parity/story.ts';
import type { NumberedRecord } from '../live/journal/record.ts';
import { sessionOptionsOf } from '../live/session/session-of.ts';
import type { LiveLog } from '../live/shell/live-log.ts';
import type { MovedVenue } from '../live/virtual/moved-venue.ts';
import type { HostOptions } from '../venue/host/options.ts';
import { EMULATED_OPTIONS, emulatedMarket } from './emulator-market.ts';
import { segmentsOf } from './journal-reader.ts';
import { runMoved } from './moved-live.ts';
import { parityLines } from './parity-text.ts';
import { pacedRun } from './parity-paced.ts';
import { hostedVenue, wiredVenue } from './parity-venues.ts';
import { choiceValue, decimalValue } from './run-values.ts';
import { withRunValues } from './run-options.ts';
import type { RunArguments } from './run-options.ts';

const OWN_OPTIONS = {
  deployment: 'what lockstep promote wrote',
  out: "the two runs' state folders are put there, in place of earlier ones (default parity)",
  time: 'virtual, or real: the second run against the clock, and what that changes',
  speed: 'venue seconds a second, where time is real (default 60)',
  margin: 'isolated or cross (default isolated)',
  tick: 'ms between mark prices and tickers (default 10000)',
} as const;
type OwnName = keyof typeof OWN_OPTIONS;
type ParityArguments = RunArguments & {
  readonly [Name in OwnName]?: string | readonly string[] | undefined;
};

const PLACES = ['in-process', 'wire'] as const;
const ROTATE_BYTES = 64_000_000;

export function addParityCommand(program: Argv): Argv {
  return program.command(
    'parity',
    'Trade a deployment twice, in one process and over the wire, and compare the journals',
    (command) => {
      let options = withRunValues(command, EMULATED_OPTIONS) as Argv<unknown>;
      for (const [name, describe] of Object.entries(OWN_OPTIONS))
        options = options.option(name, { type: 'string', requiresArg: true, describe });
      return options.option('synthetic', {
        type: 'boolean',
        describe: 'use the synthetic series even where there is a real one',
      }) as unknown as Argv<ParityArguments>;
    },
    async (args) => {
      process.exitCode = await parity(args);
    },
  );
}

/** 1 where moved time does not give the same run twice. */
async function parity(args: ParityArguments): Promise<number> {
  const own = (name: OwnName): string | undefined => {
    const value = args[name];
    if (Array.isArray(value)) throw new InputError(`--${name} is given twice: keep one`);
    return value as string | undefined;
  };
  const file = own('deployment');
  if (file === undefined) throw new InputError('--deployment is missing: give the file');
  const deployment = openDeployment(file, readDeployment(file).environment);
  const time = choiceValue('--time', own('time') ?? 'virtual', ['virtual', 'real'] as const);
  if (time === 'virtual' && own('speed') !== undefined)
    throw new InputError('--speed goes with --time real: virtual time is as fast as it can be');
  const speed = decimalValue('--speed', own('speed') ?? '60', 0.001, 100_000);
  const margin = choiceValue('--margin', own('margin') ?? 'isolated', [
    'isolated',
    'cross',
  ] as const);
  const { host } = await emulatedMarket(args, margin, own('tick') ?? '10000');
  const run = { deployment, host, margin, out: own('out') ?? 'parity' };
  await inMovedTime(run, 'in-process', await hostedVenue(host));
  if (time === 'virtual') await inMovedTime(run, 'wire', await wiredVenue(host));
  else {
    const { options } = sessionFor(deployment);
    const stateDir = emptied(run, 'wire');
    const { indicatorsStartMs } = deployment.candles;
    say(await pacedRun({ host, margin, options, indicatorsStartMs, stateDir, speed, log: quiet }));
  }
  const compared = comparedIn(run.out, deployment);
  const second = time === 'virtual' ? 'wire' : `wire at speed ${speed}`;
  for (const line of parityLines(compared, ['in process', second])) say(line);
  if (time === 'virtual') return compared.difference === undefined ? 0 : 1;
  say('real time: what arrives a few ms earlier or later is decided on a few ms earlier or later');
  return 0;
}

type Runs = {
  readonly deployment: Deployment;
  readonly host: HostOptions;
  readonly margin: 'isolated' | 'cross';
  readonly out: string;
};

async function inMovedTime(
  run: Runs,
  place: (typeof PLACES)[number],
  venue: MovedVenue,
): Promise<void> {
  const beganMs = performance.now();
  const { deployment, host, margin } = run;
  try {
    const end = await runMoved({
      venue,
      stateDir: emptied(run, place),
      options: sessionFor(deployment).options,
      indicatorsStartMs: deployment.candles.indicatorsStartMs,
      margin,
      untilMs: host.endMs,
      about: { deployment: deployment.deployment },
      log: quiet,
      disk: hastyDisk,
      rotateBytes: ROTATE_BYTES,
      keepFiles: Infinity,
    });
    const hours = ((host.endMs - host.startMs) / 3_600_000).toFixed(1);
    const took = ((performance.now() - beganMs) / 1_000).toFixed(1);
    say(`${place}: ${hours} hours in ${took} s; ${end.line}`);
    if (end.code !== 0) throw new InputError(`the run ${place} did not end well: ${end.line}`);
  } finally {
    await venue.close();
  }
}

function emptied({ out }: Runs, place: string): string {
  const dir = join(out, place);
  rmSync(dir, { recursive: true, force: true });
  return dir;
}

function sessionFor(deployment: Deployment): {
  readonly options: ReturnType<typeof sessionOptionsOf>;
} {
  const config = botConfigOf(deployment, DEFAULT_PATIENCE);
  return { options: sessionOptionsOf(config, identityOf(deployment)) };
}

function comparedIn(out: string, deployment: Deployment): Parity {
  const { options } = sessionFor(deployment);
  const [first, second] = PLACES.map((place) =>
    tradingRecords(recordsIn(join(out, place)), options),
  );
  return compareRuns(first ?? [], second ?? []);
}

function* recordsIn(stateDir: string): Generator<NumberedRecord> {
  for (const { records } of segmentsOf(stateDir)) yield* records;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const quiet: LiveLog = {
  say: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
