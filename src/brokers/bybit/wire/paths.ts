/** Bybit's REST paths that this codec knows. */
export const ORDER_CREATE = '/v5/order/create';
export const ORDER_AMEND = '/v5/order/amend';
export const ORDER_CANCEL = '/v5/order/cancel';
export const ORDER_CANCEL_ALL = '/v5/order/cancel-all';
export const ORDER_REALTIME = '/v5/order/realtime';
export const ORDER_HISTORY = '/v5/order/history';
export const EXECUTION_LIST = '/v5/execution/list';
export const POSITION_LIST = '/v5/position/list';
export const SET_LEVERAGE = '/v5/position/set-leverage';
export const WALLET_BALANCE = '/v5/account/wallet-balance';
export const TRANSACTION_LOG = '/v5/account/transaction-log';
export const MARKET_TIME = '/v5/market/time';
export const MARKET_KLINE = '/v5/market/kline';
export const INSTRUMENTS_INFO = '/v5/market/instruments-info';
export const FEE_RATE = '/v5/account/fee-rate';
export const ACCOUNT_INFO = '/v5/account/info';
export const KEY_INFO = '/v5/user/query-api';
