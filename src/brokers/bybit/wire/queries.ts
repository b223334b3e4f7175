import type { Instrument } from '../../../engine/instrument.ts';
import {
  EXECUTION_LIST,
  ORDER_HISTORY,
  ORDER_REALTIME,
  POSITION_LIST,
  TRANSACTION_LOG,
  WALLET_BALANCE,
} from './paths.ts';
import type { WireRequest } from './requests.ts';

/** Bybit's largest pages. */
const ORDERS_A_PAGE = 50;
const EXECUTIONS_A_PAGE = 100;
const TRANSACTIONS_A_PAGE = 50;

/** One order by its link id; a list by id shows it whether it is open or not. */
export function queryOrder(
  linkId: string,
  source: 'realtime' | 'history',
  instrument: Instrument,
): WireRequest {
  return get(source === 'realtime' ? ORDER_REALTIME : ORDER_HISTORY, {
    ...symbolOf(instrument),
    orderLinkId: linkId,
  });
}

/** One order by the venue's own id. */
export function queryVenueOrder(
  venueId: string,
  source: 'realtime' | 'history',
  instrument: Instrument,
): WireRequest {
  const path = source === 'realtime' ? ORDER_REALTIME : ORDER_HISTORY;
  return get(path, { ...symbolOf(instrument), orderId: venueId });
}

/** The newest orders that are over. */
export function queryClosedOrders(instrument: Instrument): WireRequest {
  return get(ORDER_HISTORY, { ...symbolOf(instrument), limit: ORDERS_A_PAGE });
}

/** All open orders of the symbol; page on with the cursor of the page before. */
export function queryOpenOrders(instrument: Instrument, cursor = ''): WireRequest {
  return get(ORDER_REALTIME, {
    ...symbolOf(instrument),
    openOnly: 0,
    limit: ORDERS_A_PAGE,
    ...cursorOf(cursor),
  });
}

/** Executions from `startMs` on; the venue allows at most seven days between the two. */
export function queryExecutions(
  startMs: number,
  endMs: number,
  instrument: Instrument,
  cursor = '',
): WireRequest {
  return get(EXECUTION_LIST, {
    ...symbolOf(instrument),
    startTime: startMs,
    endTime: endMs,
    limit: EXECUTIONS_A_PAGE,
    ...cursorOf(cursor),
  });
}

/** The executions of one order, whenever they were. */
export function queryOrderExecutions(
  linkId: string,
  instrument: Instrument,
  cursor = '',
): WireRequest {
  return get(EXECUTION_LIST, {
    ...symbolOf(instrument),
    orderLinkId: linkId,
    limit: EXECUTIONS_A_PAGE,
    ...cursorOf(cursor),
  });
}

/** Executions of one order by the venue's own id. */
export function queryVenueOrderExecutions(venueId: string, instrument: Instrument): WireRequest {
  const limit = EXECUTIONS_A_PAGE;
  return get(EXECUTION_LIST, { ...symbolOf(instrument), orderId: venueId, limit });
}

export function queryPosition(instrument: Instrument): WireRequest {
  return get(POSITION_LIST, symbolOf(instrument));
}

export function queryWallet(instrument: Instrument): WireRequest {
  return get(WALLET_BALANCE, { accountType: 'UNIFIED', coin: instrument.settleCurrency });
}

export function queryTransactions(
  startMs: number,
  endMs: number,
  instrument: Instrument,
  cursor = '',
): WireRequest {
  return get(TRANSACTION_LOG, {
    accountType: 'UNIFIED',
    category: instrument.spec.category,
    currency: instrument.settleCurrency,
    startTime: startMs,
    endTime: endMs,
    limit: TRANSACTIONS_A_PAGE,
    ...cursorOf(cursor),
  });
}

function symbolOf(instrument: Instrument): { category: string; symbol: string } {
  return { category: instrument.spec.category, symbol: instrument.symbol };
}

function cursorOf(cursor: string): { cursor?: string } {
  return cursor === '' ? {} : { cursor };
}

function get(path: string, params: WireRequest['params']): WireRequest {
  return { method: 'GET', path, params };
}
