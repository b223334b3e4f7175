/** The open trade of each slot while trades are being read; qty 0 = none. */
export type SlotColumns = {
  /** Signed steps held. */
  qty: Float64Array;
  entryMs: Float64Array;
  entryRow: Int32Array;
  /** Steps entered since the trade began. */
  entryQty: Float64Array;
  exitQty: Float64Array;
  /** Sums of qty x worth(price), for average prices. */
  entryWorth: Float64Array;
  exitWorth: Float64Array;
  /** Sums of fill values, money units. */
  entryValue: Float64Array;
  exitValue: Float64Array;
  /** Entry value of what is still open, at the average entry. */
  openValue: Float64Array;
  fees: Float64Array;
  funding: Float64Array;
  /** fundingPerStep at the slot's last change of quantity. */
  fundingMark: Float64Array;
};

export function newSlotColumns(capacity: number): SlotColumns {
  return {
    qty: new Float64Array(capacity),
    entryMs: new Float64Array(capacity),
    entryRow: new Int32Array(capacity),
    entryQty: new Float64Array(capacity),
    exitQty: new Float64Array(capacity),
    entryWorth: new Float64Array(capacity),
    exitWorth: new Float64Array(capacity),
    entryValue: new Float64Array(capacity),
    exitValue: new Float64Array(capacity),
    openValue: new Float64Array(capacity),
    fees: new Float64Array(capacity),
    funding: new Float64Array(capacity),
    fundingMark: new Float64Array(capacity),
  };
}

/** Starts a trade in a slot. */
export function resetSlot(slots: SlotColumns, slot: number): void {
  slots.qty[slot] = 0;
  slots.entryQty[slot] = 0;
  slots.exitQty[slot] = 0;
  slots.entryWorth[slot] = 0;
  slots.exitWorth[slot] = 0;
  slots.entryValue[slot] = 0;
  slots.exitValue[slot] = 0;
  slots.openValue[slot] = 0;
  slots.fees[slot] = 0;
  slots.funding[slot] = 0;
}
