import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { readParameter } from '../engine/parameters.ts';
import type { ParameterSpec, ParameterValue } from '../engine/parameters.ts';
import { CANDLE_PATH_MODELS, PATH_MODELS } from '../market/path.ts';
import { findStrategy } from '../strategies/registry.ts';
import { RISK_NAMES, RISK_OPTIONS } from '../engine/risk-options.ts';
import type { RiskGiven } from '../engine/risk-options.ts';
import type { RunSpec } from '../sweep/run-spec.ts';
import { instantOption, intervalOption } from './data-options.ts';
import { readRunConfig } from './run-config.ts';
import { chooseExecution } from './run-execution.ts';
import type { ChosenExecution } from './run-execution.ts';
import { hintOf } from './run-nearest.ts';
import { choiceValue, decimalValue, durationValue, shown, wholeValue } from './run-values.ts';

/** Every option that takes one value, and what --help says. The config file has the same names. */
const VALUE_OPTIONS = {
  symbol: 'e.g. BTCUSD (default)',
  category: 'linear or inverse; told by the instrument when left out',
  interval: 'candle length (default 1m)',
  from: 'start, inclusive: 2024-01-31, 2024-01-31T12:00Z or epoch ms',
  to: 'end, exclusive',
  warmup: 'how far before --from indicators may read: 14d, 36h, 90m (default 0)',
  strategy: 'what trades (default atr-grid)',
  path: `order of high and low in a candle: ${CANDLE_PATH_MODELS.join(', ')} (default direction); or trades`,
  execution: 'execution profile, by name or file (default home)',
  latency: 'the same as --execution; a sweep takes several: ideal,home,degraded',
  through: 'ticks the price must trade beyond a limit order to fill it',
  'half-spread': 'ticks a market order pays from the middle',
  slippage: 'basis points a market order pays on top',
  participation: "share of a candle's volume our fills may take, e.g. 0.02, or off",
  queue: 'path trades: ahead of an order that joins a price: 60s of trading (default), 2.5, never',
  seed: 'of the latency draws (default 1)',
  capital: 'in the settle coin; derived from the largest position when left out',
  leverage: "the instrument's when left out",
  ...RISK_OPTIONS,
  out: 'folder of the results',
  instrument: 'instrument file of your own',
  'data-dir': 'folder of the data store (or LOCKSTEP_DATA_DIR; default data)',
} as const;

type ValueName = keyof typeof VALUE_OPTIONS;
export const RUN_VALUE_NAMES = Object.keys(VALUE_OPTIONS) as readonly ValueName[];
const SWITCHES = ['json', 'synthetic'] as const;

/** As yargs hands them over: text, or a list where a flag was given twice. */
export type RunArguments = {
  readonly [Name in ValueName]?: string | readonly string[] | undefined;
} & {
  readonly set?: string | readonly string[] | undefined;
  readonly config?: string | readonly string[] | undefined;
  readonly json?: boolean | readonly boolean[] | undefined;
  readonly synthetic?: boolean | readonly boolean[] | undefined;
};

/** What a command line (and its file) asks for. */
export type RunRequest = {
  readonly spec: RunSpec;
  readonly out: string | undefined;
  readonly json: boolean;
  readonly execution: Omit<ChosenExecution, 'profile'>;
  readonly config: { readonly file: string; readonly sha256: string } | undefined;
  /** `grid:` of the file: axis by parameter, lists joined with commas. */
  readonly grid: ReadonlyMap<string, string>;
  /** The file's values of a command's own options, see `extraNames`. */
  readonly extra: ReadonlyMap<string, string>;
};

