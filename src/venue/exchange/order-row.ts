import type { Instrument } from '../../engine/instrument.ts';
import { averageText, moneyText, sideWord } from './decimals.ts';
import { isOver } from './records.ts';
import type { OrderVersion } from './records.ts';

/** A row of order/realtime and order/history. */
export function restOrderRow(order: OrderVersion, instrument: Instrument): object {
  order.restRow ??= commonRow(order, instrument, isOver(order.status) ? '0' : undefined, '0');
  return order.restRow;
}

/** A record of the order topic: some fields more, and empty where REST says zero. */
export function streamOrderRow(order: OrderVersion, instrument: Instrument): object {
  order.streamRow ??= buildStreamRow(order, instrument);
  return order.streamRow;
}

function buildStreamRow(order: OrderVersion, instrument: Instrument): object {
  const row = commonRow(order, instrument, order.status === 'Cancelled' ? '' : undefined, '');
  row['category'] = instrument.spec.category;
  row['closedPnl'] = moneyText(instrument, order.closedMoney);
  row['feeCurrency'] = instrument.settleCurrency;
  row['brokerOrderPrice'] = '';
  return row;
}

function commonRow(
  order: OrderVersion,
  instrument: Instrument,
  leavesWhenOver: string | undefined,
  noAverage: string,
): Record<string, unknown> {
  const leaves = order.qtySteps - order.filledSteps;
  const price = (ticks: number): string => (ticks > 0 ? instrument.formatPrice(ticks) : '');
  const fee = moneyText(instrument, order.feeMoney);
  return {
    orderId: order.orderId,
    orderLinkId: order.orderLinkId,
    parentOrderLinkId: order.parentLinkId,
    blockTradeId: '',
    symbol: instrument.symbol,
    price: instrument.formatPrice(order.priceTicks),
    qty: instrument.formatQty(order.qtySteps),
    side: sideWord(order.side),
    isLeverage: '',
    positionIdx: 0,
    orderStatus: order.status,
    createType: order.createType,
    cancelType: order.cancelType,
    rejectReason: order.rejectReason,
    avgPrice: order.filledSteps > 0 ? averagePrice(order, instrument) : noAverage,
    leavesQty: leavesWhenOver ?? instrument.formatQty(leaves),
    leavesValue: moneyText(
      instrument,
      isOver(order.status) || order.priceTicks === 0
        ? 0
        : instrument.value(leaves, order.priceTicks),
    ),
    cumExecQty: instrument.formatQty(order.filledSteps),
    cumExecValue: moneyText(instrument, order.filledMoney),
    cumExecFee: fee,
    timeInForce: order.timeInForce,
    orderType: order.orderType,
    stopOrderType: order.stopOrderType,
    ocoTriggerBy: '',
    orderIv: '',
    marketUnit: '',
    triggerPrice: price(order.triggerTicks),
    takeProfit: price(order.takeProfitTicks),
    stopLoss: price(order.stopLossTicks),
    tpslMode: order.tpslMode,
    tpLimitPrice: '',
    slLimitPrice: '',
    tpTriggerBy: order.takeProfitTicks > 0 ? 'LastPrice' : '',
    slTriggerBy: order.stopLossTicks > 0 ? 'LastPrice' : '',
    triggerDirection: order.triggerDirection,
    triggerBy: order.triggerBy,
    lastPriceOnCreated: instrument.formatPrice(order.createdAtTicks),
    basePrice: '',
    reduceOnly: order.reduceOnly,
    closeOnTrigger: order.closeOnTrigger,
    placeType: '',
    smpType: 'None',
    smpGroup: 0,
    smpOrderId: '',
    createdTime: String(order.createdMs),
    updatedTime: String(order.updatedMs),
    cumFeeDetail: order.feeMoney === 0 ? {} : { [instrument.settleCurrency]: fee },
  };
}

function averagePrice(order: OrderVersion, instrument: Instrument): string {
  const perStep = order.filledMoney / order.filledSteps;
  const atOneTick = instrument.valuePerStep(1);
  return averageText(instrument, instrument.inverse ? atOneTick / perStep : perStep / atOneTick);
}
