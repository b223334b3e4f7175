import type { SlotColumns } from './slot-columns.ts';
import { newSlotColumns } from './slot-columns.ts';
import type { TradeColumns } from './trade-columns.ts';
import { newTradeColumns } from './trade-columns.ts';
import { DrawdownScan } from './drawdown-scan.ts';

/** State after each fill of a run, in fill order (ledger.ts). Money in units. */
export type FillStates = {
  count: number;
  /** First row whose close has the fill behind it. */
  row: Int32Array;
  /** Settlements at or before the fill. */
  settled: Int32Array;
  /** Value of the fill, settle money units. */
  value: Float64Array;
  /** Position after the fill, signed steps. */
  net: Float64Array;
  /** Sum of the slots' sizes after the fill, steps (trades.ts). */
  gross: Float64Array;
  /** Flows of money less fees and funding booked by the fill: equity without the position. */
  cash: Float64Array;
  /** Equity until the next fill is not above it; written where its peak was put off. */
  highest: Float64Array;
  /** Funding so far per signed step held, so that slots share what the net position paid. */
  fundingPerStep: Float64Array;
};

/**
 * Everything computeMetrics writes while it works, reused from point to point: one per worker.
 * After computeMetrics it still holds that point's trades and daily curve.
 */
export type MetricsScratch = {
  states: FillStates;
  slots: SlotColumns;
  trades: TradeColumns;
  dayCount: number;
  /** Profit at each UTC day end and at the end of the run, money units. */
  dailyProfit: Float64Array;
  /** Change of dailyProfit over capital; 0 while there is no capital. */
  dailyReturn: Float32Array;
  readonly drawdown: DrawdownScan;
};

export function newMetricsScratch(): MetricsScratch {
  return {
    states: newFillStates(256),
    slots: newSlotColumns(16),
    trades: newTradeColumns(256),
    dayCount: 0,
    dailyProfit: new Float64Array(512),
    dailyReturn: new Float32Array(512),
    drawdown: new DrawdownScan(),
  };
}

/** Makes room for a run; columns only ever grow. */
export function reserve(
  scratch: MetricsScratch,
  fillCount: number,
  slotCount: number,
  dayCount: number,
): void {
  if (scratch.states.row.length < fillCount) scratch.states = newFillStates(fillCount * 2);
  if (scratch.slots.qty.length < slotCount) scratch.slots = newSlotColumns(slotCount * 2);
  if (scratch.dailyProfit.length < dayCount) {
    scratch.dailyProfit = new Float64Array(dayCount * 2);
    scratch.dailyReturn = new Float32Array(dayCount * 2);
  }
  // A fill closes at most one trade of its slot, a liquidation or the end one of each slot.
  const tradeCount = fillCount + 2 * slotCount + 1;
  if (scratch.trades.slot.length < tradeCount) scratch.trades = newTradeColumns(tradeCount * 2);
}

function newFillStates(capacity: number): FillStates {
  return {
    count: 0,
    row: new Int32Array(capacity),
    settled: new Int32Array(capacity),
    value: new Float64Array(capacity),
    net: new Float64Array(capacity),
    gross: new Float64Array(capacity),
    cash: new Float64Array(capacity),
    highest: new Float64Array(capacity),
    fundingPerStep: new Float64Array(capacity),
  };
}
