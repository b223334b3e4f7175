import { Instrument } from '../../engine/instrument.ts';
import { InputError } from '../../engine/invariant.ts';
import { resolveParameters } from '../../engine/parameters.ts';
import { canonicalJson } from '../../feeds/canonical-json.ts';
import { parseInstrumentSpec } from '../../feeds/instrument-schema.ts';
import { findStrategy } from '../../strategies/registry.ts';
import { DECIDING_ROOMS } from '../program-code.ts';
import type { ProgramCode } from '../program-code.ts';
import { judgeGates, waiverProblem } from './gates.ts';
import type { Environment } from './gates.ts';
import type { Deployment } from './manifest.ts';
import { PARTS_PROVEN, provenParts } from './part-hash.ts';

/** What a manifest must agree with before anything is started from it. */
export type StartFacts = {
  readonly code: ProgramCode;
  /** What is to be started; undefined: only looked at. */
  readonly environment?: Environment | undefined;
};

/**
 * What no longer matches, a phrase each; empty: it may be started. Everything that can be known
 * without the data: `lockstep deployment verify` runs the evidence again.
 */
export function checkDeployment(deployment: Deployment, facts: StartFacts): string[] {
  return [
    ...environmentProblems(deployment, facts.environment),
    ...codeProblems(deployment, facts.code),
    ...parameterProblems(deployment),
    ...evidenceProblems(deployment),
  ];
}

function environmentProblems({ environment }: Deployment, wanted?: Environment): string[] {
  if (wanted === undefined || wanted === environment) return [];
  return [`environment: it was promoted to ${environment}, not to ${wanted}`];
}

/** Names the rooms and packages that changed. */
function codeProblems({ code }: Deployment, now: ProgramCode): string[] {
  if (code.hash === now.hash) return [];
  const rooms = DECIDING_ROOMS.filter((room) => code.rooms[room] !== now.rooms[room]);
  const packages = Object.keys(now.packages).filter(
    (name) => code.packages[name] !== now.packages[name],
  );
  const changed = [...rooms.map((room) => `src/${room}`), ...packages].join(', ');
  const was = `promoted ${code.version} (${code.commit}), running ${now.version} (${now.commit})`;
  return [`code: ${changed || 'its hash'} changed since; ${was}`];
}

/** The parameters must be whole and mean what they meant: no default fills a hole later. */
function parameterProblems({ strategy: name, parameters, instrument }: Deployment): string[] {
  try {
    const strategy = findStrategy(name);
    const resolved = resolveParameters(name, strategy.parameters, parameters);
    const differs = Object.keys(resolved).filter((each) => resolved[each] !== parameters[each]);
    if (differs.length > 0) return [`parameters: ${differs.join(', ')} missing or read otherwise`];
    const spec = parseInstrumentSpec(instrument);
    if ('problem' in spec) return [`instrument: ${spec.problem}`];
    strategy.setup(resolved, new Instrument(spec.spec));
    return [];
  } catch (error) {
    if (error instanceof InputError) return [`parameters: ${error.message}`];
    throw error;
  }
}

/** The gates judged again from the numbers: verdicts are not taken from the file. */
function evidenceProblems(deployment: Deployment): string[] {
  const { evidence, gates, environment, waivers, code } = deployment;
  const now = provenParts(deployment);
  const strange = PARTS_PROVEN.filter((part) => evidence.of[part] !== now[part]);
  const problems = strange.length === 0 ? [] : [`evidence: it is of other ${strange.join(', ')}`];
  problems.push(...waivers.flatMap(({ gate }) => waiverProblem(gate) ?? []));
  const verdicts = judgeGates(evidence, gates.config, environment, waivers);
  if (canonicalJson(verdicts) !== canonicalJson(gates.verdicts)) {
    problems.push('evidence: the verdicts of the gates do not follow from its numbers');
  }
  for (const { gate, verdict } of verdicts) {
    if (verdict === 'fail') problems.push(`evidence: the gate ${gate} is not passed`);
  }
  if (evidence.scenarios.codeHash !== code.hash) {
    problems.push('evidence: the scenarios were played with other code');
  }
  return problems;
}
