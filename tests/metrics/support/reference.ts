/**
 * The simple, slow, obviously right way: every row looked at, every fill replayed from the start
 * for each question, nothing kept between them.
 */
import type { RunRecord } from '../../../src/sweep/run-record.ts';

/** PnL in money units of `qty` signed steps from one price to another, unrounded. */
function pnl(record: RunRecord, qty: number, fromTicks: number, toTicks: number): number {
  const { qtyStep, tickSize, moneyPerUnit, inverse } = record.instrument;
  const [from, to] = [fromTicks * tickSize, toTicks * tickSize];
  const perUnit = inverse ? 1 / from - 1 / to : to - from;
  return qty * qtyStep * perUnit * moneyPerUnit;
}

/** Profit at a price just before a moment: each fill's own gain to that price, less its costs. */
export function profitBefore(record: RunRecord, beforeMs: number, ticks: number): number {
  const { fills } = record;
  let profit = 0;
  for (let k = 0; k < fills.count; k += 1) {
    if ((fills.timeMs[k] ?? 0) >= beforeMs) break;
    const signed = (fills.qtySteps[k] ?? 0) * (fills.side[k] ?? 0);
    profit += pnl(record, signed, fills.priceTicks[k] ?? 0, ticks) - (fills.fee[k] ?? 0);
  }
  return profit - fundingBefore(record, beforeMs);
}

/** Each settlement before the moment, paid by what was held just before it. */
export function fundingBefore(record: RunRecord, beforeMs: number): number {
  const { fundingIndex: f } = record;
  let paid = 0;
  for (let i = 0; i < f.count; i += 1) {
    const atMs = f.timeMs[i] ?? 0;
    if (atMs >= beforeMs) break;
    const net = netBefore(record, atMs);
    const long = (f.longCost[i + 1] ?? 0) - (f.longCost[i] ?? 0);
    const short = (f.shortCost[i + 1] ?? 0) - (f.shortCost[i] ?? 0);
    paid += net > 0 ? net * long : -net * short;
  }
  return paid;
}

export function netBefore(record: RunRecord, beforeMs: number): number {
  const { fills } = record;
  let net = 0;
  for (let k = 0; k < fills.count && (fills.timeMs[k] ?? 0) < beforeMs; k += 1) {
    net += (fills.qtySteps[k] ?? 0) * (fills.side[k] ?? 0);
  }
  return net;
}

/** Profit when all is over: each slot's rest closed at its price, as taker. */
export function finalProfit(record: RunRecord): number {
  const { fills, instrument } = record;
  const held = new Map<number, number>();
  let profit = 0;
  for (let k = 0; k < fills.count; k += 1) {
    const slot = fills.slot[k] ?? 0;
    const signed = (fills.qtySteps[k] ?? 0) * (fills.side[k] ?? 0);
    // From here to one ticks: any common price would do, the positions cancel against the closing.
    profit += pnl(record, signed, fills.priceTicks[k] ?? 0, 1_000) - (fills.fee[k] ?? 0);
    if (slot < 0) held.clear();
    else held.set(slot, (held.get(slot) ?? 0) + signed);
  }
  for (const qty of held.values()) {
    if (qty === 0) continue;
    const ticks = qty > 0 ? record.closeLongTicks : record.closeShortTicks;
    profit += pnl(record, -qty, ticks, 1_000) - instrument.fee(Math.abs(qty), ticks, false);
  }
  return profit - record.fundingPaid;
}

export function closeMs(record: RunRecord, row: number): number {
  return (record.tape.openTimeMs[row] ?? 0) + record.tape.intervalMs;
}

export function profitCurve(record: RunRecord): number[] {
  const curve: number[] = [];
  for (let row = record.firstRow; row < record.endRow; row += 1) {
    curve.push(profitBefore(record, closeMs(record, row), record.tape.close[row] ?? 0));
  }
  if (curve.length > 0) curve[curve.length - 1] = finalProfit(record);
  return curve;
}

/** Largest fall from any earlier height, every pair compared. */
export function worstFall(capital: number, curve: readonly number[]): number {
  const equity = [capital, ...curve.map((profit) => capital + profit)];
  let worst = 0;
  equity.forEach((low, j) => {
    const peak = Math.max(...equity.slice(0, j + 1));
    worst = Math.max(worst, (peak - low) / peak);
  });
  return worst;
}

const DAY = 86_400_000;

/** Profit at each UTC midnight strictly inside the run, then at its end. */
export function dailyCurve(record: RunRecord): number[] {
  const curve = profitCurve(record);
  const days: number[] = [];
  for (let ms = Math.floor(record.startMs / DAY) * DAY + DAY; ms < record.endMs; ms += DAY) {
    let profit = 0;
    for (let row = record.firstRow; row < record.endRow; row += 1) {
      if (closeMs(record, row) <= ms) profit = curve[row - record.firstRow] ?? NaN;
    }
    days.push(profit);
  }
  return [...days, finalProfit(record)];
}

