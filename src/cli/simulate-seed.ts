import { Coverage } from '../laboratory/coverage.ts';
import { drawFaultPlan, onlyKinds, parseFaults } from '../laboratory/fault-plan.ts';
import type { FaultPlan } from '../laboratory/fault-plan.ts';
import { productionBot } from '../laboratory/production-bot.ts';
import { CALM_MS, runSeed } from '../laboratory/run-seed.ts';
import type { SeedResult } from '../laboratory/run-seed.ts';

const MS_PER_HOUR = 3_600_000;

/** What makes a seed's run, beside the seed: plain data, for it goes to other processes. */
export type SeedRequest = {
  readonly hours: number;
  readonly faults: string | undefined;
  readonly trace: boolean;
};

export type SeedOutcome = {
  readonly result: SeedResult;
  readonly struck: readonly (readonly [string, number])[];
};

export function planOf(request: SeedRequest, seed: number): FaultPlan {
  const drawn = drawFaultPlan(seed, request.hours * MS_PER_HOUR);
  return request.faults === undefined ? drawn : onlyKinds(drawn, parseFaults(request.faults));
}

export function runPlan(
  plan: FaultPlan,
  request: SeedRequest,
  keepJournal?: (bytes: Uint8Array) => void,
): SeedOutcome {
  const coverage = new Coverage();
  const result = runSeed({
    plan,
    calmMs: CALM_MS,
    keepsTrace: request.trace,
    makeBot: productionBot,
    coverage,
    ...(keepJournal === undefined ? {} : { keepJournal }),
  });
  return { result, struck: coverage.pairs() };
}
