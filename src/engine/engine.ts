import { ASK, FOLLOW, NOTHING } from './attention.ts';
import { Caution } from './caution.ts';
import {
  END_CANCELLED_BY_USER,
  END_FILLED,
  END_POST_ONLY,
  KIND_MARKET,
  ORDER_AMENDING,
  ORDER_CANCELLING,
  ORDER_DRAINING,
  ORDER_SENT,
  ORDER_UNKNOWN,
  RET_ORDER_GONE,
  RET_TRIGGER_NOT_ABOVE,
  RET_TRIGGER_NOT_BELOW,
  ROLE_ENTRY,
  ROLES_PER_SLOT,
  SLOT_HALTED,
} from './codes.ts';
import type { CommandSink } from './commands.ts';
import {
  EVENT_ACK,
  EVENT_CANDLE_CLOSE,
  EVENT_FILL,
  EVENT_LIQUIDATED,
  EVENT_ORDER_ENDED,
  EVENT_PRICE,
  EVENT_REFUSAL,
  EVENT_START,
  EVENT_STOP_TRIGGERED,
  EVENT_TIMER,
} from './events.ts';
import type { EventRegister } from './events.ts';
import type { Instrument } from './instrument.ts';
import { InvariantError } from './invariant.ts';
import { Ledger } from './ledger.ts';
import { OrderDesk } from './order-desk.ts';
import {
  LIFE_ACK,
  LIFE_DRAINED,
  LIFE_ENDED,
  LIFE_FILL,
  LIFE_FILLED,
  LIFE_GONE,
  LIFE_REFUSE,
} from './order-life.ts';
import { OrderTable } from './order-table.ts';
import { NO_INDICATOR, Plan, anchorOf } from './plan.ts';
import type { Patience } from './resolver.ts';
import { ReasonLog } from './reason-log.ts';
import { REASON } from './reasons.ts';
import { RiskGuard } from './risk-guard.ts';
import type { RiskLimits } from './risk.ts';
import { SlotBook } from './slot-book.ts';
import type { AnyStrategy } from './strategy.ts';
import { View } from './view.ts';

/**
 * What decides: belief in, commands out. `step` is its one entrance; it owns and mutates its own
 * state, reads no clock and no venue, and writes into the sink. The same engine runs in sweeps,
 * backtests and live.
 */
export class Engine {
  readonly view: View;
  readonly plan: Plan;
  readonly orders: OrderTable;
  readonly ledger: Ledger;
  readonly reasons: ReasonLog;
  readonly slots: SlotBook;
  readonly guard: RiskGuard;
  readonly desk: OrderDesk;
  started = false;
  /** The last step asked the strategy. */
  asked = false;
  halted = false;
  /** undefined in runs where nothing is ever withheld. */
  caution: Caution | undefined = undefined;
  /** Band of the known price in ticks, with the indicators known now. */
  bandLowTicks = -Infinity;
  bandHighTicks = Infinity;
  capitalMoney = NaN;
  readonly #strategy: AnyStrategy;
  readonly #sink: CommandSink;
  #compiled: unknown;

  constructor(
    strategy: AnyStrategy,
    compiled: unknown,
    instrument: Instrument,
    slotCount: number,
    indicatorCount: number,
    sink: CommandSink,
    risk: RiskLimits,
    keepsReasons: boolean,
  ) {
    this.view = new View(slotCount, indicatorCount);
    this.plan = new Plan(slotCount);
    this.orders = new OrderTable(slotCount);
    this.ledger = new Ledger(instrument);
    this.reasons = new ReasonLog(slotCount, keepsReasons);
    this.slots = new SlotBook(this.view, this.orders);
    const { view, plan, orders, slots } = this;
    this.guard = new RiskGuard({ limits: risk, view, orders, ledger: this.ledger });
    const { guard } = this;
    this.desk = new OrderDesk({ view, plan, orders, slots, sink, instrument, guard });
    this.#strategy = strategy;
    this.#sink = sink;
    this.#compiled = compiled;
  }

