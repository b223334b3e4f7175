import {
  KIND_WORDS,
  ORDER_NONE,
  ROLES_PER_SLOT,
  ROLE_ENTRY,
  ROLE_WORDS,
  SLOT_STATE_WORDS,
} from '../../engine/codes.ts';
import { GATE_FLATTEN, GATE_HALT, gateWords } from '../../engine/entry-gate.ts';
import { ORDER_STATES } from '../../engine/order-life.ts';
import { reasonName } from '../../engine/reasons.ts';
import type { LatencyBook } from '../journal/latency-book.ts';
import type { Session } from '../session/session.ts';

export const LIVE_STATES = [
  'WARMING_UP',
  'RECOVERING',
  'TRADING',
  'ENTRIES_STOPPED',
  'HALTED',
  'FAILED',
  'STOPPED',
] as const;
export type LiveState = (typeof LIVE_STATES)[number];

/** What `status.json` holds. Prices and money are numbers for reading, null where there is none. */
export type LiveStatus = {
  readonly atMs: number;
  readonly environment: string;
  readonly symbol: string;
  readonly state: LiveState;
  /** Why it ended; absent while it runs. */
  readonly end?: string;
  readonly run: number;
  readonly pid: number;
  readonly journalSeq: number;
  readonly entriesStopped: readonly string[];
  readonly unknownOrders: number;
  /** Slots whose open lots should have an exit at the venue and have none. */
  readonly withoutExit: readonly number[];
  readonly streams: { readonly private: string; readonly public: string };
  readonly price: number | null;
  readonly position: {
    readonly steps: number;
    readonly qty: string;
    readonly side: 'flat' | 'long' | 'short';
    readonly entryPrice: number | null;
    readonly venueSteps: number | null;
  };
  /** As the venue says it; the distance is a share of the price in percent. */
  readonly liquidation: { readonly price: number | null; readonly distancePercent: number | null };
  readonly money: {
    readonly settle: string;
    readonly realised: number | null;
    readonly fees: number | null;
    readonly funding: number | null;
    readonly unrealised: number | null;
  };
  readonly lastFill: { readonly price: number | null; readonly atMs: number | null };
  readonly fills: number;
  readonly spacing: number | null;
  readonly toNextLevel: number | null;
  readonly toExit: number | null;
  readonly indicators: readonly (number | null)[];
  readonly slots: readonly StatusSlot[];
  readonly orders: readonly StatusOrder[];
  readonly latencyMs: Readonly<Record<string, number | null>>;
  readonly alarmCount: number;
  readonly alarms: readonly ShownAlarm[];
  /** What was passed over when it was promoted; see docs/promotion.md. */
  readonly concessions?: readonly string[];
  readonly deployment?: string;
  readonly strategy?: string;
  readonly version?: string;
  readonly configHash?: string;
};

export type StatusSlot = {
  readonly slot: number;
  readonly state: string;
  readonly qty: string;
  readonly side: number;
  readonly reason: string;
  readonly reasonSinceMs: number | null;
  readonly level: number | null;
};

export type ShownAlarm = { readonly atMs: number; readonly code: string; readonly text: string };

export type StatusOrder = {
  readonly linkId: string;
  readonly role: string;
  readonly slot: number;
  readonly side: 'Buy' | 'Sell';
  readonly kind: string;
  readonly state: string;
  readonly price: string;
  readonly qty: string;
  readonly filled: string;
};

