import { KIND_LIMIT, KIND_MARKET, KIND_STOP_MARKET, RET_PARAMETER } from '../../engine/codes.ts';
import type { Instrument } from '../../engine/instrument.ts';
import { TERM_FOK, TERM_IOC, TERM_ON_INDEX, TERM_ON_MARK, TERM_TURNED } from '../order-terms.ts';
import type { ProtectionSpec } from '../protection.ts';
import { wholeCount } from './decimals.ts';
import type { TimeInForce, TriggerBy } from './records.ts';
import { isRefusal, refusal } from './ret-codes.ts';
import type { Refusal } from './ret-codes.ts';

export type Body = Readonly<Record<string, unknown>>;

/** An order as its request asks for it, in whole ticks and steps. */
export type OrderAsk = {
  readonly linkId: string;
  readonly side: number;
  readonly kind: number;
  /** 0 for market orders. */
  readonly limitTicks: number;
  readonly triggerTicks: number;
  readonly triggerDirection: 0 | 1 | 2;
  readonly triggerBy: TriggerBy | '';
  /** 0: close all. */
  readonly qtySteps: number;
  readonly timeInForce: TimeInForce;
  readonly reduceOnly: boolean;
  readonly closeOnTrigger: boolean;
  readonly terms: number;
  readonly protection: ProtectionSpec | undefined;
  readonly tpslMode: '' | 'Full' | 'Partial';
};

const LINK_ID = /^[A-Za-z0-9_-]{0,36}$/;
const TIMES_IN_FORCE: readonly unknown[] = ['GTC', 'IOC', 'FOK', 'PostOnly'];

export function readOrderAsk(body: Body, instrument: Instrument): OrderAsk | Refusal {
  const { side, orderType, orderLinkId = '', timeInForce = 'GTC', positionIdx = 0 } = body;
  if (side !== 'Buy' && side !== 'Sell') return parameter('side');
  if (orderType !== 'Limit' && orderType !== 'Market') return parameter('orderType');
  if (typeof orderLinkId !== 'string' || !LINK_ID.test(orderLinkId))
    return parameter('orderLinkId');
  if (positionIdx !== 0) return refusal(RET_PARAMETER, 'positionIdx does not fit one-way mode');
  if (!TIMES_IN_FORCE.includes(timeInForce)) return parameter('timeInForce');
  const sign = side === 'Buy' ? 1 : -1;
  const market = orderType === 'Market';
  const qtySteps = wholeCount(body['qty'], instrument.qtyStep);
  if (Number.isNaN(qtySteps)) return parameter('qty');
  const limitTicks = market ? 0 : wholeCount(body['price'], instrument.tickSize);
  if (Number.isNaN(limitTicks)) return parameter('price');
  const reduceOnly = body['reduceOnly'] === true || body['closeOnTrigger'] === true;
  const closeOnTrigger = body['closeOnTrigger'] === true;
  if (qtySteps === 0 && !(body['reduceOnly'] === true && closeOnTrigger)) return parameter('qty');
  const trigger = readTrigger(body, sign, instrument);
  if (isRefusal(trigger)) return trigger;
  const protection = readProtection(body, sign, instrument);
  if (protection !== undefined && isRefusal(protection)) return protection;
  if (protection !== undefined && reduceOnly)
    return refusal(RET_PARAMETER, 'a reduce-only order carries no take-profit or stop');
  const mode = body['tpslMode'] === 'Partial' ? 'Partial' : 'Full';
  return {
    linkId: orderLinkId,
    side: sign,
    kind: trigger.triggerTicks > 0 ? KIND_STOP_MARKET : market ? KIND_MARKET : KIND_LIMIT,
    limitTicks,
    ...trigger,
    qtySteps,
    timeInForce: (market ? 'IOC' : timeInForce) as TimeInForce,
    reduceOnly,
    closeOnTrigger,
    terms: trigger.terms | (market ? 0 : immediateTerms(timeInForce)),
    protection,
    tpslMode: protection === undefined ? '' : mode,
  };
}

