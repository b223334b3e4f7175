import type { Belief } from './bot.ts';
import type { ExecutionTruth, OrderTruth, Truth } from '../venue/exchange/records.ts';
import { isOver } from '../venue/exchange/records.ts';
import { Violation } from './violation.ts';

/** An order of ours, as its link id names it. Read here by rules of the laboratory's own. */
export type OwnOrder = {
  readonly truth: OrderTruth;
  readonly slot: number;
  readonly role: string;
};

const RACE_MS = 60_000;
const MOVES_POSITION = new Set([
  'Trade',
  'AdlTrade',
  'BustTrade',
  'Settle',
  'Delivery',
  'BlockTrade',
]);

/** Holds the exchange's books against the rules, at every booking. */
export class BookAudit {
  readonly #truth: Truth;
  readonly #maxSteps: number;
  readonly #ownOf = new Map<OrderTruth, OwnOrder>();
  #live: OwnOrder[] = [];
  #ordersSeen = 0;
  #executionsSeen = 0;
  /** Signed, by slot, of our own executions. */
  readonly slotSteps: number[] = [];
  readonly #slotFlatMs: number[] = [];
  #mostForeign = 0;
  /** Held by nobody's slot: trades by hand, forced ones. */
  foreignSteps = 0;
  /** Somebody else has traded: whose lots are whose is a matter of belief from then on. */
  sawForeign = false;
  fills = 0;
  orders = 0;
  lastBookingMs = -Infinity;

  constructor(truth: Truth, slots: number, maxSteps: number) {
    this.#truth = truth;
    this.#maxSteps = maxSteps;
    for (let slot = 0; slot < slots; slot += 1) {
      this.slotSteps.push(0);
      this.#slotFlatMs.push(-Infinity);
    }
  }

  /** After anything that may have changed the books. */
  look(): void {
    const { orders, executions } = this.#truth;
    if (orders.length === this.#ordersSeen && executions.length === this.#executionsSeen) return;
    for (; this.#ordersSeen < orders.length; this.#ordersSeen += 1) {
      const order = orders[this.#ordersSeen];
      if (order !== undefined) this.#take(order);
    }
    this.#live = this.#live.filter(({ truth }) => !isOver(truth.status));
    for (; this.#executionsSeen < executions.length; this.#executionsSeen += 1) {
      const execution = executions[this.#executionsSeen];
      if (execution !== undefined) this.#book(execution);
    }
    this.#checkEntries();
  }

  liveOrders(): readonly OwnOrder[] {
    this.#live = this.#live.filter(({ truth }) => !isOver(truth.status));
    return this.#live;
  }

  #take(order: OrderTruth): void {
    const own = ownOrder(order);
    if (own === undefined) return;
    this.orders += 1;
    this.#ownOf.set(order, own);
    this.#live.push(own);
  }

  #book(execution: ExecutionTruth): void {
    if (!MOVES_POSITION.has(execution.execType)) return;
    this.lastBookingMs = execution.timeMs;
    const order = this.#truth.byLinkId.get(execution.orderLinkId);
    const own = order === undefined ? undefined : this.#ownOf.get(order);
    const steps = execution.side * execution.qtySteps;
    if (own === undefined) {
      this.foreignSteps += steps;
      this.sawForeign = true;
      this.#mostForeign = Math.max(this.#mostForeign, Math.abs(this.foreignSteps));
      return;
    }
    this.fills += 1;
    const before = this.slotSteps[own.slot] ?? 0;
    if (own.role !== 'entry') this.#checkOwnLots(own, before, steps, execution.timeMs);
    this.slotSteps[own.slot] = before + steps;
    if (before + steps === 0) this.#slotFlatMs[own.slot] = execution.timeMs;
  }

  /** S5. A stop that fires while its cancel is under way is a race nobody wins; later it is not. */
  #checkOwnLots(own: OwnOrder, before: number, steps: number, timeMs: number): void {
    if (before !== 0 && Math.sign(before) !== Math.sign(before + steps) && before + steps !== 0) {
      return;
    }
    const flatMs = timeMs - (this.#slotFlatMs[own.slot] ?? -Infinity);
    if (before !== 0 || flatMs < RACE_MS || flatMs === Infinity) return;
    const { orderLinkId } = own.truth;
    throw new Violation(
      'S5',
      `${orderLinkId} sells ${steps} steps ${flatMs} ms after its slot closed`,
    );
  }

  /** S1, S2. */
  #checkEntries(): void {
    let open = 0;
    const perSlot = new Map<number, string>();
    for (const { truth, slot, role } of this.#live) {
      if (role !== 'entry') continue;
      open += truth.qtySteps - truth.filledSteps;
      const other = perSlot.get(slot);
      if (other !== undefined) {
        throw new Violation(
          'S2',
          `slot ${slot} has two live entries: ${other}, ${truth.orderLinkId}`,
        );
      }
      perSlot.set(slot, truth.orderLinkId);
    }
    // Lots traded by hand, there and back, are not ours to answer for.
    const { positionSteps } = this.#truth;
    const held = Math.min(Math.abs(positionSteps), Math.abs(positionSteps - this.foreignSteps));
    if (held + open > this.#maxSteps + this.#mostForeign) {
      throw new Violation(
        'S1',
        `${held} steps held, ${open} may still fill, most ${this.#maxSteps}`,
      );
    }
  }
}

/** ls-<deployment>-<slot>-<cycle>-<role>-<attempt> */
function ownOrder(truth: OrderTruth): OwnOrder | undefined {
  const parts = truth.orderLinkId.split('-');
  const [prefix, , slot, , role] = parts;
  if (prefix !== 'ls' || slot === undefined || role === undefined) return undefined;
  return { truth, slot: Number(slot), role };
}

/** What ledger and books say, for a rule that finds them apart. */
export function apart(truth: Truth, belief: Belief): string {
  return `exchange ${truth.positionSteps} steps, ledger ${belief.positionSteps}; ${belief.says}`;
}