  /** When the engine wants a timer event; Infinity for none. */
  get timerMs(): number {
    return this.desk.timerMs;
  }

  /** Another set of parameters of the same shape; the caller has reset the state. */
  configure(compiled: unknown): void {
    this.#compiled = compiled;
  }

  /** The one entrance: takes an event, leaves commands in the sink. */
  step(event: EventRegister): void {
    this.view.nowMs = event.timeMs;
    const known = event.knownPriceTicks;
    this.view.priceTicks = known;
    if (known === known && Number.isNaN(this.view.firstPriceTicks))
      this.view.firstPriceTicks = known;
    if (this.halted) return;
    const outcome = this.#absorb(event);
    this.asked = false;
    if (this.caution === undefined) this.#decide(outcome);
    else this.#decideCarefully(this.caution, outcome);
  }

  /** In a world that may withhold its answers: see caution.ts. Once, before the first event. */
  beCareful(patience: Patience): Caution {
    const { view, orders, slots, ledger } = this;
    this.caution = new Caution({ view, orders, slots, ledger, sink: this.#sink, patience });
    return this.caution;
  }

  #decideCarefully(caution: Caution, outcome: number): void {
    if (!caution.recovering) this.#decide(outcome);
    caution.tend(this.view.nowMs);
  }

  #decide(outcome: number): void {
    if (!this.started || this.halted || outcome === NOTHING) return;
    // A wish that was held back may have gone stale, so it is asked for anew.
    if (outcome === ASK || this.desk.unmet) this.#ask();
    else this.#follow();
    this.desk.reconcile();
    this.slots.noteReasons(this.reasons, this.plan.spacing);
  }

  /**
   * Whether the next candle close may change anything but the indicators: an order or the band
   * follows one, the strategy asked for closes, or a wanted order could not be placed.
   */
  needsCloses(): boolean {
    const plan = this.plan;
    return (
      plan.wakeOnClose ||
      plan.followsIndicator ||
      plan.bandIndicator !== NO_INDICATOR ||
      this.desk.unmet ||
      !this.started ||
      !this.view.ready
    );
  }

  /**
   * The next closes can do nothing but move what follows an indicator: no wish is overdue and,
   * as the caller knows, nothing is in flight.
   */
  closesOnlyMove(): boolean {
    if (!this.started || !this.view.ready || this.halted) return false;
    return !this.plan.wakeOnClose && !this.desk.unmet && this.desk.isSettled();
  }

  /**
   * Takes in closes that ask nobody, as if each had been a step: `event` and `previous` are the
   * last and the one before it, `highest` and `lowest` the closes' extremes. What follows an
   * indicator stands where its last amend would have put it; the caller moves the venue's orders.
   */
  passCloses(event: EventRegister, previous: Float64Array, highest: number, lowest: number): void {
    const view = this.view;
    const values = event.indicators;
    for (let i = 0; i < view.indicators.length; i += 1) {
      view.previousIndicators[i] = previous[i] ?? NaN;
      view.indicators[i] = values[i] ?? NaN;
    }
    view.closeTicks = event.priceTicks;
    for (let slot = 0; slot < view.slotCount; slot += 1) view.slotPostOnlyWait[slot] = 0;
    if (highest > view.highestCloseTicks) view.highestCloseTicks = highest;
    if (lowest < view.lowestCloseTicks) view.lowestCloseTicks = lowest;
    if (this.plan.followsIndicator) this.desk.passAmends();
    this.#follow();
  }

  /** Closes the books of a run: states and reasons up to its end. */
  finish(endMs: number): void {
    this.slots.spendAll(endMs);
    this.reasons.closeAll(endMs);
  }

