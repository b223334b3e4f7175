import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { StateFolder } from '../live/shell/state-folder.ts';

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
        .option('json', { type: 'boolean', default: false, describe: 'the whole of it' }),
    (args) => show(args['state-dir'], args.json),
  );
}

function ask(dir: string, word: 'halt' | 'flatten' | 'resume'): void {
  if (!existsSync(dir)) throw new InputError(`there is no state folder ${dir}`);
  new StateFolder(dir).ask(word);
  const runs = existsSync(join(dir, 'lock'));
  const when = runs ? 'within a second' : 'when a process next runs here';
  process.stdout.write(`asked to ${word}; it is heard ${when}\n`);
}

type Shown = {
  readonly atMs: number;
  readonly state: string;
  readonly symbol: string;
  readonly environment: string;
  readonly end?: string;
  readonly price: number | null;
  readonly entriesStopped: readonly string[];
  readonly position: { readonly side: string; readonly qty: string; readonly entryPrice: number };
  readonly lastFill: { readonly price: number | null; readonly atMs: number | null };
  readonly spacing: number | null;
  readonly toNextLevel: number | null;
  readonly toExit: number | null;
  readonly orders: readonly Readonly<Record<string, string>>[];
  readonly slots: readonly {
    readonly slot: number;
    readonly state: string;
    readonly reason: string;
  }[];
  readonly latencyMs: Readonly<Record<string, number | null>>;
  readonly alarmCount: number;
  readonly waivers?: readonly unknown[];
};

function show(dir: string, whole: boolean): void {
  const path = join(dir, 'status.json');
  const stale = ageMs(path) > FRESH_MS;
  const text = readFileSync(path, 'utf8');
  if (whole) {
    process.stdout.write(text);
    return;
  }
  const status = JSON.parse(text) as Shown;
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  say(`${status.state} ${status.symbol} on ${status.environment}`);
  if (status.end !== undefined) say(status.end);
  else if (stale) say(`not running: its last word is ${Math.round(ageMs(path) / 1000)} s old`);
  const { position, lastFill, waivers = [] } = status;
  const held =
    position.side === 'flat'
      ? 'flat'
      : `${position.side} ${position.qty} from ${position.entryPrice}`;
  say(`position ${held}, price ${shown(status.price)}, last fill ${shown(lastFill.price)}`);
  say(
    `spacing ${shown(status.spacing)}, to the next level ${shown(status.toNextLevel)}, ` +
      `to the exit ${shown(status.toExit)}`,
  );
  if (status.entriesStopped.length > 0)
    say(`entries are stopped: ${status.entriesStopped.join(', ')}`);
  for (const { slot, state, reason } of status.slots) say(`slot ${slot} ${state}: ${reason}`);
  for (const order of status.orders)
    say(
      `${order['role']} ${order['side']} ${order['qty']} at ${order['price']}, ${order['state']}`,
    );
  const latency = Object.entries(status.latencyMs).map(([name, ms]) => `${name} ${shown(ms)}`);
  say(`latency, median ms: ${latency.join(', ')}`);
  say(`alarms of this run: ${status.alarmCount}`);
  if (waivers.length > 0) say(`waived: ${JSON.stringify(waivers)}`);
}

function shown(value: number | null): string {
  return value === null ? '-' : String(value);
}

function ageMs(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    throw new InputError(`${path} is not there: no live process has run in this state folder`);
  }
}
