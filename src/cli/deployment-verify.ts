import type { InstrumentSpec } from '../engine/instrument.ts';
import { canonicalJson } from '../feeds/canonical-json.ts';
import { checkProfile } from '../feeds/profiles.ts';
import { seriesName } from '../feeds/series-key.ts';
import { GATE_EXECUTIONS, GATE_PATHS } from '../live/deployment/gates.ts';
import type { Deployment } from '../live/deployment/manifest.ts';
import { PATH_MODELS } from '../market/path.ts';
import { runEvidence } from '../sweep/evidence/run-evidence.ts';
import { prepareRun } from '../sweep/prepare.ts';
import type { PreparedRun } from '../sweep/prepared-run.ts';
import type { RunSpec } from '../sweep/run-spec.ts';

/** Where the data is, and the instrument file if it was the user's own. */
export type VerifyPlaces = {
  readonly dataDir: string;
  readonly instrumentFile: string | undefined;
};

/**
 * Runs a manifest's evidence again from the data. Hashes show that a file was changed; only this
 * shows numbers that never came out of a run. Undefined: every number is the same.
 */
export async function evidenceProblem(
  deployment: Deployment,
  places: VerifyPlaces,
): Promise<string | undefined> {
  const prepared = await prepareRun(specOf(deployment, places));
  const other = inputsProblem(deployment, prepared);
  if (other !== undefined) return other;
  const { evidence, gates } = deployment;
  const feeFactors = [1, gates.config.feeFactor];
  const terms = { paths: GATE_PATHS, executions: GATE_EXECUTIONS, feeFactors };
  const now = runEvidence(prepared, terms);
  const written = [evidence.own, ...evidence.harsher];
  const found = [now.own, ...now.harsher];
  if (written.length !== found.length)
    return `${written.length} runs are written, not all there are`;
  const at = written.findIndex((run, place) => canonicalJson(run) !== canonicalJson(found[place]));
  const [is, was] = [found[at], written[at]];
  if (is === undefined || was === undefined) return undefined;
  return (
    `under path ${is.path}, execution ${is.execution}, fees x${is.feeFactor} the run comes to ` +
    `${is.netProfit} in ${is.trades} trades, not ${was.netProfit} in ${was.trades}`
  );
}

function specOf(deployment: Deployment, places: VerifyPlaces): RunSpec {
  const { simulation, candles, data, capital, leverage, risk } = deployment;
  const { symbol, category } = deployment.instrument as InstrumentSpec;
  const isSynthetic = data.some(({ series }) => series.startsWith('synthetic '));
  return {
    dataDir: places.dataDir,
    symbol,
    category,
    instrumentFile: places.instrumentFile,
    interval: candles.interval,
    origin: isSynthetic ? 'synthetic' : 'real',
    fromMs: simulation.fromMs,
    toMs: simulation.toMs,
    warmupMs: simulation.warmupMs,
    strategy: deployment.strategy,
    params: deployment.parameters,
    path: PATH_MODELS.find((path) => path === simulation.path) ?? 'direction',
    execution: checkProfile(simulation.execution, 'of the manifest'),
    seed: simulation.seed,
    capital: capital ?? undefined,
    leverage,
    risk,
  };
}

function inputsProblem(deployment: Deployment, prepared: PreparedRun): string | undefined {
  const { inputs, instrumentSpec } = prepared;
  if (canonicalJson(deployment.instrument) !== canonicalJson(instrumentSpec)) {
    return 'the instrument file is not as it was';
  }
  const now = new Map(inputs.map(({ key, hash }) => [seriesName(key), hash]));
  const missing = deployment.data.find(({ series, sha256 }) => now.get(series) !== sha256);
  if (missing === undefined && now.size === deployment.data.length) return undefined;
  return `the data is not what it was made from: ${missing?.series ?? 'there is more of it'}`;
}
