import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { writeAtomic } from '../feeds/atomic-write.ts';
import { Coverage } from '../laboratory/coverage.ts';
import { parseFaults, planText } from '../laboratory/fault-plan.ts';
import { possiblePairs } from '../laboratory/possible-pairs.ts';
import type { SeedResult } from '../laboratory/run-seed.ts';
import { SeedTotals } from '../laboratory/seed-totals.ts';
import { shrink } from '../laboratory/shrink.ts';
import { RULES } from '../laboratory/violation.ts';
import { buildCommit } from './build-commit.ts';
import { simulateLives } from './simulate-lives.ts';
import { planOf, runPlan } from './simulate-seed.ts';
import type { SeedRequest } from './simulate-seed.ts';
import { seedOutcomes, serveSeeds } from './simulate-workers.ts';

const MS_PER_HOUR = 3_600_000;
const MS_PER_LINE = 5_000;

type SimulateArguments = {
  seed: number;
  seeds: string | undefined;
  faults: string | undefined;
  hours: number;
  trace: boolean;
  shrink: boolean;
  coverage: boolean;
  'keep-going': boolean;
  brief: boolean;
  journal: string | undefined;
  workers: number;
  worker: boolean;
  exhaustive: boolean;
  messages: number;
};

export function addSimulateCommand(program: Argv): Argv {
  return program.command(
    'simulate',
    'Break everything around the trading process, seed by seed, and check that nothing is lost',
    (command) =>
      command
        .option('seed', { type: 'number', default: 1, describe: 'the run: one seed' })
        .option('seeds', { type: 'string', describe: 'many runs: first..last' })
        .option('faults', { type: 'string', describe: 'only these faults or families; none' })
        .option('hours', { type: 'number', default: 6, describe: 'hours of chaos' })
        .option('trace', { type: 'boolean', default: false, describe: 'print all that happens' })
        .option('shrink', { type: 'boolean', default: false, describe: 'look for a smaller plan' })
        .option('coverage', { type: 'boolean', default: false, describe: 'what each fault struck' })
        .option('keep-going', { type: 'boolean', default: false, describe: 'past a broken rule' })
        .option('journal', { type: 'string', requiresArg: true, describe: 'write it: one seed' })
        .option('brief', { type: 'boolean', default: false, describe: 'one line a broken rule' })
        .option('workers', {
          type: 'number',
          default: 1,
          describe: 'processes that share the seeds',
        })
        .option('exhaustive', {
          type: 'boolean',
          default: false,
          describe: 'every case of an order',
        })
        .option('messages', { type: 'number', default: 4, describe: 'of an order, at most' })
        .option('worker', { type: 'boolean', default: false, hidden: true }),
    async (args) => {
      if (args.worker) serveSeeds();
      else if (args.exhaustive) process.exitCode = await exhaustive(args);
      else process.exitCode = await simulate(args);
    },
  );
}

async function exhaustive({ messages, workers }: SimulateArguments): Promise<number> {
  checkWorkers(workers);
  return simulateLives(messages, workers);
}

function checkWorkers(workers: number): void {
  if (Number.isInteger(workers) && workers >= 1 && workers <= 256) return;
  throw new InputError(`--workers ${workers} is not a whole number from 1 to 256`);
}

