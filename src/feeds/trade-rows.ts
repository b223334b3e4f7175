/** Trades as columns, oldest first: what the store keeps and merges. */
export type TradeRows = {
  readonly count: number;
  /** Exchange files know more than the ms; the order within one is kept by it. */
  readonly timeUs: Float64Array;
  readonly priceTicks: Int32Array;
  readonly sizeSteps: Float64Array;
  /** 1 = the taker bought, -1 = the taker sold. */
  readonly takerSide: Int8Array;
  /** Two halves of what stands for the trade's id (trade-id.ts). */
  readonly idHigh: Float64Array;
  readonly idLow: Float64Array;
};

export type MutableTradeRows = { -readonly [Key in keyof TradeRows]: TradeRows[Key] };

export function tradeRows(capacity: number): MutableTradeRows {
  return {
    count: 0,
    timeUs: new Float64Array(capacity),
    priceTicks: new Int32Array(capacity),
    sizeSteps: new Float64Array(capacity),
    takerSide: new Int8Array(capacity),
    idHigh: new Float64Array(capacity),
    idLow: new Float64Array(capacity),
  };
}

/** Rows from <= i < to, sharing the memory. */
export function tradeSlice(rows: TradeRows, from: number, to: number): TradeRows {
  return {
    count: to - from,
    timeUs: rows.timeUs.subarray(from, to),
    priceTicks: rows.priceTicks.subarray(from, to),
    sizeSteps: rows.sizeSteps.subarray(from, to),
    takerSide: rows.takerSide.subarray(from, to),
    idHigh: rows.idHigh.subarray(from, to),
    idLow: rows.idLow.subarray(from, to),
  };
}

/** Puts a row behind the last one. */
export function appendTrade(target: MutableTradeRows, rows: TradeRows, row: number): void {
  const at = target.count;
  target.timeUs[at] = rows.timeUs[row] ?? NaN;
  target.priceTicks[at] = rows.priceTicks[row] ?? 0;
  target.sizeSteps[at] = rows.sizeSteps[row] ?? NaN;
  target.takerSide[at] = rows.takerSide[row] ?? 0;
  target.idHigh[at] = rows.idHigh[row] ?? NaN;
  target.idLow[at] = rows.idLow[row] ?? NaN;
  target.count = at + 1;
}

export function sameId(a: TradeRows, row: number, b: TradeRows, other: number): boolean {
  return a.idHigh[row] === b.idHigh[other] && a.idLow[row] === b.idLow[other];
}

/** The same trade to the last digit. */
export function sameTrade(a: TradeRows, row: number, b: TradeRows, other: number): boolean {
  return (
    sameId(a, row, b, other) &&
    a.timeUs[row] === b.timeUs[other] &&
    a.priceTicks[row] === b.priceTicks[other] &&
    a.sizeSteps[row] === b.sizeSteps[other] &&
    a.takerSide[row] === b.takerSide[other]
  );
}