export function parameter(name: string): Refusal {
  return refusal(RET_PARAMETER, `parameter ${name} is missing or not allowed`);
}

function immediateTerms(timeInForce: unknown): number {
  if (timeInForce === 'IOC') return TERM_IOC;
  return timeInForce === 'FOK' ? TERM_FOK : 0;
}

type Trigger = Pick<OrderAsk, 'triggerTicks' | 'triggerDirection' | 'triggerBy' | 'terms'>;

function readTrigger(body: Body, side: number, instrument: Instrument): Trigger | Refusal {
  const { triggerPrice, triggerDirection } = body;
  if (triggerPrice === undefined || triggerPrice === '')
    return { triggerTicks: 0, triggerDirection: 0, triggerBy: '', terms: 0 };
  const triggerTicks = wholeCount(triggerPrice, instrument.tickSize);
  if (!(triggerTicks > 0)) return parameter('triggerPrice');
  if (triggerDirection !== 1 && triggerDirection !== 2) return parameter('triggerDirection');
  const triggerBy = readTriggerBy(body['triggerBy']);
  if (triggerBy === undefined) return parameter('triggerBy');
  const turned = side > 0 !== (triggerDirection === 1) ? TERM_TURNED : 0;
  return { triggerTicks, triggerDirection, triggerBy, terms: turned | triggerTerms(triggerBy) };
}

/** Absent means the last price. */
function readTriggerBy(value: unknown): TriggerBy | undefined {
  if (value === undefined || value === '' || value === 'LastPrice') return 'LastPrice';
  return value === 'MarkPrice' || value === 'IndexPrice' ? value : undefined;
}

function triggerTerms(triggerBy: TriggerBy): number {
  if (triggerBy === 'MarkPrice') return TERM_ON_MARK;
  return triggerBy === 'IndexPrice' ? TERM_ON_INDEX : 0;
}

/** Take-profit and stop of a request; `"0"` and absent are none. */
export function readProtection(
  body: Body,
  side: number,
  instrument: Instrument,
): ProtectionSpec | Refusal | undefined {
  const ticks = (name: string): number => {
    const value = body[name];
    return value === undefined || value === '' ? 0 : wholeCount(value, instrument.tickSize);
  };
  const takeProfitTicks = ticks('takeProfit');
  const stopLossTicks = ticks('stopLoss');
  if (Number.isNaN(takeProfitTicks)) return parameter('takeProfit');
  if (Number.isNaN(stopLossTicks)) return parameter('stopLoss');
  if (takeProfitTicks === 0 && stopLossTicks === 0) return undefined;
  const takeProfitBy = readTriggerBy(body['tpTriggerBy']);
  const stopLossBy = readTriggerBy(body['slTriggerBy']);
  if (takeProfitBy === undefined) return parameter('tpTriggerBy');
  if (stopLossBy === undefined) return parameter('slTriggerBy');
  const takeProfitLimitTicks = isLimit(body, 'tp') ? ticks('tpLimitPrice') : 0;
  const stopLossLimitTicks = isLimit(body, 'sl') ? ticks('slLimitPrice') : 0;
  if (Number.isNaN(takeProfitLimitTicks)) return parameter('tpLimitPrice');
  if (Number.isNaN(stopLossLimitTicks)) return parameter('slLimitPrice');
  if (takeProfitTicks > 0 && stopLossTicks > 0 && (takeProfitTicks - stopLossTicks) * side <= 0)
    return refusal(RET_PARAMETER, 'take-profit and stop lie on the wrong sides');
  return {
    takeProfitTicks,
    stopLossTicks,
    takeProfitLimitTicks,
    stopLossLimitTicks,
    takeProfitTerms: triggerTerms(takeProfitBy),
    stopLossTerms: triggerTerms(stopLossBy),
  };
}

/** An amend names no order type: there a limit price says it. */
function isLimit(body: Body, which: 'tp' | 'sl'): boolean {
  const type = body[`${which}OrderType`];
  if (type !== undefined) return type === 'Limit';
  const price = body[`${which}LimitPrice`];
  return price !== undefined && price !== '';
}
