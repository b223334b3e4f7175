import type { RunRecord } from '../run-record.ts';
import type { MetricsIndex } from './metrics-index.ts';
import type { PriceRange } from './range-tree.ts';
import { rangeOf } from './range-tree.ts';
import type { MetricsScratch } from './scratch.ts';
import type { SlotColumns } from './slot-columns.ts';
import { resetSlot } from './slot-columns.ts';
import type { TradeColumns } from './trade-columns.ts';
import { flowSign, worthOf } from './worth.ts';

/** What reading the trades adds to the ledger's sums. Money units; ...Ticks: money x ticks. */
export type ClosingTotals = {
  /** Realised PnL before costs, each part at the price of its closing fill. */
  realisedTicks: number;
  /** PnL before costs of what was open at the end, against its average entry. */
  openGross: number;
  /** Money the closing brings in: value sold less value bought (linear). */
  closingFlow: number;
  closingFees: number;
  closingFeeTicks: number;
  openSteps: number;
  openLots: number;
  /** Entry time of the oldest lot open at the end; NaN when none is. */
  oldestOpenMs: number;
};

/**
 * Follows the trade of each slot. `at` says when and at what price the next call happens, so that
 * a fill and a forced close go the same way.
 */
export class TradeReader {
  readonly totals: ClosingTotals = {
    realisedTicks: 0, openGross: 0, closingFlow: 0, closingFees: 0, closingFeeTicks: 0,
    openSteps: 0, openLots: 0, oldestOpenMs: NaN,
  };
  /** Sum of the slots' sizes. */
  grossSteps = 0;
  readonly #trades: TradeColumns;
  readonly #slots: SlotColumns;
  readonly #index: MetricsIndex;
  readonly #endRow: number;
  readonly #sign: number;
  readonly #range: PriceRange = { lowTicks: 0, highTicks: 0 };
  #atMs = 0;
  #row = 0;
  #ticks = 0;
  #fundingPerStep = 0;

  constructor(record: RunRecord, index: MetricsIndex, scratch: MetricsScratch) {
    this.#trades = scratch.trades;
    this.#slots = scratch.slots;
    this.#index = index;
    this.#endRow = record.endRow;
    this.#sign = flowSign(index.inverse);
    this.#trades.count = 0;
    for (let slot = 0; slot < record.slotCount; slot += 1) resetSlot(this.#slots, slot);
  }

  at(timeMs: number, row: number, ticks: number, fundingPerStep: number): void {
    this.#atMs = timeMs;
    this.#row = row;
    this.#ticks = ticks;
    this.#fundingPerStep = fundingPerStep;
  }

  enter(slot: number, side: number, steps: number, value: number, fee: number): void {
    const slots = this.#slots;
    if (slots.qty[slot] === 0) {
      resetSlot(slots, slot);
      slots.entryMs[slot] = this.#atMs;
      slots.entryRow[slot] = this.#row;
      slots.fundingMark[slot] = this.#fundingPerStep;
    } else {
      this.#payFunding(slot);
    }
    this.grossSteps += steps;
    add(slots.qty, slot, side * steps);
    add(slots.entryQty, slot, steps);
    add(slots.entryWorth, slot, steps * worthOf(this.#index.inverse, this.#ticks));
    add(slots.entryValue, slot, value);
    add(slots.openValue, slot, value);
    add(slots.fees, slot, fee);
  }

  /** Closes `steps` of a slot, at most what it holds; at zero the trade is written. */
  leave(slot: number, steps: number, value: number, fee: number, role: number): void {
    const slots = this.#slots;
    this.#payFunding(slot);
    const held = slots.qty[slot] as number;
    const side = held > 0 ? 1 : -1;
    const released = ((slots.openValue[slot] as number) / Math.abs(held)) * steps;
    this.totals.realisedTicks += side * this.#sign * (value - released) * this.#ticks;
    this.grossSteps -= steps;
    add(slots.openValue, slot, -released);
    add(slots.qty, slot, -side * steps);
    add(slots.exitQty, slot, steps);
    add(slots.exitWorth, slot, steps * worthOf(this.#index.inverse, this.#ticks));
    add(slots.exitValue, slot, value);
    add(slots.fees, slot, fee);
    if (slots.qty[slot] === 0) this.#write(slot, side, role);
  }

  /** Notes what a lot open at the end is worth, before `leave` writes it as closed. */
  closeOpen(slot: number, steps: number, value: number, fee: number): void {
    const totals = this.totals;
    const held = this.#slots.qty[slot] as number;
    const entryMs = this.#slots.entryMs[slot] as number;
    const sign = held > 0 ? this.#sign : -this.#sign;
    totals.openGross += sign * (value - (this.#slots.openValue[slot] as number));
    totals.closingFlow += sign * value;
    totals.closingFees += fee;
    totals.closingFeeTicks += fee * this.#ticks;
    totals.openSteps += steps;
    totals.openLots += 1;
    if (!(totals.oldestOpenMs <= entryMs)) totals.oldestOpenMs = entryMs;
  }

  #payFunding(slot: number): void {
    const slots = this.#slots;
    const since = this.#fundingPerStep - (slots.fundingMark[slot] as number);
    if (since === 0) return;
    add(slots.funding, slot, since * (slots.qty[slot] as number));
    slots.fundingMark[slot] = this.#fundingPerStep;
  }

  #write(slot: number, side: number, role: number): void {
    const trades = this.#trades;
    const slots = this.#slots;
    const at = trades.count;
    const gain = (slots.exitValue[slot] as number) - (slots.entryValue[slot] as number);
    const gross = side * this.#sign * gain;
    const fees = slots.fees[slot] as number;
    const funding = slots.funding[slot] as number;
    trades.slot[at] = slot;
    trades.side[at] = side;
    trades.entryMs[at] = slots.entryMs[slot] as number;
    trades.exitMs[at] = this.#atMs;
    trades.entryTicks[at] = this.#average(slots.entryWorth, slots.entryQty, slot);
    trades.exitTicks[at] = this.#average(slots.exitWorth, slots.exitQty, slot);
    trades.qtySteps[at] = slots.entryQty[slot] as number;
    trades.grossPnl[at] = gross;
    trades.fees[at] = fees;
    trades.funding[at] = funding;
    trades.netPnl[at] = gross - fees - funding;
    trades.exitRole[at] = role;
    this.#writeExcursions(at, slots.entryRow[slot] as number, side);
    trades.count = at + 1;
  }

  /** Over whole candles, from the one of the first entry to the one of the last exit. */
  #writeExcursions(at: number, entryRow: number, side: number): void {
    const trades = this.#trades;
    const end = Math.min(this.#row + 1, this.#endRow);
    trades.bars[at] = Math.max(0, end - entryRow);
    trades.maePct[at] = 0;
    trades.mfePct[at] = 0;
    if (end <= entryRow) return;
    rangeOf(this.#index.ranges, entryRow, end, this.#range);
    const entry = trades.entryTicks[at] as number;
    const up = ((this.#range.highTicks - entry) / entry) * 100;
    const down = ((entry - this.#range.lowTicks) / entry) * 100;
    trades.maePct[at] = Math.max(0, side > 0 ? down : up);
    trades.mfePct[at] = Math.max(0, side > 0 ? up : down);
  }

  #average(worth: Float64Array, qty: Float64Array, slot: number): number {
    const mean = (worth[slot] as number) / (qty[slot] as number);
    return this.#index.inverse ? -1 / mean : mean;
  }
}

function add(column: Float64Array, at: number, amount: number): void {
  column[at] = (column[at] as number) + amount;
}
