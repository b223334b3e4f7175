import { KIND_MARKET, ORDER_NONE, ROLE_EXIT, ROLE_STOP, ROLES_PER_SLOT } from './codes.ts';
import { attachedTo, entryOf } from './order-id.ts';
import type { OrderTable } from './order-table.ts';

const ROLE_BITS = ROLES_PER_SLOT - 1;
export const NO_KEY = -1;

/** Its entry may still fill, and it with it: only the venue can say that it is over. */
export function mayGrow(orders: OrderTable, key: number): boolean {
  if (orders.attached[key] === 0) return false;
  const entryKey = key - (key & ROLE_BITS);
  const entryId = entryOf(orders.id[key] ?? NaN, orders.keyCount);
  return orders.state[entryKey] !== ORDER_NONE && orders.id[entryKey] === entryId;
}

/** Whether an awaited order's entry has filled, so that the venue should have made it. */
export function isDue(orders: OrderTable, key: number): boolean {
  return (orders.filledSteps[key - (key & ROLE_BITS)] ?? 0) > 0;
}

/** The stop that came with an entry has triggered, which may be known before the entry's fill. */
export function hasTriggered(orders: OrderTable, entryKey: number): boolean {
  const key = entryKey + ROLE_STOP;
  const id = attachedTo(orders.id[entryKey] ?? NaN, ROLE_STOP, orders.keyCount);
  return orders.attached[key] === 1 && orders.id[key] === id && orders.kind[key] === KIND_MARKET;
}

/** An exit of the key's slot that the venue made and that may stand; NO_KEY when there is none. */
export function standingAttached(orders: OrderTable, key: number): number {
  const slotKey = key - (key & ROLE_BITS);
  for (let role = ROLE_EXIT; role <= ROLE_STOP; role += 1) {
    const other = slotKey + role;
    if (orders.attached[other] === 1 && orders.state[other] !== ORDER_NONE) return other;
  }
  return NO_KEY;
}
