import { CommandSink } from '../../engine/commands.ts';
import { Engine } from '../../engine/engine.ts';
import { InvariantError } from '../../engine/invariant.ts';
import type { AnyStrategy, StrategySetup } from '../../engine/strategy.ts';
import { crossingIndexOf } from '../../market/crossing-index.ts';
import type { CrossingIndex } from '../../market/crossing-index.ts';
import type { IndicatorSeries } from '../../market/indicator-series.ts';
import { PATH_ADVERSE, crossingMs } from '../../market/path.ts';
import { TapePath } from '../../market/tape-path.ts';
import { hasGaps, lowerBound } from '../../market/tape.ts';
import { Venue } from '../../venue/venue.ts';
import { AuditLog } from './audit-log.ts';
import { Closes } from './closes.ts';
import { copyRunState } from './checkpoint.ts';
import type { RunState } from './checkpoint.ts';
import { Delays } from './delays.ts';
import { Deliveries } from './deliveries.ts';
import type { FillLog } from './fill-log.ts';
import { Leaps } from './leaps.ts';
import { Mailbox } from './mailbox.ts';
import { PriceFeed } from './price-feed.ts';
import { Requests } from './requests.ts';
import { SimState } from './sim-state.ts';
import { Surfaces } from './surfaces.ts';
import type { World } from './world.ts';

/** A level as a whole 32-bit number, so that the tight loop compares integers. */
function clampTicks(level: number): number {
  return level <= -0x80000000 ? -0x80000000 | 0 : level >= 0x7fffffff ? 0x7fffffff : level | 0;
}

/** What the walk may pass over without looking: nothing it passes over can matter. */
export type Walk = 'skip' | 'every-candle' | 'every-waypoint';

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
export class Simulation implements RunState {
  readonly audit: AuditLog;
  readonly fills: FillLog;
  readonly venue: Venue;
  readonly mailbox = new Mailbox();
  readonly state = new SimState();
  readonly path: TapePath;
  engine: Engine;
  readonly #world: World;
  readonly #closes: Closes;
  readonly #strategy: AnyStrategy;
  readonly #keepsRows: boolean;
  /** every-waypoint looks inside every candle, at every ms it visits, and plays every close. */
  readonly #looksEverywhere: boolean;
  readonly #crossings: CrossingIndex | undefined;
  readonly #leaps: Leaps | undefined;
  readonly #delays: Delays;
  readonly #surfaces: Surfaces;
  readonly #prices: PriceFeed;
  readonly #deliveries: Deliveries;
  readonly #firstOpenMs: number;
  readonly #hasGaps: boolean;
  readonly #hasVolatility: boolean;
  readonly #sink = new CommandSink();
  readonly #snapshot: RunState;
  readonly #pristine: RunState;
  #slotCount: number;
  #row = 0;

  constructor(
    world: World,
    series: IndicatorSeries,
    strategy: AnyStrategy,
    setup: StrategySetup<unknown>,
    options: SimulationOptions,
  ) {
    this.#world = world;
    this.#firstOpenMs = world.tape.openTimeMs[0] ?? 0;
    this.#hasGaps = hasGaps(world.tape);
    this.#hasVolatility = world.volatile.length > 0;
    this.#closes = new Closes(world, series);
    this.#strategy = strategy;
    this.#keepsRows = options.keepsRows;
    this.#looksEverywhere = options.walk === 'every-waypoint';
    this.path = new TapePath(world.tape, world.path);
    this.audit = new AuditLog(options.keepsRows);
    this.#delays = new Delays(world, this.path, this.state);
    this.#surfaces = new Surfaces(this.audit, this.mailbox, this.state, this.#delays);
    this.fills = this.#surfaces.fills;
    this.venue = this.#makeVenue();
    this.#prices = new PriceFeed(this.path, this.mailbox, this.state, this.#delays);
    this.#slotCount = setup.slotCount;
    this.engine = this.#makeEngine(setup);
    this.#deliveries = this.#makeDeliveries();
    if (options.walk === 'skip') {
      this.#crossings = crossingIndexOf(world.tape);
      this.#leaps = this.#makeLeaps(this.#crossings);
    }
    this.#snapshot = this.#makeState(setup);
    this.#pristine = this.#makeState(setup);
  }

