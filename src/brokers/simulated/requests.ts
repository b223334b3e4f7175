import { KIND_LIMIT, RET_OK, ROLE_EXIT, ROLES_PER_SLOT } from '../../engine/codes.ts';
import {
  ATTACHED_EXITS,
  ATTACHED_NOTHING,
  ATTACHED_ORDER,
  COMMAND_AMEND,
  COMMAND_CANCEL,
  COMMAND_PLACE,
} from '../../engine/commands.ts';
import { keyOfOrder } from '../../engine/order-id.ts';
import type { CommandSink } from '../../engine/commands.ts';
import { LEG_ACK, LEG_AMEND, LEG_CANCEL, LEG_SUBMIT } from '../../venue/latency.ts';
import type { ProtectionSpec } from '../../venue/protection.ts';
import type { Venue } from '../../venue/venue.ts';
import { venueIdOf } from './attached-ids.ts';
import {
  AUDIT_AMENDED,
  AUDIT_AMEND_SENT,
  AUDIT_BOOKED,
  AUDIT_CANCEL_SENT,
  AUDIT_REFUSED,
  AUDIT_SENT,
} from './audit-log.ts';
import type { AuditLog } from './audit-log.ts';
import type { Delays } from './delays.ts';
import { KIND_REQUEST, KIND_SURFACE } from './mailbox.ts';
import type { Mailbox } from './mailbox.ts';
import { MESSAGE_AMEND, MESSAGE_ANSWER, MESSAGE_CANCEL, MESSAGE_PLACE } from './messages.ts';
import type { SimState } from './sim-state.ts';

const FLAG_REDUCE_ONLY = 1;
const FLAG_POST_ONLY = 2;
const FLAG_SELLS = 4;
/** An entry with its take-profit and stop. */
const FLAG_BRINGS_EXITS = 8;
/** The order is one that the venue attached itself. */
const FLAG_ATTACHED = 16;

/** The way of requests: engine to matching engine, and the answer back. */
export class Requests {
  /** Order ids carry their key modulo this. */
  keyCount = ROLES_PER_SLOT;
  readonly #audit: AuditLog;
  readonly #mailbox: Mailbox;
  readonly #state: SimState;
  readonly #delays: Delays;
  readonly #venue: Venue;

  constructor(audit: AuditLog, mailbox: Mailbox, state: SimState, delays: Delays, venue: Venue) {
    this.#audit = audit;
    this.#mailbox = mailbox;
    this.#state = state;
    this.#delays = delays;
    this.#venue = venue;
  }

  /** Sends what a step left in the sink; requests on one connection do not overtake each other. */
  send(sink: CommandSink, nowMs: number, slotCycle: Float64Array): void {
    const state = this.#state;
    for (let i = 0; i < sink.count; i += 1) {
      const kind = sink.kind[i] ?? COMMAND_CANCEL;
      const arrivalMs = Math.max(
        state.lastRequestMs,
        nowMs + this.#delays.next(legOf(kind), nowMs),
      );
      state.lastRequestMs = arrivalMs;
      const at = this.#mailbox.post(arrivalMs, KIND_REQUEST, messageOf(kind));
      const cells = this.#mailbox.cells;
      cells[at] = sink.orderId[i] ?? 0;
      cells[at + 4] = flagsOf(sink, i);
      if (this.#audit.keepsRows) this.#auditSent(sink, i, nowMs, slotCycle);
      if (kind === COMMAND_CANCEL) continue;
      cells[at + 1] = sink.priceTicks[i] ?? 0;
      cells[at + 2] = sink.qtySteps[i] ?? 0;
      if (sink.attached[i] === ATTACHED_EXITS) {
        cells[at + 5] = sink.takeProfitTicks[i] ?? 0;
        cells[at + 6] = sink.stopTicks[i] ?? 0;
      }
      if (kind === COMMAND_AMEND) continue;
      cells[at + 3] = sink.orderKind[i] ?? 0;
    }
    sink.clear();
  }

  /** A request reaches the matching engine; the answer sets out at once. */
  arrive(type: number, nowMs: number, payload: Float64Array): void {
    const orderId = payload[0] ?? 0;
    const retCode = this.#carryOut(type, nowMs, orderId, payload);
    const answerMs = nowMs + this.#delays.next(LEG_ACK, nowMs);
    const at = this.#mailbox.post(answerMs, KIND_SURFACE, MESSAGE_ANSWER);
    this.#mailbox.cells[at] = orderId;
    this.#mailbox.cells[at + 1] = retCode;
    this.#mailbox.cells[at + 2] = type;
  }

  #carryOut(type: number, nowMs: number, orderId: number, payload: Float64Array): number {
    const price = payload[1] ?? 0;
    const steps = payload[2] ?? 0;
    const flags = payload[4] ?? 0;
    if (type === MESSAGE_CANCEL) {
      const attached = (flags & FLAG_ATTACHED) !== 0;
      return this.#venue.cancel(attached ? this.#attachedId(orderId) : orderId);
    }
    if (type === MESSAGE_AMEND) {
      const retCode = this.#amend(orderId, price, steps, flags, payload);
      if (retCode === RET_OK) this.#audit.add(AUDIT_AMENDED, nowMs, orderId, price, steps);
      return retCode;
    }
    const retCode = this.#place(orderId, price, steps, flags, payload);
    if (this.#audit.keepsRows)
      this.#audit.add(retCode === RET_OK ? AUDIT_BOOKED : AUDIT_REFUSED, nowMs, orderId, retCode);
    return retCode;
  }

  #amend(
    orderId: number,
    price: number,
    steps: number,
    flags: number,
    payload: Float64Array,
  ): number {
    const venue = this.#venue;
    if ((flags & FLAG_ATTACHED) !== 0) {
      // A take-profit is a limit order at its trigger.
      const exit = keyOfOrder(orderId, this.keyCount) % ROLES_PER_SLOT === ROLE_EXIT;
      return venue.amend(this.#attachedId(orderId), price, steps, exit ? price : 0);
    }
    const retCode = venue.amend(orderId, price, steps);
    // An amend may have filled the order: what it asked of its exits comes with it all the same.
    if (retCode === RET_OK && (flags & FLAG_BRINGS_EXITS) !== 0)
      venue.attach(orderId, (flags & FLAG_SELLS) === 0 ? -1 : 1, exitsOf(payload));
    return retCode;
  }

  #place(
    orderId: number,
    price: number,
    steps: number,
    flags: number,
    payload: Float64Array,
  ): number {
    const venue = this.#venue;
    const kind = payload[3] ?? KIND_LIMIT;
    const side = (flags & FLAG_SELLS) === 0 ? 1 : -1;
    const reduceOnly = (flags & FLAG_REDUCE_ONLY) !== 0;
    const postOnly = (flags & FLAG_POST_ONLY) !== 0;
    if ((flags & FLAG_BRINGS_EXITS) === 0)
      return venue.place(orderId, kind, side, price, steps, reduceOnly, postOnly);
    const refusal = venue.refusalOf(orderId, kind, side, price, steps, reduceOnly, 0, 0);
    if (refusal !== RET_OK) return refusal;
    venue.protection.attach(orderId, -side, exitsOf(payload));
    venue.enter(orderId, kind, side, price, steps, reduceOnly, postOnly, 0, 0);
    return RET_OK;
  }

