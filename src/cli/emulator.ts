import { readFileSync } from 'node:fs';
import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { startEmulator } from '../emulator/emulator.ts';
import type { Emulator } from '../emulator/emulator.ts';
import { NO_FAULTS, parseFaultPlan } from '../emulator/faults/fault-plan.ts';
import type { WireFaultPlan } from '../emulator/faults/fault-plan.ts';
import { writeKeyFile } from '../emulator/server/key-file.ts';
import type { ApiKey } from '../emulator/server/signatures.ts';
import { EMULATED_OPTIONS, loadMarket } from './emulator-market.ts';
import type { EmulatedMarket } from './emulator-market.ts';
import { runRequestOf, withRunValues } from './run-options.ts';
import type { RunArguments } from './run-options.ts';
import { choiceValue, decimalValue, wholeValue } from './run-values.ts';

const OWN_OPTIONS = {
  speed: 'venue seconds a second (default 60)',
  time: 'real, or virtual: venue time moves when its client says it is idle (default real)',
  margin: 'isolated or cross (default isolated)',
  faults: 'JSON file with a plan of what goes wrong',
  profile: 'the same as --execution',
  tick: 'ms between mark prices and tickers: 1000, 100, 10 (default 1000)',
  port: 'of REST and streams; 0 takes a free one (default 0)',
  'control-port': 'of pause, faults, trades by hand; 0 takes a free one (default 0)',
  'key-file':
    'where key, secret and token are written, for you only (default DATA/emulator-keys.json)',
} as const;

type OwnName = keyof typeof OWN_OPTIONS;
type EmulatorArguments = RunArguments & {
  readonly [Name in OwnName]?: string | readonly string[] | undefined;
} & { readonly 'as-now'?: boolean | undefined };

export function addEmulatorCommand(program: Argv): Argv {
  return program.command(
    'emulator',
    "The venue behind Bybit's REST and WebSocket wire, on this machine, from recorded candles",
    (command) => {
      let options = withRunValues(command, EMULATED_OPTIONS) as Argv<unknown>;
      for (const [name, describe] of Object.entries(OWN_OPTIONS))
        options = options.option(name, { type: 'string', requiresArg: true, describe });
      return options
        .option('as-now', {
          type: 'boolean',
          describe:
            "move the candles' dates by whole days so that its clock is the wall clock (speed 1)",
        })
        .option('synthetic', {
          type: 'boolean',
          describe: 'use the synthetic series even where there is a real one',
        }) as unknown as Argv<EmulatorArguments>;
    },
    (args) => run(args),
  );
}

async function run(args: EmulatorArguments): Promise<void> {
  const own = (name: OwnName): string | undefined => {
    const value = args[name];
    if (Array.isArray(value)) throw new InputError(`--${name} is given twice: keep one`);
    return value as string | undefined;
  };
  const { spec } = runRequestOf(profileIn(args, own('profile')));
  const asNow = args['as-now'] === true;
  const time = timeOf(own('time') ?? 'real', own('speed'), asNow);
  const faults = faultsOf(own('faults'));
  const port = wholeValue('--port', own('port') ?? '0', 0, 65_535);
  const controlPort = wholeValue('--control-port', own('control-port') ?? '0', 0, 65_535);
  const margin = choiceValue('--margin', own('margin') ?? 'isolated', [
    'isolated',
    'cross',
  ] as const);
  const tickMs = wholeValue('--tick', own('tick') ?? '1000', 1, 60_000);
  const startedMs = asNow ? Date.now() : undefined;
  const market = await loadMarket(spec, margin, tickMs, startedMs);
  const keyFile = own('key-file') ?? `${spec.dataDir}/emulator-keys.json`;
  const { host } = market;
  const access = { apiKey: keyFromEnvironment(), controlToken: setting('LOCKSTEP_EMULATOR_TOKEN') };
  const emulator = await startEmulator({
    host,
    time,
    faults,
    port,
    controlPort,
    startedMs,
    ...access,
  });
  try {
    writeKeyFile(keyFile, emulator);
    process.stdout.write(startText(market, emulator, time, faults, keyFile));
    await interrupted();
  } finally {
    await emulator.close();
  }
}

function profileIn(args: EmulatorArguments, profile: string | undefined): RunArguments {
  if (profile === undefined) return args;
  if (args.execution !== undefined)
    throw new InputError('--execution and --profile are two names of one option: give one');
  return { ...args, execution: profile };
}

function timeOf(mode: string, speed: string | undefined, asNow: boolean): number | 'virtual' {
  if (choiceValue('--time', mode, ['real', 'virtual'] as const) === 'virtual') {
    if (speed !== undefined || asNow)
      throw new InputError('--time virtual has no --speed and no --as-now: the client moves time');
    return 'virtual';
  }
  const chosen = decimalValue('--speed', speed ?? (asNow ? '1' : '60'), 0.001, 1_000_000);
  if (asNow && chosen !== 1)
    throw new InputError('--as-now goes with --speed 1: at any other the clocks would part');
  return chosen;
}

function faultsOf(file: string | undefined): WireFaultPlan {
  if (file === undefined) return NO_FAULTS;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new InputError(`--faults ${file} cannot be read`);
  }
  return parseFaultPlan(text, file);
}

function keyFromEnvironment(): ApiKey | undefined {
  const key = setting('LOCKSTEP_EMULATOR_KEY');
  const secret = setting('LOCKSTEP_EMULATOR_SECRET');
  if (key === undefined && secret === undefined) return undefined;
  if (key !== undefined && secret !== undefined) return { key, secret };
  throw new InputError('LOCKSTEP_EMULATOR_KEY and LOCKSTEP_EMULATOR_SECRET go together: set both');
}

function setting(name: string): string | undefined {
  const value = process.env[name];
  return value === undefined || value === '' ? undefined : value;
}

function startText(
  { prepared, host }: EmulatedMarket,
  emulator: Emulator,
  time: number | 'virtual',
  faults: WireFaultPlan,
  keyFile: string,
): string {
  const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
  const { symbol, category } = host.instrument.spec;
  const synthetic = prepared.series.synthetic ? ' synthetic' : '';
  const pace = time === 'virtual' ? "time moves at its client's word" : `speed ${time}`;
  const planned = Object.keys(faults.rates).length + faults.script.length + faults.timed.length;
  return [
    `emulator: ${category} ${symbol}${synthetic} ${iso(host.startMs)} to ${iso(host.endMs)}, ` +
      `${pace}, ${host.execution.name}, ${planned === 0 ? 'no faults' : 'faults as planned'}`,
    `  REST     ${emulator.restUrl}`,
    `  streams  ${emulator.wsUrl}`,
    `  control  ${emulator.controlUrl}`,
    `  keys     ${keyFile}`,
    '',
  ].join('\n');
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        resolve();
      });
  });
}
