import { KIND_LIMIT, RET_OK, ROLES_PER_SLOT } from '../../engine/codes.ts';
import { COMMAND_AMEND, COMMAND_CANCEL, COMMAND_PLACE } from '../../engine/commands.ts';
import { keyOfOrder } from '../../engine/order-id.ts';
import type { CommandSink } from '../../engine/commands.ts';
import { LEG_ACK, LEG_AMEND, LEG_CANCEL, LEG_SUBMIT } from '../../venue/latency.ts';
import type { Venue } from '../../venue/venue.ts';
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

/** The way of requests: engine to matching engine, and the answer back. */
export class Requests {
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
      if (this.#audit.keepsRows) this.#auditSent(sink, i, nowMs, slotCycle);
      if (kind === COMMAND_CANCEL) continue;
      cells[at + 1] = sink.priceTicks[i] ?? 0;
      cells[at + 2] = sink.qtySteps[i] ?? 0;
      if (kind === COMMAND_AMEND) continue;
      cells[at + 3] = sink.orderKind[i] ?? 0;
      cells[at + 4] = sink.side[i] ?? 0;
      cells[at + 5] = flagsOf(sink, i);
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
    const venue = this.#venue;
    const price = payload[1] ?? 0;
    const steps = payload[2] ?? 0;
    if (type === MESSAGE_CANCEL) return venue.cancel(orderId);
    if (type === MESSAGE_AMEND) {
      const retCode = venue.amend(orderId, price, steps);
      if (retCode === RET_OK) this.#audit.add(AUDIT_AMENDED, nowMs, orderId, price, steps);
      return retCode;
    }
    const kind = payload[3] ?? KIND_LIMIT;
    const side = payload[4] ?? 0;
    const flags = payload[5] ?? 0;
    const retCode = venue.place(orderId, kind, side, price, steps, (flags & 1) === 1, flags >= 2);
    if (this.#audit.keepsRows)
      this.#audit.add(retCode === RET_OK ? AUDIT_BOOKED : AUDIT_REFUSED, nowMs, orderId, retCode);
    return retCode;
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
      flagsOf(sink, i),
      slotCycle[slot],
    );
  }
}

/** 1 = reduce-only, 2 = post-only. */
function flagsOf(sink: CommandSink, i: number): number {
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
