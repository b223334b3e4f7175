import { withoutKinds } from './fault-plan.ts';
import type { FaultPlan } from './fault-plan.ts';
import { FAULT_FAMILIES, FAULT_KINDS, kindsOf } from './faults.ts';
import type { FaultKind } from './faults.ts';
import type { SeedResult } from './run-seed.ts';

const SHORTEST_MS = 5 * 60_000;

/**
 * A smaller plan that breaks the same rule: families off one by one, then single faults, and the
 * time halved, as long as the rule stays broken.
 */
export function shrink(
  plan: FaultPlan,
  run: (plan: FaultPlan) => SeedResult,
  onStep: (text: string) => void,
): FaultPlan {
  const rule = run(plan).broken?.rule;
  if (rule === undefined) return plan;
  const stillBreaks = (smaller: FaultPlan): boolean => run(smaller).broken?.rule === rule;
  let smallest = plan;
  const tryWithout = (name: string, kinds: readonly FaultKind[]): void => {
    if (!kinds.some((kind) => smallest.rates[kind] !== undefined)) return;
    const smaller = withoutKinds(smallest, kinds);
    if (!stillBreaks(smaller)) return;
    smallest = smaller;
    onStep(`without ${name}: still ${rule}`);
  };
  for (const family of FAULT_FAMILIES) tryWithout(family, kindsOf(family));
  for (const kind of FAULT_KINDS) tryWithout(kind, [kind]);
  for (let chaosMs = plan.chaosMs / 2; chaosMs >= SHORTEST_MS; chaosMs /= 2) {
    const smaller = { ...smallest, chaosMs: Math.round(chaosMs) };
    if (!stillBreaks(smaller)) break;
    smallest = smaller;
    onStep(`${(smaller.chaosMs / 60_000).toFixed(0)} min of chaos: still ${rule}`);
  }
  return smallest;
}
