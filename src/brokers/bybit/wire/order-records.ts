import type { Row } from './decoded.ts';
import type { Fields } from './fields.ts';
import { ORDER_STATUSES, ORDER_TYPES } from './records.ts';
import type { OrderRecord } from './records.ts';

/** One order, as the stream and both order lists show it. */
export function orderRecord(row: Row, fields: Fields): OrderRecord {
  const record: OrderRecord = {
    orderId: fields.id('orderId'),
    orderLinkId: fields.text('orderLinkId'),
    symbol: fields.id('symbol'),
    status: fields.word('orderStatus', ORDER_STATUSES),
    side: fields.side('side'),
    orderType: fields.word('orderType', ORDER_TYPES),
    stopOrderType: fields.text('stopOrderType'),
    priceTicks: fields.priceOrNone('price'),
    triggerTicks: fields.priceOrNone('triggerPrice'),
    qtySteps: fields.qty('qty'),
    filledSteps: fields.qty('cumExecQty'),
    reduceOnly: fields.flag('reduceOnly'),
    cancelType: fields.text('cancelType'),
    rejectReason: fields.text('rejectReason'),
    parentLinkId: fields.textOrAbsent('parentOrderLinkId'),
    createdMs: fields.timeText('createdTime'),
    updatedMs: fields.timeText('updatedTime'),
  };
  if (row['positionIdx'] !== 0) fields.problem('positionIdx', '0 (one-way mode)');
  if (fields.sound) holdTogether(record, fields);
  return record;
}

/** What no order can be, whatever the fields say one by one. */
function holdTogether(record: OrderRecord, fields: Fields): void {
  const { filledSteps, qtySteps } = record;
  if (qtySteps > 0 && filledSteps > qtySteps) {
    fields.problem('cumExecQty', `at most the quantity (${qtySteps} steps)`);
  }
  if (record.orderType === 'Limit' && record.priceTicks === 0) {
    fields.problem('price', 'the limit of a limit order');
  }
  if (record.status === 'Untriggered' && record.triggerTicks === 0) {
    fields.problem('triggerPrice', 'the trigger of an untriggered order');
  }
}
