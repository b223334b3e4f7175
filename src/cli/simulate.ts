import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { writeAtomic } from '../feeds/atomic-write.ts';
import { Coverage } from '../laboratory/coverage.ts';
import { drawFaultPlan, onlyKinds, parseFaults, planText } from '../laboratory/fault-plan.ts';
import type { FaultPlan } from '../laboratory/fault-plan.ts';
import { possiblePairs } from '../laboratory/possible-pairs.ts';
import { productionBot } from '../laboratory/production-bot.ts';
import { CALM_MS, runSeed } from '../laboratory/run-seed.ts';
import type { SeedResult } from '../laboratory/run-seed.ts';
import { SeedTotals } from '../laboratory/seed-totals.ts';
import { shrink } from '../laboratory/shrink.ts';
import { RULES } from '../laboratory/violation.ts';
import { buildCommit } from './build-commit.ts';

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
        .option('brief', { type: 'boolean', default: false, describe: 'one line a broken rule' }),
    (args) => {
      process.exitCode = simulate(args);
    },
  );
}

/** 1 when a rule was broken. */
function simulate(args: SimulateArguments): number {
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
  const only = args.faults === undefined ? undefined : parseFaults(args.faults);
  const coverage = new Coverage();
  const totals = new SeedTotals();
  const progress = progressLines(last - first + 1);
  const run = (plan: FaultPlan): SeedResult =>
    runSeed({
      plan,
      calmMs: CALM_MS,
      keepsTrace: args.trace,
      makeBot: productionBot,
      coverage,
      keepJournal,
    });
  for (let seed = first; seed <= last; seed += 1) {
    const drawn = drawFaultPlan(seed, args.hours * MS_PER_HOUR);
    const plan = only === undefined ? drawn : onlyKinds(drawn, only);
    const result = run(plan);
    totals.add(result);
    if (args.trace) process.stdout.write(`${result.trace.join('\n')}\n`);
    if (result.broken !== undefined) report(result, plan, args, run);
    if (result.broken !== undefined && !args['keep-going']) break;
    progress(seed - first + 1, totals);
  }
  process.stdout.write(`${totals.text()}\n`);
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

function report(
  result: SeedResult,
  plan: FaultPlan,
  args: SimulateArguments,
  run: (plan: FaultPlan) => SeedResult,
): void {
  const { broken } = result;
  if (broken === undefined) return;
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
  const smallest = shrink(plan, run, (text) => process.stderr.write(`shrink: ${text}\n`));
  say(`smallest: ${(smallest.chaosMs / MS_PER_HOUR).toFixed(2)} h, ${planText(smallest)}`);
}

function coverageText(coverage: Coverage): string {
  const lines = coverage.pairs().map(([pair, times]) => `${String(times).padStart(9)}  ${pair}`);
  const never = coverage.neverHit(possiblePairs());
  const tail =
    never.length === 0 ? ['every pair was hit'] : never.map((pair) => `    never  ${pair}`);
  return `${[...lines, ...tail].join('\n')}\n`;
}

function progressLines(total: number): (done: number, totals: SeedTotals) => void {
  const startMs = performance.now();
  let shownMs = startMs;
  return (done, totals) => {
    const nowMs = performance.now();
    if (nowMs - shownMs < MS_PER_LINE) return;
    shownMs = nowMs;
    const rate = (done / (nowMs - startMs)) * 1000;
    const left = Math.round((total - done) / rate);
    process.stderr.write(
      `simulate: ${done} of ${total} seeds, ${rate.toFixed(1)} a second, ${left} s left, ` +
        `${totals.broken} broken\n`,
    );
  };
}