export function ordersOf(session: Session): StatusOrder[] {
  const { engine, links, instrument } = session;
  const { orders } = engine;
  const list: StatusOrder[] = [];
  for (let key = 0; key < orders.keyCount; key += 1) {
    if (orders.state[key] === ORDER_NONE) continue;
    const ticks = orders.askedTicks[key] ?? 0;
    list.push({
      linkId: links.textOf(orders.id[key] ?? -1),
      role: ROLE_WORDS[key % ROLES_PER_SLOT] ?? '?',
      slot: Math.floor(key / ROLES_PER_SLOT),
      side: (orders.side[key] ?? 0) > 0 ? 'Buy' : 'Sell',
      kind: KIND_WORDS[orders.kind[key] ?? 0] ?? '?',
      state: ORDER_STATES[orders.state[key] ?? 0] ?? '?',
      price: ticks > 0 ? instrument.formatPrice(ticks) : 'market',
      qty: instrument.formatQty(orders.askedSteps[key] ?? 0),
      filled: instrument.formatQty(orders.filledSteps[key] ?? 0),
    });
  }
  return list;
}

export function orderLines(session: Session): string[] {
  return ordersOf(session).map(
    ({ role, slot, side, qty, price, state, linkId, filled }) =>
      `${role} of slot ${slot}: ${side} ${qty} at ${price}, filled ${filled}, ${state} (${linkId})`,
  );
}

export function positionText({ engine, instrument }: Session): string {
  const { positionSteps } = engine.ledger;
  if (positionSteps === 0) return 'flat';
  const side = positionSteps > 0 ? 'long' : 'short';
  const entry = price(engine.ledger.averageEntryTicks(), instrument.tickSize);
  return `${side} ${instrument.formatQty(Math.abs(positionSteps))} from ${entry ?? '?'}`;
}

export type StatusParts = {
  readonly session: Session;
  readonly latency: LatencyBook;
  readonly nowMs: number;
  readonly environment: string;
  readonly about: Readonly<Record<string, unknown>>;
  readonly alarms: readonly ShownAlarm[];
  readonly alarmCount: number;
  readonly liquidationPrice: number;
};

/** All that a person, a page or a meter wants to know of the process. */
export function statusOf(parts: StatusParts): LiveStatus {
  const { session, nowMs, environment, alarms, alarmCount } = parts;
  const { engine, instrument } = session;
  const { view, ledger, caution } = engine;
  const { tickSize } = instrument;
  const known = Number.isNaN(session.priceTicks) ? view.closeTicks : session.priceTicks;
  return {
    atMs: nowMs,
    environment,
    ...parts.about,
    symbol: instrument.symbol,
    state: stateWord(session),
    run: session.runs,
    pid: process.pid,
    journalSeq: session.lastSeq,
    entriesStopped: gateWords(caution?.gate.bits ?? 0),
    unknownOrders: caution?.resolver.unknownCount() ?? 0,
    withoutExit: withoutExit(session),
    streams: session.streamStates,
    price: price(known, tickSize),
    position: {
      steps: ledger.positionSteps,
      qty: instrument.formatQty(Math.abs(ledger.positionSteps)),
      side: ledger.positionSteps === 0 ? 'flat' : ledger.positionSteps > 0 ? 'long' : 'short',
      entryPrice: price(ledger.averageEntryTicks(), tickSize),
      venueSteps: finite(session.venueSteps),
    },
    liquidation: liquidationOf(parts.liquidationPrice, price(known, tickSize)),
    money: {
      settle: instrument.settleCurrency,
      realised: money(ledger.realised, instrument.moneyDigits),
      fees: money(ledger.fees, instrument.moneyDigits),
      funding: money(ledger.funding, instrument.moneyDigits),
      unrealised: money(ledger.unrealised(known), instrument.moneyDigits),
    },
    lastFill: { price: price(view.lastFillTicks, tickSize), atMs: finite(view.lastFillMs) },
    fills: session.executionCount,
    spacing: price(engine.plan.spacing, tickSize),
    toNextLevel: distanceTo(session, known, 'entry'),
    toExit: distanceTo(session, known, 'exit'),
    indicators: [...view.indicators].map(finite),
    slots: slotsOf(session),
    orders: ordersOf(session),
    latencyMs: latencyOf(parts.latency),
    alarmCount,
    alarms,
  };
}

