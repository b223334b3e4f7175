import { InputError } from '../../engine/invariant.ts';
import { riskLimitsOf } from '../../engine/risk-options.ts';
import type { RiskGiven } from '../../engine/risk-options.ts';
import { canonicalJson } from '../../feeds/canonical-json.ts';
import { prepareRun } from '../prepare.ts';
import type { PreparedRun } from '../prepared-run.ts';
import { setupRun } from '../setup-run.ts';
import type { RunSetup } from '../setup-run.ts';
import type { PromotedRun } from './promoted-run.ts';
import { runEvidence } from './run-evidence.ts';
import type { HarsherTerms, RunEvidence } from './run-evidence.ts';

export type ProvenRun = {
  readonly prepared: PreparedRun;
  readonly setup: RunSetup;
  readonly evidence: RunEvidence;
};

/**
 * Does a written-down run again, over the very data it names, and under harsher terms. What comes
 * out must be what was written down, to the last bit: else the program or the report has changed.
 * `limits` are risk limits beyond the run's own: the evidence is then of the run with them.
 */
export async function proveRun(
  promoted: PromotedRun,
  terms: HarsherTerms,
  limits: RiskGiven = {},
): Promise<ProvenRun> {
  const asWritten = await prepareRun(promoted.spec);
  checkData(promoted, asWritten);
  checkInstrument(promoted, asWritten);
  checkMetrics(promoted, runEvidence(asWritten, NO_TERMS));
  const prepared = withLimits(asWritten, limits);
  return { prepared, setup: setupRun(prepared), evidence: runEvidence(prepared, terms) };
}

const NO_TERMS: HarsherTerms = { paths: [], executions: [], feeFactors: [] };

/** Limits given now, over the run's own: what is judged is what will trade. */
function withLimits(prepared: PreparedRun, limits: RiskGiven): PreparedRun {
  const given = { ...prepared.spec.risk, ...limits };
  const spec = { ...prepared.spec, risk: given };
  return { ...prepared, spec, risk: riskLimitsOf(given, prepared.instrument) };
}

function checkData({ kind, data }: PromotedRun, { inputs }: PreparedRun): void {
  const now = inputs.map(({ key, hash }) => ({ kind: key.kind, hash }));
  const other = [...data, ...now].find((series) => !(holds(data, series) && holds(now, series)));
  if (other === undefined) return;
  throw new InputError(
    `data: the ${other.kind} in the store are not those the ${kind} was made of: run it again`,
  );
}

type Hashed = { readonly kind: string; readonly hash: string };

function holds(all: readonly Hashed[], { kind, hash }: Hashed): boolean {
  return all.some((each) => each.kind === kind && each.hash === hash);
}

function checkInstrument(promoted: PromotedRun, { instrumentSpec, loaded }: PreparedRun): void {
  if (canonicalJson(promoted.instrument) === canonicalJson(instrumentSpec)) return;
  throw new InputError(
    `instrument: ${loaded.source} is not as it was when the ${promoted.kind} ran: run it again`,
  );
}

function checkMetrics({ kind, metrics }: PromotedRun, { ownMetrics }: RunEvidence): void {
  for (const [name, now] of Object.entries(ownMetrics)) {
    // Only full runs measure it candle by candle.
    if (name === 'maxDrawdownDays') continue;
    const written = metrics[name] ?? null;
    if (written === now) continue;
    throw new InputError(
      `evidence: ${name} was ${written} in the ${kind} and is ${now} now; the program has changed ` +
        'since, or the report was edited: run it again',
    );
  }
}
