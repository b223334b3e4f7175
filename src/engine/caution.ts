import { ALARM_ORPHAN, ALARM_UNPROTECTED } from './alarms.ts';
import type { Attachments } from './attachments.ts';
import { ASK, FOLLOW, NOTHING } from './attention.ts';
import {
  ORDER_AMENDING,
  ORDER_AWAITED,
  ORDER_CANCELLING,
  ORDER_ENDING,
  ORDER_LIVE,
  ORDER_NONE,
  ORDER_SENT,
  ORDER_UNKNOWN,
  ROLE_ENTRY,
  ROLES_PER_SLOT,
  SLOT_HALTED,
  SLOT_RECOVERING,
} from './codes.ts';
import type { CommandSink } from './commands.ts';
import {
  EVENT_CASH,
  EVENT_CAUGHT_UP,
  EVENT_EXECUTIONS_READ,
  EVENT_GATE,
  EVENT_ORDER_ABSENT,
  EVENT_ORDER_SEEN,
  EVENT_OUTCOME_UNKNOWN,
  EVENT_POSITION_SEEN,
  EVENT_QUERY_FAILED,
  EVENT_RESEND_ENDED,
  EVENT_RESTARTED,
  EVENT_UNOWNED_FILL,
  RESEND_ACCEPTED,
  RESEND_EXISTS,
  RESEND_REFUSED,
  SOURCE_OPEN_LIST,
} from './doubt-events.ts';
import { EntryGate, GATE_UNOWNED } from './entry-gate.ts';
import type { EventRegister } from './events.ts';
import { InvariantError } from './invariant.ts';
import type { Ledger } from './ledger.ts';
import { LIFE_ACK, LIFE_FENCED, LIFE_SEEN, LIFE_STANDS, LIFE_UNKNOWN } from './order-life.ts';
import type { OrderTable } from './order-table.ts';
import type { Patience } from './patience.ts';
import type { Plan } from './plan.ts';
import { Resends } from './resends.ts';
import { Resolver, mayBeFenced } from './resolver.ts';
import type { RiskGuard } from './risk-guard.ts';
import type { SlotBook } from './slot-book.ts';
import { StrayFills } from './stray-fills.ts';
import type { View } from './view.ts';

/** An orphan is cancelled again only after this long: a stale surface may show it for a while. */
const ORPHAN_AGAIN_MS = 10_000;

export type CautionParts = {
  readonly view: View;
  readonly plan: Plan;
  readonly guard: RiskGuard;
  readonly orders: OrderTable;
  readonly slots: SlotBook;
  readonly ledger: Ledger;
  readonly sink: CommandSink;
  readonly patience: Patience;
  readonly attachments: Attachments;
};

/**
 * The engine's part that lives with not knowing. An engine without it lives in a world where every
 * request is answered and every fill is told; one with it takes the events of doubt-events.ts.
 */
export class Caution {
  readonly gate = new EntryGate();
  readonly resolver: Resolver;
  readonly resends: Resends;
  /** After a restart nothing is sent until belief and venue have been compared. */
  recovering = false;
  readonly strays: StrayFills;
  readonly orphanMs: Float64Array;
  readonly #view: View;
  readonly #orders: OrderTable;
  readonly #slots: SlotBook;
  readonly #ledger: Ledger;
  readonly #sink: CommandSink;
  readonly #attachments: Attachments;

  constructor(parts: CautionParts) {
    this.resolver = new Resolver(parts.orders, parts.sink, parts.patience);
    this.resends = new Resends(parts);
    this.orphanMs = new Float64Array(parts.orders.keyCount).fill(-Infinity);
    this.#view = parts.view;
    this.#orders = parts.orders;
    this.#slots = parts.slots;
    this.#ledger = parts.ledger;
    this.#sink = parts.sink;
    this.#attachments = parts.attachments;
    this.#slots.mayOwe = true;
    this.strays = new StrayFills(parts, this.gate);
  }

