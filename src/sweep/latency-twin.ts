import type { Instrument } from '../engine/instrument.ts';
import { quantilesOf } from './latency-quantiles.ts';
import type { FillDifference, PriceDifference } from './latency-results.ts';
import { ROLE_LIQUIDATION } from './run-record.ts';
import type { FillColumns } from './run-record.ts';

/** All executions of one order. */
export type OrderFill = {
  readonly orderId: number;
  readonly slot: number;
  readonly role: number;
  readonly side: number;
  /** Of the first execution. */
  readonly timeMs: number;
  qtySteps: number;
  /** Sum of the executions' values, money units. */
  value: number;
  takerSteps: number;
};

export type FillPair = { readonly run: OrderFill; readonly twin: OrderFill };

export type MatchedFills = {
  readonly pairs: readonly FillPair[];
  readonly missed: readonly OrderFill[];
  readonly extra: readonly OrderFill[];
};

/** A twin further away is another trade. */
export const MIN_WINDOW_MS = 300_000;
/** Candidates on either side in time: more are never the nearest. */
const NEAREST = 6;

/** Liquidations are nobody's order and have no twin. */
export function orderFills(fills: FillColumns, instrument: Instrument): OrderFill[] {
  const byId = new Map<number, OrderFill>();
  for (let i = 0; i < fills.count; i += 1) {
    const role = fills.role[i] ?? 0;
    if (role === ROLE_LIQUIDATION) continue;
    const orderId = fills.orderId[i] ?? NaN;
    const found = byId.get(orderId) ?? {
      orderId,
      slot: fills.slot[i] ?? 0,
      role,
      side: fills.side[i] ?? 0,
      timeMs: fills.timeMs[i] ?? NaN,
      qtySteps: 0,
      value: 0,
      takerSteps: 0,
    };
    const steps = fills.qtySteps[i] ?? 0;
    found.qtySteps += steps;
    found.value += steps * instrument.valuePerStep(fills.priceTicks[i] ?? NaN);
    if (fills.maker[i] === 0) found.takerSteps += steps;
    byId.set(orderId, found);
  }
  return [...byId.values()];
}

/**
 * Pairs fills of the same side and role, those nearest in time first, then those nearest in price:
 * an order that stands at the same price in both runs fills in the same ms and finds its twin.
 */
export function matchFills(
  run: readonly OrderFill[],
  twin: readonly OrderFill[],
  windowMs: number,
): MatchedFills {
  const pairs: FillPair[] = [];
  const taken = new Set<OrderFill>();
  for (const { a, b } of candidates(run, twin, windowMs)) {
    if (taken.has(a) || taken.has(b)) continue;
    taken.add(a).add(b);
    pairs.push({ run: a, twin: b });
  }
  pairs.sort((a, b) => a.run.timeMs - b.run.timeMs || a.run.orderId - b.run.orderId);
  const left = (fills: readonly OrderFill[]): OrderFill[] => fills.filter((f) => !taken.has(f));
  return { pairs, missed: left(twin), extra: left(run) };
}

type Candidate = { a: OrderFill; b: OrderFill; ms: number; price: number };

function candidates(
  run: readonly OrderFill[],
  twin: readonly OrderFill[],
  windowMs: number,
): Candidate[] {
  const groups = new Map<string, OrderFill[]>();
  for (const fill of twin) {
    const group = groups.get(groupOf(fill));
    if (group === undefined) groups.set(groupOf(fill), [fill]);
    else group.push(fill);
  }
  const found: Candidate[] = [];
  for (const a of run) {
    const group = groups.get(groupOf(a)) ?? [];
    const at = firstFrom(group, a.timeMs);
    for (const b of group.slice(Math.max(0, at - NEAREST), at + NEAREST)) {
      const ms = Math.abs(a.timeMs - b.timeMs);
      const price = Math.abs(a.value / a.qtySteps - b.value / b.qtySteps);
      if (ms <= windowMs) found.push({ a, b, ms, price });
    }
  }
  return found.sort(
    (x, y) =>
      x.ms - y.ms || x.price - y.price || x.a.orderId - y.a.orderId || x.b.orderId - y.b.orderId,
  );
}

function groupOf({ side, role }: OrderFill): string {
  return `${side} ${role}`;
}

/** Place of the first fill at or after a time. */
function firstFrom(fills: readonly OrderFill[], timeMs: number): number {
  let [low, high] = [0, fills.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((fills[middle]?.timeMs ?? 0) < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function differenceOf(
  run: FillColumns,
  twin: FillColumns,
  instrument: Instrument,
  windowMs: number,
): FillDifference {
  const [own, other] = [orderFills(run, instrument), orderFills(twin, instrument)];
  const { pairs, missed, extra } = matchFills(own, other, windowMs);
  const shifts = pairs.map((pair) => pair.run.timeMs - pair.twin.timeMs);
  const ticks = pairs.map((pair) => worseTicks(pair, instrument));
  const isSame = (i: number): boolean => shifts[i] === 0 && ticks[i] === 0;
  return {
    windowMs,
    run: own.length,
    twin: other.length,
    same: pairs.filter((_, i) => isSame(i)).length,
    missed: missed.length,
    extra: extra.length,
    later: quantilesOf(shifts.filter((ms) => ms > 0)),
    earlier: shifts.filter((ms) => ms < 0).length,
    worse: priceDifference(pairs, ticks, instrument, 1),
    better: priceDifference(pairs, ticks, instrument, -1),
    becameTaker: pairs.filter((pair) => pair.run.takerSteps > 0 && pair.twin.takerSteps === 0)
      .length,
  };
}

/** How many ticks the run's average price is worse than the twin's. Below 1e-6: rounding. */
export function worseTicks({ run, twin }: FillPair, instrument: Instrument): number {
  const ticks = run.side * (averageTicks(run, instrument) - averageTicks(twin, instrument));
  return Math.abs(ticks) < 1e-6 ? 0 : ticks;
}

/** What that costs on the quantity both have, in coins. */
export function worseMoney({ run, twin }: FillPair, instrument: Instrument): number {
  const steps = Math.min(run.qtySteps, twin.qtySteps);
  const more = steps * (run.value / run.qtySteps - twin.value / twin.qtySteps);
  return (run.side * (instrument.inverse ? -more : more)) / instrument.moneyPerUnit;
}

export function averageTicks({ value, qtySteps }: OrderFill, instrument: Instrument): number {
  const [perStep, atOneTick] = [value / qtySteps, instrument.valuePerStep(1)];
  return instrument.inverse ? atOneTick / perStep : perStep / atOneTick;
}

/** Pairs worse (sign 1) or better (sign -1) in the run, as positive amounts; `ticks` as worseTicks. */
export function priceDifference(
  pairs: readonly FillPair[],
  ticks: readonly number[],
  instrument: Instrument,
  sign: 1 | -1,
): PriceDifference {
  const chosen = pairs.filter((_, i) => sign * (ticks[i] ?? 0) > 0);
  const sum = ticks.reduce((total, each) => total + Math.max(0, sign * each), 0);
  return {
    count: chosen.length,
    meanTicks: chosen.length === 0 ? null : sum / chosen.length,
    money: sign * chosen.reduce((total, pair) => total + worseMoney(pair, instrument), 0),
  };
}