export type ReferenceTrade = {
  readonly slot: number;
  readonly side: number;
  readonly entryMs: number;
  readonly exitMs: number;
  readonly qty: number;
  readonly entryTicks: number;
  readonly exitTicks: number;
  readonly gross: number;
  readonly fees: number;
  readonly maePct: number;
  readonly mfePct: number;
  readonly open: boolean;
};

type Leg = { ms: number; qty: number; ticks: number; fee: number; close: boolean };

/** Round trips by replaying each slot alone, a list of legs per trade. */
export function tradesOf(record: RunRecord): ReferenceTrade[] {
  const trades: ReferenceTrade[] = [];
  for (let slot = 0; slot < record.slotCount; slot += 1) trades.push(...slotTrades(record, slot));
  return trades;
}

function slotTrades(record: RunRecord, slot: number): ReferenceTrade[] {
  const { fills, instrument } = record;
  const trades: ReferenceTrade[] = [];
  let legs: Leg[] = [];
  let held = 0;
  for (let k = 0; k < fills.count; k += 1) {
    const owner = fills.slot[k] ?? 0;
    if (owner !== slot && owner >= 0) continue;
    const [ms, ticks] = [fills.timeMs[k] ?? 0, fills.priceTicks[k] ?? 0];
    let left = owner < 0 ? -held : (fills.qtySteps[k] ?? 0) * (fills.side[k] ?? 0);
    const fee = owner < 0 ? liquidationShare(record, k, slot) : (fills.fee[k] ?? 0);
    const whole = left;
    while (left !== 0) {
      const closing = left * held < 0;
      const part = closing ? Math.sign(left) * Math.min(Math.abs(left), Math.abs(held)) : left;
      legs.push({ ms, ticks, qty: part, fee: (fee * part) / whole, close: closing });
      held += part;
      left -= part;
      if (held !== 0) continue;
      trades.push(finish(record, slot, legs, false));
      legs = [];
    }
  }
  if (held !== 0) {
    const ticks = held > 0 ? record.closeLongTicks : record.closeShortTicks;
    const fee = instrument.fee(Math.abs(held), ticks, false);
    legs.push({ ms: record.endMs, ticks, qty: -held, fee, close: true });
    trades.push(finish(record, slot, legs, true));
  }
  return trades;
}

function liquidationShare(record: RunRecord, at: number, slot: number): number {
  const sizes = new Float64Array(record.slotCount);
  for (let k = 0; k < at; k += 1) {
    const owner = record.fills.slot[k] ?? 0;
    const signed = (record.fills.qtySteps[k] ?? 0) * (record.fills.side[k] ?? 0);
    if (owner < 0) sizes.fill(0);
    else sizes[owner] = (sizes[owner] ?? 0) + signed;
  }
  const all = sizes.reduce((sum, size) => sum + Math.abs(size), 0);
  return ((record.fills.fee[at] ?? 0) * Math.abs(sizes[slot] ?? 0)) / all;
}

function finish(record: RunRecord, slot: number, legs: Leg[], open: boolean): ReferenceTrade {
  const side = Math.sign(legs[0]?.qty ?? 0);
  const entries = legs.filter((leg) => !leg.close);
  const exits = legs.filter((leg) => leg.close);
  const entryTicks = average(record, entries);
  const entryMs = legs[0]?.ms ?? NaN;
  const exitMs = legs[legs.length - 1]?.ms ?? NaN;
  let [low, high] = [entryTicks, entryTicks];
  for (let row = record.firstRow; row < record.endRow; row += 1) {
    const openMs = record.tape.openTimeMs[row] ?? 0;
    if (closeMs(record, row) <= entryMs || openMs > exitMs) continue;
    low = Math.min(low, record.tape.low[row] ?? NaN);
    high = Math.max(high, record.tape.high[row] ?? NaN);
  }
  const up = ((high - entryTicks) / entryTicks) * 100;
  const down = ((entryTicks - low) / entryTicks) * 100;
  return {
    slot,
    side,
    entryMs,
    exitMs,
    entryTicks,
    exitTicks: average(record, exits),
    qty: entries.reduce((sum, leg) => sum + Math.abs(leg.qty), 0),
    gross: legs.reduce((sum, leg) => sum + pnl(record, leg.qty, leg.ticks, 1_000), 0),
    fees: legs.reduce((sum, leg) => sum + leg.fee, 0),
    maePct: side > 0 ? down : up,
    mfePct: side > 0 ? up : down,
    open,
  };
}

function average(record: RunRecord, legs: readonly Leg[]): number {
  const qty = legs.reduce((sum, leg) => sum + Math.abs(leg.qty), 0);
  const inverse = record.instrument.inverse;
  const weighted = legs.reduce(
    (sum, leg) => sum + Math.abs(leg.qty) * (inverse ? 1 / leg.ticks : leg.ticks),
    0,
  );
  return inverse ? qty / weighted : weighted / qty;
}
