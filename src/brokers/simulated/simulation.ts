import { KIND_LIMIT, ROLES_PER_SLOT } from '../../engine/codes.ts';
import { COMMAND_AMEND, COMMAND_CANCEL, COMMAND_PLACE, CommandSink } from '../../engine/commands.ts';
import { Engine } from '../../engine/engine.ts';
import {
  EVENT_ACK, EVENT_CANDLE_CLOSE, EVENT_FILL, EVENT_LIQUIDATED, EVENT_ORDER_ENDED, EVENT_PRICE,
  EVENT_REFUSAL, EVENT_START, EVENT_STOP_TRIGGERED, EVENT_TIMER, EventRegister,
} from '../../engine/events.ts';
import { InvariantError } from '../../engine/invariant.ts';
import { copyState } from '../../engine/state-copy.ts';
import type { AnyStrategy, StrategySetup } from '../../engine/strategy.ts';
import { PathPoint } from '../../market/exact.ts';
import type { IndicatorSeries } from '../../market/indicator-series.ts';
import { PATH_ADVERSE, crossingMs } from '../../market/path.ts';
import { TapePath } from '../../market/tape-path.ts';
import { lowerBound } from '../../market/tape.ts';
import {
  LEG_ACK, LEG_AMEND, LEG_CANCEL, LEG_MARKET, LEG_SUBMIT, LEG_WS_EXECUTION, LEG_WS_ORDER,
} from '../../venue/latency.ts';
import { Venue } from '../../venue/venue.ts';
import type { VenueHost } from '../../venue/venue.ts';
import {
  AUDIT_AMENDED, AUDIT_BOOKED, AUDIT_ENDED, AUDIT_FILL_KNOWN, AUDIT_REFUSED, AUDIT_SENT,
  AUDIT_TRIGGERED, AuditLog,
} from './audit-log.ts';
import { FillLog } from './fill-log.ts';
import { KIND_REQUEST, KIND_SURFACE, Mailbox } from './mailbox.ts';
import { SimState } from './sim-state.ts';
import { isVolatileAt, knownCloseTimes } from './world.ts';
import type { World } from './world.ts';

const MESSAGE_PLACE = 0;
const MESSAGE_AMEND = 1;
const MESSAGE_CANCEL = 2;
const MESSAGE_ANSWER = 3;
const MESSAGE_EXECUTION = 4;
const MESSAGE_ORDER_ENDED = 5;
const MESSAGE_TRIGGERED = 6;
const MESSAGE_PRICE = 7;

const MAX_DELIVERIES_PER_MS = 1_000;
const LIQUIDATION_SLOT = -1;
const LIQUIDATION_ROLE = 4;
/** A liquidation is nobody's order. */
const VOID_ORDER = -1;

/** A level as a whole 32-bit number, so that the tight loop compares integers. */
function clampTicks(level: number): number {
  return level <= -0x80000000 ? -0x80000000 | 0 : level >= 0x7fffffff ? 0x7fffffff : level | 0;
}

/** Which candles the walk may pass over without looking inside. */
export type Walk = 'every-candle' | 'every-waypoint';

export type SimulationOptions = {
  /** Keep orders' lives and reasons as rows: backtests do, sweeps do not. */
  readonly keepsRows: boolean;
  /** every-waypoint looks inside every candle: slow, for tests. */
  readonly walk?: Walk;
};

/**
 * The simulated broker: the venue in process, the engine, and the messages between them in time.
 * One object runs many points of one strategy, one after the other; `run` starts from nothing.
 * Order of events within a ms: docs/simulation.md, section "Time".
 */