/** 1 when a rule was broken. */
async function simulate(args: SimulateArguments): Promise<number> {
  const [first, last] = seedsOf(args);
  if (!(args.hours > 0 && args.hours <= 1_000)) {
    throw new InputError(`--hours ${args.hours} is not between 0 and 1000`);
  }
  const { journal } = args;
  if (journal !== undefined && first !== last)
    throw new InputError('--journal is of one seed: leave out --seeds');
  const keepJournal = (bytes: Uint8Array): void => {
    if (journal !== undefined) writeAtomic(journal, [bytes]);
  };
  checkWorkers(args.workers);
  if (args.faults !== undefined) parseFaults(args.faults);
  const { hours, faults, trace } = args;
  const request: SeedRequest = { hours, faults, trace };
  const coverage = new Coverage();
  const totals = new SeedTotals();
  const pace = new Pace(last - first + 1);
  for await (const { result, struck } of seedOutcomes(
    request,
    first,
    last,
    args.workers,
    keepJournal,
  )) {
    totals.add(result);
    coverage.addPairs(struck);
    if (trace) process.stdout.write(`${result.trace.join('\n')}\n`);
    if (result.broken !== undefined) report(result, request, args);
    if (result.broken !== undefined && !args['keep-going']) break;
    pace.show(totals);
  }
  process.stdout.write(`${totals.text()}\n`);
  pace.end(totals.seeds);
  if (args.coverage) process.stdout.write(coverageText(coverage));
  return totals.broken > 0 ? 1 : 0;
}

function seedsOf(args: SimulateArguments): readonly [number, number] {
  const [first, last] = args.seeds === undefined ? [args.seed, args.seed] : range(args.seeds);
  for (const seed of [first, last]) {
    if (Number.isSafeInteger(seed) && seed >= 0) continue;
    throw new InputError(`seed ${seed} is not a whole number of at least 0`);
  }
  return [first, last];
}

function range(text: string): readonly [number, number] {
  const match = /^(\d+)\.\.(\d+)$/.exec(text);
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || first > last) {
    throw new InputError(`--seeds ${text} is not first..last, as in 1..200`);
  }
  return [first, last];
}

function report(result: SeedResult, request: SeedRequest, args: SimulateArguments): void {
  const { broken } = result;
  if (broken === undefined) return;
  const plan = planOf(request, result.seed);
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  if (args.brief) {
    say(`seed ${result.seed} broken ${broken.text}`);
    return;
  }
  say(`seed ${result.seed}, commit ${buildCommit()}, configuration ${result.configHash}`);
  say(`broken ${broken.text} (${RULES[broken.rule]})`);
  say(`faults: ${planText(plan)}`);
  if (!args.trace) say(`the last events (s):\n${result.trace.slice(-40).join('\n')}`);
  if (!args.shrink) return;
  const smallest = shrink(
    plan,
    (smaller) => runPlan(smaller, request).result,
    (text) => process.stderr.write(`shrink: ${text}\n`),
  );
  say(`smallest: ${(smallest.chaosMs / MS_PER_HOUR).toFixed(2)} h, ${planText(smallest)}`);
}

function coverageText(coverage: Coverage): string {
  const lines = coverage.pairs().map(([pair, times]) => `${String(times).padStart(9)}  ${pair}`);
  const never = coverage.neverHit(possiblePairs());
  const tail =
    never.length === 0 ? ['every pair was hit'] : never.map((pair) => `    never  ${pair}`);
  return `${[...lines, ...tail].join('\n')}\n`;
}

/** How fast it goes: on stderr, for it differs from run to run. */
class Pace {
  readonly #total: number;
  readonly #startMs = performance.now();
  #shownMs = this.#startMs;

  constructor(total: number) {
    this.#total = total;
  }

  show(totals: SeedTotals): void {
    const nowMs = performance.now();
    if (nowMs - this.#shownMs < MS_PER_LINE) return;
    this.#shownMs = nowMs;
    const rate = this.#rate(totals.seeds);
    const left = Math.round((this.#total - totals.seeds) / rate);
    process.stderr.write(
      `simulate: ${totals.seeds} of ${this.#total} seeds, ${rate.toFixed(1)} a second, ` +
        `${left} s left, ${totals.broken} broken\n`,
    );
  }

  end(seeds: number): void {
    const seconds = (performance.now() - this.#startMs) / 1000;
    const rate = this.#rate(seeds).toFixed(1);
    process.stderr.write(`simulate: ${seconds.toFixed(0)} s, ${rate} seeds a second\n`);
  }

  #rate(seeds: number): number {
    return (seeds / (performance.now() - this.#startMs)) * 1000;
  }
}
