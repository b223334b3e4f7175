import { ROLES_PER_SLOT } from '../../engine/codes.ts';
import { keyOfOrder } from '../../engine/order-id.ts';
import { LEG_WS_EXECUTION, LEG_WS_ORDER } from '../../venue/latency.ts';
import type { VenueListener } from '../../venue/venue-listener.ts';
import { AUDIT_ATTACHED, AUDIT_ENDED, AUDIT_TRIGGERED } from './audit-log.ts';
import type { AuditLog } from './audit-log.ts';
import type { Delays } from './delays.ts';
import { FillLog } from './fill-log.ts';
import { engineIdOf } from './attached-ids.ts';
import { KIND_SURFACE } from './mailbox.ts';
import type { Mailbox } from './mailbox.ts';
import {
  MESSAGE_ATTACHED,
  MESSAGE_EXECUTION,
  MESSAGE_ORDER_ENDED,
  MESSAGE_TRIGGERED,
} from './messages.ts';
import type { SimState } from './sim-state.ts';

const LIQUIDATION_SLOT = -1;
const LIQUIDATION_ROLE = 4;
/** A liquidation is nobody's order. */
const NO_ORDER = -1;

/** The last liquidation, until the engine has been told. */
export type Liquidation = {
  priceTicks: number;
  qtySteps: number;
  fee: number;
  funding: number;
};

/** Writes down what the venue did and posts what its surfaces will show, each with its delay. */
export class Surfaces implements VenueListener {
  readonly fills = new FillLog();
  readonly liquidation: Liquidation = { priceTicks: 0, qtySteps: 0, fee: 0, funding: 0 };
  /** Orders ids carry their key modulo this. */
  keyCount = ROLES_PER_SLOT;
  readonly #audit: AuditLog;
  readonly #mailbox: Mailbox;
  readonly #state: SimState;
  readonly #delays: Delays;

  constructor(audit: AuditLog, mailbox: Mailbox, state: SimState, delays: Delays) {
    this.#audit = audit;
    this.#mailbox = mailbox;
    this.#state = state;
    this.#delays = delays;
  }

  onExecution(
    venueId: number,
    timeMs: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    maker: boolean,
    fee: number,
    funding: number,
  ): void {
    const orderId = engineIdOf(venueId, this.keyCount);
    const key = keyOfOrder(orderId, this.keyCount);
    const slot = Math.floor(key / ROLES_PER_SLOT);
    const role = key - slot * ROLES_PER_SLOT;
    const fill = this.fills.add(
      timeMs,
      orderId,
      slot,
      role,
      side,
      priceTicks,
      qtySteps,
      maker,
      fee,
    );
    const state = this.#state;
    const delayed = timeMs + this.#delays.next(LEG_WS_EXECUTION, timeMs);
    // Frames of one stream do not overtake each other.
    const arrivalMs = Math.max(state.lastExecutionMs, delayed);
    state.lastExecutionMs = arrivalMs;
    const at = this.#mailbox.post(arrivalMs, KIND_SURFACE, MESSAGE_EXECUTION);
    const cells = this.#mailbox.cells;
    cells[at] = orderId;
    cells[at + 1] = priceTicks;
    cells[at + 2] = qtySteps;
    cells[at + 3] = fee;
    cells[at + 4] = funding;
    cells[at + 5] = fill;
    cells[at + 6] = timeMs;
  }

  onOrderEnded(venueId: number, timeMs: number, end: number, filledSteps: number): void {
    const orderId = engineIdOf(venueId, this.keyCount);
    if (this.#audit.keepsRows) this.#audit.add(AUDIT_ENDED, timeMs, orderId, end, filledSteps);
    const at = this.#postOrderFrame(timeMs, MESSAGE_ORDER_ENDED);
    this.#mailbox.cells[at] = orderId;
    this.#mailbox.cells[at + 1] = end;
    this.#mailbox.cells[at + 2] = filledSteps;
  }

  onStopTriggered(venueId: number, timeMs: number): void {
    const orderId = engineIdOf(venueId, this.keyCount);
    if (this.#audit.keepsRows) this.#audit.add(AUDIT_TRIGGERED, timeMs, orderId);
    const at = this.#postOrderFrame(timeMs, MESSAGE_TRIGGERED);
    this.#mailbox.cells[at] = orderId;
  }

  onAttached(
    venueId: number,
    _parentId: number,
    timeMs: number,
    triggerTicks: number,
    qtySteps: number,
  ): void {
    const orderId = engineIdOf(venueId, this.keyCount);
    this.#audit.add(AUDIT_ATTACHED, timeMs, orderId, triggerTicks, qtySteps);
    const at = this.#postOrderFrame(timeMs, MESSAGE_ATTACHED);
    this.#mailbox.cells[at] = orderId;
    this.#mailbox.cells[at + 1] = triggerTicks;
  }

  onLiquidated(
    timeMs: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    fee: number,
    funding: number,
  ): void {
    const [slot, role] = [LIQUIDATION_SLOT, LIQUIDATION_ROLE];
    this.fills.add(timeMs, NO_ORDER, slot, role, side, priceTicks, qtySteps, false, fee);
    Object.assign(this.liquidation, { priceTicks, qtySteps, fee, funding });
  }

  #postOrderFrame(timeMs: number, type: number): number {
    const state = this.#state;
    const arrivalMs = Math.max(state.lastOrderMs, timeMs + this.#delays.next(LEG_WS_ORDER, timeMs));
    state.lastOrderMs = arrivalMs;
    return this.#mailbox.post(arrivalMs, KIND_SURFACE, type);
  }
}
