import type { Instrument } from '../../engine/instrument.ts';
import { moneyText, sideWord } from './decimals.ts';
import type { ExecutionTruth } from './records.ts';

/** A row of execution/list. */
export function restExecutionRow(execution: ExecutionTruth, instrument: Instrument): object {
  execution.restRow ??= buildRow(execution, instrument);
  return execution.restRow;
}

/** A record of the execution topic. */
export function streamExecutionRow(execution: ExecutionTruth, instrument: Instrument): object {
  const row = buildRow(execution, instrument);
  row['category'] = instrument.spec.category;
  row['isLeverage'] = '0';
  row['execPnl'] = moneyText(instrument, execution.pnlMoney);
  row['extraFees'] = [];
  return row;
}

function buildRow(execution: ExecutionTruth, instrument: Instrument): Record<string, unknown> {
  const order = execution.order;
  const mark = instrument.formatPrice(execution.markTicks);
  return {
    symbol: instrument.symbol,
    orderId: execution.orderId,
    orderLinkId: execution.orderLinkId,
    side: sideWord(execution.side),
    orderPrice: instrument.formatPrice(execution.orderPriceTicks),
    orderQty: instrument.formatQty(execution.orderQtySteps),
    leavesQty: instrument.formatQty(execution.leavesSteps),
    createType: order?.createType ?? '',
    orderType: order?.orderType ?? 'UNKNOWN',
    stopOrderType: order?.stopOrderType ?? 'UNKNOWN',
    execFee: moneyText(instrument, execution.feeMoney),
    execFeeV2: '',
    execId: execution.execId,
    execPrice: instrument.formatPrice(execution.priceTicks),
    execQty: instrument.formatQty(execution.qtySteps),
    execType: execution.execType,
    execValue: moneyText(instrument, execution.valueMoney),
    execTime: String(execution.timeMs),
    feeCurrency: instrument.settleCurrency,
    isMaker: execution.maker,
    feeRate: execution.feeRate,
    tradeIv: '',
    markIv: '',
    markPrice: mark,
    indexPrice: '',
    underlyingPrice: '',
    blockTradeId: '',
    closedSize: instrument.formatQty(execution.closedSteps),
    seq: execution.seq,
    extraFees: '',
  };
}

/** A row of transaction-log: the same booking as the ledger sees it. */
export function transactionRow(execution: ExecutionTruth, instrument: Instrument): object {
  const funding = execution.execType === 'Funding';
  const fee = funding ? 0 : execution.feeMoney;
  const paid = funding ? -execution.feeMoney : 0;
  const change = execution.pnlMoney + paid - fee;
  return {
    id: `${execution.execId}_${instrument.settleCurrency}`,
    symbol: instrument.symbol,
    category: instrument.spec.category,
    side: sideWord(execution.side),
    transactionTime: String(execution.timeMs),
    type: transactionType(execution.execType),
    transSubType: '',
    qty: instrument.formatQty(execution.qtySteps),
    size: instrument.formatQty(execution.positionSteps),
    currency: instrument.settleCurrency,
    tradePrice: instrument.formatPrice(execution.priceTicks),
    funding: funding ? moneyText(instrument, paid) : '',
    fee: moneyText(instrument, fee),
    cashFlow: moneyText(instrument, execution.pnlMoney),
    change: moneyText(instrument, change),
    cashBalance: moneyText(instrument, execution.cashMoney),
    feeRate: execution.feeRate,
    bonusChange: '',
    tradeId: execution.execId,
    orderId: execution.orderId,
    orderLinkId: execution.orderLinkId,
    extraFees: '',
  };
}

function transactionType(execType: string): string {
  switch (execType) {
    case 'Funding':
      return 'SETTLEMENT';
    case 'BustTrade':
      return 'LIQUIDATION';
    case 'AdlTrade':
      return 'ADL';
    default:
      return 'TRADE';
  }
}
