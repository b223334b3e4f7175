import type { ExecutionProfile } from '../venue/execution-profile.ts';
import { LEGS, compileQuantiles } from '../venue/latency.ts';
import type { Leg } from '../venue/latency.ts';

const NO_DELAY = { type: 'constant', ms: 0 } as const;

/** The same frictions with the delays of these legs alone. */
export function withDelaysOf(execution: ExecutionProfile, kept: readonly Leg[]): ExecutionProfile {
  const entries = LEGS.map((leg) => [leg, kept.includes(leg) ? execution.legs[leg] : NO_DELAY]);
  return { ...execution, legs: Object.fromEntries(entries) as ExecutionProfile['legs'] };
}

/** Legs on which anything ever takes time. */
export function delayedLegs({ legs }: ExecutionProfile): Leg[] {
  return LEGS.filter((leg) => (compileQuantiles(legs[leg]).at(-1) ?? 0) > 0);
}
