import { Chance } from '../venue/chance.ts';
import type { Coverage } from './coverage.ts';
import type { FaultPlan, ScriptedFault } from './fault-plan.ts';
import { FAULT_KINDS } from './faults.ts';
import type { FaultKind } from './faults.ts';

/** Says whether a fault strikes, from the plan's rates and its script, and keeps count. */
export class FaultDice {
  /** Chaos is over: only the script still strikes. */
  isCalm = false;
  /** How late the script wants the fault it has just given; -1 where it does not say. */
  scriptedDelayMs = -1;
  readonly coverage: Coverage;
  readonly #plan: FaultPlan;
  readonly #chances: Readonly<Record<FaultKind, Chance>>;
  readonly #script: ScriptedFault[];
  readonly #seen = new Map<string, number>();

  constructor(plan: FaultPlan, coverage: Coverage) {
    this.#plan = plan;
    this.coverage = coverage;
    this.#script = [...plan.script];
    this.#chances = Object.fromEntries(
      FAULT_KINDS.map((kind) => [kind, new Chance(plan.seed, kind)]),
    ) as Record<FaultKind, Chance>;
  }

  /** The stream from which a fault draws how it strikes. */
  chance(kind: FaultKind): Chance {
    return this.#chances[kind];
  }

  rate(kind: FaultKind): number {
    return this.isCalm ? 0 : (this.#plan.rates[kind] ?? 0);
  }

  strikes(kind: FaultKind, target: string): boolean {
    if (!this.#chances[kind].hits(this.rate(kind))) return false;
    this.coverage.hit(kind, target);
    return true;
  }

  /** The first of several that strikes this one thing; the script comes first. */
  oneOf(kinds: readonly FaultKind[], target: string): FaultKind | undefined {
    const scripted = this.scripted(target);
    this.scriptedDelayMs = scripted?.delayMs ?? -1;
    if (scripted !== undefined) return scripted.fault;
    for (const kind of kinds) if (this.strikes(kind, target)) return kind;
    return undefined;
  }

  /** The script's entry for this occurrence of the target, which is counted by asking. */
  scripted(target: string): ScriptedFault | undefined {
    if (this.#script.length === 0) return undefined;
    const nth = (this.#seen.get(target) ?? 0) + 1;
    this.#seen.set(target, nth);
    const found = this.#script.find((each) => each.target === target && covers(each, nth));
    if (found !== undefined) this.coverage.hit(found.fault, target);
    return found;
  }
}

function covers(entry: ScriptedFault, nth: number): boolean {
  return nth >= entry.nth && nth < entry.nth + (entry.times ?? 1);
}
