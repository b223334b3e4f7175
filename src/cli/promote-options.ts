import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { RISK_NAMES, RISK_OPTIONS } from '../engine/risk-options.ts';
import type { RiskGiven, RiskName } from '../engine/risk-options.ts';
import { ENVIRONMENTS, MAINNET_WORD, waiverProblem } from '../live/deployment/gates.ts';
import type { Environment, Waiver } from '../live/deployment/gates.ts';
import { instantOption, text, withDataDir } from './data-options.ts';
import { shown, wholeValue } from './run-values.ts';

/** As yargs hands them over: text, or a list where a flag was given twice. */
type Given = string | readonly string[] | undefined;

export type PromoteArguments = {
  readonly run: string;
  readonly to: Given;
  readonly point: Given;
  readonly after: Given;
  readonly journal: Given;
  readonly gates: Given;
  readonly waive: Given;
  readonly reason: Given;
  readonly out: Given;
  readonly instrument: Given;
  readonly 'indicators-from': Given;
  readonly explain: boolean;
  readonly json: boolean;
  readonly dataDir: string;
  readonly [MAINNET_WORD]: boolean;
} & { readonly [Name in RiskName]?: Given };

export type PromoteRequest = {
  readonly run: string;
  readonly environment: Environment;
  readonly point: number | undefined;
  readonly after: string | undefined;
  readonly journal: string | undefined;
  readonly gates: string | undefined;
  readonly waivers: readonly Waiver[];
  readonly out: string | undefined;
  readonly dataDir: string;
  readonly instrumentFile: string | undefined;
  readonly indicatorsFromMs: number | undefined;
  /** Over those of the run. */
  readonly limits: RiskGiven;
  readonly word: string | null;
  readonly explain: boolean;
  readonly json: boolean;
};

export function withPromoteOptions(command: Argv): Argv<PromoteArguments> {
  const flag = { type: 'boolean', default: false } as const;
  let options = withDataDir(command);
  for (const name of RISK_NAMES) {
    options = options.option(name, { ...text, describe: RISK_OPTIONS[name] });
  }
  return options
    .parserConfiguration({
      'duplicate-arguments-array': true,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .positional('run', { type: 'string', demandOption: true, describe: 'report folder' })
    .option('to', { ...text, describe: `the step: ${ENVIRONMENTS.join(', ')} (default dry-run)` })
    .option('point', { ...text, describe: "a sweep's point by its id (default: the best ranked)" })
    .option('after', { ...text, describe: 'manifest of the step before, for testnet and mainnet' })
    .option('journal', { ...text, describe: 'state folder of that step, or its journal' })
    .option('gates', { ...text, describe: 'JSON file of thresholds other than the shipped ones' })
    .option('waive', { ...text, describe: 'NAME=reason: pass over a gate on results; repeatable' })
    .option('reason', { ...text, describe: 'of every --waive that is a name alone' })
    .option('explain', { ...flag, describe: 'show every gate and write nothing' })
    .option('indicators-from', {
      ...text,
      describe: 'where indicators begin live (default: where those of the run began)',
    })
    .option('instrument', { ...text, describe: 'instrument file of your own, if the run had one' })
    .option('out', { ...text, describe: 'the manifest (default deployments/<name>.json)' })
    .option('json', { ...flag, describe: 'print the verdicts as JSON' })
    .option(MAINNET_WORD, {
      ...flag,
      describe: 'needed for mainnet',
    }) as unknown as Argv<PromoteArguments>;
}

export function promoteRequestOf(args: PromoteArguments): PromoteRequest {
  const to = once('to', args.to) ?? 'dry-run';
  const environment = ENVIRONMENTS.find((each) => each === to);
  if (environment === undefined) {
    throw new InputError(`--to ${shown(to)} is not one of ${ENVIRONMENTS.join(', ')}`);
  }
  const point = once('point', args.point);
  const from = once('indicators-from', args['indicators-from']);
  const isSaid = args[MAINNET_WORD] === true && environment === 'mainnet';
  return {
    run: args.run,
    environment,
    point:
      point === undefined ? undefined : wholeValue('--point', point, 0, Number.MAX_SAFE_INTEGER),
    after: once('after', args.after),
    journal: once('journal', args.journal),
    gates: once('gates', args.gates),
    waivers: waiversOf([args.waive ?? []].flat(), once('reason', args.reason)),
    out: once('out', args.out),
    dataDir: args.dataDir,
    instrumentFile: once('instrument', args.instrument),
    indicatorsFromMs: from === undefined ? undefined : instantOption('indicators-from', from),
    limits: limitsOf(args),
    word: isSaid ? MAINNET_WORD : null,
    explain: args.explain,
    json: args.json,
  };
}

function limitsOf(args: PromoteArguments): RiskGiven {
  return Object.fromEntries(
    RISK_NAMES.flatMap((name) => {
      const value = once(name, args[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function once(name: string, given: Given): string | undefined {
  if (given === undefined || typeof given === 'string') return given;
  throw new InputError(`--${name} is given twice: keep one`);
}

const MOST_REASON = 300;

/** Each with a reason of its own, or the one that is given for all of them. */
function waiversOf(given: readonly string[], common: string | undefined): Waiver[] {
  if (given.length === 0 && common !== undefined) {
    throw new InputError('--reason belongs to a waiver: name the gate with --waive NAME');
  }
  const waivers = given.map((each): Waiver => {
    const at = each.indexOf('=');
    const gate = (at < 0 ? each : each.slice(0, at)).trim();
    const reason = (at < 0 ? (common ?? '') : each.slice(at + 1)).trim();
    const problem = waiverProblem(gate);
    if (problem !== undefined) throw new InputError(problem);
    if (reason === '') {
      throw new InputError(`--waive ${gate} needs a written reason: --waive ${gate}="why"`);
    }
    if (reason.length > MOST_REASON || /[^\P{Cc}]/u.test(reason)) {
      throw new InputError(`the reason of --waive ${gate} is one line of at most ${MOST_REASON}`);
    }
    return { gate, reason };
  });
  const twice = waivers.find(
    ({ gate }, at) => waivers.findIndex((other) => other.gate === gate) !== at,
  );
  if (twice !== undefined) throw new InputError(`--waive ${twice.gate} is given twice: keep one`);
  return waivers;
}