export function stateWord({ engine, failed }: Session): LiveState {
  const { caution, halted } = engine;
  const bits = caution?.gate.bits ?? 0;
  if (failed) return 'FAILED';
  if (halted || (bits & (GATE_HALT | GATE_FLATTEN)) !== 0) return 'HALTED';
  if (caution?.recovering === true) return 'RECOVERING';
  if (bits !== 0) return 'ENTRIES_STOPPED';
  return engine.view.ready ? 'TRADING' : 'WARMING_UP';
}

function liquidationOf(at: number, known: number | null): LiveStatus['liquidation'] {
  if (!Number.isFinite(at) || known === null) return { price: null, distancePercent: null };
  return { price: at, distancePercent: Number(((Math.abs(known - at) / known) * 100).toFixed(2)) };
}

function withoutExit({ engine }: Session): number[] {
  const { view, plan, orders } = engine;
  const found: number[] = [];
  for (let slot = 0; slot < view.slotCount; slot += 1) {
    if ((view.slotQty[slot] ?? 0) === 0) continue;
    let [isWanted, stands] = [false, false];
    for (let role = ROLE_ENTRY + 1; role < ROLES_PER_SLOT; role += 1) {
      const key = slot * ROLES_PER_SLOT + role;
      isWanted ||= plan.isWanted(key);
      stands ||= orders.state[key] !== ORDER_NONE;
    }
    if (isWanted && !stands) found.push(slot);
  }
  return found;
}

function slotsOf({ engine, instrument }: Session): StatusSlot[] {
  const { view, slots, reasons } = engine;
  return Array.from({ length: view.slotCount }, (_, slot) => ({
    slot,
    state: SLOT_STATE_WORDS[slots.slotState[slot] ?? 0] ?? '?',
    qty: instrument.formatQty(view.slotQty[slot] ?? 0),
    side: view.slotSide[slot] ?? 0,
    reason: reasonName(reasons.code[slot] ?? 0),
    reasonSinceMs: finite(reasons.sinceMs[slot] ?? NaN),
    level: price(reasons.levelTicks[slot] ?? NaN, instrument.tickSize),
  }));
}

/** From the known price to the nearest order of a role, in price; null when none stands. */
function distanceTo(session: Session, knownTicks: number, role: string): number | null {
  const { orders } = session.engine;
  let nearest = Infinity;
  for (
    let key = ROLE_WORDS.indexOf(role as 'entry');
    key < orders.keyCount;
    key += ROLES_PER_SLOT
  ) {
    const ticks = orders.askedTicks[key] ?? 0;
    if (orders.state[key] === ORDER_NONE || ticks <= 0) continue;
    nearest = Math.min(nearest, Math.abs(ticks - knownTicks));
  }
  return price(nearest, session.instrument.tickSize);
}

/** Medians of the latest orders: request, then each surface. */
function latencyOf({ orders, executions }: LatencyBook): Record<string, number | null> {
  const medians: Record<string, number | null> = {
    answer: median(orders.map(({ sentMs, answeredMs }) => answeredMs - sentMs)),
  };
  const surfaces = new Set([...orders, ...executions].flatMap(({ seenMs }) => Object.keys(seenMs)));
  for (const surface of surfaces) {
    const of = surface as keyof (typeof orders)[number]['seenMs'];
    const shown = surface.endsWith('execution')
      ? executions.map(({ venueMs, seenMs }) => (seenMs[of] ?? NaN) - venueMs)
      : orders.map(({ sentMs, seenMs }) => (seenMs[of] ?? NaN) - sentMs);
    medians[surface] = median(shown);
  }
  return medians;
}

function median(values: readonly number[]): number | null {
  const known = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)] ?? null;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function price(ticks: number, tickSize: number): number | null {
  return Number.isFinite(ticks) ? Number((ticks * tickSize).toPrecision(12)) : null;
}

function money(units: number, digits: number): number | null {
  return Number.isFinite(units) ? Number((units / 10 ** digits).toPrecision(15)) : null;
}
