import { ROLES_PER_SLOT } from './codes.ts';

/**
 * Order ids carry their key: `id = attempt x keys + key`, exact below 2^53. Written out, because
 * `%` on numbers beyond 2^31 is a slow library call and ids are taken apart at every message.
 */
export function keyOfOrder(orderId: number, keyCount: number): number {
  return orderId - Math.floor(orderId / keyCount) * keyCount;
}

/** Attempts that an entry with a take-profit and a stop uses up: its own, and one for each. */
export const ATTEMPTS_ATTACHED = 3;

/**
 * The take-profit (role exit) or stop that comes with an entry: the next attempt but for its role,
 * so that either can be told from the other without a table.
 */
export function attachedTo(entryId: number, role: number, keyCount: number): number {
  return entryId + role * (keyCount + 1);
}

/** The entry that an attached order came with. */
export function entryOf(attachedId: number, keyCount: number): number {
  const role = keyOfOrder(attachedId, keyCount) & (ROLES_PER_SLOT - 1);
  return attachedId - role * (keyCount + 1);
}
