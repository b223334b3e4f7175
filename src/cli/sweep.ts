import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { findStrategy } from '../strategies/registry.ts';
import { drawnPoints, gridPoints } from '../sweep/points.ts';
import type { PointSet } from '../sweep/points.ts';
import { prepareRun } from '../sweep/prepare.ts';
import { parseAxis } from '../sweep/sweep-axes.ts';
import { reportInputOf } from '../sweep/sweep-outcome.ts';
import { checkRankBy } from '../sweep/sweep-rank.ts';
import { SweepStopped } from '../sweep/sweep-stopped.ts';
import type { SweepSummary } from '../sweep/sweep.ts';
import { startThreads } from '../sweep/worker-thread.ts';
import { progressView } from './progress.ts';
import { commandOf } from './run-command.ts';
import { runRequestOf, withRunOptions } from './run-options.ts';
import type { RunArguments } from './run-options.ts';
import { choiceValue, shown, wholeValue } from './run-values.ts';
import type { SweepRequest } from './sweep-request.ts';
import { latencyNames, latencyText, sweepLatencies } from './sweep-latency.ts';
import { sweepText } from './table.ts';

const OWN_VALUES = {
  sample: 'draw points instead of running them all: random or sobol',
  points: 'how many to draw',
  workers: 'threads (default: one per core)',
  'rank-by': 'a metric, instead of the plateau score',
} as const;

type OwnName = keyof typeof OWN_VALUES;
const OWN_NAMES = Object.keys(OWN_VALUES) as readonly OwnName[];
const MAX_WORKERS = 256;
const EXIT_STOPPED = 130;

export type SweepArguments = RunArguments & {
  readonly [Name in OwnName]?: string | readonly string[] | undefined;
} & {
  readonly grid?: string | readonly string[] | undefined;
  readonly resume?: boolean | readonly boolean[] | undefined;
};

export function addSweepCommand(program: Argv): Argv {
  return program.command(
    'sweep',
    'Run one strategy with many sets of parameters and rank them',
    (command) => {
      let with_: Argv<unknown> = withRunOptions(command);
      with_ = with_.option('grid', {
        type: 'string', requiresArg: true,
        describe: 'name=from:to:step, name=from:to (drawn) or name=v1,v2; may be repeated',
      });
      for (const name of OWN_NAMES) {
        with_ = with_.option(name, { type: 'string', requiresArg: true, describe: OWN_VALUES[name] });
      }
      return with_.option('resume', {
        type: 'boolean', describe: 'go on with the same sweep where it was stopped',
      }) as unknown as Argv<SweepArguments>;
    },
    async (args) => {
      const names = latencyNames(args.latency);
      if (names !== undefined) return await overLatencies(args, names);
      const request = sweepRequestOf(args);
      const summary = await sweep(request);
      if (summary === undefined) return;
      if (request.run.json) {
        process.stderr.write(`report: ${summary.out}/report.html\n`);
        process.stdout.write(`${JSON.stringify(summary.result, undefined, 2)}\n`);
      } else {
        process.stdout.write(sweepText(summary.result, summary.out));
      }
    },
  );
}

async function overLatencies(args: SweepArguments, names: readonly string[]): Promise<void> {
  const requests = names.map((latency) => sweepRequestOf({ ...args, latency }));
  const [first] = requests;
  if (first === undefined) return;
  const summary = await sweepLatencies(requests, pointsOf(first), sweep);
  if (summary === undefined) return;
  if (first.run.json) {
    process.stderr.write(`report: ${summary.out}/report.html\n`);
    process.stdout.write(`${JSON.stringify(summary.result, undefined, 2)}\n`);
  } else {
    process.stdout.write(latencyText(summary));
  }
}

/** Runs what is asked for; undefined when it was stopped. */
export async function sweep(request: SweepRequest): Promise<SweepSummary | undefined> {
  checkRankBy(request.rankBy);
  const points = pointsOf(request);
  const workers = request.workers ?? availableParallelism();
  // They load while the data is read here.
  const threads = startThreads(Math.min(workers, points.count));
  try {
    return await sweepOver(request, points, threads);
  } finally {
    for (const thread of threads) void thread.terminate();
  }
}

