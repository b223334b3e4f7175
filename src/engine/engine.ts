import {
  END_CANCELLED_BY_USER, END_FILLED, END_POST_ONLY, KIND_LIMIT, KIND_MARKET,
  ORDER_AMENDING, ORDER_CANCELLING, ORDER_DRAINING, ORDER_ENDING, ORDER_LIVE, ORDER_NONE,
  ORDER_SENT, RET_ORDER_GONE, RET_TRIGGER_NOT_ABOVE, RET_TRIGGER_NOT_BELOW, ROLE_CLOSE, ROLE_ENTRY,
  ROLE_EXIT, ROLE_STOP, ROLES_PER_SLOT, SLOT_HALTED,
} from './codes.ts';
import type { CommandSink } from './commands.ts';
import {
  EVENT_ACK, EVENT_CANDLE_CLOSE, EVENT_FILL, EVENT_LIQUIDATED, EVENT_ORDER_ENDED, EVENT_PRICE,
  EVENT_REFUSAL, EVENT_START, EVENT_STOP_TRIGGERED, EVENT_TIMER,
} from './events.ts';
import type { EventRegister } from './events.ts';
import type { Instrument } from './instrument.ts';
import { InvariantError } from './invariant.ts';
import { Ledger } from './ledger.ts';
import { OrderTable } from './order-table.ts';
import { NO_INDICATOR, Plan } from './plan.ts';
import { ReasonLog } from './reason-log.ts';
import { REASON } from './reasons.ts';
import { meetsMinimum } from './risk.ts';
import type { RiskLimits } from './risk.ts';
import { assertTransition, isTrading, slotState } from './slot-machine.ts';
import type { AnyStrategy } from './strategy.ts';
import { View } from './view.ts';

/** First wait after an order that was refused or ended unfilled; it doubles up to the last. */
const RETRY_FIRST_MS = 1_000;
const RETRY_LAST_MS = 60_000;

/** Market orders of one slot and role are at least this far apart: a signal must not fire in a loop. */
const MARKET_SPACING_MS = 100;