  /** Runs one set of parameters from nothing; results are in fills, audit, venue and engine. */
  run(setup: StrategySetup<unknown>): void {
    this.#reset(setup);
    this.#deliveries.warmUp();
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
    if (state.nextCloseMs < due && (this.#looksEverywhere || this.engine.needsCloses()))
      due = state.nextCloseMs;
    state.dueMs = due;
  }

  /**
   * The first row from `from` on that may matter: its range reaches a level, or an event is due
   * before it ends. The one loop that visits every candle, so it holds nothing but comparisons.
   */
  #nextRow(from: number): number {
    const { tape } = this.#world;
    const { low, high } = tape;
    if (this.#looksEverywhere) return from;
    if (this.#crossings !== undefined) return this.#skipTo(from, this.#crossings);
    const floor = clampTicks(this.state.floor);
    const ceil = clampTicks(this.state.ceil);
    const endRow = this.#rowOfEvent(from);
    let row = from;
    while (row < endRow && (low[row] as number) > floor && (high[row] as number) < ceil) row += 1;
    return row;
  }

  /** The same by looking where the index says, and past closes that only move what follows. */
  #skipTo(from: number, crossings: CrossingIndex): number {
    const state = this.state;
    let row = from;
    while (state.nextCloseMs === state.dueMs && this.#leaps !== undefined) {
      const close = state.closeRow;
      row = this.#leaps.leap(row, this.engine);
      if (state.closeRow === close) break;
      this.#refreshLevels();
    }
    const { floor, ceil } = state;
    return crossings.nextOutside(row, this.#rowOfEvent(row), clampTicks(floor), clampTicks(ceil));
  }

  /** The first row from `from` on in whose span the next event is due; the tape's count if none. */
  #rowOfEvent(from: number): number {
    const { count, intervalMs } = this.#world.tape;
    const dueMs = this.#nextEventMs() - intervalMs + 1;
    if (dueMs === Infinity) return count;
    return Math.min(count, Math.max(from, this.#rowFrom(dueMs)));
  }

  /** The first row that opens at or after a time. */
  #rowFrom(timeMs: number): number {
    const { openTimeMs, intervalMs } = this.#world.tape;
    if (!this.#hasGaps) return Math.ceil((timeMs - this.#firstOpenMs) / intervalMs);
    return lowerBound(openTimeMs, timeMs);
  }

  /** Where no candle is missing, arithmetic is cheaper than memory. */
  #openMs(row: number): number {
    const { openTimeMs, intervalMs } = this.#world.tape;
    return this.#hasGaps ? (openTimeMs[row] ?? 0) : this.#firstOpenMs + row * intervalMs;
  }

  /** Nothing can happen in the rest of this candle. */
  #isQuiet(row: number): boolean {
    const { tape } = this.#world;
    const { floor, ceil } = this.state;
    const quiet = (tape.low[row] ?? 0) > floor && (tape.high[row] ?? 0) < ceil;
    return quiet && this.#nextEventMs() >= this.#openMs(row) + tape.intervalMs;
  }

  #walkRow(row: number): void {
    const { tape } = this.#world;
    const openMs = this.#openMs(row);
    if (this.#nextEventMs() < openMs) this.#drainBefore(openMs);
    if (this.#hasVolatility) this.#delays.volatileNow = this.#world.volatile[row] === 1;
    const venue = this.venue;
    if (venue.limitsVolume) venue.openCandle(tape.volumeSteps[row] ?? 0);
    venue.marketOpen = true;
    const open = tape.open[row] ?? 0;
    venue.point.set(open, 1);
    const reaches = open <= this.state.floor || open >= this.state.ceil || venue.book.levelsStale;
    if (reaches || this.#looksEverywhere || this.#nextEventMs() <= openMs)
      this.#atMs(openMs, reaches);
    if (this.#looksEverywhere || !this.#isQuiet(row)) this.#walkSegments(row, openMs, open);
    if (venue.book.limitsBlocked) {
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
    const firstMs = openMs + this.path.firstOffset;
    const secondMs = openMs + this.path.secondOffset;
    const close = tape.close[row] ?? 0;
    const closeMs = openMs + tape.intervalMs - 1;
    if (this.#mayHappen(firstMs, first)) this.#walkSegment(openMs, open, firstMs, first);
    if (this.#mayHappen(secondMs, second)) this.#walkSegment(firstMs, first, secondMs, second);
    if (this.#mayHappen(closeMs, close)) this.#walkSegment(secondMs, second, closeMs, close);
  }

  /** A segment that ends inside the levels, before anything is due, is passed over. */
  #mayHappen(toMs: number, to: number): boolean {
    const { floor, ceil } = this.state;
    return to <= floor || to >= ceil || this.#nextEventMs() <= toMs || this.#looksEverywhere;
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
      else if (to > from && to >= state.ceil)
        timeMs = crossingMs(fromMs, from, toMs, to, state.ceil);
      if (!(timeMs > cursorMs))
        throw new InvariantError(`a level at ${timeMs} ms was passed over at ${cursorMs} ms`);
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
      const row = this.path.rowAt(this.#row, timeMs);
      if (row >= 0) this.venue.point.set(this.#world.tape.close[row] ?? 0, 1);
      this.venue.marketOpen = false;
      this.#delays.volatileNow = false;
      this.#atMs(timeMs, false);
    }
  }

  /** One ms. `reaches`: the path may have reached a level here; otherwise kind 0 has nothing to do. */
  #atMs(timeMs: number, reaches: boolean): void {
    const state = this.state;
    const venue = this.venue;
    if (!(timeMs >= state.nowMs))
      throw new InvariantError(`time went back from ${state.nowMs} to ${timeMs}`);
    state.nowMs = timeMs;
    state.deliveries = 0;
    venue.nowMs = timeMs;
    if (state.nextCloseMs < timeMs) this.#deliveries.absorbCloses(timeMs, this.#row);
    venue.advanceFunding(timeMs);
    if (venue.marketOpen && (reaches || this.#looksEverywhere)) {
      venue.match();
      if (venue.waitingCount > 0 && !venue.liquidated) venue.release();
      this.#prices.watch(venue.point, timeMs, this.#row);
    }
    if (timeMs >= state.liquidationMs && !venue.liquidated && this.#isSamePosition())
      venue.liquidate();
    while (!venue.liquidated) {
      const request = this.mailbox.nextMs <= timeMs && this.mailbox.nextIsRequest();
      if (!request && venue.arrivalReached) {
        venue.match();
        continue;
      }
      if (!this.#deliveries.next(timeMs, this.#row)) break;
    }
    if (venue.liquidated) this.#deliveries.tellLiquidation(timeMs);
    this.#refreshLevels();
  }

  #refreshLevels(): void {
    const book = this.venue.book;
    const state = this.state;
    if (book.levelsStale) book.refreshLevels();
    let floor = book.floorLevel;
    let ceil = book.ceilLevel;
    const liquidation = this.venue.liquidationLevel;
    if (this.#world.mark !== undefined) {
      if (!this.#isSamePosition()) this.#lookUpLiquidation(liquidation);
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

  /** The position is still the one that liquidationMs was looked up for. */
  #isSamePosition(): boolean {
    const state = this.state;
    const { liquidationLevel, ledger } = this.venue;
    return (
      Object.is(liquidationLevel, state.liquidationLevel) &&
      ledger.positionSteps === state.liquidationSteps
    );
  }

  /** The mark's path is known from the tape, so the ms of a liquidation is found, not waited for. */
  #lookUpLiquidation(level: number): void {
    const state = this.state;
    state.liquidationLevel = level;
    state.liquidationSteps = this.venue.ledger.positionSteps;
    state.liquidationMs = Infinity;
    if (level !== level) return;
    const below = this.venue.ledger.positionSteps > 0;
    state.liquidationMs =
      this.#world.mark?.firstReachedMs(state.nowMs + 1, level, below) ?? Infinity;
  }

  // --- start and copies ------------------------------------------------------------------------

  #makeDeliveries(): Deliveries {
    const { audit, mailbox, state, venue } = this;
    const parts = {
      world: this.#world,
      closes: this.#closes,
      state,
      mailbox,
      audit,
      sink: this.#sink,
      requests: new Requests(audit, mailbox, state, this.#delays, venue),
      prices: this.#prices,
      surfaces: this.#surfaces,
    };
    return new Deliveries(parts, this.engine);
  }

  #makeLeaps(crossings: CrossingIndex): Leaps {
    const { state, mailbox, venue } = this;
    return new Leaps({
      world: this.#world,
      closes: this.#closes,
      crossings,
      state,
      mailbox,
      venue,
      deliveries: this.#deliveries,
      prices: this.#prices,
    });
  }

  #makeVenue(): Venue {
    const { instrument, taker, execution, leverage, capitalMoney, funding, mark } = this.#world;
    const { maintenanceMarginRate, inverse } = instrument;
    const terms = {
      taker,
      margin: { inverse, leverage, maintenanceMarginRate },
      capitalMoney,
      throughTicks: execution.throughTicks,
      participation: execution.participation,
      liquidatesOnMark: mark !== undefined,
    };
    return new Venue(instrument, terms, funding, this.#surfaces);
  }

  #makeEngine(setup: StrategySetup<unknown>): Engine {
    return new Engine(
      this.#strategy,
      setup.compiled,
      this.#world.instrument,
      setup.slotCount,
      this.#closes.series.needs.length,
      this.#sink,
      this.#world.risk,
      this.#keepsRows,
    );
  }

  #makeState(setup: StrategySetup<unknown>): RunState {
    const [venue, engine] = [this.#makeVenue(), this.#makeEngine(setup)];
    return { venue, engine, mailbox: new Mailbox(), state: new SimState() };
  }

  #reset(setup: StrategySetup<unknown>): void {
    if (setup.slotCount !== this.#slotCount) {
      this.#slotCount = setup.slotCount;
      this.engine = this.#makeEngine(setup);
      this.#snapshot.engine = this.#makeEngine(setup);
      this.#pristine.engine = this.#makeEngine(setup);
    }
    this.#deliveries.engine = this.engine;
    this.#deliveries.watchesPrice = setup.watchesPrice;
    copyRunState(this, this.#pristine);
    this.engine.configure(setup.compiled);
    this.#surfaces.keyCount = this.engine.orders.keyCount;
    this.fills.count = 0;
    this.audit.count = 0;
    this.path.forgetChoices();
    this.#sink.clear();
    this.#row = this.#world.firstRow - 1;
    this.#delays.volatileNow = false;
  }

  #save(): void {
    this.state.fillCount = this.fills.count;
    this.state.auditCount = this.audit.count;
    copyRunState(this.#snapshot, this);
  }

  #restore(): void {
    copyRunState(this, this.#snapshot);
    this.fills.count = this.state.fillCount;
    this.audit.count = this.state.auditCount;
    // A walk that is taken back may have ended with commands that nobody sent.
    this.#sink.clear();
  }
}
