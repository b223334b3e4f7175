import { basename, extname } from 'node:path';
import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { writeAtomic } from '../feeds/atomic-write.ts';
import { checkProfile, loadProfile } from '../feeds/profiles.ts';
import { measuredProfile, quantilesOf } from '../live/journal/latency-profile.ts';
import { LatencySampler, MEASURED } from '../live/journal/latency-samples.ts';
import type { LatencySamples } from '../live/journal/latency-samples.ts';
import { Replay } from '../live/session/replay.ts';
import { optionsOf, timedRecords } from './journal-reader.ts';

const FEWEST = 30;
const LONGEST_DELAY_MS = 3_600_000;

type CalibrateArguments = {
  readonly journal: string;
  readonly out: string;
  readonly base: string;
  readonly minSamples: number;
};

export function addCalibrateCommand(program: Argv): Argv {
  const text = { type: 'string', requiresArg: true } as const;
  return program.command(
    'calibrate <journal>',
    'Turn the delays of a live journal into an execution profile',
    (command) =>
      command
        .positional('journal', {
          type: 'string',
          demandOption: true,
          describe: 'a state folder, its journal folder, or a file',
        })
        .option('out', { ...text, demandOption: true, describe: 'the profile, for --execution' })
        .option('base', {
          ...text,
          default: 'home',
          describe: 'where spread, slippage and the like are taken from',
        })
        .option('min-samples', {
          type: 'number',
          default: FEWEST,
          describe: 'fewer of any leg are refused',
        }),
    (args) => calibrate(args),
  );
}

function calibrate({ journal, out, base, minSamples }: CalibrateArguments): void {
  if (!Number.isInteger(minSamples) || minSamples < 2)
    throw new InputError(`--min-samples ${minSamples}: at least 2`);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const { profile: kept } = loadProfile(base);
  const name = basename(out, extname(out)).slice(0, 64);
  const { samples, difference } = samplesOf(journal);
  for (const line of sampleLines(samples)) say(line);
  if (difference !== undefined) say(`only up to where it plays otherwise: ${difference}`);
  const measured = measuredProfile(samples, kept, name, minSamples);
  if (!measured.ok)
    throw new InputError(
      `${journal}: too few samples for a profile (${measured.lacking.join(', ')}, ` +
        `each needs ${minSamples}): trade longer, or lower --min-samples`,
    );
  for (const note of measured.notes) say(note);
  const written = JSON.stringify(measured.profile, undefined, 2);
  checkProfile(JSON.parse(written), out);
  writeAtomic(out, [new TextEncoder().encode(`${written}\n`)]);
  say(`${out}: use it with --execution ${out}`);
}

function samplesOf(path: string): { samples: LatencySamples; difference: string | undefined } {
  const sampler = new LatencySampler();
  const play = new Replay(optionsOf(path), (input, effects) => sampler.take(input, effects));
  for (const { record } of timedRecords(path)) play.take(record);
  const { ms, offsetMs } = sampler.samples();
  // A read of last week's executions after a holiday is no delay of the way.
  const kept = MEASURED.map((leg) => [leg, ms[leg].filter((each) => each <= LONGEST_DELAY_MS)]);
  const samples = { ms: Object.fromEntries(kept) as LatencySamples['ms'], offsetMs };
  return { samples, difference: play.difference?.what };
}

function sampleLines({ ms, offsetMs }: LatencySamples): string[] {
  const rows = MEASURED.map((leg) => {
    const at = ms[leg].length === 0 ? [] : quantilesOf(ms[leg], 101);
    const cells = [50, 90, 99, 100].map((share) => (at[share]?.toFixed(1) ?? '-').padStart(10));
    return `${leg.padEnd(16)}${String(ms[leg].length).padStart(8)}${cells.join('')}`;
  });
  const { least, most } = offsetMs;
  const clock = Number.isFinite(least)
    ? `the venue's clock is ahead by ${least.toFixed(0)} to ${most.toFixed(0)} ms`
    : 'no request was answered with a time';
  const head = ['p50 ms', 'p90', 'p99', 'most'].map((each) => each.padStart(10)).join('');
  return [`${'leg'.padEnd(16)}${'samples'.padStart(8)}${head}`, ...rows, clock];
}
