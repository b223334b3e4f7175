import {
  RET_DUPLICATE_LINK_ID,
  RET_INSUFFICIENT_MARGIN,
  RET_NOTIONAL_TOO_SMALL,
  RET_OK,
  RET_ORDER_GONE,
  RET_PARAMETER,
  RET_QTY_BELOW_FILLED,
  RET_REDUCE_ONLY,
  RET_TOO_MANY_ACTIVE,
  RET_TOO_MANY_CONDITIONAL,
  RET_TRIGGER_NOT_ABOVE,
  RET_TRIGGER_NOT_BELOW,
} from '../../engine/codes.ts';

export const RET_TIME_WINDOW = 10002;
export const RET_RATE_LIMIT = 10006;
export const RET_PRICE_LIMIT = 110003;
export const RET_LEVERAGE_UNCHANGED = 110043;
export const RET_PROTECTION_UNCHANGED = 34040;

/** Bybit's envelope, the same for every answer. */
export type Envelope = {
  readonly retCode: number;
  readonly retMsg: string;
  readonly result: Readonly<Record<string, unknown>>;
  readonly retExtInfo: Readonly<Record<string, unknown>>;
  readonly time: number;
};

export type Refusal = { readonly retCode: number; readonly retMsg: string };

/** The texts are our own words: only the codes are Bybit's. */
const TEXTS: ReadonlyMap<number, string> = new Map([
  [RET_PARAMETER, 'a parameter is missing or not allowed'],
  [RET_TIME_WINDOW, 'the request was sent outside the time window'],
  [RET_RATE_LIMIT, 'too many requests to this endpoint'],
  [RET_ORDER_GONE, 'no such open order, or it is over already'],
  [RET_PRICE_LIMIT, 'the price is beyond the allowed range'],
  [RET_INSUFFICIENT_MARGIN, 'the available balance does not cover the order'],
  [RET_TOO_MANY_CONDITIONAL, 'too many conditional orders'],
  [RET_REDUCE_ONLY, 'there is no position that this reduce-only order could reduce'],
  [RET_TOO_MANY_ACTIVE, 'too many active orders'],
  [RET_LEVERAGE_UNCHANGED, 'the leverage is what it was'],
  [RET_QTY_BELOW_FILLED, 'the new quantity is not above what is filled'],
  [RET_DUPLICATE_LINK_ID, 'this orderLinkId has been used'],
  [RET_TRIGGER_NOT_ABOVE, 'a rising trigger must lie above the current price'],
  [RET_TRIGGER_NOT_BELOW, 'a falling trigger must lie below the current price'],
  [RET_NOTIONAL_TOO_SMALL, 'the order value is below the minimum'],
  [RET_PROTECTION_UNCHANGED, 'take-profit and stop are what they were'],
]);

export function refusal(retCode: number, detail?: string): Refusal {
  return { retCode, retMsg: detail ?? TEXTS.get(retCode) ?? 'refused' };
}

export function isRefusal(value: object): value is Refusal {
  return 'retCode' in value;
}

const NOTHING = {};

export function answer(timeMs: number, result: Readonly<Record<string, unknown>>): Envelope {
  return { retCode: RET_OK, retMsg: 'OK', result, retExtInfo: NOTHING, time: timeMs };
}

export function refused(timeMs: number, why: Refusal): Envelope {
  return { ...why, result: NOTHING, retExtInfo: NOTHING, time: timeMs };
}