  #absorb(event: EventRegister): number {
    switch (event.kind) {
      case EVENT_START:
        return this.#start(event);
      case EVENT_CANDLE_CLOSE:
        return this.#candleClose(event);
      case EVENT_PRICE:
      case EVENT_TIMER:
        return ASK;
      case EVENT_ACK:
        return this.#ack(event.orderId);
      case EVENT_REFUSAL:
        return this.#refusal(event.orderId, event.retCode);
      case EVENT_FILL:
        return this.#fill(event);
      case EVENT_ORDER_ENDED:
        return this.#orderEnded(event);
      case EVENT_STOP_TRIGGERED:
        return this.#stopTriggered(event.orderId);
      case EVENT_LIQUIDATED:
        return this.#liquidated(event);
      default:
        if (this.caution !== undefined) return this.caution.absorb(event);
        throw new InvariantError(`engine: unknown event kind ${event.kind}`);
    }
  }

  #start(event: EventRegister): number {
    const view = this.view;
    this.started = true;
    this.capitalMoney = event.walletMoney;
    this.slots.stateSinceMs.fill(event.timeMs);
    this.reasons.open(event.timeMs);
    // Without indicators there is nothing to warm up.
    if (view.indicators.length === 0) view.ready = true;
    if (view.ready) this.#warmUpDone();
    return ASK;
  }

  #warmUpDone(): void {
    const view = this.view;
    view.warmupCloseTicks = view.closeTicks;
    view.highestCloseTicks = view.closeTicks;
    view.lowestCloseTicks = view.closeTicks;
  }

  #candleClose(event: EventRegister): number {
    const view = this.view;
    const values = event.indicators;
    let ready = true;
    for (let i = 0; i < view.indicators.length; i += 1) {
      const value = values[i] ?? NaN;
      view.previousIndicators[i] = view.indicators[i] ?? NaN;
      view.indicators[i] = value;
      if (!(value === value)) ready = false;
    }
    const close = event.priceTicks;
    view.closeTicks = close;
    for (let slot = 0; slot < view.slotCount; slot += 1) view.slotPostOnlyWait[slot] = 0;
    const becameReady = ready && !view.ready;
    view.ready = ready;
    if (!this.started) return FOLLOW;
    if (becameReady) {
      this.#warmUpDone();
      return ASK;
    }
    if (close > view.highestCloseTicks) view.highestCloseTicks = close;
    if (close < view.lowestCloseTicks) view.lowestCloseTicks = close;
    return this.plan.wakeOnClose ? ASK : FOLLOW;
  }

  #ack(orderId: number): number {
    const orders = this.orders;
    const key = orders.keyOf(orderId);
    if (orders.id[key] !== orderId) return NOTHING;
    const state = orders.state[key];
    // An acked cancel is accepted, not done: the order's end arrives on its own.
    orders.advance(key, LIFE_ACK);
    if (state !== ORDER_SENT && state !== ORDER_AMENDING && state !== ORDER_UNKNOWN) return NOTHING;
    orders.standingTicks[key] = orders.askedTicks[key] ?? 0;
    orders.standingSteps[key] = orders.askedSteps[key] ?? 0;
    if (state !== ORDER_AMENDING) {
      this.slots.refresh((key / ROLES_PER_SLOT) | 0);
      // A strategy sees nothing new in an accepted order, but perhaps a newer price.
      if (this.view.priceTicks === this.view.priceTicks) return ASK;
    }
    return this.desk.unmet || this.desk.differs(key) ? FOLLOW : NOTHING;
  }

  #refusal(orderId: number, retCode: number): number {
    const orders = this.orders;
    const key = orders.keyOf(orderId);
    if (orders.id[key] !== orderId) return NOTHING;
    const state = orders.state[key];
    if (state === ORDER_SENT || state === ORDER_UNKNOWN) {
      const passed = retCode === RET_TRIGGER_NOT_ABOVE || retCode === RET_TRIGGER_NOT_BELOW;
      const slot = (key / ROLES_PER_SLOT) | 0;
      // The price is already beyond the stop: what remains is to leave at market.
      if (passed) this.view.slotStopTriggered[slot] = 1;
      else orders.failed(key, false, this.view.nowMs);
      this.#forget(key, LIFE_REFUSE);
      this.slots.refresh(slot);
      return ASK;
    }
    if (state === ORDER_AMENDING || state === ORDER_CANCELLING) {
      if (retCode === RET_ORDER_GONE) {
        orders.advance(key, LIFE_GONE);
        return FOLLOW;
      }
      orders.advance(key, LIFE_REFUSE);
      // The venue still holds what it held: that is what the next wish is compared with.
      orders.askedTicks[key] = orders.standingTicks[key] ?? 0;
      orders.askedSteps[key] = orders.standingSteps[key] ?? 0;
      orders.failed(key, false, this.view.nowMs);
      return ASK;
    }
    return FOLLOW;
  }

  #fill(event: EventRegister): number {
    const orders = this.orders;
    const key = orders.keyOf(event.orderId);
    const slot = (key / ROLES_PER_SLOT) | 0;
    const role = key - slot * ROLES_PER_SLOT;
    const side = orders.side[key] ?? 0;
    if (this.caution !== undefined) {
      if (this.caution.isLate(key, event.orderId)) return this.caution.lateFill(event);
      this.caution.noteFill(key);
    }
    if (!(orders.id[key] === event.orderId))
      throw new InvariantError(`fill of order ${event.orderId}, which key ${key} does not hold`);
    const view = this.view;
    this.ledger.fill(side, event.qtySteps, event.priceTicks, event.fee);
    this.ledger.bookFunding(event.funding);
    view.positionSteps = this.ledger.positionSteps;
    const filled = (orders.filledSteps[key] ?? 0) + event.qtySteps;
    orders.filledSteps[key] = filled;
    view.orderFilled[key] = filled;
    orders.failures[key] = 0;
    if (role === ROLE_ENTRY) this.slots.enter(slot, side, event);
    else this.slots.leave(slot, role, side, event);
    view.lastFillTicks = event.priceTicks;
    view.lastFillMs = event.timeMs;
    view.highestCloseTicks = -Infinity;
    view.lowestCloseTicks = Infinity;
    orders.advance(key, LIFE_FILL);
    this.#closeIfOver(key);
    this.slots.refresh(slot);
    return ASK;
  }

  #orderEnded(event: EventRegister): number {
    const orders = this.orders;
    const key = orders.keyOf(event.orderId);
    if (orders.id[key] !== event.orderId || !orders.isAlive(key)) return NOTHING;
    if (this.caution !== undefined) this.caution.noteEnd(key);
    orders.endFilledSteps[key] = Math.max(orders.endFilledSteps[key] ?? -1, event.filledSteps);
    orders.endCode[key] = event.end;
    orders.advance(key, LIFE_ENDED);
    this.#closeIfOver(key);
    this.slots.refresh((key / ROLES_PER_SLOT) | 0);
    return ASK;
  }

  /**
   * Closed = all its quantity is in the ledger, or the venue says it is over and all its fills are
   * in the ledger. While an amend is under way, its quantity is the larger of the two.
   */
  #closeIfOver(key: number): void {
    const orders = this.orders;
    const filled = orders.filledSteps[key] ?? 0;
    if (filled >= (orders.askedSteps[key] ?? 0) && filled >= (orders.standingSteps[key] ?? 0)) {
      this.#forget(key, LIFE_FILLED);
      return;
    }
    const ended = orders.state[key] === ORDER_DRAINING;
    if (!ended || !(filled >= (orders.endFilledSteps[key] ?? Infinity))) return;
    const end = orders.endCode[key];
    if (end === END_POST_ONLY) this.view.slotPostOnlyWait[(key / ROLES_PER_SLOT) | 0] = 1;
    else if (end !== END_FILLED && end !== END_CANCELLED_BY_USER) {
      orders.failed(key, filled > 0, this.view.nowMs);
    }
    this.#forget(key, LIFE_DRAINED);
  }

  #stopTriggered(orderId: number): number {
    const key = this.orders.keyOf(orderId);
    if (this.orders.id[key] !== orderId) return NOTHING;
    // Surfaces show a triggered stop again and again, also when it is over.
    if (this.caution !== undefined && !this.orders.isAlive(key)) return NOTHING;
    this.view.slotStopTriggered[(key / ROLES_PER_SLOT) | 0] = 1;
    // From now on it is a market order, which is never amended or cancelled.
    this.orders.kind[key] = KIND_MARKET;
    return ASK;
  }

  #liquidated(event: EventRegister): number {
    const side = this.ledger.positionSteps > 0 ? -1 : 1;
    if (event.qtySteps > 0 && Math.abs(this.ledger.positionSteps) > 0) {
      this.ledger.fill(side, Math.abs(this.ledger.positionSteps), event.priceTicks, event.fee);
      this.ledger.bookFunding(event.funding);
    }
    const view = this.view;
    view.positionSteps = this.ledger.positionSteps;
    for (let slot = 0; slot < view.slotCount; slot += 1) {
      view.slotQty[slot] = 0;
      view.slotSide[slot] = 0;
      this.slots.move(slot, SLOT_HALTED);
      this.slots.setReason(slot, REASON.liquidated, NaN);
    }
    this.slots.noteReasons(this.reasons, this.plan.spacing);
    this.desk.timerMs = Infinity;
    this.halted = true;
    return FOLLOW;
  }

  #ask(): void {
    const plan = this.plan;
    this.asked = true;
    plan.reset();
    this.#markEquity();
    this.#strategy.plan(this.view, this.#compiled, plan);
    if (this.caution !== undefined) this.caution.gate.apply(plan, this.orders, this.view);
    this.#setBand();
    this.desk.timerMs = plan.wakeMs;
    this.slots.takeReasons(plan.reason, plan.level);
  }

  #markEquity(): void {
    const view = this.view;
    if (Number.isNaN(this.capitalMoney)) return;
    const price = view.priceTicks === view.priceTicks ? view.priceTicks : view.closeTicks;
    const unrealised = price === price ? this.ledger.unrealised(price) : 0;
    view.equityMoney = this.capitalMoney + this.ledger.cash() + unrealised;
  }

  #follow(): void {
    if (this.plan.bandIndicator !== NO_INDICATOR) this.#setBand();
  }

  #setBand(): void {
    const plan = this.plan;
    if (plan.bandLowBase === -Infinity && plan.bandHighBase === Infinity) {
      this.bandLowTicks = -Infinity;
      this.bandHighTicks = Infinity;
      return;
    }
    const follows = plan.bandIndicator !== NO_INDICATOR;
    const value = follows ? (this.view.indicators[plan.bandIndicator] ?? NaN) : 0;
    const { highestCloseTicks: highest, lowestCloseTicks: lowest } = this.view;
    const below = anchorOf(plan.bandLowBase, plan.bandLowTrail, highest, lowest);
    const above = anchorOf(plan.bandHighBase, plan.bandHighTrail, highest, lowest);
    this.bandLowTicks = Math.floor(below + (plan.bandLowCoef === 0 ? 0 : plan.bandLowCoef * value));
    this.bandHighTicks = Math.ceil(
      above + (plan.bandHighCoef === 0 ? 0 : plan.bandHighCoef * value),
    );
  }

  /** The caller refreshes the slot. */
  #forget(key: number, life: number): void {
    this.orders.advance(key, life);
    this.view.orderAlive[key] = 0;
    this.view.orderFilled[key] = 0;
    this.view.orderSentMs[key] = NaN;
  }
}
