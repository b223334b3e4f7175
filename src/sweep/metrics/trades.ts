import type { RunRecord } from '../run-record.ts';
import { ROLE_ENTRY } from '../../engine/codes.ts';
import { ROLE_LIQUIDATION } from '../run-record.ts';
import { fundingCost } from './settlements.ts';
import { settledBy } from './ledger.ts';
import type { MetricsIndex } from './metrics-index.ts';
import type { MetricsScratch } from './scratch.ts';
import { TradeReader } from './trade-reader.ts';
import type { ClosingTotals } from './trade-reader.ts';
import { NO_EXIT_ROLE } from './trade-columns.ts';

/**
 * Reads the round trips of a run into scratch.trades, after readLedger, notes in scratch.states how
 * much the slots hold, and closes what is still open: every open lot by an order of its own, at
 * closeLongTicks or closeShortTicks, as taker.
 */
export function readTrades(
  record: RunRecord,
  index: MetricsIndex,
  scratch: MetricsScratch,
): ClosingTotals {
  const { fills } = record;
  const reader = new TradeReader(record, index, scratch);
  for (let k = 0; k < fills.count; k += 1) {
    if ((fills.slot[k] as number) < 0) liquidate(record, scratch, reader, k);
    else readFill(record, scratch, reader, k);
    scratch.states.gross[k] = reader.grossSteps;
  }
  closeOpenLots(record, index, scratch, reader);
  return reader.totals;
}

/**
 * A closing fill takes from its own slot; what that no longer holds (a stop that filled before its
 * cancel arrived) closes lots of the lowest-numbered open slot, as the engine books it.
 */
function readFill(
  record: RunRecord,
  scratch: MetricsScratch,
  reader: TradeReader,
  k: number,
): void {
  const { fills, instrument } = record;
  const side = fills.side[k] as number;
  const ticks = fills.priceTicks[k] as number;
  const { qty } = scratch.slots;
  let slot = fills.slot[k] as number;
  let steps = fills.qtySteps[k] as number;
  let value = scratch.states.value[k] as number;
  let fee = fills.fee[k] as number;
  reader.at(
    fills.timeMs[k] as number,
    scratch.states.row[k] as number,
    ticks,
    scratch.states.fundingPerStep[k] as number,
  );
  const role = fills.role[k] as number;
  for (;;) {
    const held = qty[slot] as number;
    const closes = held * side < 0;
    if (!closes && role !== ROLE_ENTRY) {
      const other = openSlot(qty, record.slotCount, side);
      if (other >= 0) {
        slot = other;
        continue;
      }
    }
    if (!closes) return reader.enter(slot, side, steps, value, fee);
    const size = Math.abs(held);
    if (steps <= size) return reader.leave(slot, steps, value, fee, role);
    const closing = instrument.value(size, ticks);
    const closingFee = Math.round((fee / steps) * size);
    reader.leave(slot, size, closing, closingFee, role);
    steps -= size;
    value -= closing;
    fee -= closingFee;
  }
}

/** The lowest-numbered slot whose lot a fill of this side closes; -1 when there is none. */
function openSlot(qty: Float64Array, slotCount: number, side: number): number {
  for (let slot = 0; slot < slotCount; slot += 1) if ((qty[slot] as number) * side < 0) return slot;
  return -1;
}

/** The venue takes the net position over at one price: each slot leaves at it, fee by size. */
function liquidate(
  record: RunRecord,
  scratch: MetricsScratch,
  reader: TradeReader,
  k: number,
): void {
  const { fills, instrument } = record;
  const { states, slots } = scratch;
  const ticks = fills.priceTicks[k] as number;
  reader.at(
    fills.timeMs[k] as number,
    states.row[k] as number,
    ticks,
    states.fundingPerStep[k] as number,
  );
  let sizeLeft = 0;
  for (let slot = 0; slot < record.slotCount; slot += 1) {
    sizeLeft += Math.abs(slots.qty[slot] as number);
  }
  let feeLeft = fills.fee[k] as number;
  for (let slot = 0; slot < record.slotCount; slot += 1) {
    const size = Math.abs(slots.qty[slot] as number);
    if (size === 0) continue;
    const fee = Math.round((feeLeft / sizeLeft) * size);
    reader.leave(slot, size, instrument.value(size, ticks), fee, ROLE_LIQUIDATION);
    feeLeft -= fee;
    sizeLeft -= size;
  }
}

function closeOpenLots(
  record: RunRecord,
  index: MetricsIndex,
  scratch: MetricsScratch,
  reader: TradeReader,
): void {
  const { states, slots } = scratch;
  const { instrument } = record;
  const last = states.count - 1;
  if (last < 0) return;
  const net = states.net[last] as number;
  const from = states.settled[last] as number;
  const cost = fundingCost(index.settlements, net, from, settledBy(record, index));
  const perStep = (states.fundingPerStep[last] as number) + (net === 0 ? 0 : cost / net);
  for (let slot = 0; slot < record.slotCount; slot += 1) {
    const held = slots.qty[slot] as number;
    if (held === 0) continue;
    const ticks = held > 0 ? record.closeLongTicks : record.closeShortTicks;
    const size = Math.abs(held);
    const value = instrument.value(size, ticks);
    const fee = instrument.fee(size, ticks, false);
    reader.at(record.endMs, record.endRow, ticks, perStep);
    reader.closeOpen(slot, size, value, fee);
    reader.leave(slot, size, value, fee, NO_EXIT_ROLE);
  }
}
