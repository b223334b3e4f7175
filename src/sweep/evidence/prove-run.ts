import { InputError } from '../../engine/invariant.ts';
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
 */
export async function proveRun(promoted: PromotedRun, terms: HarsherTerms): Promise<ProvenRun> {
  const prepared = await prepareRun(promoted.spec);
  checkData(promoted, prepared);
  checkInstrument(promoted, prepared);
  const evidence = runEvidence(prepared, terms);
  checkMetrics(promoted, evidence);
  return { prepared, setup: setupRun(prepared), evidence };
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
