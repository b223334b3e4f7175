import { uuid } from './ids.ts';
import type { OrderTruth } from './records.ts';

type Given =
  | 'index'
  | 'side'
  | 'orderType'
  | 'createType'
  | 'createdMs'
  | 'createdAtTicks'
  | 'priceTicks'
  | 'qtySteps';

/** What an order must say of itself; the rest has an ordinary value. */
export type NewOrder = Pick<OrderTruth, Given> & Partial<Omit<OrderTruth, Given | 'orderId'>>;

/** The one place that makes orders, so that all have the same shape. */
export function newOrder(seed: number, given: NewOrder): OrderTruth {
  return {
    index: given.index,
    orderId: uuid(seed, given.index),
    orderLinkId: given.orderLinkId ?? '',
    parentLinkId: given.parentLinkId ?? '',
    side: given.side,
    orderType: given.orderType,
    createType: given.createType,
    stopOrderType: given.stopOrderType ?? '',
    timeInForce: given.timeInForce ?? 'IOC',
    triggerBy: given.triggerBy ?? '',
    triggerDirection: given.triggerDirection ?? 0,
    reduceOnly: given.reduceOnly ?? true,
    closeOnTrigger: given.closeOnTrigger ?? false,
    createdMs: given.createdMs,
    createdAtTicks: given.createdAtTicks,
    tpslMode: given.tpslMode ?? '',
    status: given.status ?? 'New',
    priceTicks: given.priceTicks,
    triggerTicks: given.triggerTicks ?? 0,
    qtySteps: given.qtySteps,
    filledSteps: 0,
    filledMoney: 0,
    feeMoney: 0,
    closedMoney: 0,
    cancelType: 'UNKNOWN',
    rejectReason: 'EC_NoError',
    takeProfitTicks: given.takeProfitTicks ?? 0,
    stopLossTicks: given.stopLossTicks ?? 0,
    updatedMs: given.createdMs,
  };
}
