import {
  KIND_LIMIT,
  KIND_MARKET,
  KIND_STOP_MARKET,
  ROLE_EXIT,
  ROLE_WORDS,
  ROLES_PER_SLOT,
} from '../../engine/codes.ts';
import { InvariantError } from '../../engine/invariant.ts';
import { entryOf } from '../../engine/order-id.ts';
import {
  AUDIT_AMENDED,
  AUDIT_ATTACHED,
  AUDIT_ANSWER_KNOWN,
  AUDIT_BOOKED,
  AUDIT_END_KNOWN,
  AUDIT_ENDED,
  AUDIT_FILL_KNOWN,
  AUDIT_REFUSED,
  AUDIT_SENT,
} from '../../brokers/simulated/audit-log.ts';
import type { AuditRow } from '../../brokers/simulated/audit-log.ts';
import type { Simulation } from '../../brokers/simulated/simulation.ts';
import { OrderBelief } from './order-belief.ts';
import type { OrderStay } from './order-belief.ts';

/** One order from its sending to its end, as the venue saw it. */
export type OrderLife = {
  readonly orderId: number;
  readonly linkId: string;
  readonly slot: number;
  /** Code of ROLE_WORDS, which is also that of ROLES. */
  readonly role: number;
  readonly kind: number;
  readonly side: number;
  readonly reduceOnly: boolean;
  readonly postOnly: boolean;
  readonly sentMs: number;
  /** NaN: the run ended while it was on its way. */
  venueMs: number;
  retCode: number;
  /** As last accepted. */
  priceTicks: number;
  qtySteps: number;
  filledSteps: number;
  amends: number;
  /** NaN: still working when the run ended. */
  endMs: number;
  /** Code of END_WORDS; -1 while it works or when it was refused. */
  end: number;
  /** When its first answer, and the news of its end, reached the engine; NaN = never. */
  answerKnownMs: number;
  endKnownMs: number;
  /** First and last execution at the venue, and when the engine had heard of all. NaN = none. */
  firstFillMs: number;
  lastFillMs: number;
  fillsKnownMs: number;
};

/** From `timeMs` on the order stands at this price; NaN = it no longer works. */
export type OrderLevel = {
  readonly timeMs: number;
  readonly order: OrderLife;
  readonly priceTicks: number;
  readonly qtySteps: number;
};

export type OrderHistory = {
  /** In the order they were sent. */
  readonly orders: readonly OrderLife[];
  readonly byId: ReadonlyMap<number, OrderLife>;
  readonly levels: readonly OrderLevel[];
  /** When the engine learnt of each fill; NaN = never. */
  readonly knownMs: Float64Array;
  /** What the engine took each order for, and how long. */
  readonly stays: readonly OrderStay[];
};

/** Folds the audit log of a simulation that kept its rows. */
export function orderHistory(simulation: Simulation, endMs: number): OrderHistory {
  const { audit, engine, fills } = simulation;
  const belief = new OrderBelief(fills.qtySteps);
  const fold = new Fold(engine.orders.keyCount, fills.count);
  for (const row of audit.list()) {
    fold.add(row);
    belief.add(row);
  }
  for (let at = 0; at < fills.count; at += 1) {
    const order = fold.byId.get(fills.orderId[at] ?? NaN);
    if (order !== undefined) addFill(order, fills, fold.knownMs, at);
  }
  fold.stays = belief.finish(endMs);
  return fold;
}

function addFill(
  order: OrderLife,
  fills: Simulation['fills'],
  knownMs: Float64Array,
  at: number,
): void {
  const timeMs = fills.timeMs[at] ?? NaN;
  order.filledSteps += fills.qtySteps[at] ?? 0;
  // An attached exit grows with its entry.
  order.qtySteps = Math.max(order.qtySteps, order.filledSteps);
  if (Number.isNaN(order.firstFillMs)) order.firstFillMs = timeMs;
  order.lastFillMs = timeMs;
  // One of which nothing was heard leaves the whole unknown: executions arrive in order.
  order.fillsKnownMs = knownMs[at] ?? NaN;
}

/** `ls-<slot>-<cycle>-<role>-<n>`; n counts every order of the run, so the text is unique. */
export function orderLinkId(slot: number, cycle: number, role: number, attempt: number): string {
  return `ls-${slot}-${cycle}-${ROLE_WORDS[role] ?? 'order'}-${attempt}`;
}

class Fold implements OrderHistory {
  readonly orders: OrderLife[] = [];
  readonly byId = new Map<number, OrderLife>();
  readonly levels: OrderLevel[] = [];
  readonly knownMs: Float64Array;
  stays: readonly OrderStay[] = [];
  readonly #keyCount: number;
  readonly #cycleOf = new Map<number, number>();

