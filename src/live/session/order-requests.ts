import { KIND_MARKET, KIND_STOP_MARKET } from '../../engine/codes.ts';
import type { Command } from '../../engine/commands.ts';
import type { Instrument } from '../../engine/instrument.ts';
import { BUY, SELL } from '../../engine/units.ts';
import { encodeCreate } from '../../brokers/bybit/wire/requests.ts';
import type { NewOrder, WireRequest } from '../../brokers/bybit/wire/requests.ts';

type Place = Extract<Command, { kind: 'place' }>;

export function createRequest(place: Place, linkId: string, instrument: Instrument): WireRequest {
  const order: NewOrder = {
    linkId,
    side: place.side > 0 ? BUY : SELL,
    qtySteps: place.qtySteps,
    reduceOnly: place.reduceOnly,
    what: whatOf(place),
    takeProfitTicks: place.attached?.takeProfitTicks ?? 0,
    stopLossTicks: place.attached?.stopTicks ?? 0,
  };
  return encodeCreate(order, instrument);
}

function whatOf({ orderKind, priceTicks, postOnly }: Place): NewOrder['what'] {
  if (orderKind === KIND_MARKET) return { kind: 'Market' };
  if (orderKind === KIND_STOP_MARKET) return { kind: 'StopMarket', triggerTicks: priceTicks };
  return { kind: 'Limit', priceTicks, postOnly };
}
