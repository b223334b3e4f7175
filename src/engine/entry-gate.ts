import { KIND_MARKET, ORDER_NONE, ROLE_CLOSE, ROLE_ENTRY, ROLES_PER_SLOT } from './codes.ts';
import type { OrderTable } from './order-table.ts';
import type { Plan } from './plan.ts';
import { REASON } from './reasons.ts';
import type { View } from './view.ts';

/** Why entries stop. Exits, stops and closes never do. */
export const GATE_HALT = 1;
export const GATE_FLATTEN = 2;
/** Something was said that we do not understand. */
export const GATE_QUARANTINE = 4;
/** Lots that no order of ours explains. */
export const GATE_UNOWNED = 8;
export const GATE_POSITION = 16;
export const GATE_LIQUIDATED = 32;
export const GATE_CONFIGURATION = 64;
/** These hold new entries back and leave the standing ones alone. */
export const GATE_CATCHING_UP = 128;
export const GATE_DISK = 256;
export const GATE_BANNED = 512;
/** The process is about to end. */
export const GATE_STOPPING = 1024;
/** Somebody else traded: until everything has been read and agrees, nothing is sure. */
export const GATE_FOREIGN = 2048;

const GATE_WORDS: readonly (readonly [number, string])[] = [
  [GATE_HALT, 'halted'],
  [GATE_FLATTEN, 'flattening'],
  [GATE_QUARANTINE, 'something unheard of'],
  [GATE_UNOWNED, 'lots of nobody'],
  [GATE_POSITION, 'position differs'],
  [GATE_LIQUIDATED, 'liquidated'],
  [GATE_CONFIGURATION, 'configuration'],
  [GATE_CATCHING_UP, 'catching up'],
  [GATE_DISK, 'disk'],
  [GATE_BANNED, 'banned'],
  [GATE_FOREIGN, 'somebody else traded'],
  [GATE_STOPPING, 'stopping'],
];

/** Why entries stop now, in words; none when they do not. */
export function gateWords(bits: number): string[] {
  return GATE_WORDS.filter(([bit]) => (bits & bit) !== 0).map(([, word]) => word);
}

const WITHDRAWS =
  GATE_HALT |
  GATE_FLATTEN |
  GATE_QUARANTINE |
  GATE_UNOWNED |
  GATE_POSITION |
  GATE_LIQUIDATED |
  GATE_CONFIGURATION |
  GATE_STOPPING |
  GATE_FOREIGN;
/** What a person's `resume` opens. */
export const GATE_RESUMABLE =
  GATE_HALT | GATE_FLATTEN | GATE_QUARANTINE | GATE_POSITION | GATE_LIQUIDATED | GATE_CONFIGURATION;

/** Fails closed, narrowly: takes what opens a position out of a plan, and nothing else. */
export class EntryGate {
  bits = 0;

  /** True when something changed. */
  set(bits: number, closed: boolean): boolean {
    const before = this.bits;
    this.bits = closed ? before | bits : before & ~bits;
    return this.bits !== before;
  }

  apply(plan: Plan, orders: OrderTable, view: View): void {
    if (this.bits === 0) return;
    const withdraws = (this.bits & WITHDRAWS) !== 0;
    if (withdraws) withdrawEntries(plan, REASON['entries-stopped'], NaN);
    else holdNewEntries(plan, orders);
    if ((this.bits & GATE_FLATTEN) !== 0) flatten(plan, view);
  }
}

/**
 * Takes what opens a position out of a plan; true when there was something. A strategy may keep an
 * entry without wanting it anew.
 */
export function withdrawEntries(plan: Plan, reason: number, levelTicks: number): boolean {
  const keys = plan.want.length;
  let found = false;
  for (let key = 0; key < keys; key += 1) {
    const wanted = plan.isWanted(key);
    if (wanted ? plan.reduceOnly[key] === 1 : !isKeptEntry(plan, key)) continue;
    if (wanted) plan.why((key / ROLES_PER_SLOT) | 0, reason, levelTicks);
    plan.drop(key);
    found = true;
  }
  return found;
}

function isKeptEntry(plan: Plan, key: number): boolean {
  return key % ROLES_PER_SLOT === ROLE_ENTRY && plan.isKept(key);
}

function holdNewEntries(plan: Plan, orders: OrderTable): void {
  for (let key = 0; key < orders.keyCount; key += 1) {
    if (!plan.isWanted(key) || plan.reduceOnly[key] === 1) continue;
    if (orders.state[key] !== ORDER_NONE) {
      plan.keep(key);
      continue;
    }
    plan.drop(key);
    plan.why((key / ROLES_PER_SLOT) | 0, REASON['entries-stopped'], NaN);
  }
}

/** Leave at market: the exits make room, every open lot gets one closing order. */
function flatten(plan: Plan, view: View): void {
  for (let slot = 0; slot < view.slotCount; slot += 1) {
    const key = slot * ROLES_PER_SLOT;
    for (let role = 0; role < ROLES_PER_SLOT; role += 1) plan.drop(key + role);
    const open = view.slotQty[slot] ?? 0;
    if (open > 0) {
      const side = -(view.slotSide[slot] ?? 0);
      plan.order(key + ROLE_CLOSE, KIND_MARKET, side, 0, open, true);
    }
  }
}
