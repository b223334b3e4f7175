import type { Instrument } from '../../../engine/instrument.ts';
import { positionRecord, transactionRecord, walletRecords } from './account-records.ts';
import { isRow, shown, sound, unsound } from './decoded.ts';
import type { Decoded, Row } from './decoded.ts';
import { Fields } from './fields.ts';
import { orderRecord } from './order-records.ts';
import {
  EXECUTION_LIST,
  MARKET_TIME,
  ORDER_AMEND,
  ORDER_CANCEL,
  ORDER_CANCEL_ALL,
  ORDER_CREATE,
  ORDER_HISTORY,
  ORDER_REALTIME,
  POSITION_LIST,
  SET_LEVERAGE,
  TRANSACTION_LOG,
  WALLET_BALANCE,
} from './paths.ts';
import { executionList } from './private-frame.ts';
import { recordList } from './record-list.ts';
import type {
  ExecutionRecord,
  OrderName,
  OrderRecord,
  PositionRecord,
  TransactionRecord,
  WalletRecord,
} from './records.ts';
import { scaleOf } from './scale.ts';

/** A page of a list; an empty cursor is the last page. */
type Page<K extends string, R> = {
  readonly kind: K;
  readonly records: readonly R[];
  readonly nextCursor: string;
};

export type Result =
  /** The request was accepted, no more: the stream or a lookup says what became of it. */
  | ({ readonly kind: 'acknowledged' } & OrderName)
  /** Not `complete`: the venue says that it did not get through. */
  | {
      readonly kind: 'cancelledAll';
      readonly orders: readonly OrderName[];
      readonly complete: boolean;
    }
  | Page<'orders', OrderRecord>
  | Page<'executions', ExecutionRecord>
  | Page<'positions', PositionRecord>
  | Page<'transactions', TransactionRecord>
  | { readonly kind: 'wallet'; readonly records: readonly WalletRecord[] }
  | { readonly kind: 'done' };

export type Reply = {
  readonly retCode: number;
  readonly message: string;
  /** The venue's clock; 0 where it does not say. */
  readonly timeMs: number;
  /** `code`: retCode is not 0; what that means is the business of the table of outcomes. */
  readonly result: Result | { readonly kind: 'code' };
};

/** The body of a REST answer to a request of `path`. Never throws, whatever arrives. */
export function decodeReply(path: string, body: unknown, instrument: Instrument): Decoded<Reply> {
  if (!isRow(body)) return unsound(`answer: expected an object, got ${shown(body)}`);
  const { retCode, retMsg, time } = body;
  if (typeof retCode !== 'number' || !Number.isSafeInteger(retCode)) {
    return unsound(`retCode: expected a whole number, got ${shown(retCode)}`);
  }
  const head = {
    retCode,
    message: typeof retMsg === 'string' ? retMsg : '',
    timeMs: typeof time === 'number' && Number.isSafeInteger(time) ? time : 0,
  };
  if (retCode !== 0) return { ok: true, value: { ...head, result: { kind: 'code' } } };
  if (!isRow(body['result']))
    return unsound(`result: expected an object, got ${shown(body['result'])}`);
  const fields = new Fields(scaleOf(instrument)).enter(body['result'], 'result', 0);
  const result = pathResult(path, body['result'], instrument, fields);
  if (result === undefined) {
    return {
      ok: false,
      problems: [...fields.problems, `${path}: no usable result`],
      sound: undefined,
    };
  }
  return sound({ ...head, result }, fields.problems);
}

function pathResult(
  path: string,
  result: Row,
  instrument: Instrument,
  fields: Fields,
): Result | undefined {
  switch (path) {
    case ORDER_CREATE:
    case ORDER_AMEND:
    case ORDER_CANCEL: {
      const name = orderName(fields);
      return fields.sound ? { kind: 'acknowledged', ...name } : undefined;
    }
    case SET_LEVERAGE:
    case MARKET_TIME:
      return { kind: 'done' };
    default:
      return listResult(path, result, instrument, fields);
  }
}

function listResult(
  path: string,
  result: Row,
  instrument: Instrument,
  fields: Fields,
): Result | undefined {
  const { list } = result;
  if (!Array.isArray(list)) {
    fields.problem('list', 'a list');
    return undefined;
  }
  if (!ofThisCategory(result, instrument, fields)) return undefined;
  const nextCursor = fields.textOrAbsent('nextPageCursor');
  if (!fields.sound) return undefined;
  switch (path) {
    case ORDER_REALTIME:
    case ORDER_HISTORY: {
      const records = recordList(list, 'order', instrument, fields, orderRecord);
      return { kind: 'orders', records, nextCursor };
    }
    case EXECUTION_LIST:
      return { kind: 'executions', records: executionList(list, instrument, fields), nextCursor };
    case POSITION_LIST: {
      const records = recordList(list, 'position', instrument, fields, positionRecord);
      return { kind: 'positions', records, nextCursor };
    }
    case TRANSACTION_LOG:
      return { kind: 'transactions', records: transactions(list, instrument, fields), nextCursor };
    case WALLET_BALANCE:
      return { kind: 'wallet', records: walletRecords(list, fields, instrument.settleCurrency) };
    case ORDER_CANCEL_ALL:
      return {
        kind: 'cancelledAll',
        orders: orderNames(list, fields),
        complete: result['success'] !== '0',
      };
    default:
      return undefined;
  }
}

/** An answer about another category is an answer to another question. */
function ofThisCategory(result: Row, instrument: Instrument, fields: Fields): boolean {
  const { category } = result;
  if (category === undefined || category === '' || category === instrument.spec.category)
    return true;
  fields.problem('category', instrument.spec.category);
  return false;
}

function orderName(fields: Fields): OrderName {
  return { orderId: fields.id('orderId'), orderLinkId: fields.text('orderLinkId') };
}

function orderNames(list: readonly unknown[], fields: Fields): OrderName[] {
  const names: OrderName[] = [];
  list.forEach((row, at) => {
    const name = orderName(fields.enter(isRow(row) ? row : {}, 'cancelled', at));
    if (fields.sound) names.push(name);
  });
  return names;
}

/** Bookings of other coins are passed over; transfers have no symbol and count. */
function transactions(
  list: readonly unknown[],
  instrument: Instrument,
  fields: Fields,
): TransactionRecord[] {
  const ours = list.filter((row) => {
    const currency = isRow(row) ? row['currency'] : undefined;
    return typeof currency !== 'string' || currency === instrument.settleCurrency;
  });
  return recordList(ours, 'transaction', instrument, fields, (_row, of) => transactionRecord(of));
}
