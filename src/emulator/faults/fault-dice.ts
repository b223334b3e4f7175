import { Chance } from '../../venue/chance.ts';
import { WIRE_FAULT_KINDS } from './fault-kinds.ts';
import type { WireFault } from './fault-kinds.ts';
import type { ScriptedWireFault, WireFaultPlan } from './fault-plan.ts';

export type Strike = {
  readonly fault: WireFault;
  /** How late the script wants it; undefined: drawn. */
  readonly delayMs: number | undefined;
};

/** Says whether a fault strikes, from the plan's rates and its script, and keeps count. */
export class FaultDice {
  readonly counts = new Map<WireFault, number>();
  readonly #rates: WireFaultPlan['rates'];
  readonly #chances: Readonly<Record<WireFault, Chance>>;
  readonly #script: ScriptedWireFault[];
  readonly #seen = new Map<string, number>();

  constructor(plan: WireFaultPlan) {
    this.#rates = plan.rates;
    this.#script = [...plan.script];
    this.#chances = Object.fromEntries(
      WIRE_FAULT_KINDS.map((kind) => [kind, new Chance(plan.seed, kind)]),
    ) as Record<WireFault, Chance>;
  }

  /** The stream from which a fault draws how it strikes. */
  chance(kind: WireFault): Chance {
    return this.#chances[kind];
  }

  rate(kind: WireFault): number {
    return this.#rates[kind] ?? 0;
  }

  count(kind: WireFault): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  /** Struck by hand: the next thing of that target. */
  next(fault: WireFault, target: string, delayMs: number | undefined): void {
    const nth = (this.#seen.get(target) ?? 0) + 1;
    this.#script.push({ fault, target, nth, ...(delayMs === undefined ? {} : { delayMs }) });
  }

  /** The first of several that strikes this one thing; the script comes first. */
  oneOf(kinds: readonly WireFault[], target: string): Strike | undefined {
    const scripted = this.#scripted(target);
    if (scripted !== undefined) {
      this.count(scripted.fault);
      return { fault: scripted.fault, delayMs: scripted.delayMs };
    }
    for (const kind of kinds) {
      if (!this.#chances[kind].hits(this.rate(kind))) continue;
      this.count(kind);
      return { fault: kind, delayMs: undefined };
    }
    return undefined;
  }

  #scripted(target: string): ScriptedWireFault | undefined {
    const nth = (this.#seen.get(target) ?? 0) + 1;
    this.#seen.set(target, nth);
    return this.#script.find(
      (each) => each.target === target && nth >= each.nth && nth < each.nth + (each.times ?? 1),
    );
  }
}