  #attachedId(orderId: number): number {
    return venueIdOf(orderId, keyOfOrder(orderId, this.keyCount) % ROLES_PER_SLOT, this.keyCount);
  }

  #auditSent(sink: CommandSink, i: number, nowMs: number, slotCycle: Float64Array): void {
    const orderId = sink.orderId[i] ?? 0;
    const kind = sink.kind[i];
    if (kind === COMMAND_CANCEL) return this.#audit.add(AUDIT_CANCEL_SENT, nowMs, orderId);
    if (kind === COMMAND_AMEND)
      return this.#audit.add(AUDIT_AMEND_SENT, nowMs, orderId, sink.qtySteps[i]);
    const slot = Math.floor(
      keyOfOrder(orderId, slotCycle.length * ROLES_PER_SLOT) / ROLES_PER_SLOT,
    );
    this.#audit.add(
      AUDIT_SENT,
      nowMs,
      orderId,
      sink.orderKind[i],
      sink.side[i],
      sink.priceTicks[i],
      sink.qtySteps[i],
      auditFlagsOf(sink, i),
      slotCycle[slot],
    );
  }
}

function exitsOf(payload: Float64Array): ProtectionSpec {
  const takeProfitTicks = payload[5] ?? 0;
  return {
    takeProfitTicks,
    stopLossTicks: payload[6] ?? 0,
    takeProfitLimitTicks: takeProfitTicks,
    stopLossLimitTicks: 0,
    takeProfitTerms: 0,
    stopLossTerms: 0,
  };
}

function flagsOf(sink: CommandSink, i: number): number {
  let flags = (sink.side[i] ?? 0) < 0 ? FLAG_SELLS : 0;
  if (sink.reduceOnly[i] === 1) flags |= FLAG_REDUCE_ONLY;
  if (sink.postOnly[i] === 1) flags |= FLAG_POST_ONLY;
  if (sink.attached[i] === ATTACHED_NOTHING) return flags;
  return flags | (sink.attached[i] === ATTACHED_ORDER ? FLAG_ATTACHED : FLAG_BRINGS_EXITS);
}

/** 1 = reduce-only, 2 = post-only. */
function auditFlagsOf(sink: CommandSink, i: number): number {
  return (sink.reduceOnly[i] ?? 0) + 2 * (sink.postOnly[i] ?? 0);
}

function legOf(command: number): number {
  if (command === COMMAND_PLACE) return LEG_SUBMIT;
  return command === COMMAND_AMEND ? LEG_AMEND : LEG_CANCEL;
}

function messageOf(command: number): number {
  if (command === COMMAND_PLACE) return MESSAGE_PLACE;
  return command === COMMAND_AMEND ? MESSAGE_AMEND : MESSAGE_CANCEL;
}
