import { MS_PER_DAY } from '../engine/units.ts';
import { seriesName } from '../feeds/series-key.ts';
import type { EarlierStep, Evidence } from '../live/deployment/evidence.ts';
import { GATE_EXECUTIONS, GATE_PATHS, judgeGates } from '../live/deployment/gates.ts';
import type { Environment, Waiver } from '../live/deployment/gates.ts';
import type { DeploymentBody } from '../live/deployment/manifest.ts';
import { provenParts } from '../live/deployment/part-hash.ts';
import type { ProgramCode } from '../live/program-code.ts';
import type { PromotedRun } from '../sweep/evidence/promoted-run.ts';
import type { ProvenRun } from '../sweep/evidence/prove-run.ts';
import type { HarsherTerms } from '../sweep/evidence/run-evidence.ts';
import type { ChosenGates } from './gates-file.ts';

/** Everything a manifest is made of, found or asked for. */
export type Promotion = {
  readonly environment: Environment;
  readonly promotedAt: Date;
  readonly run: PromotedRun;
  readonly proven: ProvenRun;
  readonly code: ProgramCode;
  readonly gates: ChosenGates;
  readonly waivers: readonly Waiver[];
  readonly scenarios: Evidence['scenarios'];
  readonly earlier: (candidate: DeploymentFacts) => EarlierStep | null;
  readonly indicatorsFromMs: number | undefined;
  readonly word: string | null;
};

/** What is traded and with what, before any judgement. */
export type DeploymentFacts = Omit<DeploymentBody, 'evidence' | 'gates' | 'waivers'>;

/** The runs that gates ask for: fees as they are and as the gates multiply them. */
export function harsherTerms({ config }: ChosenGates): HarsherTerms {
  return { paths: GATE_PATHS, executions: GATE_EXECUTIONS, feeFactors: [1, config.feeFactor] };
}

/** The manifest, judged and not yet sealed. */
export function bodyOf(promotion: Promotion): DeploymentBody {
  const { gates, waivers, environment } = promotion;
  const facts = factsOf(promotion);
  const evidence = evidenceOf(promotion, facts);
  const verdicts = judgeGates(evidence, gates.config, environment, waivers);
  return { ...facts, evidence, gates: { ...gates, verdicts }, waivers: [...waivers] };
}

function factsOf(promotion: Promotion): DeploymentFacts {
  const { environment, promotedAt, proven, code, indicatorsFromMs } = promotion;
  const { prepared, setup } = proven;
  const { spec, tape, startMs, endMs, instrumentSpec, inputs, leverage } = prepared;
  const { path, execution, seed, warmupMs } = spec;
  return {
    schema: 'lockstep.deployment',
    version: 1,
    environment,
    promotedAt: promotedAt.toISOString(),
    strategy: spec.strategy,
    parameters: { ...setup.params },
    instrument: instrumentSpec,
    candles: {
      interval: spec.interval,
      indicatorsStartMs: indicatorsFromMs ?? tape.openTimeMs[0] ?? startMs,
    },
    capital: spec.capital ?? null,
    leverage,
    risk: { ...spec.risk },
    simulation: {
      path,
      execution: { ...execution },
      seed,
      fromMs: startMs,
      toMs: endMs,
      warmupMs,
    },
    data: inputs.map(({ key, hash, rows }) => ({ series: seriesName(key), sha256: hash, rows })),
    code,
  };
}

function evidenceOf(promotion: Promotion, facts: DeploymentFacts): Evidence {
  const { run, proven, scenarios, earlier, word } = promotion;
  const { prepared, evidence } = proven;
  const { tape, firstRow, startMs, endMs, series, spec } = prepared;
  return {
    of: provenParts(facts),
    source: { kind: run.kind, manifestSha256: run.manifestSha256 },
    days: (endMs - startMs) / MS_PER_DAY,
    candles: tape.count - firstRow,
    synthetic: series.synthetic,
    volumeLimited: tape.hasVolume && spec.execution.participation !== undefined,
    own: evidence.own,
    harsher: [...evidence.harsher],
    sweep: run.sweep,
    scenarios,
    earlier: earlier(facts),
    word,
  };
}
