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

export type AttachedTicks = {
  /** Exits that outlive this process, on last price; 0 = none. */
  readonly takeProfitTicks?: number;
  readonly stopLossTicks?: number;
};

export type NewOrder = AttachedTicks & {
  readonly linkId: string;
  readonly side: Side;
  readonly qtySteps: number;
  readonly reduceOnly: boolean;
  readonly what: NewLimit | NewMarket | NewStop;
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

/** `venueId`: of an order that the venue made itself, which has no link id. */
export type OrderNaming = { readonly linkId: string; readonly venueId?: string | undefined };

export type Amendment = OrderNaming &
  AttachedTicks & {
    /** The new limit; for a stop the new trigger. 0 = leave it. */
    readonly priceTicks: number;
    /** The order's new total, filled part included. 0 = leave it. */
    readonly qtySteps: number;
    readonly stop: boolean;
    /** Limit and trigger are one: a take-profit that came with its entry. */
    readonly limitAtTrigger?: boolean;
  };

export function encodeAmend(to: Amendment, instrument: Instrument): WireRequest {
  const { linkId, priceTicks, qtySteps, stop } = to;
  if (priceTicks === 0 && qtySteps === 0)
    throw new InvariantError(`amend ${linkId} to nothing new`);
  return post(ORDER_AMEND, {
    ...symbolOf(instrument),
    ...nameOf(to),
    ...(priceTicks === 0
      ? {}
      : { [stop ? 'triggerPrice' : 'price']: priceText(priceTicks, instrument) }),
    ...(to.limitAtTrigger === true ? { triggerPrice: priceText(priceTicks, instrument) } : {}),
    ...(qtySteps === 0 ? {} : { qty: qtyText(qtySteps, instrument) }),
    ...attachedParams(to, instrument),
  });
}

export function encodeCancel(of: string | OrderNaming, instrument: Instrument): WireRequest {
  const naming = typeof of === 'string' ? { linkId: of } : of;
  return post(ORDER_CANCEL, { ...symbolOf(instrument), ...nameOf(naming) });
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

function attachedParams(order: AttachedTicks, instrument: Instrument): Params {
  const { takeProfitTicks = 0, stopLossTicks = 0 } = order;
  if (takeProfitTicks === 0 && stopLossTicks === 0) return {};
  return {
    // Partial: of this order's size. Full would hold for the whole position, other levels' too.
    tpslMode: 'Partial',
    ...(takeProfitTicks === 0
      ? {}
      : {
          takeProfit: priceText(takeProfitTicks, instrument),
          tpTriggerBy: 'LastPrice',
          tpOrderType: 'Limit',
          tpLimitPrice: priceText(takeProfitTicks, instrument),
        }),
    ...(stopLossTicks === 0
      ? {}
      : {
          stopLoss: priceText(stopLossTicks, instrument),
          slTriggerBy: 'LastPrice',
          slOrderType: 'Market',
        }),
  };
}

function nameOf({ linkId, venueId }: OrderNaming): Params {
  return venueId === undefined ? { orderLinkId: linkId } : { orderId: venueId };
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