  absorb(event: EventRegister): number {
    switch (event.kind) {
      case EVENT_OUTCOME_UNKNOWN:
        return this.#outcomeUnknown(event);
      case EVENT_ORDER_SEEN:
        return this.#orderSeen(event);
      case EVENT_ORDER_ABSENT:
        return this.#orderAbsent(event);
      case EVENT_EXECUTIONS_READ:
        return this.#executionsRead(event);
      case EVENT_POSITION_SEEN:
        return this.#positionSeen(event);
      case EVENT_QUERY_FAILED:
        this.resolver.failed(this.#orders.keyOf(event.orderId), this.#view.nowMs);
        return NOTHING;
      case EVENT_CASH:
        this.#ledger.bookFunding(event.funding);
        return NOTHING;
      case EVENT_UNOWNED_FILL:
        return this.strays.unowned(event);
      case EVENT_GATE:
        if (event.end === 0 && (event.source & GATE_UNOWNED) !== 0) this.strays.accept();
        return this.gate.set(event.source, event.end === 1) ? ASK : NOTHING;
      case EVENT_RESTARTED:
        return this.#restarted();
      case EVENT_CAUGHT_UP:
        return this.#caughtUp();
      case EVENT_RESEND_ENDED:
        return this.#resendEnded(event);
      default:
        throw new InvariantError(`engine: unknown event kind ${event.kind}`);
    }
  }

  /** The fill's order is not the latest of its key, or is believed over. */
  isLate(key: number, orderId: number): boolean {
    return this.#orders.id[key] !== orderId || this.#orders.state[key] === ORDER_NONE;
  }

  lateFill(event: EventRegister): number {
    return this.strays.late(event);
  }

  /** An execution is a sighting. */
  noteFill(key: number): void {
    this.resolver.sighted[key] = 1;
    this.strays.noteFill();
  }

  noteEnd(key: number): void {
    this.resolver.sighted[key] = 1;
  }

  tend(nowMs: number): void {
    this.resolver.tend(nowMs);
  }

  /** R-UNK-13: what was asked for and may be lost, where nothing else is known to be wrong. */
  sendAgain(nowMs: number): void {
    if (this.resends.dueCount > 0) this.resends.send((key) => this.resolver.fenceAnew(key, nowMs));
  }

  #outcomeUnknown(event: EventRegister): number {
    const key = this.#currentKey(event.orderId);
    if (key < 0) return NOTHING;
    const orders = this.#orders;
    const state = orders.state[key];
    if (event.end === 1) this.resolver.sighted[key] = 1;
    if (state === ORDER_AMENDING || state === ORDER_CANCELLING) this.resolver.unanswered[key] = 1;
    orders.advance(key, LIFE_UNKNOWN);
    // What was seen while its answer was awaited exists; the answer adds nothing.
    if (state === ORDER_SENT && event.end === 0 && this.resolver.sighted[key] === 1)
      this.#standsAs(key, LIFE_SEEN);
    return NOTHING;
  }

  #orderSeen(event: EventRegister): number {
    const orders = this.#orders;
    const key = orders.keyOf(event.orderId);
    if (orders.id[key] !== event.orderId) return this.#orphan(key, event.orderId);
    const { resolver } = this;
    const state = orders.state[key];
    if (state === ORDER_NONE) {
      if (resolver.fenced[key] === 0) return NOTHING;
      // The fence was not wide enough after all: it exists.
      this.#sink.alarm(event.orderId, ALARM_ORPHAN);
      resolver.fenced[key] = 0;
      this.#view.orderAlive[key] = 1;
      this.#view.orderFilled[key] = orders.filledSteps[key] ?? 0;
      resolver.sighted[key] = 1;
      this.#adopt(key, event);
      this.#standsAs(key, LIFE_STANDS);
      if (key % ROLES_PER_SLOT === ROLE_ENTRY) this.#attachments.expectAgain(key);
      return ASK;
    }
    resolver.sighted[key] = 1;
    resolver.countedSteps[key] = Math.max(resolver.countedSteps[key] ?? 0, event.filledSteps);
    const applied =
      event.priceTicks === orders.askedTicks[key] && event.qtySteps === orders.askedSteps[key];
    if (state === ORDER_AWAITED) {
      orders.askedTicks[key] = event.priceTicks;
      this.#standsAs(key, LIFE_SEEN);
      return ASK;
    }
    const behindFence = resolver.isBehindFence(key, event.askedMs);
    resolver.found(key, this.#view.nowMs);
    if (state === ORDER_AMENDING && resolver.unanswered[key] === 1 && applied) {
      this.#standsAs(key, LIFE_ACK);
      return ASK;
    }
    const doubtful =
      state === ORDER_ENDING || (state === ORDER_AMENDING && resolver.unanswered[key] === 1);
    if (doubtful && behindFence) {
      this.#adopt(key, event);
      this.#standsAs(key, LIFE_STANDS);
      return ASK;
    }
    orders.advance(key, LIFE_SEEN);
    if (orders.state[key] !== state) this.#slots.refresh((key / ROLES_PER_SLOT) | 0);
    if (state === ORDER_LIVE && behindFence && !applied) {
      this.#adopt(key, event);
      return ASK;
    }
    return orders.state[key] === state ? NOTHING : ASK;
  }

