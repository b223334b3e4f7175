import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { writeAtomic } from '../feeds/atomic-write.ts';
import { isAligned } from '../feeds/interval-check.ts';
import { passes } from '../live/deployment/gates.ts';
import type { DeploymentBody } from '../live/deployment/manifest.ts';
import { deploymentText, sealDeployment } from '../live/deployment/seal.ts';
import { programCode } from '../live/program-code.ts';
import { readPromotedRun } from '../sweep/evidence/promoted-run.ts';
import type { PromotedRun } from '../sweep/evidence/promoted-run.ts';
import { proveRun } from '../sweep/evidence/prove-run.ts';
import { intervalOption } from './data-options.ts';
import { readGates } from './gates-file.ts';
import type { ChosenGates } from './gates-file.ts';
import { earlierStepOf, readEarlier } from './promote-earlier.ts';
import { promoteRequestOf, withPromoteOptions } from './promote-options.ts';
import type { PromoteArguments, PromoteRequest } from './promote-options.ts';
import { playedScenarios } from './promote-scenarios.ts';
import { failedGates, promotionText } from './promote-text.ts';
import { bodyOf, harsherTerms } from './promotion.ts';

/** A refused promotion is no bad input: every flag was right, a gate was not passed. */
const EXIT_REFUSED = 1;

export function addPromoteCommand(program: Argv): Argv {
  return program.command(
    'promote <run>',
    'Judge a backtest or a point of a sweep, and write the manifest a bot is started from',
    (command) => withPromoteOptions(command),
    (args) => promote(promoteRequestOf(args as PromoteArguments)),
  );
}

async function promote(request: PromoteRequest): Promise<void> {
  const gates = readGates(request.gates);
  refuseShortTrial(request, gates);
  const run = readPromotedRun(request.run, request.point, request);
  if (request.out !== undefined) refuseStanding(request.out);
  const body = await judged(request, gates, run);
  const verdicts = body.gates.verdicts;
  const held = passes(verdicts);
  if (request.json) process.stdout.write(`${JSON.stringify(verdicts, undefined, 2)}\n`);
  else process.stdout.write(promotionText(body));
  if (!held) {
    process.stderr.write(
      `lockstep: not promoted to ${request.environment}: ${failedGates(body)}\n`,
    );
    process.exitCode = EXIT_REFUSED;
    return;
  }
  if (request.explain) {
    process.stderr.write('every gate is passed; without --explain the manifest is written\n');
    return;
  }
  const path = write(request, body);
  process.stderr.write(`promoted to ${request.environment}: ${path}\n`);
}

async function judged(
  request: PromoteRequest,
  gates: ChosenGates,
  run: PromotedRun,
): Promise<DeploymentBody> {
  const { environment, dataDir, waivers, word } = request;
  const earlier = readEarlier(request);
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  tell('running it again, and under harsher paths, executions and fees');
  const code = programCode();
  const proven = await proveRun(run, harsherTerms(gates), request.limits);
  const cache = environment === 'dry-run' ? join(dataDir, 'cache') : undefined;
  const scenarios = playedScenarios(code, cache, tell);
  return bodyOf({
    environment,
    promotedAt: new Date(),
    run,
    proven,
    code,
    gates,
    waivers,
    scenarios,
    earlier: (candidate) => earlierStepOf(earlier, candidate),
    indicatorsFromMs: indicatorsFrom(request, run),
    word,
  });
}

function indicatorsFrom(
  { indicatorsFromMs }: PromoteRequest,
  { spec }: PromotedRun,
): number | undefined {
  if (indicatorsFromMs === undefined) return undefined;
  if (isAligned(indicatorsFromMs, intervalOption(spec.interval).ms)) return indicatorsFromMs;
  throw new InputError(`--indicators-from does not open a ${spec.interval} candle (UTC)`);
}

/** Thresholds of one's own may not shorten the way to real money. */
function refuseShortTrial({ environment }: PromoteRequest, { laxer }: ChosenGates): void {
  if (environment !== 'mainnet') return;
  const short = laxer.find((each) => /^min\w+Hours /.test(each));
  if (short === undefined) return;
  throw new InputError(`gates: ${short} is too little for mainnet: drop it from the --gates file`);
}

function write({ out }: PromoteRequest, body: DeploymentBody): string {
  const sealed = sealDeployment(body);
  const { symbol } = body.instrument as { readonly symbol: string };
  const name = `${body.strategy}-${symbol}-${body.environment}-${sealed.deployment}.json`;
  const path = out ?? join('deployments', name);
  refuseStanding(path);
  try {
    writeAtomic(path, [Buffer.from(deploymentText(sealed))]);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new InputError(`cannot write ${path} (${code}): choose another --out`);
  }
  return path;
}

/** A manifest is never written over: a bot may be running from it. */
function refuseStanding(path: string): void {
  if (!existsSync(path)) return;
  throw new InputError(`--out ${path} is there already: a manifest is not written over`);
}
