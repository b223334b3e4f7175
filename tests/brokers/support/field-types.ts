/**
 * What Bybit documents for the fields that the decoders read: the JSON type of each, re-stated by
 * hand. The decoders must want exactly this; all other fields may be anything.
 */
export type DocumentedType = 'string' | 'integer' | 'flag' | 'sequence';
export type FieldTypes = Readonly<Record<string, DocumentedType>>;

export const ORDER_FIELDS: FieldTypes = {
  orderId: 'string',
  orderLinkId: 'string',
  parentOrderLinkId: 'string',
  symbol: 'string',
  price: 'string',
  qty: 'string',
  side: 'string',
  positionIdx: 'integer',
  orderStatus: 'string',
  cancelType: 'string',
  rejectReason: 'string',
  cumExecQty: 'string',
  orderType: 'string',
  stopOrderType: 'string',
  triggerPrice: 'string',
  reduceOnly: 'flag',
  createdTime: 'string',
  updatedTime: 'string',
};

export const EXECUTION_FIELDS: FieldTypes = {
  symbol: 'string',
  orderId: 'string',
  orderLinkId: 'string',
  side: 'string',
  leavesQty: 'string',
  execFee: 'string',
  execId: 'string',
  execPrice: 'string',
  execQty: 'string',
  execType: 'string',
  execTime: 'string',
  isMaker: 'flag',
  closedSize: 'string',
  seq: 'sequence',
  feeCurrency: 'string',
};

export const POSITION_FIELDS: FieldTypes = {
  positionIdx: 'integer',
  symbol: 'string',
  side: 'string',
  size: 'string',
  avgPrice: 'string',
  liqPrice: 'string',
  updatedTime: 'string',
  seq: 'sequence',
};

export const TRANSACTION_FIELDS: FieldTypes = {
  id: 'string',
  symbol: 'string',
  type: 'string',
  currency: 'string',
  transactionTime: 'string',
  funding: 'string',
  fee: 'string',
  cashFlow: 'string',
  change: 'string',
  cashBalance: 'string',
  tradeId: 'string',
  orderId: 'string',
  orderLinkId: 'string',
};

/** Fields that some documented messages leave out. */
export const MAY_BE_ABSENT = new Set([
  'parentOrderLinkId',
  'leavesQty',
  'closedSize',
  'feeCurrency',
  'liqPrice',
  'seq',
  'funding',
  'fee',
  'cashFlow',
]);