export class Simulation implements VenueHost {
  readonly fills = new FillLog();
  readonly audit: AuditLog;
  readonly venue: Venue;
  readonly mailbox = new Mailbox();
  readonly path: TapePath;
  readonly state = new SimState();
  engine: Engine;
  readonly #world: World;
  readonly #series: IndicatorSeries;
  readonly #knownCloseMs: Float64Array;
  readonly #options: SimulationOptions;
  readonly #sink = new CommandSink();
  readonly #event = new EventRegister();
  readonly #payload = new Float64Array(7);
  readonly #closeValues: Float64Array;
  readonly #seenPoint = new PathPoint();
  readonly #shared: ReadonlySet<object>;
  readonly #snapshot: { venue: Venue; mailbox: Mailbox; state: SimState };
  readonly #pristine: { venue: Venue; mailbox: Mailbox; state: SimState };
  readonly #strategy: AnyStrategy;
  #snapshotEngine: Engine;
  #pristineEngine: Engine;
  #slotCount: number;
  #watchesPrice: boolean;
  /** every-waypoint delivers every close on time. */
  readonly #playsCloses: boolean;
  /** every-waypoint asks the venue at every ms it visits. */
  readonly #looksEverywhere: boolean;
  #row = 0;
  #volatileNow = false;

  constructor(
    world: World, series: IndicatorSeries, strategy: AnyStrategy, setup: StrategySetup<unknown>,
    options: SimulationOptions,
  ) {
    this.#world = world;
    this.#series = series;
    this.#strategy = strategy;
    this.#options = options;
    this.#playsCloses = options.walk === 'every-waypoint';
    this.#looksEverywhere = options.walk === 'every-waypoint';
    this.#knownCloseMs = knownCloseTimes(world, series);
    this.#closeValues = new Float64Array(series.needs.length);
    this.path = new TapePath(world.tape, world.path);
    this.audit = new AuditLog(options.keepsRows);
    this.venue = this.#makeVenue();
    this.#snapshot = { venue: this.#makeVenue(), mailbox: new Mailbox(), state: new SimState() };
    this.#pristine = { venue: this.#makeVenue(), mailbox: new Mailbox(), state: new SimState() };
    this.#slotCount = setup.slotCount;
    this.#watchesPrice = setup.watchesPrice;
    this.engine = this.#makeEngine(setup);
    this.#snapshotEngine = this.#makeEngine(setup);
    this.#pristineEngine = this.#makeEngine(setup);
    this.#shared = new Set<object>();
  }

  /** Runs one set of parameters from nothing; results are in fills, audit, venue and engine. */
  run(setup: StrategySetup<unknown>): void {
    this.#reset(setup);
    this.#warmUp();
    this.#refreshDue();
    const { tape, firstRow, endMs, path } = this.#world;
    for (let row = this.#nextRow(firstRow); row < tape.count; row = this.#nextRow(row + 1)) {
      this.#row = row;
      if (path === PATH_ADVERSE) this.#walkAdverse(row);
      else this.#walkRow(row);
      if (this.venue.liquidated) break;
    }
    this.#row = tape.count - 1;
    if (!this.venue.liquidated) this.#drainBefore(endMs);
    this.venue.nowMs = endMs;
    if (!this.venue.liquidated) this.venue.advanceFunding(endMs - 1);
    this.venue.settleFunding();
    this.engine.finish(this.venue.liquidated ? this.state.nowMs : endMs);
  }

  /** Venue time at which the run was liquidated; NaN when it was not. */
  liquidatedAtMs(): number {
    return this.venue.liquidated ? this.state.nowMs : NaN;
  }

  // --- what the venue tells its surfaces -------------------------------------------------------

