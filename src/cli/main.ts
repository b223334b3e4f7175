import yargs from 'yargs';
import type { Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { InputError } from '../engine/invariant.ts';

/** A command is one line here. Only the one that is asked for is loaded; help loads them all. */
// prettier-ignore
const COMMANDS: Readonly<Record<string, () => Promise<(program: Argv) => Argv>>> = {
  start: async () => (await import('./start.ts')).addStartCommand,
  data: async () => (await import('./data.ts')).addDataCommand,
  backtest: async () => (await import('./backtest.ts')).addBacktestCommand,
  sweep: async () => (await import('./sweep.ts')).addSweepCommand,
  why: async () => (await import('./why.ts')).addWhyCommand,
  trades: async () => (await import('./trades.ts')).addTradesCommand,
  promote: async () => (await import('./promote.ts')).addPromoteCommand,
  deployment: async () => (await import('./deployment.ts')).addDeploymentCommand,
  simulate: async () => (await import('./simulate.ts')).addSimulateCommand,
  scenario: async () => (await import('./scenario.ts')).addScenarioCommand,
  live: async () => (await import('./live.ts')).addLiveCommand,
  status: async () => (await import('./live-control.ts')).addStatusCommand,
  halt: async () => (await import('./live-control.ts')).addHaltCommand,
  resume: async () => (await import('./live-control.ts')).addResumeCommand,
  replay: async () => (await import('./replay.ts')).addReplayCommand,
  journal: async () => (await import('./journal.ts')).addJournalCommand,
  calibrate: async () => (await import('./calibrate.ts')).addCalibrateCommand,
  emulator: async () => (await import('./emulator.ts')).addEmulatorCommand,
  parity: async () => (await import('./parity.ts')).addParityCommand,
  'null-test': async () => (await import('./null-test.ts')).addNullTestCommand,
};

/** Bad input ends with 2, an error of ours with 1. */
const EXIT_INPUT = 2;
const EXIT_BUG = 1;

process.exitCode = await main(hideBin(process.argv));

async function main(args: readonly string[]): Promise<number | undefined> {
  // `lockstep ... | head` closes our output early; that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : EXIT_BUG);
  });
  try {
    await (await programOf(args)).parseAsync();
    return process.exitCode === undefined ? 0 : Number(process.exitCode);
  } catch (error) {
    return report(error);
  }
}

async function programOf(args: readonly string[]): Promise<Argv> {
  let program = yargs([...args])
    .scriptName('lockstep')
    .usage('$0 <command>')
    .parserConfiguration({ 'duplicate-arguments-array': false })
    .strict()
    .recommendCommands()
    .demandCommand(1, 'name a command; --help lists them')
    .exitProcess(false)
    .showHelpOnFail(false)
    .wrap(100)
    .check(refuseNotANumber, true)
    // A fail handler that returns would let the command run with half its arguments.
    .fail((message, error) => {
      throw error ?? new InputError(usageText(oneLine(message), args));
    });
  const named = COMMANDS[args[0] ?? ''];
  const wanted = named === undefined ? Object.values(COMMANDS) : [named];
  for (const load of wanted) program = (await load())(program);
  return program;
}

/** yargs recommends a command without saying which word it did not know. */
function usageText(message: string, args: readonly string[]): string {
  const recommends = /^Did you mean (.*)\?$/.exec(message);
  if (recommends === null) return message;
  const firstFlag = args.findIndex((arg) => arg.startsWith('-'));
  const words = firstFlag < 0 ? args : args.slice(0, firstFlag);
  const unknown = words[words.length - 1] ?? '';
  return `there is no command "${unknown}": did you mean ${recommends[1] ?? ''}?`;
}

/** yargs reads `--seed abc` as NaN and goes on. */
function refuseNotANumber(values: Record<string, unknown>): true {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'number' && Number.isNaN(value)) {
      throw new InputError(`--${name} needs a number`);
    }
  }
  return true;
}

function report(error: unknown): number {
  if (error instanceof InputError || isUsageError(error)) {
    process.stderr.write(`lockstep: ${oneLine(error.message)}\n`);
    return EXIT_INPUT;
  }
  const message = error instanceof Error ? error.message : 'something that is not an Error';
  const hint = 'set LOCKSTEP_DEBUG=1 for the stack';
  process.stderr.write(`lockstep: unexpected: ${oneLine(message)}; ${hint}\n`);
  if (process.env['LOCKSTEP_DEBUG'] === '1' && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ''}\n`);
  }
  return EXIT_BUG;
}

function isUsageError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'YError';
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