  #orderAbsent(event: EventRegister): number {
    const key = this.#currentKey(event.orderId);
    if (key < 0) return NOTHING;
    if (event.source !== SOURCE_OPEN_LIST) {
      this.resolver.absent(key, event.source, event.askedMs);
      return NOTHING;
    }
    // Not among the open ones: it may be over, or the list may lag. Ask for it by its id.
    this.resolver.suspect(key);
    return NOTHING;
  }

  #executionsRead(event: EventRegister): number {
    const key = this.#currentKey(event.orderId);
    if (key >= 0) this.resolver.executionsRead(key, this.#view.nowMs, event.askedMs);
    return NOTHING;
  }

  #positionSeen(event: EventRegister): number {
    const agrees = event.qtySteps === this.#ledger.positionSteps;
    let closed = false;
    for (let key = 0; key < this.#orders.keyCount; key += 1) {
      const end = this.resolver.positionRead(key, this.#view.nowMs, event.askedMs, agrees);
      if (end === 'nothing-yet') {
        this.resends.foundNothing(key, this.resolver.sinceMs[key] ?? Infinity);
        continue;
      }
      if (end === 'open' || !mayBeFenced(this.#orders.state[key])) continue;
      if (this.resends.isUnderWay(key)) continue;
      this.#neverExisted(key);
      closed = true;
    }
    return closed ? ASK : NOTHING;
  }

  /** Only an acceptance says something of the first request: that it had not arrived before. */
  #resendEnded(event: EventRegister): number {
    const key = this.#currentKey(event.orderId);
    if (key < 0) return NOTHING;
    this.resends.answered(key, event.end === RESEND_REFUSED);
    if (this.#orders.state[key] !== ORDER_UNKNOWN) return NOTHING;
    this.resolver.fenceAnew(key, this.#view.nowMs);
    if (event.end === RESEND_EXISTS) this.resolver.sighted[key] = 1;
    if (event.end !== RESEND_ACCEPTED) return NOTHING;
    this.#standsAs(key, LIFE_ACK);
    return ASK;
  }

  #neverExisted(key: number): void {
    const view = this.#view;
    this.#orders.failed(key, false, view.nowMs);
    this.#orders.advance(key, LIFE_FENCED);
    this.resolver.fenced[key] = 1;
    view.orderAlive[key] = 0;
    view.orderFilled[key] = 0;
    view.orderSentMs[key] = NaN;
    if (this.#orders.attaches) this.#withoutPair(key);
    this.#slots.refresh((key / ROLES_PER_SLOT) | 0);
  }

  /** The exits of an entry that never was go with it; an exit that never came leaves lots bare. */
  #withoutPair(key: number): void {
    if (key % ROLES_PER_SLOT === ROLE_ENTRY) this.#attachments.drop(key);
    if (this.#orders.attached[key] === 1)
      this.#sink.alarm(this.#orders.id[key] ?? NaN, ALARM_UNPROTECTED);
  }

  #restarted(): number {
    const orders = this.#orders;
    for (let key = 0; key < orders.keyCount; key += 1) {
      const state = orders.state[key];
      if (state === ORDER_AMENDING || state === ORDER_CANCELLING) this.resolver.unanswered[key] = 1;
      if (state === ORDER_SENT || state === ORDER_AMENDING || state === ORDER_CANCELLING)
        orders.advance(key, LIFE_UNKNOWN);
    }
    this.resolver.forgetQuestions(this.#view.nowMs);
    this.resends.restarted();
    this.recovering = true;
    for (let slot = 0; slot < this.#view.slotCount; slot += 1)
      if (
        this.#slots.slotState[slot] !== SLOT_HALTED &&
        this.#slots.slotState[slot] !== SLOT_RECOVERING
      )
        this.#slots.move(slot, SLOT_RECOVERING);
    return NOTHING;
  }

  #caughtUp(): number {
    if (!this.recovering) return FOLLOW;
    this.recovering = false;
    for (let slot = 0; slot < this.#view.slotCount; slot += 1) this.#slots.recover(slot);
    return ASK;
  }

  /** An order of ours that no belief holds: it must go, whoever was wrong. */
  #orphan(key: number, orderId: number): number {
    const { nowMs } = this.#view;
    const orders = this.#orders;
    orders.attempts = Math.max(orders.attempts, Math.floor(orderId / orders.keyCount));
    if (nowMs < (this.orphanMs[key] ?? -Infinity) + ORPHAN_AGAIN_MS) return NOTHING;
    this.orphanMs[key] = nowMs;
    this.#sink.alarm(orderId, ALARM_ORPHAN);
    this.#sink.cancel(orderId);
    return NOTHING;
  }

  #adopt(key: number, event: EventRegister): void {
    const orders = this.#orders;
    orders.askedTicks[key] = event.priceTicks;
    orders.askedSteps[key] = event.qtySteps;
  }

  #standsAs(key: number, life: number): void {
    const orders = this.#orders;
    orders.advance(key, life);
    this.resolver.unanswered[key] = 0;
    orders.standingTicks[key] = orders.askedTicks[key] ?? 0;
    orders.standingSteps[key] = orders.askedSteps[key] ?? 0;
    this.#slots.refresh((key / ROLES_PER_SLOT) | 0);
  }

  /** The key that holds this very order, alive; -1 when none does. */
  #currentKey(orderId: number): number {
    const orders = this.#orders;
    const key = orders.keyOf(orderId);
    return orders.id[key] === orderId && orders.isAlive(key) ? key : -1;
  }
}
