import {
  END_BY_VENUE,
  END_CANCELLED_BY_USER,
  END_FILLED,
  END_IOC_REMAINDER,
  END_POST_ONLY,
  END_PROTECTION_CLEARED,
  END_REDUCE_ONLY,
} from '../../engine/codes.ts';
import type { EngineEvent } from '../../engine/events.ts';
import type { OrderRecord } from '../../brokers/bybit/wire/records.ts';

/** What a venue's record of an order of ours says to the engine, in the order it is to be told. */
export function newsOfOrder(
  record: OrderRecord,
  orderId: number,
  source: number,
  timeMs: number,
  askedMs: number,
): readonly EngineEvent[] {
  const { filledSteps } = record;
  const conditional = record.triggerTicks > 0;
  const seen: EngineEvent = {
    kind: 'orderSeen',
    timeMs,
    orderId,
    source,
    priceTicks: shownTicks(record, conditional),
    qtySteps: record.qtySteps,
    filledSteps,
    askedMs,
  };
  switch (record.status) {
    case 'Untriggered':
      return [seen];
    case 'New':
    case 'PartiallyFilled':
    case 'Triggered':
      return conditional ? [{ kind: 'stopTriggered', timeMs, orderId }, seen] : [seen];
    case 'Filled':
    case 'Cancelled':
    case 'Rejected':
    case 'Deactivated':
      return [{ kind: 'orderEnded', timeMs, orderId, end: endOf(record), filledSteps }];
  }
}

export function isOpen(record: OrderRecord): boolean {
  const { status } = record;
  return (
    status !== 'Filled' &&
    status !== 'Cancelled' &&
    status !== 'Rejected' &&
    status !== 'Deactivated'
  );
}

/** As the engine asks for it: a stop by its trigger, a market order by no price. */
function shownTicks(record: OrderRecord, conditional: boolean): number {
  if (conditional) return record.triggerTicks;
  return record.orderType === 'Market' ? 0 : record.priceTicks;
}

function endOf({ status, cancelType, rejectReason }: OrderRecord): number {
  // A cancel that lost its race may send a second Filled, marked as cancelled by the user.
  if (status === 'Filled') return END_FILLED;
  if (rejectReason === 'EC_PostOnlyWillTakeLiquidity') return END_POST_ONLY;
  if (rejectReason === 'EC_NoImmediateQtyToFill') return END_IOC_REMAINDER;
  if (cancelType === 'CancelByReduceOnly') return END_REDUCE_ONLY;
  // One of a pair that the other has made needless.
  if (cancelType === 'CancelByTpSlTsClear' || cancelType.startsWith('CancelByOCO'))
    return END_PROTECTION_CLEARED;
  if (cancelType === 'CancelByUser' || rejectReason === 'EC_PerCancelRequest')
    return END_CANCELLED_BY_USER;
  return END_BY_VENUE;
}
