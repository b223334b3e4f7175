import { isRow } from './wire/decoded.ts';
import type { Row } from './wire/decoded.ts';
import { ORDER_AMEND, ORDER_CANCEL, ORDER_CREATE } from './wire/paths.ts';
import type { Limit } from './rest-request.ts';

/** What the trade stream takes in place of REST; everything else goes over REST always. */
export const TRADE_OPS: ReadonlyMap<string, string> = new Map([
  [ORDER_CREATE, 'order.create'],
  [ORDER_AMEND, 'order.amend'],
  [ORDER_CANCEL, 'order.cancel'],
]);

const RECV_WINDOW_MS = 5_000;

export function tradeRequest(reqId: string, op: string, params: object, venueMs: number): object {
  const header = {
    'X-BAPI-TIMESTAMP': String(venueMs),
    'X-BAPI-RECV-WINDOW': String(RECV_WINDOW_MS),
  };
  return { reqId, header, op, args: [params] };
}

/** Bybit's codes of the stream itself. */
export const RET_RESTARTING = 10019;
const RET_REPEATED_AUTH = 20001;

/** An answer of the trade stream, in the shape that REST has. */
export type TradeFrame =
  | { readonly kind: 'auth'; readonly accepted: boolean; readonly retCode: number }
  | {
      readonly kind: 'answer';
      readonly reqId: string;
      readonly retCode: number;
      readonly body: unknown;
      readonly limit: Limit;
    }
  | { readonly kind: 'other' };

export function tradeFrame(body: unknown): TradeFrame {
  if (!isRow(body)) return { kind: 'other' };
  const { op, reqId } = body;
  if (op === 'auth') {
    // `success: false` is the private stream's way to refuse; this one has been seen with both.
    const retCode = typeof body['retCode'] === 'number' ? body['retCode'] : -1;
    const accepted = retCode === 0 || retCode === RET_REPEATED_AUTH || body['success'] === true;
    return { kind: 'auth', accepted, retCode };
  }
  if (typeof reqId !== 'string' || reqId === '' || op === 'pong' || op === 'ping')
    return { kind: 'other' };
  const { retCode, retMsg, data, retExtInfo } = body;
  const header = isRow(body['header']) ? body['header'] : {};
  return {
    kind: 'answer',
    reqId,
    retCode: typeof retCode === 'number' ? retCode : NaN,
    body: {
      retCode,
      retMsg,
      result: data ?? {},
      retExtInfo,
      time: headerNumber(header, 'Timenow'),
    },
    limit: {
      remaining: headerNumber(header, 'X-Bapi-Limit-Status'),
      resetVenueMs: headerNumber(header, 'X-Bapi-Limit-Reset-Timestamp'),
    },
  };
}

function headerNumber(header: Row, name: string): number {
  const value = header[name];
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : NaN;
}
