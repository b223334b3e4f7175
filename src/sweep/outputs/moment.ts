import { SLOT_HALTED, SLOT_STATE_WORDS } from '../../engine/codes.ts';
import { slotState } from '../../engine/slot-machine.ts';
import type { CsvRow, RunFolder } from './read-run.ts';

/** An order that was on its way to the venue or working there. Prices and sizes as written. */
export type WorkingOrder = {
  readonly orderLinkId: string;
  readonly role: string;
  readonly side: string;
  readonly type: string;
  /** Null for a market order, and for one that has not arrived. */
  readonly price: string | null;
  readonly qty: string;
  readonly arrived: boolean;
};

export type SlotMoment = {
  readonly slot: number;
  readonly state: string;
  readonly openQty: number;
  /** Null once the run has ended by liquidation. */
  readonly reason: CsvRow | null;
  readonly orders: readonly WorkingOrder[];
};

export type RunMoment = {
  /** The last the strategy knew of. */
  readonly lastFill: CsvRow | null;
  /** Happened at the venue, the news still on its way. */
  readonly unknownFills: readonly CsvRow[];
  readonly slots: readonly SlotMoment[];
};

/**
 * What the strategy knew and why each slot waited, at one time: folded from the run's tables.
 * Positions are those it knew of; orders are the venue's, whose ends it hears of a moment later.
 */
export function momentOf(run: RunFolder, atMs: number): RunMoment {
  const reasons = run.csv('reasons.csv');
  const happened = run.csv('fills.csv').filter((row) => Number(row['time_ms']) <= atMs);
  const fills = happened.filter((row) => isKnown(row, atMs));
  const orders = run.csv('orders.csv').filter((row) => isAlive(row, atMs));
  const prices = new Map(run.csv('levels.csv')
    .filter((row) => Number(row['time_ms']) <= atMs)
    .map((row) => [row['order_link_id'] ?? '', row]));
  const slotCount = reasons.reduce((most, row) => Math.max(most, Number(row['slot']) + 1), 0);
  const slots = Array.from({ length: slotCount }, (_, slot): SlotMoment => {
    const own = orders.filter((row) => Number(row['slot']) === slot);
    const openQty = openQtyOf(fills, slot);
    return {
      slot,
      state: stateOf(fills, happened, own, openQty, slot, atMs),
      openQty,
      reason: reasons.find((row) => Number(row['slot']) === slot && covers(row, atMs)) ?? null,
      orders: own.map((row) => workingOrder(row, prices.get(row['order_link_id'] ?? ''), atMs)),
    };
  });
  const unknownFills = happened.filter((row) => !isKnown(row, atMs));
  return { lastFill: fills.at(-1) ?? null, unknownFills, slots };
}

function isAlive(order: CsvRow, atMs: number): boolean {
  return Number(order['sent_ms']) <= atMs && (order['end_ms'] === '' || Number(order['end_ms']) > atMs);
}

function hasArrived(order: CsvRow, atMs: number): boolean {
  return order['venue_ms'] !== '' && Number(order['venue_ms']) <= atMs;
}

function covers(reason: CsvRow, atMs: number): boolean {
  return Number(reason['from_ms']) <= atMs && atMs < Number(reason['until_ms']);
}

function isLiquidated(fills: readonly CsvRow[]): boolean {
  return fills.at(-1)?.['role'] === 'liquidation';
}

function openQtyOf(fills: readonly CsvRow[], slot: number): number {
  if (isLiquidated(fills)) return 0;
  let qty = 0;
  for (const row of fills) {
    if (Number(row['slot']) !== slot) continue;
    qty += Number(row['qty']) * (row['role'] === 'entry' ? 1 : -1);
  }
  // Sums of decimals: what is below any step there is, is nothing.
  return Number(qty.toFixed(9));
}

/** A liquidation is nobody's order, and known at once. */
function isKnown(fill: CsvRow, atMs: number): boolean {
  if (fill['role'] === 'liquidation') return true;
  return fill['known_ms'] !== '' && Number(fill['known_ms']) <= atMs;
}

/** By the engine's own rule. An entry whose last fill is not known yet is still pending to it. */
function stateOf(
  known: readonly CsvRow[], happened: readonly CsvRow[], orders: readonly CsvRow[],
  openQty: number, slot: number, atMs: number,
): string {
  if (isLiquidated(known)) return SLOT_STATE_WORDS[SLOT_HALTED];
  const entryUnknown = happened.some((row) =>
    Number(row['slot']) === slot && row['role'] === 'entry' && !isKnown(row, atMs));
  const entryAlive = entryUnknown || orders.some((row) => row['role'] === 'entry');
  const exitStanding = orders.some((row) =>
    (row['role'] === 'exit' || row['role'] === 'timeout') && hasArrived(row, atMs));
  return SLOT_STATE_WORDS[slotState(openQty, entryAlive, exitStanding)] ?? '';
}

function workingOrder(order: CsvRow, level: CsvRow | undefined, atMs: number): WorkingOrder {
  const price = level?.['price'] ?? '';
  return {
    orderLinkId: order['order_link_id'] ?? '',
    role: order['role'] ?? '',
    side: order['side'] ?? '',
    type: order['type'] ?? '',
    price: price === '' ? null : price,
    qty: level?.['qty'] || (order['qty'] ?? ''),
    arrived: hasArrived(order, atMs),
  };
}