/** Some of a run's options, for commands that need data and a venue but no strategy. */
export function withRunValues<Options>(
  command: Argv<Options>, names: readonly ValueName[],
): Argv<Options & RunArguments> {
  let options = command
    // Text only, and a list when given twice: what is wrong is refused here, in our words.
    .parserConfiguration({
      'duplicate-arguments-array': true, 'dot-notation': false, 'boolean-negation': false,
      'parse-numbers': false, 'parse-positional-numbers': false,
    }) as Argv<unknown>;
  for (const name of names) {
    const describe = VALUE_OPTIONS[name];
    options = options.option(name, { type: 'string', requiresArg: true, describe });
  }
  return options as unknown as Argv<Options & RunArguments>;
}

/** The options of every command that runs a strategy over data. */
export function withRunOptions<Options>(command: Argv<Options>): Argv<Options & RunArguments> {
  const options = withRunValues(command, RUN_VALUE_NAMES) as Argv<unknown>;
  return options
    .option('set', {
      type: 'string', requiresArg: true, describe: 'a parameter, name=value; may be repeated',
    })
    .option('config', {
      type: 'string', requiresArg: true, describe: 'YAML or JSON file with these names; flags win',
    })
    .option('json', { type: 'boolean', describe: 'print the result as JSON and nothing else' })
    .option('synthetic', {
      type: 'boolean', describe: 'use the synthetic series even where there is a real one',
    }) as unknown as Argv<Options & RunArguments>;
}

export function runSpecOf(args: RunArguments): RunSpec {
  return runRequestOf(args).spec;
}

/**
 * The one place where options become a run: flags over the file over defaults.
 * `extraNames` are options of the command's own that its file may hold.
 */
export function runRequestOf(
  args: RunArguments, extraNames: readonly string[] = [],
): RunRequest {
  const file = once('config', args.config);
  const known = [...RUN_VALUE_NAMES, ...SWITCHES, ...extraNames];
  const config = file === undefined ? undefined : readRunConfig(file, known);
  const values = optionReader(args, config?.values ?? new Map<string, string>());
  const chosen = chooseExecution({
    execution: executionName(values) ?? 'home',
    through: values('through'),
    halfSpread: values('half-spread'),
    slippage: values('slippage'),
    participation: values('participation'),
    queue: values('queue'),
  });
  const extras = new Set(extraNames);
  const strategy = paramsOf(values('strategy') ?? 'atr-grid', config?.set, args.set);
  const synthetic = switchOf('synthetic', args.synthetic, config?.values);
  return {
    spec: specOf(values, strategy, chosen, synthetic),
    out: values('out'),
    json: switchOf('json', args.json, config?.values),
    execution: { source: chosen.source, sha256: chosen.sha256, options: chosen.options },
    config: config && { file: config.file, sha256: config.sha256 },
    grid: config?.grid ?? new Map<string, string>(),
    extra: new Map([...(config?.values ?? [])].filter(([name]) => extras.has(name))),
  };
}

type Values = (name: ValueName) => string | undefined;

function optionReader(args: RunArguments, file: ReadonlyMap<string, string>): Values {
  return (name) => {
    const value = once(name, args[name]) ?? file.get(name);
    if (value === undefined) return undefined;
    if (value.trim() === '') throw new InputError(`--${name} is empty: give it a value or drop it`);
    return value.trim();
  };
}

/** A scalar given twice is a mistake: which one was meant? */
function once<Value>(name: string, value: Value | readonly Value[] | undefined): Value | undefined {
  if (!Array.isArray(value)) return value as Value | undefined;
  if (value.length > 1) throw new InputError(`--${name} is given twice: keep one`);
  return (value as readonly Value[])[0];
}

function executionName(values: Values): string | undefined {
  const [execution, latency] = [values('execution'), values('latency')];
  if (execution !== undefined && latency !== undefined && execution !== latency) {
    throw new InputError('--execution and --latency are two names of one option: give one');
  }
  return execution ?? latency;
}