  onExecution(
    orderId: number, timeMs: number, side: number, priceTicks: number, qtySteps: number,
    maker: boolean, fee: number, funding: number,
  ): void {
    const key = this.engine.orders.keyOf(orderId);
    const slot = Math.floor(key / ROLES_PER_SLOT);
    const role = key - slot * ROLES_PER_SLOT;
    const fill = this.fills.add(timeMs, orderId, slot, role, side, priceTicks, qtySteps, maker, fee);
    const arrivalMs = Math.max(this.state.lastExecutionMs, timeMs + this.#delay(LEG_WS_EXECUTION, timeMs));
    this.state.lastExecutionMs = arrivalMs;
    const at = this.mailbox.post(arrivalMs, KIND_SURFACE, MESSAGE_EXECUTION);
    const cells = this.mailbox.cells;
    cells[at] = orderId;
    cells[at + 1] = priceTicks;
    cells[at + 2] = qtySteps;
    cells[at + 3] = fee;
    cells[at + 4] = funding;
    cells[at + 5] = fill;
    cells[at + 6] = timeMs;
  }

  onOrderEnded(orderId: number, timeMs: number, end: number, filledSteps: number): void {
    this.audit.add(AUDIT_ENDED, timeMs, orderId, end, filledSteps);
    const at = this.#postOrderFrame(timeMs, MESSAGE_ORDER_ENDED);
    this.mailbox.cells[at] = orderId;
    this.mailbox.cells[at + 1] = end;
    this.mailbox.cells[at + 2] = filledSteps;
  }

  onStopTriggered(orderId: number, timeMs: number): void {
    this.audit.add(AUDIT_TRIGGERED, timeMs, orderId);
    const at = this.#postOrderFrame(timeMs, MESSAGE_TRIGGERED);
    this.mailbox.cells[at] = orderId;
  }

  onLiquidated(
    timeMs: number, side: number, priceTicks: number, qtySteps: number, fee: number, funding: number,
  ): void {
    this.fills.add(timeMs, VOID_ORDER, LIQUIDATION_SLOT, LIQUIDATION_ROLE, side, priceTicks, qtySteps, false, fee);
    const event = this.#event;
    event.kind = EVENT_LIQUIDATED;
    event.timeMs = timeMs;
    event.priceTicks = priceTicks;
    event.qtySteps = qtySteps;
    event.fee = fee;
    event.funding = funding;
    this.engine.step(event);
  }

  #postOrderFrame(timeMs: number, type: number): number {
    const arrivalMs = Math.max(this.state.lastOrderMs, timeMs + this.#delay(LEG_WS_ORDER, timeMs));
    this.state.lastOrderMs = arrivalMs;
    return this.mailbox.post(arrivalMs, KIND_SURFACE, type);
  }

  // --- the walk --------------------------------------------------------------------------------

  #nextEventMs(): number {
    const mailMs = this.mailbox.nextMs;
    return this.state.dueMs < mailMs ? this.state.dueMs : mailMs;
  }

  /** The next of what is not a message: a close somebody waits for, a timer, a liquidation. */
  #refreshDue(): void {
    const state = this.state;
    let due = state.started ? this.engine.timerMs : this.#world.startMs;
    if (state.liquidationMs < due) due = state.liquidationMs;
    if (state.nextCloseMs < due && (this.#playsCloses || this.engine.needsCloses())) due = state.nextCloseMs;
    state.dueMs = due;
  }

  /**
   * The first row from `from` on that may matter: its range reaches a level, or an event is due
   * before it ends. The one loop that visits every candle, so it holds nothing but comparisons.
   */
  #nextRow(from: number): number {
    const { tape } = this.#world;
    const { low, high } = tape;
    if (this.#options.walk === 'every-waypoint') return from;
    const floor = clampTicks(this.state.floor);
    const ceil = clampTicks(this.state.ceil);
    const endRow = this.#rowOfEvent(from);
    let row = from;
    while (row < endRow && (low[row] as number) > floor && (high[row] as number) < ceil) row += 1;
    return row;
  }

  /** The first row from `from` on in whose span the next event is due; the tape's count if none. */
  #rowOfEvent(from: number): number {
    const { openTimeMs, count, intervalMs } = this.#world.tape;
    const firstMs = openTimeMs[from] ?? Infinity;
    const dueMs = this.#nextEventMs() - intervalMs + 1;
    if (firstMs >= dueMs) return Math.min(from, count);
    // Right where no candle is missing in between; else the row is found by bisection.
    const ahead = from + Math.ceil((dueMs - firstMs) / intervalMs);
    if (ahead < count && openTimeMs[ahead] === firstMs + (ahead - from) * intervalMs) return ahead;
    return lowerBound(openTimeMs, dueMs);
  }

