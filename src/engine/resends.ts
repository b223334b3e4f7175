import { KIND_LIMIT, ORDER_UNKNOWN, ROLE_ENTRY, ROLES_PER_SLOT } from './codes.ts';
import type { CommandSink } from './commands.ts';
import type { OrderTable } from './order-table.ts';
import type { Plan } from './plan.ts';
import type { RiskGuard } from './risk-guard.ts';
import type { View } from './view.ts';

/** A doubt may clear by itself; an exit need not wait for longer. */
const RESEND_AFTER_MS = 2_000;
/** The session says what became of a request long before that. */
const MOST_UNDER_WAY_MS = 30_000;

const REST = 0;
/** A whole round of questions has found nothing. */
const DUE = 1;
const UNDER_WAY = 2;
/** The venue would not have it; that says nothing of the first request. */
const REFUSED = 3;

export type ResendParts = {
  readonly view: View;
  readonly plan: Plan;
  readonly orders: OrderTable;
  readonly sink: CommandSink;
  readonly guard: RiskGuard;
};

/**
 * Exits whose request may be lost are sent again, the same request under the same id: the venue
 * takes an id once, so there is one order however many of them arrive. A new id would have to wait
 * for the fence, and the position would be without its exit for as long.
 */
export class Resends {
  readonly progress: Uint8Array;
  /** Whose progress it is. */
  readonly ofId: Float64Array;
  readonly sentMs: Float64Array;
  dueCount = 0;
  readonly #view: View;
  readonly #plan: Plan;
  readonly #orders: OrderTable;
  readonly #sink: CommandSink;
  readonly #guard: RiskGuard;

  constructor(parts: ResendParts) {
    const keys = parts.orders.keyCount;
    this.progress = new Uint8Array(keys);
    this.ofId = new Float64Array(keys).fill(-1);
    this.sentMs = new Float64Array(keys).fill(-Infinity);
    this.#view = parts.view;
    this.#plan = parts.plan;
    this.#orders = parts.orders;
    this.#sink = parts.sink;
    this.#guard = parts.guard;
  }

  /** The order was looked for everywhere and not found; its doubt began at `sinceMs`. */
  foundNothing(key: number, sinceMs: number): void {
    const orders = this.#orders;
    const isExit = key % ROLES_PER_SLOT !== ROLE_ENTRY && orders.attached[key] === 0;
    if (!isExit || orders.state[key] !== ORDER_UNKNOWN) return;
    if (this.#view.nowMs < sinceMs + RESEND_AFTER_MS || this.#progressOf(key) !== REST) return;
    this.#move(key, DUE);
  }

  /** Sends those that are due and still wanted as they were. True for each key it has sent. */
  send(sent: (key: number) => void): void {
    if (this.dueCount === 0) return;
    for (let key = 0; key < this.progress.length; key += 1) {
      if (this.progress[key] !== DUE) continue;
      const isSent = this.#progressOf(key) === DUE && this.#isWanted(key);
      this.#move(key, isSent ? UNDER_WAY : REST);
      if (!isSent) continue;
      this.#sendAgain(key);
      sent(key);
    }
  }

  isUnderWay(key: number): boolean {
    if (this.#progressOf(key) !== UNDER_WAY) return false;
    return this.#view.nowMs < (this.sentMs[key] ?? -Infinity) + MOST_UNDER_WAY_MS;
  }

  answered(key: number, refused: boolean): void {
    this.#move(key, refused ? REFUSED : REST);
  }

  /** A former process's requests are answered to nobody. */
  restarted(): void {
    this.progress.fill(REST);
    this.dueCount = 0;
  }

  #isWanted(key: number): boolean {
    const plan = this.#plan;
    const orders = this.#orders;
    return (
      orders.state[key] === ORDER_UNKNOWN &&
      plan.isWanted(key) &&
      plan.kind[key] === orders.kind[key] &&
      plan.side[key] === orders.side[key] &&
      plan.reduceOnly[key] === 1 &&
      (plan.qty[key] ?? 0) >= (orders.askedSteps[key] ?? 0)
    );
  }

  #sendAgain(key: number): void {
    const orders = this.#orders;
    const kind = orders.kind[key] ?? KIND_LIMIT;
    const [ticks, steps] = [orders.askedTicks[key] ?? 0, orders.askedSteps[key] ?? 0];
    this.sentMs[key] = this.#view.nowMs;
    this.#guard.noteSent();
    this.#sink.placeAgain(
      orders.id[key] ?? NaN,
      kind,
      orders.side[key] ?? 0,
      ticks,
      steps,
      orders.postOnly[key] ?? 0,
    );
  }

  #progressOf(key: number): number {
    return this.ofId[key] === this.#orders.id[key] ? (this.progress[key] ?? REST) : REST;
  }

  #move(key: number, progress: number): void {
    if (this.progress[key] === DUE) this.dueCount -= 1;
    if (progress === DUE) this.dueCount += 1;
    this.progress[key] = progress;
    this.ofId[key] = this.#orders.id[key] ?? -1;
  }
}