function specOf(
  values: Values,
  strategy: { readonly name: string; readonly params: RunSpec['params'] },
  chosen: ChosenExecution,
  synthetic: boolean,
): RunSpec {
  const category = values('category');
  const leverage = values('leverage');
  const { fromMs, toMs } = periodOf(values);
  return {
    dataDir: values('data-dir') ?? (process.env['LOCKSTEP_DATA_DIR'] || 'data'),
    symbol: values('symbol') ?? 'BTCUSD',
    category: category === undefined
      ? undefined : choiceValue('--category', category, ['linear', 'inverse'] as const),
    instrumentFile: values('instrument'),
    interval: intervalOption(values('interval') ?? '1m').name,
    origin: synthetic ? 'synthetic' : undefined,
    fromMs,
    toMs,
    warmupMs: durationValue('--warmup', values('warmup') ?? '0'),
    strategy: strategy.name,
    params: strategy.params,
    path: choiceValue('--path', values('path') ?? 'direction', PATH_MODELS),
    execution: chosen.profile,
    seed: wholeValue('--seed', values('seed') ?? '1', 0, Number.MAX_SAFE_INTEGER),
    capital: capitalOf(values('capital')),
    risk: riskOf(values),
    leverage: leverage === undefined ? undefined : decimalValue('--leverage', leverage, 1, 1_000),
  };
}

function periodOf(values: Values): { fromMs: number | undefined; toMs: number | undefined } {
  const [from, to] = [values('from'), values('to')];
  const fromMs = from === undefined ? undefined : instantOption('from', from);
  const toMs = to === undefined ? undefined : instantOption('to', to);
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    throw new InputError('--from must lie before --to (which is exclusive)');
  }
  return { fromMs, toMs };
}

/** Units and bounds are the instrument's: they are looked at when it is loaded. */
function riskOf(values: Values): RiskGiven {
  return Object.fromEntries(RISK_NAMES.flatMap((name) => {
    const value = values(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

function capitalOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}(\.\d{1,12})?$/.test(text) && Number(text) > 0) return text;
  throw new InputError(`--capital ${shown(text)} is not a positive amount, such as 0.25`);
}

/** Values of the named parameters, checked; flags over the file. What is not given is not here. */
function paramsOf(
  strategyName: string,
  file: ReadonlyMap<string, string> | undefined,
  flags: RunArguments['set'],
): { readonly name: string; readonly params: RunSpec['params'] } {
  const strategy = findStrategy(strategyName);
  const given = new Map([...(file ?? []), ...assignments(flags)]);
  const params = strategy.parameters.flatMap((spec): [string, ParameterValue][] => {
    const value = given.get(spec.name);
    given.delete(spec.name);
    return value === undefined ? [] : [[spec.name, setValue(strategy.name, spec, value)]];
  });
  for (const name of given.keys()) {
    const hint = hintOf(name, strategy.parameters.map((spec) => spec.name));
    throw new InputError(`${strategy.name} has no parameter ${shown(name)}; ${hint}`);
  }
  return { name: strategy.name, params: Object.fromEntries(params) };
}

/** Also of the values of an axis: `strategy` names it in the refusal. */
export function setValue(strategy: string, spec: ParameterSpec, text: string): ParameterValue {
  return readParameter(strategy, spec, text.trim());
}

function assignments(given: RunArguments['set']): Map<string, string> {
  const found = new Map<string, string>();
  for (const text of given === undefined ? [] : [given].flat()) {
    const at = text.indexOf('=');
    const name = text.slice(0, Math.max(0, at)).trim();
    if (name === '') throw new InputError(`--set ${shown(text)} is not name=value`);
    if (found.has(name)) throw new InputError(`--set ${shown(name)} is given twice: keep one`);
    found.set(name, text.slice(at + 1));
  }
  return found;
}

function switchOf(
  name: (typeof SWITCHES)[number],
  given: boolean | readonly boolean[] | undefined,
  file: ReadonlyMap<string, string> | undefined,
): boolean {
  const flag = once(name, given);
  if (flag !== undefined) return flag;
  const text = file?.get(name) ?? 'false';
  return choiceValue(name, text, ['true', 'false'] as const) === 'true';
}
