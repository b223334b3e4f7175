import {
  SLOT_ENTRY_PENDING,
  SLOT_EXIT_PENDING,
  SLOT_FLAT,
  SLOT_HALTED,
  SLOT_IN_POSITION,
  SLOT_RECOVERING,
  SLOT_STATE_WORDS,
} from './codes.ts';
import { InvariantError } from './invariant.ts';

type StateWord = (typeof SLOT_STATE_WORDS)[number];

/**
 * Where a slot may go from each state. A late fill of an entry that was believed gone takes FLAT
 * to IN_POSITION; a stop or a liquidation takes IN_POSITION to FLAT without an exit order.
 */
export const SLOT_TRANSITIONS: Readonly<Record<StateWord, readonly StateWord[]>> = {
  FLAT: ['ENTRY_PENDING', 'IN_POSITION', 'RECOVERING', 'HALTED'],
  ENTRY_PENDING: ['FLAT', 'IN_POSITION', 'EXIT_PENDING', 'RECOVERING', 'HALTED'],
  IN_POSITION: ['EXIT_PENDING', 'FLAT', 'ENTRY_PENDING', 'RECOVERING', 'HALTED'],
  EXIT_PENDING: ['IN_POSITION', 'FLAT', 'ENTRY_PENDING', 'RECOVERING', 'HALTED'],
  RECOVERING: ['FLAT', 'ENTRY_PENDING', 'IN_POSITION', 'EXIT_PENDING', 'HALTED'],
  HALTED: ['RECOVERING'],
};

const STATE_COUNT = SLOT_STATE_WORDS.length;
const ALLOWED = new Uint8Array(STATE_COUNT * STATE_COUNT);
SLOT_STATE_WORDS.forEach((from, row) => {
  for (const to of SLOT_TRANSITIONS[from]) {
    ALLOWED[row * STATE_COUNT + SLOT_STATE_WORDS.indexOf(to)] = 1;
  }
});

/** The state that a slot's known facts amount to. */
export function slotState(openQty: number, entryAlive: boolean, exitStanding: boolean): number {
  if (openQty > 0) return exitStanding ? SLOT_EXIT_PENDING : SLOT_IN_POSITION;
  return entryAlive ? SLOT_ENTRY_PENDING : SLOT_FLAT;
}

export function assertTransition(slot: number, from: number, to: number): void {
  if (!(ALLOWED[from * STATE_COUNT + to] === 1))
    throw new InvariantError(
      `slot ${slot}: ${SLOT_STATE_WORDS[from]} -> ${SLOT_STATE_WORDS[to]} is not a transition`,
    );
}

/** States in which the slot takes part in trading. */
export function isTrading(state: number): boolean {
  return state !== SLOT_RECOVERING && state !== SLOT_HALTED;
}
