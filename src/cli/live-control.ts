import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { StateFolder } from '../live/shell/state-folder.ts';
import type { LiveStatus } from '../live/shell/status.ts';
import { statusLines } from '../live/watch/status-lines.ts';

const STATE = {
  type: 'string',
  requiresArg: true,
  demandOption: true,
  describe: "the deployment's state folder",
} as const;
/** A process writes its status every second. */
const FRESH_MS = 10_000;

export function addHaltCommand(program: Argv): Argv {
  return program.command(
    'halt',
    'Stop entries of a live process; exits stay',
    (command) =>
      command
        .option('state-dir', STATE)
        .option('flatten', { type: 'boolean', default: false, describe: 'close every open lot' }),
    (args) => ask(args['state-dir'], args.flatten ? 'flatten' : 'halt'),
  );
}

export function addResumeCommand(program: Argv): Argv {
  return program.command(
    'resume',
    'Let a live process enter again, accepting what differs',
    (command) => command.option('state-dir', STATE),
    (args) => ask(args['state-dir'], 'resume'),
  );
}

export function addStatusCommand(program: Argv): Argv {
  return program.command(
    'status',
    'What a live process says of itself',
    (command) =>
      command
        .option('state-dir', STATE)
        .option('json', { type: 'boolean', default: false, describe: 'the whole of it' })
        .option('check', {
          type: 'boolean',
          default: false,
          describe: 'only whether it runs: exit code 0 or 1',
        }),
    (args) => {
      if (args.check) process.exitCode = check(args['state-dir']);
      else show(args['state-dir'], args.json);
    },
  );
}

function ask(dir: string, word: 'halt' | 'flatten' | 'resume'): void {
  if (!existsSync(dir)) throw new InputError(`there is no state folder ${dir}`);
  new StateFolder(dir).ask(word);
  const runs = existsSync(join(dir, 'lock'));
  const when = runs ? 'within a second' : 'when a process next runs here';
  process.stdout.write(`asked to ${word}; it is heard ${when}\n`);
}

function show(dir: string, whole: boolean): void {
  const path = join(dir, 'status.json');
  const quietMs = ageMs(path);
  const text = readFileSync(path, 'utf8');
  if (whole) {
    process.stdout.write(text);
    return;
  }
  const status = JSON.parse(text) as LiveStatus;
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  if (status.end !== undefined) say(status.end);
  else if (quietMs > FRESH_MS)
    say(`not running: its last word is ${Math.round(quietMs / 1000)} s old`);
  for (const line of statusLines(status)) say(line);
}

/** For whoever watches a service: 0 while it runs and has not failed, 1 otherwise, and why. */
function check(dir: string): number {
  const path = join(dir, 'status.json');
  const problem = problemOf(path);
  process.stdout.write(`${problem ?? 'well'}\n`);
  return problem === undefined ? 0 : 1;
}

function problemOf(path: string): string | undefined {
  if (!existsSync(path)) return 'no process has run here';
  const { state, end } = JSON.parse(readFileSync(path, 'utf8')) as LiveStatus;
  if (end !== undefined) return `ended: ${end}`;
  const quietMs = ageMs(path);
  if (quietMs > FRESH_MS) return `no sign of life for ${Math.round(quietMs / 1000)} s`;
  // A bot that a person halted is well: restarting it would change nothing.
  return state === 'FAILED' ? 'its journal cannot be made durable' : undefined;
}

function ageMs(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    throw new InputError(`${path} is not there: no live process has run in this state folder`);
  }
}