  /** Nothing can happen in the rest of this candle. */
  #isQuiet(row: number): boolean {
    const { tape } = this.#world;
    const { floor, ceil } = this.state;
    const quiet = (tape.low[row] ?? 0) > floor && (tape.high[row] ?? 0) < ceil;
    return quiet && this.#nextEventMs() >= (tape.openTimeMs[row] ?? 0) + tape.intervalMs;
  }

  #walkRow(row: number): void {
    const { tape } = this.#world;
    const openMs = tape.openTimeMs[row] ?? 0;
    this.#drainBefore(openMs);
    this.#volatileNow = this.#world.volatile[row] === 1;
    this.venue.openCandle(tape.volumeSteps[row] ?? 0);
    this.venue.marketOpen = true;
    const open = tape.open[row] ?? 0;
    this.venue.point.set(open, 1);
    this.#atMs(openMs, open <= this.state.floor || open >= this.state.ceil || this.venue.book.levelsStale);
    if (this.#looksEverywhere || !this.#isQuiet(row)) this.#walkSegments(row, openMs, open);
    if (this.venue.book.limitsBlocked) {
      // The next candle brings new volume; what waits beyond its level must be seen there.
      this.venue.book.limitsBlocked = false;
      this.venue.book.levelsStale = true;
      this.#refreshLevels();
    }
  }

  #walkSegments(row: number, openMs: number, open: number): void {
    const { tape } = this.#world;
    const highFirst = this.path.isHighFirst(row);
    const high = tape.high[row] ?? 0;
    const low = tape.low[row] ?? 0;
    const first = highFirst ? high : low;
    const second = highFirst ? low : high;
    const [, firstOffset, secondOffset, closeOffset] = this.path.offsets;
    const firstMs = openMs + firstOffset;
    const secondMs = openMs + secondOffset;
    this.#walkSegment(openMs, open, firstMs, first);
    if (!this.#looksEverywhere && this.#isQuiet(row)) return;
    this.#walkSegment(firstMs, first, secondMs, second);
    this.#walkSegment(secondMs, second, openMs + closeOffset, tape.close[row] ?? 0);
  }

  /** Both orders from a copy of the run's own state; the lower equity at the close is kept. */
  #walkAdverse(row: number): void {
    const path = this.path;
    const close = this.#world.tape.close[row] ?? 0;
    this.#save();
    path.choose(row, false);
    this.#walkRow(row);
    const lowFirst = this.venue.equityMoney(close);
    this.#restore();
    path.choose(row, true);
    this.#walkRow(row);
    const highFirst = this.venue.equityMoney(close);
    if (lowFirst < highFirst) {
      this.#restore();
      path.choose(row, false);
      this.#walkRow(row);
    }
  }

  #walkSegment(fromMs: number, from: number, toMs: number, to: number): void {
    const state = this.state;
    const venue = this.venue;
    const length = toMs - fromMs;
    let cursorMs = fromMs;
    while (!venue.liquidated) {
      let timeMs = Infinity;
      if (to < from && to <= state.floor) timeMs = crossingMs(fromMs, from, toMs, to, state.floor);
      else if (to > from && to >= state.ceil) timeMs = crossingMs(fromMs, from, toMs, to, state.ceil);
      if (!(timeMs > cursorMs)) throw new InvariantError(`a level at ${timeMs} ms was passed over at ${cursorMs} ms`);
      const levelMs = timeMs;
      const eventMs = this.#nextEventMs();
      if (eventMs < timeMs) timeMs = eventMs;
      if (timeMs > toMs) return;
      if (timeMs === toMs) venue.point.set(to, 1);
      else venue.point.set(from * length + (to - from) * (timeMs - fromMs), length);
      this.#atMs(timeMs, timeMs === levelMs);
      cursorMs = timeMs;
    }
  }

  /** A closed market: messages, closes and timers go on, nothing fills. */
  #drainBefore(untilMs: number): void {
    for (;;) {
      const timeMs = this.#nextEventMs();
      if (timeMs >= untilMs || this.venue.liquidated) return;
      const row = this.#pathRow(timeMs);
      if (row >= 0) this.venue.point.set(this.#world.tape.close[row] ?? 0, 1);
      this.venue.marketOpen = false;
      this.#volatileNow = false;
      this.#atMs(timeMs, false);
    }
  }

  /** One ms. `reaches`: the path may have reached a level here; otherwise kind 0 has nothing to do. */
  #atMs(timeMs: number, reaches: boolean): void {
    const state = this.state;
    const venue = this.venue;
    if (!(timeMs >= state.nowMs)) throw new InvariantError(`time went back from ${state.nowMs} to ${timeMs}`);
    state.nowMs = timeMs;
    state.deliveries = 0;
    venue.nowMs = timeMs;
    if (state.nextCloseMs < timeMs) this.#absorbCloses(timeMs);
    venue.advanceFunding(timeMs);
    if (venue.marketOpen && (reaches || this.#looksEverywhere)) {
      venue.match();
      if (venue.waitingCount > 0 && !venue.liquidated) venue.release();
      this.#watchBand(timeMs);
    }
    if (timeMs >= state.liquidationMs && !venue.liquidated) venue.liquidate();
    while (!venue.liquidated) {
      const request = this.mailbox.nextMs <= timeMs && this.mailbox.nextKind() === KIND_REQUEST;
      if (!request && venue.arrivalReached) {
        venue.match();
        continue;
      }
      if (!this.#deliverNext(timeMs)) break;
    }
    this.#refreshLevels();
  }

  /** The lowest (kind, sequence) due in this ms. False when nothing is. */
  #deliverNext(timeMs: number): boolean {
    const state = this.state;
    state.deliveries += 1;
    if (!(state.deliveries <= MAX_DELIVERIES_PER_MS)) throw new InvariantError(`more than ${MAX_DELIVERIES_PER_MS} deliveries at ${timeMs} ms: a loop`);
    if (this.mailbox.nextMs <= timeMs) {
      this.#deliverMessage(timeMs);
      return true;
    }
    if (state.nextCloseMs <= timeMs) {
      this.#deliverClose(timeMs);
      return true;
    }
    if (!state.started) {
      if (this.#world.startMs > timeMs) return false;
      this.#deliverStart(timeMs);
      return true;
    }
    if (this.engine.timerMs <= timeMs) {
      this.#event.kind = EVENT_TIMER;
      this.#step(timeMs);
      return true;
    }
    return false;
  }

  #refreshLevels(): void {
    const book = this.venue.book;
    const state = this.state;
    if (book.levelsStale) book.refreshLevels();
    let floor = book.floorLevel;
    let ceil = book.ceilLevel;
    const liquidation = this.venue.liquidationLevel;
    if (this.#world.mark !== undefined) {
      if (!Object.is(liquidation, state.liquidationLevel)) this.#lookUpLiquidation(liquidation);
    } else if (liquidation === liquidation) {
      if (this.venue.ledger.positionSteps > 0) floor = Math.max(floor, liquidation);
      else ceil = Math.min(ceil, liquidation);
    }
    if (state.bandArmed) {
      floor = Math.max(floor, state.bandLow);
      ceil = Math.min(ceil, state.bandHigh);
    }
    // What waits for the first price after a gap is met at the next candle, whatever its range.
    if (this.venue.waitingCount > 0) floor = Infinity;
    state.floor = floor;
    state.ceil = ceil;
    this.#refreshDue();
  }

  /** The mark's path is known from the tape, so the ms of a liquidation is found, not waited for. */
  #lookUpLiquidation(level: number): void {
    const state = this.state;
    state.liquidationLevel = level;
    state.liquidationMs = Infinity;
    if (level !== level) return;
    const below = this.venue.ledger.positionSteps > 0;
    state.liquidationMs = this.#world.mark?.firstReachedMs(state.nowMs + 1, level, below) ?? Infinity;
  }

  // --- deliveries ------------------------------------------------------------------------------

  #deliverMessage(timeMs: number): void {
    const type = this.mailbox.nextType();
    const payload = this.#payload;
    this.mailbox.take(payload);
    const event = this.#event;
    const orderId = payload[0] ?? 0;
    event.orderId = orderId;
    switch (type) {
      case MESSAGE_PLACE:
      case MESSAGE_AMEND:
      case MESSAGE_CANCEL:
        this.#request(type, timeMs, payload);
        return;
      case MESSAGE_ANSWER:
        event.retCode = payload[1] ?? 0;
        event.kind = event.retCode === 0 ? EVENT_ACK : EVENT_REFUSAL;
        break;
      case MESSAGE_EXECUTION:
        event.kind = EVENT_FILL;
        event.priceTicks = payload[1] ?? 0;
        event.qtySteps = payload[2] ?? 0;
        event.fee = payload[3] ?? 0;
        event.funding = payload[4] ?? 0;
        this.audit.add(AUDIT_FILL_KNOWN, timeMs, orderId, payload[5]);
        // An execution is a price, and newer than what the feed may have shown.
        this.state.seenMs = Math.max(this.state.seenMs, payload[6] ?? 0);
        break;
      case MESSAGE_ORDER_ENDED:
        event.kind = EVENT_ORDER_ENDED;
        event.end = payload[1] ?? 0;
        event.filledSteps = payload[2] ?? 0;
        break;
      case MESSAGE_TRIGGERED:
        event.kind = EVENT_STOP_TRIGGERED;
        break;
      case MESSAGE_PRICE:
        if (payload[1] !== this.state.bandVersion) return;
        this.state.pricePending = false;
        this.state.seenMs = Math.max(this.state.seenMs, payload[0] ?? 0);
        event.kind = EVENT_PRICE;
        break;
      default:
        throw new InvariantError(`simulation: unknown message ${type}`);
    }
    this.#step(timeMs);
  }

  /** A request reaches the matching engine; the answer sets out at once. */
  #request(type: number, timeMs: number, payload: Float64Array): void {
    const orderId = payload[0] ?? 0;
    const price = payload[1] ?? 0;
    const steps = payload[2] ?? 0;
    let retCode = 0;
    if (type === MESSAGE_PLACE) {
      const flags = payload[5] ?? 0;
      retCode = this.venue.place(orderId, payload[3] ?? KIND_LIMIT, payload[4] ?? 0, price, steps, flags % 2 === 1, flags >= 2);
      this.audit.add(retCode === 0 ? AUDIT_BOOKED : AUDIT_REFUSED, timeMs, orderId, retCode);
    } else if (type === MESSAGE_AMEND) {
      retCode = this.venue.amend(orderId, price, steps);
      if (retCode === 0) this.audit.add(AUDIT_AMENDED, timeMs, orderId, price, steps);
    } else {
      retCode = this.venue.cancel(orderId);
    }
    const at = this.mailbox.post(timeMs + this.#delay(LEG_ACK, timeMs), KIND_SURFACE, MESSAGE_ANSWER);
    this.mailbox.cells[at] = orderId;
    this.mailbox.cells[at + 1] = retCode;
  }

  #deliverClose(timeMs: number): void {
    const event = this.#event;
    this.#loadClose(this.state.closeRow);
    this.#advanceClose();
    event.kind = EVENT_CANDLE_CLOSE;
    this.#step(timeMs);
  }

  /** Closes that nobody waited for, up to this ms. */
  #absorbCloses(timeMs: number): void {
    while (this.state.nextCloseMs < timeMs) {
      this.#loadClose(this.state.closeRow);
      this.#advanceClose();
      this.engine.absorbClose(this.#event);
    }
  }

  #loadClose(row: number): void {
    const values = this.#closeValues;
    const needs = values.length;
    for (let i = 0; i < needs; i += 1) values[i] = this.#series.values[row * needs + i] ?? NaN;
    this.#event.indicators = values;
    this.#event.priceTicks = this.#series.close[row] ?? NaN;
  }

  #advanceClose(): void {
    const state = this.state;
    state.closeRow += 1;
    const next = this.#knownCloseMs[state.closeRow];
    state.nextCloseMs = next === undefined ? Infinity : next;
  }

  #deliverStart(timeMs: number): void {
    this.state.started = true;
    this.#event.kind = EVENT_START;
    this.#event.walletMoney = this.#world.capitalMoney;
    this.#step(timeMs);
  }

  #step(timeMs: number): void {
    const event = this.#event;
    event.timeMs = timeMs;
    event.knownPriceTicks = this.#watchesPrice ? this.#seePrice(timeMs) : NaN;
    this.engine.step(event);
    if (this.#sink.count > 0) this.#send(timeMs);
    if (this.#watchesPrice) this.#setBand(timeMs, event.knownPriceTicks);
  }

  #send(timeMs: number): void {
    const sink = this.#sink;
    const state = this.state;
    for (let i = 0; i < sink.count; i += 1) {
      const kind = sink.kind[i];
      const leg = kind === COMMAND_PLACE ? LEG_SUBMIT : kind === COMMAND_AMEND ? LEG_AMEND : LEG_CANCEL;
      const arrivalMs = Math.max(state.lastRequestMs, timeMs + this.#delay(leg, timeMs));
      state.lastRequestMs = arrivalMs;
      const orderId = sink.orderId[i] ?? 0;
      const type = kind === COMMAND_CANCEL ? MESSAGE_CANCEL : kind === COMMAND_AMEND ? MESSAGE_AMEND : MESSAGE_PLACE;
      const at = this.mailbox.post(arrivalMs, KIND_REQUEST, type);
      const cells = this.mailbox.cells;
      cells[at] = orderId;
      if (kind === COMMAND_CANCEL) continue;
      cells[at + 1] = sink.priceTicks[i] ?? 0;
      cells[at + 2] = sink.qtySteps[i] ?? 0;
      if (kind === COMMAND_AMEND) continue;
      cells[at + 3] = sink.orderKind[i] ?? 0;
      cells[at + 4] = sink.side[i] ?? 0;
      cells[at + 5] = (sink.reduceOnly[i] ?? 0) + 2 * (sink.postOnly[i] ?? 0);
      if (this.audit.keepsRows) this.#auditSent(i, timeMs, orderId);
    }
    sink.clear();
  }

  #auditSent(i: number, timeMs: number, orderId: number): void {
    const sink = this.#sink;
    const slot = Math.floor(this.engine.orders.keyOf(orderId) / ROLES_PER_SLOT);
    this.audit.add(
      AUDIT_SENT, timeMs, orderId, sink.orderKind[i], sink.side[i], sink.priceTicks[i], sink.qtySteps[i],
      (sink.reduceOnly[i] ?? 0) + 2 * (sink.postOnly[i] ?? 0), this.engine.slotCycle[slot],
    );
  }

  // --- the known price -------------------------------------------------------------------------

  /** The price the market feed has shown by now: the path one market leg ago, never going back. */
  #seePrice(timeMs: number): number {
    const state = this.state;
    state.seenMs = Math.max(state.seenMs, timeMs - this.#marketDelay(timeMs));
    if (!this.path.priceAt(this.#pathRow(timeMs), state.seenMs, this.#seenPoint)) return NaN;
    return this.#seenPoint.ticks();
  }

  /** The newest row whose candle has opened. */
  #pathRow(timeMs: number): number {
    return this.path.rowAt(this.#row, timeMs);
  }

  #marketDelay(timeMs: number): number {
    const world = this.#world;
    if (world.latency.isZero(LEG_MARKET)) return 0;
    const volatile = world.volatile.length > 0 && isVolatileAt(world, this.#pathRow(timeMs), timeMs);
    return world.latency.delayMs(LEG_MARKET, timeMs, 0, volatile);
  }

  /**
   * Watches the engine's band from the newest price seen on. A strategy that was just asked with
   * a price outside its new band knows so: the band sleeps until the next time it is asked.
   */
  #setBand(timeMs: number, knownTicks: number): void {
    const state = this.state;
    const engine = this.engine;
    const same = state.bandLow === engine.bandLowTicks && state.bandHigh === engine.bandHighTicks;
    if (same && (state.bandArmed || state.pricePending)) return;
    state.bandLow = engine.bandLowTicks;
    state.bandHigh = engine.bandHighTicks;
    state.bandVersion += 1;
    state.pricePending = false;
    state.bandArmed = state.bandLow > -Infinity || state.bandHigh < Infinity;
    if (!state.bandArmed) return;
    if (knownTicks <= state.bandLow || knownTicks >= state.bandHigh) {
      state.bandArmed = false;
      if (!engine.asked) this.#postPriceAt(state.seenMs, timeMs);
      return;
    }
    const row = this.#pathRow(timeMs);
    if (row < 0 || state.seenMs >= timeMs) return;
    const leftMs = this.path.firstOutside(row, state.seenMs, timeMs, state.bandLow, state.bandHigh);
    if (leftMs <= timeMs) this.#postPrice(leftMs, timeMs);
  }

  /** The path has just moved: has it left the band? */
  #watchBand(timeMs: number): void {
    const state = this.state;
    if (!state.bandArmed) return;
    const point = this.venue.point;
    if (point.atOrBelow(state.bandLow) || point.atOrAbove(state.bandHigh)) this.#postPrice(timeMs, timeMs);
  }

  #postPrice(leftMs: number, nowMs: number): void {
    this.#postPriceAt(leftMs, Math.max(nowMs, leftMs + this.#marketDelay(leftMs)));
  }

  #postPriceAt(leftMs: number, arrivalMs: number): void {
    const at = this.mailbox.post(arrivalMs, KIND_SURFACE, MESSAGE_PRICE);
    this.mailbox.cells[at] = leftMs;
    this.mailbox.cells[at + 1] = this.state.bandVersion;
    this.state.bandArmed = false;
    this.state.pricePending = true;
  }

  // --- chance, start, copies -------------------------------------------------------------------

  #delay(leg: number, timeMs: number): number {
    const state = this.state;
    if (this.#world.latency.isZero(leg)) return 0;
    if (state.drawMs[leg] !== timeMs) {
      state.drawMs[leg] = timeMs;
      state.drawCount[leg] = 0;
    }
    const n = state.drawCount[leg] ?? 0;
    state.drawCount[leg] = n + 1;
    return this.#world.latency.delayMs(leg, timeMs, n, this.#volatileNow);
  }

  #makeVenue(): Venue {
    const { instrument, taker, execution, leverage, capitalMoney, funding } = this.#world;
    const margin = { inverse: instrument.inverse, leverage, maintenanceMarginRate: instrument.maintenanceMarginRate };
    const terms = { taker, margin, capitalMoney, throughTicks: execution.throughTicks, participation: execution.participation, liquidatesOnMark: this.#world.mark !== undefined };
    return new Venue(instrument, terms, funding, this);
  }

  #makeEngine(setup: StrategySetup<unknown>): Engine {
    return new Engine(
      this.#strategy, setup.compiled, this.#world.instrument, setup.slotCount, this.#series.needs.length,
      this.#sink, this.#world.risk, this.#options.keepsRows,
    );
  }

  #reset(setup: StrategySetup<unknown>): void {
    if (setup.slotCount !== this.#slotCount) {
      this.#slotCount = setup.slotCount;
      this.engine = this.#makeEngine(setup);
      this.#snapshotEngine = this.#makeEngine(setup);
      this.#pristineEngine = this.#makeEngine(setup);
    }
    this.#watchesPrice = setup.watchesPrice;
    copyState(this.engine, this.#pristineEngine, this.#shared);
    copyState(this.venue, this.#pristine.venue, this.#shared);
    copyState(this.mailbox, this.#pristine.mailbox, this.#shared);
    copyState(this.state, this.#pristine.state, this.#shared);
    this.engine.configure(setup.compiled);
    this.fills.count = 0;
    this.audit.count = 0;
    this.path.forgetChoices();
    this.#sink.clear();
    this.#row = this.#world.firstRow - 1;
    this.#volatileNow = false;
  }

  /** What closed before the start only sets the indicators. */
  #warmUp(): void {
    const state = this.state;
    const { startMs } = this.#world;
    state.nextCloseMs = this.#knownCloseMs[0] ?? Infinity;
    let last = -1;
    while (state.nextCloseMs < startMs) {
      last = state.closeRow;
      this.#advanceClose();
    }
    state.nowMs = last >= 0 ? Math.min(startMs, this.#knownCloseMs[last] ?? startMs) : startMs;
    if (last < 0) return;
    this.#loadClose(last);
    this.#event.kind = EVENT_CANDLE_CLOSE;
    this.#event.timeMs = state.nowMs;
    this.#event.knownPriceTicks = NaN;
    this.engine.step(this.#event);
  }

  #save(): void {
    copyState(this.#snapshotEngine, this.engine, this.#shared);
    copyState(this.#snapshot.venue, this.venue, this.#shared);
    copyState(this.#snapshot.mailbox, this.mailbox, this.#shared);
    this.state.fillCount = this.fills.count;
    this.state.auditCount = this.audit.count;
    copyState(this.#snapshot.state, this.state, this.#shared);
  }

  #restore(): void {
    copyState(this.engine, this.#snapshotEngine, this.#shared);
    copyState(this.venue, this.#snapshot.venue, this.#shared);
    copyState(this.mailbox, this.#snapshot.mailbox, this.#shared);
    copyState(this.state, this.#snapshot.state, this.#shared);
    this.fills.count = this.state.fillCount;
    this.audit.count = this.state.auditCount;
  }
}