async function sweepOver(
  request: SweepRequest, points: PointSet, threads: readonly Worker[],
): Promise<SweepSummary | undefined> {
  const { run } = request;
  const [prepared, { runSweep }] = await Promise.all([
    prepareRun(run.spec), import('../sweep/sweep.ts'),
  ]);
  const progress = progressView();
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  // Once: a second Ctrl-C ends the process at once; finished chunks are on disk anyway.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, abort);
  const rerun = { command: commandOf('backtest', run, prepared), paramFlag: '--set' };
  try {
    return await runSweep(prepared, points, {
      out: run.out, workers: request.workers, threads, resume: request.resume, rankBy: request.rankBy,
      signal: stop.signal,
      onProgress: progress.show,
      onPhase: progress.phase,
      onResume: (done) => process.stderr.write(`going on after ${done} of ${points.count} points\n`),
      renderReport: async (outcome) => {
        // Loaded when all is run: not before, when it would keep the points waiting.
        const { renderSweepReport } = await import('../report/sweep-report.ts');
        return renderSweepReport({ ...reportInputOf(outcome), rerun });
      },
    });
  } catch (error) {
    if (!(error instanceof SweepStopped)) throw error;
    progress.end();
    process.stderr.write(`lockstep: ${error.message}; the same command with --resume goes on\n`);
    process.exitCode = EXIT_STOPPED;
    return undefined;
  } finally {
    progress.end();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, abort);
  }
}

/** Flags over the file, as everywhere. */
export function sweepRequestOf(args: SweepArguments): SweepRequest {
  const run = runRequestOf(args, OWN_NAMES);
  const value = (name: OwnName): string | undefined => {
    const given = args[name] ?? run.extra.get(name);
    if (typeof given === 'string' || given === undefined) return given?.trim();
    throw new InputError(`--${name} is given twice: keep one`);
  };
  const whole = (name: OwnName, most: number): number | undefined => {
    const text = value(name);
    return text === undefined ? undefined : wholeValue(`--${name}`, text, 1, most);
  };
  const sample = value('sample');
  const resume = [args.resume].flat().includes(true);
  return {
    run,
    grid: new Map([...run.grid, ...gridOf(args.grid)]),
    sample: sample === undefined
      ? undefined : choiceValue('--sample', sample, ['random', 'sobol'] as const),
    points: whole('points', Number.MAX_SAFE_INTEGER),
    workers: whole('workers', MAX_WORKERS),
    rankBy: value('rank-by'),
    resume: resume ? 'yes' : 'no',
  };
}

function gridOf(given: SweepArguments['grid']): Map<string, string> {
  const axes = new Map<string, string>();
  for (const text of given === undefined ? [] : [given].flat()) {
    const at = text.indexOf('=');
    const name = text.slice(0, Math.max(0, at)).trim();
    if (name === '') {
      throw new InputError(`--grid ${shown(text)} is not name=from:to:step or name=v1,v2`);
    }
    if (axes.has(name)) throw new InputError(`--grid ${shown(name)} is given twice: keep one`);
    axes.set(name, text.slice(at + 1).trim());
  }
  return axes;
}

function pointsOf({ run, grid, sample, points }: SweepRequest): PointSet {
  const strategy = findStrategy(run.spec.strategy);
  const axes = [...grid].map(([name, text]) => parseAxis(strategy, name, text));
  if (axes.length === 0) {
    throw new InputError('a sweep needs at least one --grid, e.g. --grid multiplier=0.1:3:0.1');
  }
  if (sample === undefined) {
    if (points === undefined) return gridPoints(axes);
    throw new InputError('--points needs --sample random or --sample sobol');
  }
  if (points === undefined) {
    throw new InputError(`--sample ${sample} needs --points, e.g. --points 500`);
  }
  return drawnPoints(axes, sample, points, run.spec.seed);
}
