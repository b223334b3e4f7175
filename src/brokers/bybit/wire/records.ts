import type { Side } from '../../../engine/units.ts';

/** Open: New, PartiallyFilled, Untriggered. The rest is over, but Triggered, which becomes New. */
export const ORDER_STATUSES = [
  'New',
  'PartiallyFilled',
  'Untriggered',
  'Triggered',
  'Rejected',
  'Filled',
  'Cancelled',
  'Deactivated',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export const ORDER_TYPES = ['Limit', 'Market'] as const;
export type OrderType = (typeof ORDER_TYPES)[number];

/** All but Funding change the position. What is not here is quarantined, not guessed at. */
export const EXEC_TYPES = [
  'Trade',
  'AdlTrade',
  'BustTrade',
  'Settle',
  'Delivery',
  'BlockTrade',
  'MovePosition',
  'FutureSpread',
  'Funding',
] as const;
export type ExecType = (typeof EXEC_TYPES)[number];

export type OrderRecord = {
  readonly orderId: string;
  /** Empty where the order was made by hand or by the venue. */
  readonly orderLinkId: string;
  readonly symbol: string;
  readonly status: OrderStatus;
  readonly side: Side;
  readonly orderType: OrderType;
  /** Bybit's word; empty, or UNKNOWN, where the order is no stop. */
  readonly stopOrderType: string;
  /** 0 = none; a market order may show the worst price it would take. */
  readonly priceTicks: number;
  /** 0 = none. */
  readonly triggerTicks: number;
  /** 0 = the whole position, as attached stops have it. */
  readonly qtySteps: number;
  readonly filledSteps: number;
  readonly reduceOnly: boolean;
  readonly cancelType: string;
  readonly rejectReason: string;
  /** The entry that an attached take-profit or stop belongs to; empty = none. */
  readonly parentLinkId: string;
  readonly createdMs: number;
  readonly updatedMs: number;
};

export type ExecutionRecord = {
  readonly execId: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly symbol: string;
  readonly execType: ExecType;
  readonly side: Side;
  /** 0 for Funding: its price is a mark and need not lie on a tick. */
  readonly priceTicks: number;
  readonly qtySteps: number;
  /** Settle money units; a cost is positive. For Funding: what was paid. */
  readonly fee: number;
  readonly maker: boolean;
  readonly timeMs: number;
  /** Order among executions and positions of a symbol; 0 = not said. */
  readonly seq: number;
  readonly leavesSteps: number;
  readonly closedSteps: number;
};

export type PositionRecord = {
  readonly symbol: string;
  /** Signed; 0 = flat. */
  readonly steps: number;
  /** As written: averages do not lie on ticks. */
  readonly avgPrice: string;
  /** Empty where out of range. */
  readonly liqPrice: string;
  /** 0 = never. */
  readonly updatedMs: number;
  readonly seq: number;
};

/** The settle coin's row; money units. */
export type WalletRecord = {
  readonly coin: string;
  readonly walletBalance: number;
  readonly equity: number;
  readonly unrealisedPnl: number;
  readonly cumRealisedPnl: number;
  readonly orderMargin: number;
  readonly positionMargin: number;
};

/** One booking, settle money units: `change = cashFlow + funding - fee`. */
export type TransactionRecord = {
  readonly id: string;
  /** Empty for transfers. */
  readonly symbol: string;
  /** Bybit's word: TRADE, SETTLEMENT (funding), LIQUIDATION, TRANSFER_IN ... */
  readonly type: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly tradeId: string;
  readonly cashFlow: number;
  readonly funding: number;
  readonly fee: number;
  readonly change: number;
  readonly cashBalance: number;
  readonly timeMs: number;
};

/** An order as acks and cancel-all name it. */
export type OrderName = { readonly orderId: string; readonly orderLinkId: string };

export type CandleRecord = {
  readonly openTimeMs: number;
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
  readonly volume: number;
  /** Only a closed candle is final. */
  readonly closed: boolean;
};

export type TradeRecord = {
  readonly timeMs: number;
  /** Of the taker. */
  readonly side: Side;
  readonly priceTicks: number;
  readonly qtySteps: number;
};