const ASK = true;
const FOLLOW = false;

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
  /** Completed round trips per slot, for order ids people read. */
  readonly slotCycle: Float64Array;
  readonly slotTraded: Uint8Array;
  readonly slotReason: Uint8Array;
  readonly slotLevelTicks: Float64Array;
  readonly stateMs = new Float64Array(6);
  readonly stateSinceMs: Float64Array;
  started = false;
  /** The last step asked the strategy. */
  asked = false;
  halted = false;
  /** Some wanted order was held back in the last step. */
  unmet = false;
  /** Band of the known price in ticks, with the indicators known now. */
  bandLowTicks = -Infinity;
  bandHighTicks = Infinity;
  /** When the engine wants a timer event; Infinity for none. */
  timerMs = Infinity;
  capitalMoney = NaN;
  readonly #strategy: AnyStrategy;
  #compiled: unknown;
  readonly #instrument: Instrument;
  readonly #sink: CommandSink;
  readonly #risk: RiskLimits;

  constructor(
    strategy: AnyStrategy, compiled: unknown, instrument: Instrument, slotCount: number,
    indicatorCount: number, sink: CommandSink, risk: RiskLimits, keepsReasons: boolean,
  ) {
    this.view = new View(slotCount, indicatorCount);
    this.plan = new Plan(slotCount);
    this.orders = new OrderTable(slotCount);
    this.ledger = new Ledger(instrument);
    this.reasons = new ReasonLog(slotCount, keepsReasons);
    this.slotCycle = new Float64Array(slotCount);
    this.slotTraded = new Uint8Array(slotCount);
    this.stateSinceMs = new Float64Array(slotCount);
    this.slotReason = new Uint8Array(slotCount);
    this.slotLevelTicks = new Float64Array(slotCount).fill(NaN);
    this.#strategy = strategy;
    this.#compiled = compiled;
    this.#instrument = instrument;
    this.#sink = sink;
    this.#risk = risk;
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
    if (known === known && Number.isNaN(this.view.firstPriceTicks)) this.view.firstPriceTicks = known;
    if (this.halted) return;
    const asks = this.#absorb(event);
    this.asked = asks;
    if (!this.started) return;
    if (asks === ASK) this.#ask();
    else this.#follow();
    this.#reconcile();
    this.#noteReasons();
  }

  /**
   * Whether the next candle close may change anything but the indicators: an order or the band
   * follows one, the strategy asked for closes, or a wanted order could not be placed.
   */
  needsCloses(): boolean {
    const plan = this.plan;
    return (
      plan.wakeOnClose || plan.followsIndicator || plan.bandIndicator !== NO_INDICATOR ||
      this.unmet || !this.started || !this.view.ready
    );
  }

  /** A close that needsCloses said nobody waits for; taken in before the next step. */
  absorbClose(event: EventRegister): void {
    this.#candleClose(event);
  }

  /** Closes the books of a run: states and reasons up to its end. */
  finish(endMs: number): void {
    for (let slot = 0; slot < this.view.slotCount; slot += 1) this.#spend(slot, endMs);
    this.reasons.closeAll(endMs);
  }

  #absorb(event: EventRegister): boolean {
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
        throw new InvariantError(`engine: unknown event kind ${event.kind}`);
    }
  }

  #start(event: EventRegister): boolean {
    const view = this.view;
    this.started = true;
    this.capitalMoney = event.walletMoney;
    this.stateSinceMs.fill(event.timeMs);
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

  #candleClose(event: EventRegister): boolean {
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
    view.slotPostOnlyWait.fill(0);
    const becameReady = ready && !view.ready;
    view.ready = ready;
    if (!this.started) return FOLLOW;
    if (becameReady) {
      this.#warmUpDone();
      return ASK;
    }
    if (close > view.highestCloseTicks) view.highestCloseTicks = close;
    if (close < view.lowestCloseTicks) view.lowestCloseTicks = close;
    return this.plan.wakeOnClose;
  }

  #ack(orderId: number): boolean {
    const orders = this.orders;
    const key = orders.keyOf(orderId);
    if (orders.id[key] !== orderId) return FOLLOW;
    const state = orders.state[key];
    // An acked cancel is accepted, not done: the order's end arrives on its own.
    if (state === ORDER_CANCELLING) {
      orders.state[key] = ORDER_ENDING;
      return FOLLOW;
    }
    if (state === ORDER_SENT || state === ORDER_AMENDING) {
      orders.state[key] = ORDER_LIVE;
      orders.standingTicks[key] = orders.askedTicks[key] ?? 0;
      orders.standingSteps[key] = orders.askedSteps[key] ?? 0;
    }
    if (state === ORDER_SENT) {
      this.#refreshSlot((key / ROLES_PER_SLOT) | 0);
      return ASK;
    }
    return FOLLOW;
  }

  #refusal(orderId: number, retCode: number): boolean {
    const orders = this.orders;
    const key = orders.keyOf(orderId);
    if (orders.id[key] !== orderId) return FOLLOW;
    const state = orders.state[key];
    if (state === ORDER_SENT) {
      const passed = retCode === RET_TRIGGER_NOT_ABOVE || retCode === RET_TRIGGER_NOT_BELOW;
      const slot = (key / ROLES_PER_SLOT) | 0;
      // The price is already beyond the stop: what remains is to leave at market.
      if (passed) this.view.slotStopTriggered[slot] = 1;
      else this.#failed(key, false);
      this.#forget(key);
      return ASK;
    }
    if (state === ORDER_AMENDING || state === ORDER_CANCELLING) {
      if (retCode === RET_ORDER_GONE) {
        orders.state[key] = ORDER_ENDING;
        return FOLLOW;
      }
      orders.state[key] = ORDER_LIVE;
      // The venue still holds what it held: that is what the next wish is compared with.
      orders.askedTicks[key] = orders.standingTicks[key] ?? 0;
      orders.askedSteps[key] = orders.standingSteps[key] ?? 0;
      this.#failed(key, false);
    }
    return ASK;
  }

  #fill(event: EventRegister): boolean {
    const orders = this.orders;
    const key = orders.keyOf(event.orderId);
    const slot = (key / ROLES_PER_SLOT) | 0;
    const role = key - slot * ROLES_PER_SLOT;
    const side = orders.side[key] ?? 0;
    if (!(orders.id[key] === event.orderId)) throw new InvariantError(`fill of order ${event.orderId}, which key ${key} does not hold`);
    const view = this.view;
    this.ledger.fill(side, event.qtySteps, event.priceTicks, event.fee);
    this.ledger.bookFunding(event.funding);
    view.positionSteps = this.ledger.positionSteps;
    const filled = (orders.filledSteps[key] ?? 0) + event.qtySteps;
    orders.filledSteps[key] = filled;
    view.orderFilled[key] = filled;
    orders.failures[key] = 0;
    if (role === ROLE_ENTRY) this.#enterSlot(slot, side, event);
    else this.#leaveSlot(slot, role, side, event);
    view.lastFillTicks = event.priceTicks;
    view.lastFillMs = event.timeMs;
    view.highestCloseTicks = -Infinity;
    view.lowestCloseTicks = Infinity;
    this.#closeIfDrained(key);
    this.#refreshSlot(slot);
    return ASK;
  }

  #enterSlot(slot: number, side: number, event: EventRegister): void {
    const view = this.view;
    const open = view.slotQty[slot] ?? 0;
    if (open === 0) {
      view.slotSide[slot] = side;
      view.slotEntryTicks[slot] = event.priceTicks;
      view.slotEntryMs[slot] = event.timeMs;
      const count = view.indicators.length;
      for (let i = 0; i < count; i += 1) {
        view.slotEntryIndicators[slot * count + i] = view.indicators[i] ?? NaN;
      }
      view.slotStopTriggered[slot] = 0;
    }
    view.slotQty[slot] = open + event.qtySteps;
    this.slotTraded[slot] = 1;
  }

  /**
   * A closing fill takes from its own slot. What that no longer holds (a stop that filled before
   * its cancel arrived) has closed lots of another: the lowest-numbered open slot gives them.
   */
  #leaveSlot(slot: number, role: number, side: number, event: EventRegister): void {
    const view = this.view;
    let left = event.qtySteps;
    let from = slot;
    while (left > 0) {
      const open = (view.slotSide[from] ?? 0) * side < 0 ? (view.slotQty[from] ?? 0) : 0;
      const taken = Math.min(open, left);
      if (taken > 0) {
        view.slotQty[from] = open - taken;
        if (taken === open) view.slotSide[from] = 0;
        left -= taken;
        this.#refreshSlot(from);
      }
      if (left > 0) from = this.#openSlot(side);
      if (!(left === 0 || from >= 0)) throw new InvariantError(`slot ${slot} closed ${left} steps that no slot holds`);
    }
    if (role === ROLE_STOP) view.lastStopMs = event.timeMs;
  }

  /** The lowest-numbered slot whose lot a fill of this side closes; -1 when there is none. */
  #openSlot(side: number): number {
    const view = this.view;
    for (let slot = 0; slot < view.slotCount; slot += 1) {
      if ((view.slotQty[slot] ?? 0) > 0 && (view.slotSide[slot] ?? 0) * side < 0) return slot;
    }
    return -1;
  }

  #orderEnded(event: EventRegister): boolean {
    const orders = this.orders;
    const key = orders.keyOf(event.orderId);
    if (orders.id[key] !== event.orderId || !orders.isAlive(key)) return FOLLOW;
    orders.endFilledSteps[key] = event.filledSteps;
    orders.endCode[key] = event.end;
    orders.state[key] = ORDER_DRAINING;
    this.#closeIfDrained(key);
    this.#refreshSlot((key / ROLES_PER_SLOT) | 0);
    return ASK;
  }

  /** Closed = the venue says it is over, and all its fills are in the ledger. */
  #closeIfDrained(key: number): void {
    const orders = this.orders;
    if (orders.state[key] !== ORDER_DRAINING) return;
    if (orders.filledSteps[key] !== orders.endFilledSteps[key]) return;
    const end = orders.endCode[key];
    if (end === END_POST_ONLY) this.view.slotPostOnlyWait[(key / ROLES_PER_SLOT) | 0] = 1;
    else if (end !== END_FILLED && end !== END_CANCELLED_BY_USER) {
      this.#failed(key, (orders.filledSteps[key] ?? 0) > 0);
    }
    this.#forget(key);
  }

  #stopTriggered(orderId: number): boolean {
    const key = this.orders.keyOf(orderId);
    if (this.orders.id[key] !== orderId) return FOLLOW;
    this.view.slotStopTriggered[(key / ROLES_PER_SLOT) | 0] = 1;
    // From now on it is a market order, which is never amended or cancelled.
    this.orders.kind[key] = KIND_MARKET;
    return ASK;
  }

  #liquidated(event: EventRegister): boolean {
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
      this.#moveSlot(slot, SLOT_HALTED);
      this.#setReason(slot, REASON.liquidated, NaN);
    }
    this.#noteReasons();
    this.timerMs = Infinity;
    this.halted = true;
    return FOLLOW;
  }

  #ask(): void {
    const plan = this.plan;
    plan.reset();
    this.#markEquity();
    this.#strategy.plan(this.view, this.#compiled, plan);
    this.#setBand();
    this.timerMs = plan.wakeMs;
    for (let slot = 0; slot < plan.slotCount; slot += 1) {
      this.#setReason(slot, plan.reason[slot] ?? 0, plan.level[slot] ?? NaN);
    }
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
    const follows = plan.bandIndicator !== NO_INDICATOR;
    const value = follows ? (this.view.indicators[plan.bandIndicator] ?? NaN) : 0;
    const low = plan.bandLowBase + (follows && plan.bandLowCoef !== 0 ? plan.bandLowCoef * value : 0);
    const high = plan.bandHighBase + (follows && plan.bandHighCoef !== 0 ? plan.bandHighCoef * value : 0);
    this.bandLowTicks = Math.floor(low);
    this.bandHighTicks = Math.ceil(high);
  }

  /** Sends the difference between wanted and known: cancels first, then exits, then entries. */
  #reconcile(): void {
    this.unmet = false;
    const slots = this.plan.slotCount;
    for (let slot = 0; slot < slots; slot += 1) {
      const key = slot * ROLES_PER_SLOT;
      this.#withdraw(key + ROLE_ENTRY);
      this.#withdraw(key + ROLE_EXIT);
      this.#withdraw(key + ROLE_STOP);
      this.#withdraw(key + ROLE_CLOSE);
    }
    for (let slot = 0; slot < slots; slot += 1) {
      const key = slot * ROLES_PER_SLOT;
      this.#provide(key + ROLE_EXIT);
      this.#provide(key + ROLE_STOP);
      this.#provide(key + ROLE_CLOSE);
    }
    for (let slot = 0; slot < slots; slot += 1) this.#provide(slot * ROLES_PER_SLOT + ROLE_ENTRY);
  }

  #withdraw(key: number): void {
    const orders = this.orders;
    if (orders.state[key] !== ORDER_LIVE || orders.kind[key] === KIND_MARKET) return;
    const plan = this.plan;
    if (plan.isKept(key)) return;
    if (plan.isWanted(key) && plan.kind[key] === orders.kind[key] && plan.side[key] === orders.side[key]) return;
    orders.state[key] = ORDER_CANCELLING;
    this.#sink.cancel(orders.id[key] ?? NaN);
  }

  #provide(key: number): void {
    const plan = this.plan;
    if (!plan.isWanted(key)) return;
    const orders = this.orders;
    const state = orders.state[key];
    if (state === ORDER_NONE) this.#place(key);
    else if (state === ORDER_LIVE && orders.kind[key] !== KIND_MARKET) this.#amend(key);
  }

  #amend(key: number): void {
    const orders = this.orders;
    const ticks = this.plan.priceTicks(key, this.view.indicators);
    const total = (this.plan.qty[key] ?? 0) + (orders.filledSteps[key] ?? 0);
    if (ticks === orders.askedTicks[key] && total === orders.askedSteps[key]) return;
    if (this.#mustWait(key)) return;
    if (!(ticks > 0)) {
      orders.state[key] = ORDER_CANCELLING;
      this.#sink.cancel(orders.id[key] ?? NaN);
      return;
    }
    orders.state[key] = ORDER_AMENDING;
    orders.askedTicks[key] = ticks;
    orders.askedSteps[key] = total;
    this.#sink.amend(orders.id[key] ?? NaN, ticks, total);
  }

  #place(key: number): void {
    const plan = this.plan;
    const slot = (key / ROLES_PER_SLOT) | 0;
    const kind = plan.kind[key] ?? KIND_LIMIT;
    const ticks = kind === KIND_MARKET ? 0 : plan.priceTicks(key, this.view.indicators);
    const steps = plan.qty[key] ?? 0;
    const reduceOnly = plan.reduceOnly[key] ?? 0;
    const held = this.unmet;
    this.unmet = true;
    if (kind !== KIND_MARKET && !(ticks > 0)) {
      if (key - slot * ROLES_PER_SLOT === ROLE_ENTRY) this.#setReason(slot, REASON['level-below-zero'], ticks);
      return;
    }
    if (this.#mustWait(key)) {
      this.#setReason(slot, REASON['retry-wait'], ticks);
      return;
    }
    if (kind === KIND_MARKET && this.#firesTooSoon(key)) return;
    const reference = kind === KIND_MARKET ? this.#referenceTicks() : ticks;
    if (!meetsMinimum(this.#instrument, steps, reference, reduceOnly === 1)) {
      this.#setReason(slot, REASON['below-minimum'], ticks);
      return;
    }
    if (reduceOnly === 0 && this.#beyondRisk(key, steps)) {
      this.#setReason(slot, REASON['risk-limit'], ticks);
      return;
    }
    this.unmet = held;
    this.#send(key, kind, ticks, steps, reduceOnly);
  }

  #send(key: number, kind: number, ticks: number, steps: number, reduceOnly: number): void {
    const orders = this.orders;
    const side = this.plan.side[key] ?? 0;
    const id = orders.issue(key);
    orders.id[key] = id;
    orders.state[key] = ORDER_SENT;
    orders.kind[key] = kind;
    orders.side[key] = side;
    orders.askedTicks[key] = ticks;
    orders.askedSteps[key] = steps;
    orders.standingTicks[key] = ticks;
    orders.standingSteps[key] = steps;
    orders.filledSteps[key] = 0;
    orders.endFilledSteps[key] = -1;
    orders.sentMs[key] = this.view.nowMs;
    this.view.orderAlive[key] = 1;
    this.view.orderFilled[key] = 0;
    this.view.orderSentMs[key] = this.view.nowMs;
    this.#sink.place(id, kind, side, ticks, steps, reduceOnly, this.plan.postOnly[key] ?? 0);
    this.#refreshSlot((key / ROLES_PER_SLOT) | 0);
  }

  /** Position if every entry that may still fill does so, against the limits. */
  #beyondRisk(key: number, steps: number): boolean {
    const risk = this.#risk;
    if (risk.maxPositionSteps === Infinity && risk.maxOpenOrders === Infinity) return false;
    const orders = this.orders;
    const side = this.plan.side[key] ?? 0;
    let position = this.ledger.positionSteps + side * steps;
    let open = 1;
    for (let other = 0; other < orders.keyCount; other += 1) {
      if (!orders.isAlive(other)) continue;
      open += 1;
      if (other % ROLES_PER_SLOT === ROLE_ENTRY && orders.side[other] === side) {
        position += side * ((orders.askedSteps[other] ?? 0) - (orders.filledSteps[other] ?? 0));
      }
    }
    return Math.abs(position) > risk.maxPositionSteps || open > risk.maxOpenOrders;
  }

  #referenceTicks(): number {
    const view = this.view;
    if (view.priceTicks === view.priceTicks) return view.priceTicks;
    return view.closeTicks === view.closeTicks ? view.closeTicks : Infinity;
  }

  #firesTooSoon(key: number): boolean {
    const orders = this.orders;
    if (orders.id[key] === -1 || orders.kind[key] !== KIND_MARKET) return false;
    const dueMs = (orders.sentMs[key] ?? 0) + MARKET_SPACING_MS;
    if (dueMs <= this.view.nowMs) return false;
    if (dueMs < this.timerMs) this.timerMs = dueMs;
    return true;
  }

  #mustWait(key: number): boolean {
    const retryAt = this.orders.retryAtMs[key] ?? 0;
    if (retryAt <= this.view.nowMs) return false;
    if (retryAt < this.timerMs) this.timerMs = retryAt;
    return true;
  }

  /** An order that came to nothing is tried again only after a growing wait. */
  #failed(key: number, filledSome: boolean): void {
    const orders = this.orders;
    const failures = filledSome ? 1 : Math.min((orders.failures[key] ?? 0) + 1, 8);
    orders.failures[key] = failures;
    const wait = Math.min(RETRY_FIRST_MS * 2 ** (failures - 1), RETRY_LAST_MS);
    orders.retryAtMs[key] = this.view.nowMs + wait;
  }

  #forget(key: number): void {
    this.orders.state[key] = ORDER_NONE;
    this.view.orderAlive[key] = 0;
    this.view.orderFilled[key] = 0;
    this.view.orderSentMs[key] = NaN;
    this.#refreshSlot((key / ROLES_PER_SLOT) | 0);
  }

  #refreshSlot(slot: number): void {
    const orders = this.orders;
    const key = slot * ROLES_PER_SLOT;
    const open = this.view.slotQty[slot] ?? 0;
    const exitStanding = stands(orders.state[key + ROLE_EXIT]) || stands(orders.state[key + ROLE_CLOSE]);
    const next = slotState(open, orders.isAlive(key + ROLE_ENTRY), exitStanding);
    const current = this.view.slotState[slot] ?? 0;
    if (next === current || !isTrading(current)) return;
    this.#moveSlot(slot, next);
    if (open === 0 && this.slotTraded[slot] === 1 && next === 0) {
      this.slotTraded[slot] = 0;
      this.slotCycle[slot] = (this.slotCycle[slot] ?? 0) + 1;
    }
  }

  #moveSlot(slot: number, next: number): void {
    assertTransition(slot, this.view.slotState[slot] ?? 0, next);
    this.#spend(slot, this.view.nowMs);
    this.view.slotState[slot] = next;
  }

  #spend(slot: number, nowMs: number): void {
    const state = this.view.slotState[slot] ?? 0;
    this.stateMs[state] = (this.stateMs[state] ?? 0) + nowMs - (this.stateSinceMs[slot] ?? nowMs);
    this.stateSinceMs[slot] = nowMs;
  }

  #setReason(slot: number, code: number, levelTicks: number): void {
    this.slotReason[slot] = code;
    this.slotLevelTicks[slot] = levelTicks;
  }

  /** Only what stands at the end of a step is a reason; what it passed through is not. */
  #noteReasons(): void {
    const view = this.view;
    const price = view.priceTicks === view.priceTicks ? view.priceTicks : view.closeTicks;
    for (let slot = 0; slot < view.slotCount; slot += 1) {
      const code = this.slotReason[slot] ?? 0;
      const level = this.slotLevelTicks[slot] ?? NaN;
      this.reasons.set(slot, code, view.nowMs, price, view.lastFillTicks, this.plan.spacing, level);
    }
  }
}

/** An exit stands once the venue has accepted it; a sent one may have been refused. */
function stands(state: number | undefined): boolean {
  return state !== ORDER_NONE && state !== ORDER_SENT;
}

