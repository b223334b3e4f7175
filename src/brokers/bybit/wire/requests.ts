import type { Instrument } from '../../../engine/instrument.ts';
import { InvariantError } from '../../../engine/invariant.ts';
import { BUY } from '../../../engine/units.ts';
import type { Side } from '../../../engine/units.ts';
import { ORDER_AMEND, ORDER_CANCEL, ORDER_CANCEL_ALL, ORDER_CREATE } from './paths.ts';

/** A request as it goes out; the shell signs it. Decimals are strings, as Bybit wants them. */
export type WireRequest = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly params: Readonly<Record<string, string | number | boolean>>;
};

export type NewOrder = {
  readonly linkId: string;
  readonly side: Side;
  readonly qtySteps: number;
  readonly reduceOnly: boolean;
  readonly what: NewLimit | NewMarket | NewStop;
  /** Exits that outlive this process, on last price; 0 = none. */
  readonly takeProfitTicks?: number;
  readonly stopLossTicks?: number;
};
type NewLimit = { readonly kind: 'Limit'; readonly priceTicks: number; readonly postOnly: boolean };
type NewMarket = { readonly kind: 'Market' };
/** A conditional market order on last price. */
type NewStop = { readonly kind: 'StopMarket'; readonly triggerTicks: number };

const RISES_TO = 1;
const FALLS_TO = 2;

export function encodeCreate(order: NewOrder, instrument: Instrument): WireRequest {
  return post(ORDER_CREATE, {
    ...symbolOf(instrument),
    side: order.side === BUY ? 'Buy' : 'Sell',
    qty: qtyText(order.qtySteps, instrument),
    ...kindParams(order, instrument),
    positionIdx: 0,
    orderLinkId: order.linkId,
    reduceOnly: order.reduceOnly,
    ...attachedParams(order, instrument),
  });
}

export type Amendment = {
  readonly linkId: string;
  /** The new limit; for a stop the new trigger. 0 = leave it. */
  readonly priceTicks: number;
  /** The order's new total, filled part included. 0 = leave it. */
  readonly qtySteps: number;
  readonly stop: boolean;
};

export function encodeAmend(to: Amendment, instrument: Instrument): WireRequest {
  const { linkId, priceTicks, qtySteps, stop } = to;
  if (priceTicks === 0 && qtySteps === 0)
    throw new InvariantError(`amend ${linkId} to nothing new`);
  return post(ORDER_AMEND, {
    ...symbolOf(instrument),
    orderLinkId: linkId,
    ...(priceTicks === 0
      ? {}
      : { [stop ? 'triggerPrice' : 'price']: priceText(priceTicks, instrument) }),
    ...(qtySteps === 0 ? {} : { qty: qtyText(qtySteps, instrument) }),
  });
}

export function encodeCancel(linkId: string, instrument: Instrument): WireRequest {
  return post(ORDER_CANCEL, { ...symbolOf(instrument), orderLinkId: linkId });
}

/** Every order of the symbol, conditional ones too, whoever made them. */
export function encodeCancelAll(instrument: Instrument): WireRequest {
  return post(ORDER_CANCEL_ALL, symbolOf(instrument));
}

type Params = WireRequest['params'];

function kindParams({ what, side }: NewOrder, instrument: Instrument): Params {
  switch (what.kind) {
    case 'Limit':
      return {
        orderType: 'Limit',
        price: priceText(what.priceTicks, instrument),
        timeInForce: what.postOnly ? 'PostOnly' : 'GTC',
      };
    case 'Market':
      return { orderType: 'Market', timeInForce: 'IOC' };
    case 'StopMarket':
      return {
        orderType: 'Market',
        timeInForce: 'IOC',
        triggerPrice: priceText(what.triggerTicks, instrument),
        triggerDirection: side === BUY ? RISES_TO : FALLS_TO,
        triggerBy: 'LastPrice',
      };
  }
}

function attachedParams(order: NewOrder, instrument: Instrument): Params {
  const { takeProfitTicks = 0, stopLossTicks = 0 } = order;
  if (takeProfitTicks === 0 && stopLossTicks === 0) return {};
  return {
    tpslMode: 'Full',
    ...(takeProfitTicks === 0
      ? {}
      : { takeProfit: priceText(takeProfitTicks, instrument), tpTriggerBy: 'LastPrice' }),
    ...(stopLossTicks === 0
      ? {}
      : { stopLoss: priceText(stopLossTicks, instrument), slTriggerBy: 'LastPrice' }),
  };
}

function symbolOf(instrument: Instrument): { category: string; symbol: string } {
  return { category: instrument.spec.category, symbol: instrument.symbol };
}

function post(path: string, params: Params): WireRequest {
  return { method: 'POST', path, params };
}

function priceText(ticks: number, instrument: Instrument): string {
  if (!(ticks > 0)) throw new InvariantError(`order price of ${ticks} ticks`);
  return instrument.formatPrice(ticks);
}

function qtyText(steps: number, instrument: Instrument): string {
  if (!(steps > 0)) throw new InvariantError(`order quantity of ${steps} steps`);
  return instrument.formatQty(steps);
}