  constructor(keyCount: number, fillCount: number) {
    this.#keyCount = keyCount;
    this.knownMs = new Float64Array(fillCount).fill(NaN);
  }

  add(row: AuditRow): void {
    const [first = 0, second = 0] = row.values;
    switch (row.type) {
      case AUDIT_SENT:
        return this.#sent(row);
      case AUDIT_ATTACHED:
        return this.#attached(row.orderId, row.timeMs, first, second);
      case AUDIT_BOOKED:
      case AUDIT_REFUSED:
        return this.#arrived(this.#order(row.orderId), row.timeMs, first);
      case AUDIT_AMENDED:
        return this.#amended(this.#order(row.orderId), row.timeMs, first, second);
      case AUDIT_ENDED:
        return this.#ended(this.#order(row.orderId), row.timeMs, first);
      case AUDIT_FILL_KNOWN:
        this.knownMs[first] = row.timeMs;
        return;
      case AUDIT_ANSWER_KNOWN: {
        const order = this.#order(row.orderId);
        if (Number.isNaN(order.answerKnownMs)) order.answerKnownMs = row.timeMs;
        return;
      }
      case AUDIT_END_KNOWN:
        this.#order(row.orderId).endKnownMs = row.timeMs;
        return;
      default:
        return;
    }
  }

  #sent({ timeMs, orderId, values }: AuditRow): void {
    const [kind = 0, side = 0, priceTicks = 0, qtySteps = 0, flags = 0, cycle = 0] = values;
    this.#cycleOf.set(orderId, cycle);
    const key = orderId % this.#keyCount;
    const slot = Math.floor(key / ROLES_PER_SLOT);
    const role = key % ROLES_PER_SLOT;
    const attempt = Math.floor(orderId / this.#keyCount);
    const order: OrderLife = {
      orderId,
      linkId: orderLinkId(slot, cycle, role, attempt),
      slot,
      role,
      kind,
      side,
      reduceOnly: flags % 2 === 1,
      postOnly: flags >= 2,
      sentMs: timeMs,
      venueMs: NaN,
      retCode: 0,
      priceTicks: kind === KIND_MARKET ? NaN : priceTicks,
      qtySteps,
      filledSteps: 0,
      amends: 0,
      endMs: NaN,
      end: -1,
      answerKnownMs: NaN,
      endKnownMs: NaN,
      firstFillMs: NaN,
      lastFillMs: NaN,
      fillsKnownMs: NaN,
    };
    this.orders.push(order);
    this.byId.set(orderId, order);
  }

  /** The venue made it itself, at the fill of its entry: sent and booked at once. */
  #attached(orderId: number, timeMs: number, priceTicks: number, qtySteps: number): void {
    if (this.byId.has(orderId)) return;
    const entryId = entryOf(orderId, this.#keyCount);
    const exit = orderId % ROLES_PER_SLOT === ROLE_EXIT;
    const cycle = this.#cycleOf.get(entryId) ?? 0;
    const side = -this.#order(entryId).side;
    const kind = exit ? KIND_LIMIT : KIND_STOP_MARKET;
    const values = [kind, side, priceTicks, qtySteps, 1, cycle];
    this.#sent({ type: AUDIT_ATTACHED, timeMs, orderId, values });
    this.#arrived(this.#order(orderId), timeMs, 0);
  }

  #arrived(order: OrderLife, timeMs: number, retCode: number): void {
    order.venueMs = timeMs;
    order.retCode = retCode;
    if (retCode !== 0) order.endMs = timeMs;
    // What fills on arrival is over before its booking is written down.
    else if (Number.isNaN(order.endMs)) this.#level(order, timeMs, order.priceTicks);
  }

  #amended(order: OrderLife, timeMs: number, priceTicks: number, qtySteps: number): void {
    order.priceTicks = priceTicks;
    order.qtySteps = qtySteps;
    order.amends += 1;
    if (Number.isNaN(order.endMs)) this.#level(order, timeMs, priceTicks);
  }

  #ended(order: OrderLife, timeMs: number, end: number): void {
    order.endMs = timeMs;
    order.end = end;
    if (!Number.isNaN(order.venueMs)) this.#level(order, timeMs, NaN);
  }

  #level(order: OrderLife, timeMs: number, priceTicks: number): void {
    if (order.kind === KIND_MARKET) return;
    this.levels.push({ timeMs, order, priceTicks, qtySteps: order.qtySteps });
  }

  #order(orderId: number): OrderLife {
    const order = this.byId.get(orderId);
    if (order === undefined) throw new InvariantError(`the audit log never sent order ${orderId}`);
    return order;
  }
}
