import type { Belief } from './bot.ts';
import type { GridCase } from './grid-case.ts';
import type { ExecutionTruth, OrderTruth, Truth } from '../venue/exchange/records.ts';
import { isOver } from '../venue/exchange/records.ts';
import { Violation } from './violation.ts';

/** An order of ours, as its link id names it. Read here by rules of the laboratory's own. */
export type OwnOrder = {
  readonly truth: OrderTruth;
  readonly slot: number;
  readonly role: string;
  /** Its link id; for an exit that came with its entry, what it would be. */
  readonly name: string;
  readonly attached: boolean;
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
  readonly #maxOrders: number;
  readonly #createdMs: ReadonlyMap<string, number>;
  readonly #ownOf = new Map<string, OwnOrder>();
  #live: OwnOrder[] = [];
  #ordersSeen = 0;
  #executionsSeen = 0;
  /** Signed, by slot, of our own executions. */
  readonly slotSteps: number[] = [];
  readonly #slotFlatMs: number[] = [];
  /** When the slot's last way out arrived at the exchange, whatever became of it. */
  readonly slotExitMs: number[] = [];
  #mostForeign = 0;
  /** Held by nobody's slot: trades by hand, forced ones. */
  foreignSteps = 0;
  /** Somebody else has traded: whose lots are whose is a matter of belief from then on. */
  sawForeign = false;
  fills = 0;
  orders = 0;
  lastBookingMs = -Infinity;
  /** No cancel leaves the process before: no race of own stops is lost by it. */
  bannedUntilMs = -Infinity;

  /** `createdMs`: when each order was first sent, by link id. */
  constructor(
    truth: Truth,
    { levels, qtySteps, risk }: Pick<GridCase, 'levels' | 'qtySteps' | 'risk'>,
    createdMs: ReadonlyMap<string, number>,
  ) {
    this.#truth = truth;
    this.#maxSteps = Math.min(levels * qtySteps, risk.maxPositionSteps);
    this.#maxOrders = risk.maxOpenOrders;
    this.#createdMs = createdMs;
    for (let slot = 0; slot < levels; slot += 1) {
      this.slotSteps.push(0);
      this.#slotFlatMs.push(-Infinity);
      this.slotExitMs.push(-Infinity);
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
    this.#checkExits();
  }

  liveOrders(): readonly OwnOrder[] {
    this.#live = this.#live.filter(({ truth }) => !isOver(truth.status));
    return this.#live;
  }

  #take(order: OrderTruth): void {
    const own = ownOrder(order);
    if (own === undefined) return;
    this.orders += 1;
    this.#ownOf.set(order.orderId, own);
    this.#live.push(own);
    if (own.role === 'entry') this.#checkOpenOrders(own);
    else this.slotExitMs[own.slot] = order.createdMs;
  }

  #book(execution: ExecutionTruth): void {
    if (!MOVES_POSITION.has(execution.execType)) return;
    this.lastBookingMs = execution.timeMs;
    const own = this.#ownOf.get(execution.orderId);
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

  /**
   * S5. An own stop that fires while its cancel is under way is a race nobody wins; later it is
   * not. Exits that came with their entry never take more than it filled.
   */
  #checkOwnLots(own: OwnOrder, before: number, steps: number, timeMs: number): void {
    const after = before + steps;
    if (own.attached && (before === 0 || before * after < 0)) {
      throw new Violation('S5', `${own.name} closes ${steps} steps of a slot that holds ${before}`);
    }
    if (before !== 0 && Math.sign(before) !== Math.sign(before + steps) && before + steps !== 0) {
      return;
    }
    const flatMs = timeMs - (this.#slotFlatMs[own.slot] ?? -Infinity);
    if (before !== 0 || flatMs < RACE_MS || flatMs === Infinity) return;
    if (timeMs < this.bannedUntilMs) return;
    const { name } = own;
    throw new Violation('S5', `${name} sells ${steps} steps ${flatMs} ms after its slot closed`);
  }

  /** S5: what rests to close lots never adds up to more than there are. */
  #checkExits(): void {
    let resting = 0;
    for (const { truth, role } of this.#live) {
      if (role === 'entry' || truth.orderType !== 'Limit' || truth.status === 'Untriggered')
        continue;
      if (!isOver(truth.status)) resting += truth.qtySteps - truth.filledSteps;
    }
    const held = Math.abs(this.#truth.positionSteps);
    if (resting > held)
      throw new Violation('S5', `exits of ${resting} steps rest beside a position of ${held}`);
  }

  /** What the exits of all slots could close: a stop beside its take-profit counts once. */
  closableSteps(): number {
    const most = new Map<number, number>();
    for (const { truth, slot, role } of this.liveOrders()) {
      if (role === 'entry') continue;
      const leaves = truth.qtySteps - truth.filledSteps;
      most.set(slot, Math.max(most.get(slot) ?? 0, leaves));
    }
    return [...most.values()].reduce((sum, steps) => sum + steps, 0);
  }

  /** S1: what stood already when an entry was sent leaves room for it. */
  #checkOpenOrders(entry: OwnOrder): void {
    if (this.#maxOrders === Infinity) return;
    const sentMs = this.#createdMs.get(entry.name) ?? -Infinity;
    const open = this.#live.filter(
      ({ truth }) => truth === entry.truth || (!isOver(truth.status) && truth.createdMs < sentMs),
    );
    if (open.length > this.#maxOrders)
      throw new Violation(
        'S1',
        `${entry.name} is order ${open.length} of ${this.#maxOrders} at most`,
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

/** ls-<deployment>-<slot>-<cycle>-<role>-<attempt>; what came with an entry counts on from it. */
function ownOrder(truth: OrderTruth): OwnOrder | undefined {
  const attached = truth.orderLinkId === '' && truth.parentLinkId !== '';
  const linkId = attached ? truth.parentLinkId : truth.orderLinkId;
  const [prefix, deployment, slot, cycle, role, attempt] = linkId.split('-');
  if (prefix !== 'ls' || slot === undefined || role === undefined) return undefined;
  if (!attached) return { truth, slot: Number(slot), role, name: linkId, attached };
  const stop = truth.stopOrderType.endsWith('StopLoss');
  const own = stop ? 'stop' : 'exit';
  const number = Number(attempt) + (stop ? 2 : 1);
  const name = `ls-${deployment}-${slot}-${cycle}-${own}-${number}`;
  return { truth, slot: Number(slot), role: own, name, attached };
}

/** What ledger and books say, for a rule that finds them apart. */
export function apart(truth: Truth, belief: Belief): string {
  return `exchange ${truth.positionSteps} steps, ledger ${belief.positionSteps}; ${belief.says}`;
}
