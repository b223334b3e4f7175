import {
  AUDIT_AMEND_SENT,
  AUDIT_ANSWER_KNOWN,
  AUDIT_ATTACHED,
  AUDIT_CANCEL_SENT,
  AUDIT_END_KNOWN,
  AUDIT_FILL_KNOWN,
  AUDIT_SENT,
} from '../../brokers/simulated/audit-log.ts';
import type { AuditRow } from '../../brokers/simulated/audit-log.ts';
import {
  ORDER_AMENDING,
  ORDER_CANCELLING,
  ORDER_DRAINING,
  ORDER_ENDING,
  ORDER_LIVE,
  ORDER_NONE,
  ORDER_SENT,
  RET_OK,
  RET_ORDER_GONE,
} from '../../engine/codes.ts';
import { InvariantError } from '../../engine/invariant.ts';

/** The engine took an order for this from then to then: it waited for word. */
export type OrderStay = {
  readonly orderId: number;
  /** Code of the order's state. */
  readonly state: number;
  readonly fromMs: number;
  readonly untilMs: number;
};

type Belief = {
  state: number;
  sinceMs: number;
  askedSteps: number;
  standingSteps: number;
  filledSteps: number;
  endFilledSteps: number;
};

/** What the engine believed of its orders, by its own rules, from what it sent and was told. */
export class OrderBelief {
  readonly #orders = new Map<number, Belief>();
  readonly #stays: OrderStay[] = [];
  readonly #fillSteps: ArrayLike<number>;

  constructor(fillSteps: ArrayLike<number>) {
    this.#fillSteps = fillSteps;
  }

  add({ type, timeMs, orderId, values }: AuditRow): void {
    const [first = 0, second = 0, , fourth = 0] = values;
    switch (type) {
      case AUDIT_ATTACHED:
        if (!this.#orders.has(orderId)) this.#orders.set(orderId, bornBelief(timeMs));
        return;
      case AUDIT_SENT:
        this.#orders.set(orderId, newBelief(timeMs, fourth));
        return;
      case AUDIT_AMEND_SENT:
        this.#order(orderId).askedSteps = first;
        return this.#move(orderId, timeMs, ORDER_AMENDING);
      case AUDIT_CANCEL_SENT:
        return this.#move(orderId, timeMs, ORDER_CANCELLING);
      case AUDIT_ANSWER_KNOWN:
        return this.#answered(orderId, timeMs, first);
      case AUDIT_FILL_KNOWN:
        // The row names the execution.
        this.#order(orderId).filledSteps += this.#fillSteps[first] ?? second;
        return this.#closeIfOver(orderId, timeMs);
      case AUDIT_END_KNOWN: {
        const order = this.#order(orderId);
        if (order.state === ORDER_NONE) return;
        order.endFilledSteps = first;
        this.#move(orderId, timeMs, ORDER_DRAINING);
        return this.#closeIfOver(orderId, timeMs);
      }
      default:
        return;
    }
  }

  /** State of an order now; a closed one is ORDER_NONE. */
  stateOf(orderId: number): number {
    return this.#order(orderId).state;
  }

  /** Ends what still lasts at the end of the run. */
  finish(endMs: number): readonly OrderStay[] {
    for (const [orderId, { state }] of this.#orders) this.#move(orderId, endMs, state);
    return this.#stays;
  }

  #answered(orderId: number, timeMs: number, retCode: number): void {
    const order = this.#order(orderId);
    const { state } = order;
    if (state === ORDER_SENT) {
      return this.#move(orderId, timeMs, retCode === RET_OK ? ORDER_LIVE : ORDER_NONE);
    }
    if (state !== ORDER_AMENDING && state !== ORDER_CANCELLING) return;
    const isOver = retCode === RET_ORDER_GONE || (retCode === RET_OK && state === ORDER_CANCELLING);
    if (isOver) return this.#move(orderId, timeMs, ORDER_ENDING);
    if (retCode === RET_OK) order.standingSteps = order.askedSteps;
    else order.askedSteps = order.standingSteps;
    this.#move(orderId, timeMs, ORDER_LIVE);
  }

  #closeIfOver(orderId: number, timeMs: number): void {
    const order = this.#order(orderId);
    const { filledSteps: filled } = order;
    const isWhole = filled >= order.askedSteps && filled >= order.standingSteps;
    const isDrained = order.state === ORDER_DRAINING && filled === order.endFilledSteps;
    if (isWhole || isDrained) this.#move(orderId, timeMs, ORDER_NONE);
  }

  #move(orderId: number, timeMs: number, next: number): void {
    const order = this.#order(orderId);
    const { state, sinceMs } = order;
    if (state !== ORDER_NONE) {
      this.#stays.push({ orderId, state, fromMs: sinceMs, untilMs: timeMs });
    }
    order.state = next;
    order.sinceMs = timeMs;
  }

  #order(orderId: number): Belief {
    const order = this.#orders.get(orderId);
    if (order === undefined) throw new InvariantError(`no order ${orderId} was ever sent`);
    return order;
  }
}

function newBelief(timeMs: number, qtySteps: number): Belief {
  return {
    state: ORDER_SENT,
    sinceMs: timeMs,
    askedSteps: qtySteps,
    standingSteps: qtySteps,
    filledSteps: 0,
    endFilledSteps: -1,
  };
}

/** An exit that came with its entry: as large as what that fills, so only its end closes it. */
function bornBelief(timeMs: number): Belief {
  return {
    ...newBelief(timeMs, Infinity),
    state: ORDER_LIVE,
  };
}
