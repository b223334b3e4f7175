import { Attachments } from './attachments.ts';
import { ASK, FOLLOW, NOTHING } from './attention.ts';
import { takeClose, warmUpDone, widenExtremes } from './candle-news.ts';
import { Caution } from './caution.ts';
import { SLOT_HALTED } from './codes.ts';
import type { CommandSink } from './commands.ts';
import {
  EVENT_ACK,
  EVENT_ATTACHED,
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
import { OrderNews } from './order-news.ts';
import { OrderTable } from './order-table.ts';
import { NO_INDICATOR, Plan } from './plan.ts';
import { PriceBand } from './price-band.ts';
import type { Patience } from './patience.ts';
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
  readonly band = new PriceBand();
  capitalMoney = NaN;
  readonly #strategy: AnyStrategy;
  readonly #sink: CommandSink;
  readonly #news: OrderNews;
  readonly #attachments: Attachments;
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
    const attachments = new Attachments(view, plan, orders, sink);
    this.#attachments = attachments;
    this.desk = new OrderDesk({ view, plan, orders, slots, sink, instrument, guard, attachments });
    this.#news = new OrderNews({
      view,
      orders,
      ledger: this.ledger,
      slots,
      desk: this.desk,
      attachments,
    });
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
    if (this.guard.active) this.guard.observe(event);
    const outcome = this.#absorb(event);
    if (this.guard.active) this.guard.weigh(event);
    this.asked = false;
    if (this.caution === undefined) this.#decide(outcome);
    else this.#decideCarefully(this.caution, outcome);
  }

  /** In a world that may withhold its answers: see caution.ts. Once, before the first event. */
  beCareful(patience: Patience): Caution {
    const { view, plan, guard, orders, slots, ledger } = this;
    const [sink, attachments] = [this.#sink, this.#attachments];
    const table = { view, plan, guard, orders, slots, ledger };
    this.caution = new Caution({ ...table, sink, patience, attachments });
    this.#news.heed(this.caution);
    return this.caution;
  }

  #decideCarefully(caution: Caution, outcome: number): void {
    if (!caution.recovering) {
      this.#decide(outcome);
      caution.sendAgain(this.view.nowMs);
    }
    caution.tend(this.view.nowMs);
  }

  #decide(outcome: number): void {
    if (!this.started || this.halted || outcome === NOTHING) return;
    // A wish that was held back may have gone stale, so it is asked for anew.
    if (outcome === ASK || this.desk.unmet) this.#ask();
    else this.band.follow(this.plan, this.view);
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
    if (this.guard.limitsAmends) return false;
    // The prices of exits that are to come with an entry move with it, and nobody would tell them.
    if (this.plan.attaches) return false;
    return !this.plan.wakeOnClose && !this.desk.unmet && this.desk.wishes.isSettled();
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
    this.guard.newestTicks = event.priceTicks;
    for (let slot = 0; slot < view.slotCount; slot += 1) view.slotPostOnlyWait[slot] = 0;
    if (highest > view.highestCloseTicks) view.highestCloseTicks = highest;
    if (lowest < view.lowestCloseTicks) view.lowestCloseTicks = lowest;
    if (this.plan.followsIndicator) this.desk.wishes.passAmends();
    this.band.follow(this.plan, this.view);
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
        return this.#news.ack(event.orderId);
      case EVENT_REFUSAL:
        return this.#news.refusal(event.orderId, event.retCode);
      case EVENT_FILL:
        return this.#news.fill(event);
      case EVENT_ORDER_ENDED:
        return this.#news.orderEnded(event);
      case EVENT_STOP_TRIGGERED:
        return this.#news.stopTriggered(event.orderId);
      case EVENT_ATTACHED:
        return this.#news.attached(event);
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
    if (view.ready) warmUpDone(view);
    return ASK;
  }

  #candleClose(event: EventRegister): number {
    const view = this.view;
    const becameReady = takeClose(view, event);
    if (!this.started) return FOLLOW;
    if (becameReady) {
      warmUpDone(view);
      return ASK;
    }
    widenExtremes(view, event.priceTicks);
    return this.plan.wakeOnClose ? ASK : FOLLOW;
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
    if (this.caution !== undefined) {
      this.caution.gate.apply(plan, this.orders, this.view);
      if (this.orders.attaches) this.#attachments.makeRoom(plan);
    }
    if (this.guard.active) this.guard.apply(plan);
    this.band.set(plan, this.view);
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
}
