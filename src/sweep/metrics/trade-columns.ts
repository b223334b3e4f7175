/** exitRole of a trade that was still open at the end. */
export const NO_EXIT_ROLE = 255;

/**
 * Round trips, in the order they ended. A trade is what a slot holds from its first entry fill
 * until its quantity is zero again; lots open at the end count as closed there.
 */
export type TradeColumns = {
  count: number;
  slot: Int32Array;
  /** +1 long, -1 short. */
  side: Int8Array;
  entryMs: Float64Array;
  exitMs: Float64Array;
  /** Averages in (fractional) ticks; harmonic for inverse contracts. */
  entryTicks: Float64Array;
  exitTicks: Float64Array;
  /** Steps entered in all. */
  qtySteps: Float64Array;
  /** Money units of the settle currency: net = gross - fees - funding. */
  grossPnl: Float64Array;
  fees: Float64Array;
  funding: Float64Array;
  netPnl: Float64Array;
  /** Worst and best price of the candles touched, percent of the entry price; both >= 0. */
  maePct: Float64Array;
  mfePct: Float64Array;
  /** Candles touched, the entry's and the exit's included. */
  bars: Int32Array;
  /** Code in ROLES of the last closing fill; NO_EXIT_ROLE when open at the end. */
  exitRole: Uint8Array;
};

export function newTradeColumns(capacity: number): TradeColumns {
  return {
    count: 0,
    slot: new Int32Array(capacity),
    side: new Int8Array(capacity),
    entryMs: new Float64Array(capacity),
    exitMs: new Float64Array(capacity),
    entryTicks: new Float64Array(capacity),
    exitTicks: new Float64Array(capacity),
    qtySteps: new Float64Array(capacity),
    grossPnl: new Float64Array(capacity),
    fees: new Float64Array(capacity),
    funding: new Float64Array(capacity),
    netPnl: new Float64Array(capacity),
    maePct: new Float64Array(capacity),
    mfePct: new Float64Array(capacity),
    bars: new Int32Array(capacity),
    exitRole: new Uint8Array(capacity),
  };
}
