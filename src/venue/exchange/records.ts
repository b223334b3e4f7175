/** What the exchange knows. Surfaces show versions of it, later. */
export type OrderStatus =
  'New' | 'PartiallyFilled' | 'Untriggered' | 'Triggered' | 'Filled' | 'Cancelled' | 'Deactivated';

export type TriggerBy = 'LastPrice' | 'MarkPrice' | 'IndexPrice';
export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'PostOnly';

export type OrderTruth = {
  readonly index: number;
  readonly orderId: string;
  /** Empty for orders of the exchange itself and for those placed by hand. */
  readonly orderLinkId: string;
  readonly parentLinkId: string;
  readonly side: number;
  readonly orderType: 'Limit' | 'Market';
  readonly createType: string;
  readonly stopOrderType: string;
  readonly timeInForce: TimeInForce;
  readonly triggerBy: TriggerBy | '';
  /** 1 rising, 2 falling, 0 not conditional. */
  readonly triggerDirection: 0 | 1 | 2;
  readonly reduceOnly: boolean;
  readonly closeOnTrigger: boolean;
  readonly createdMs: number;
  readonly createdAtTicks: number;
  tpslMode: '' | 'Full' | 'Partial';
  status: OrderStatus;
  priceTicks: number;
  triggerTicks: number;
  qtySteps: number;
  filledSteps: number;
  filledMoney: number;
  feeMoney: number;
  closedMoney: number;
  cancelType: string;
  rejectReason: string;
  takeProfitTicks: number;
  stopLossTicks: number;
  updatedMs: number;
};

/** An order as it was when it last changed. Rows are built when somebody looks, once. */
export type OrderVersion = Readonly<OrderTruth> & {
  readonly timeMs: number;
  restRow: object | undefined;
  streamRow: object | undefined;
};

export type ExecutionTruth = {
  readonly index: number;
  readonly timeMs: number;
  readonly execId: string;
  readonly execType: string;
  /** Undefined for what no order caused: funding. */
  readonly order: OrderTruth | undefined;
  /** Of the order, when it was filled. */
  readonly orderPriceTicks: number;
  readonly orderQtySteps: number;
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly side: number;
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly valueMoney: number;
  /** Positive is paid: a fee, or funding. */
  readonly feeMoney: number;
  readonly feeRate: string;
  readonly maker: boolean;
  readonly leavesSteps: number;
  readonly closedSteps: number;
  readonly pnlMoney: number;
  readonly markTicks: number;
  readonly seq: number;
  /** The account after it. */
  readonly positionSteps: number;
  readonly cashMoney: number;
  restRow: object | undefined;
};

export type PositionVersion = {
  readonly timeMs: number;
  readonly steps: number;
  readonly entryTicks: number;
  readonly entryMoney: number;
  readonly liquidationTicks: number;
  readonly leverage: number;
  readonly realisedMoney: number;
  readonly takeProfitTicks: number;
  readonly stopLossTicks: number;
  readonly markTicks: number;
  readonly seq: number;
  streamRow: object | undefined;
};

export type WalletVersion = {
  readonly timeMs: number;
  /** Capital + realised PnL - fees - funding. */
  readonly walletMoney: number;
  readonly unrealisedMoney: number;
  readonly realisedMoney: number;
  readonly orderMarginMoney: number;
  readonly positionMarginMoney: number;
  readonly maintenanceMoney: number;
  readonly priceTicks: number;
};

/** For auditors only: no surface, no delay. */
export type Truth = {
  readonly orders: readonly OrderTruth[];
  readonly byLinkId: ReadonlyMap<string, OrderTruth>;
  /** Every booking, in order: fills, funding, liquidations. */
  readonly executions: readonly ExecutionTruth[];
  readonly positionSteps: number;
  readonly entryMoney: number;
  readonly realisedMoney: number;
  readonly feesMoney: number;
  readonly fundingMoney: number;
  readonly cashMoney: number;
};

export function isOver(status: OrderStatus): boolean {
  return status === 'Filled' || status === 'Cancelled' || status === 'Deactivated';
}
