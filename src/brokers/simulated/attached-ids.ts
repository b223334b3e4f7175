import { ROLE_EXIT, ROLE_STOP } from '../../engine/codes.ts';
import { attachedTo, entryOf } from '../../engine/order-id.ts';
import { attachedOrderId, isAttachedStop, parentOf } from '../../venue/protection.ts';

/** The venue numbers what it attaches itself by the parent; the engine by the entry and the role. */
export function engineIdOf(venueId: number, keyCount: number): number {
  if (venueId > 0) return venueId;
  const role = isAttachedStop(venueId) ? ROLE_STOP : ROLE_EXIT;
  return attachedTo(parentOf(venueId), role, keyCount);
}

/** For an attached order of the engine. */
export function venueIdOf(attachedId: number, role: number, keyCount: number): number {
  return attachedOrderId(entryOf(attachedId, keyCount), role === ROLE_STOP);
}
