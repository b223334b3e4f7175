import { InputError } from '../engine/invariant.ts';
import { Chance } from '../venue/chance.ts';
import { FAULTS, FAULT_FAMILIES, FAULT_KINDS, kindsOf } from './faults.ts';
import type { FaultFamily, FaultKind } from './faults.ts';
import { hashText, hashWord } from '../venue/hash.ts';

/** What goes wrong in a run, as data: printed, replayed and put together like any other value. */
export type FaultPlan = {
  readonly seed: number;
  readonly chaosMs: number;
  /** Rate of each fault, in the unit of what it strikes; absent = off. */
  readonly rates: Readonly<Partial<Record<FaultKind, number>>>;
  readonly script: readonly ScriptedFault[];
  /** Faults that strike by the hour, at a time of their own. */
  readonly timed: readonly TimedFault[];
};

export type TimedFault = { readonly fault: FaultKind; readonly afterMs: number };

/** A fault that strikes the nth thing of a kind, and `times` in all; targets are named as in coverage. */
export type ScriptedFault = {
  readonly fault: FaultKind;
  readonly target: string;
  readonly nth: number;
  readonly times?: number;
  /** How late, where the fault is a delay; how long the process is down, where it is a crash. */
  readonly delayMs?: number;
};

const FAMILY_IS_ON = 0.5;
const KIND_IS_ON = 0.7;

/** A swarm: which families are on differs from seed to seed, for one may hide what another shows. */
export function drawFaultPlan(seed: number, chaosMs: number): FaultPlan {
  const rates: Partial<Record<FaultKind, number>> = {};
  for (const family of FAULT_FAMILIES) {
    const chance = new Chance(seed, `plan ${family}`);
    const isOn = chance.hits(FAMILY_IS_ON);
    for (const kind of kindsOf(family)) {
      const kindChance = new Chance(seed, `plan ${kind}`);
      const [low, high] = FAULTS[kind].rate;
      if (isOn && kindChance.hits(KIND_IS_ON)) rates[kind] = kindChance.logUniform(low, high);
    }
  }
  return { seed, chaosMs, rates, script: [], timed: [] };
}

export function withoutKinds(plan: FaultPlan, kinds: readonly FaultKind[]): FaultPlan {
  const rates = { ...plan.rates };
  for (const kind of kinds) delete rates[kind];
  return { ...plan, rates };
}

/** Only what is named, each at the plan's rate or, where the plan has it off, in the middle. */
export function onlyKinds(plan: FaultPlan, kinds: readonly FaultKind[]): FaultPlan {
  const rates: Partial<Record<FaultKind, number>> = {};
  for (const kind of kinds) {
    const [low, high] = FAULTS[kind].rate;
    rates[kind] = plan.rates[kind] ?? Math.sqrt(low * high);
  }
  return { ...plan, rates };
}

/** Families and kinds as a person names them: `disk,crash`. */
export function parseFaults(text: string): readonly FaultKind[] {
  const named = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const kinds = named.flatMap((word) => {
    if (isKind(word)) return [word];
    if (isFamily(word)) return kindsOf(word);
    if (word === 'none') return [];
    throw new InputError(
      `--faults: there is no fault "${word}"; families: ${FAULT_FAMILIES.join(', ')}; ` +
        `faults: ${FAULT_KINDS.join(', ')}; or none`,
    );
  });
  return [...new Set(kinds)];
}

export function planText(plan: FaultPlan): string {
  const parts = FAULT_KINDS.flatMap((kind) => {
    const rate = plan.rates[kind];
    return rate === undefined ? [] : [`${kind} ${Number(rate.toPrecision(3))}`];
  });
  return parts.length === 0 ? 'no faults' : parts.join(', ');
}

export function planHash(plan: FaultPlan, rest: string): string {
  return hashWord(hashText(`${JSON.stringify(plan)} ${rest}`));
}

function isKind(word: string): word is FaultKind {
  return Object.hasOwn(FAULTS, word);
}

function isFamily(word: string): word is FaultFamily {
  return FAULT_FAMILIES.some((family) => family === word);
}
