import { CommandSink } from '../../engine/commands.ts';
import { Engine } from '../../engine/engine.ts';
import type { AnyStrategy, StrategySetup } from '../../engine/strategy.ts';
import type { IndicatorSeries } from '../../market/indicator-series.ts';
import { PATH_ADVERSE } from '../../market/path.ts';
import { TapePath } from '../../market/tape-path.ts';
import { TradePath } from '../../market/trade-path.ts';
import { Venue } from '../../venue/venue.ts';
import { AuditLog } from './audit-log.ts';
import type { CandleWalk } from './candle-walk.ts';
import { closeColumns, Closes } from './closes.ts';
import type { CloseColumns } from './closes.ts';
import { copyRunState } from './checkpoint.ts';
import type { RunState } from './checkpoint.ts';
import { Delays } from './delays.ts';
import { Deliveries } from './deliveries.ts';
import type { FillLog } from './fill-log.ts';
import type { LeapParts } from './leaps.ts';
import { Mailbox } from './mailbox.ts';
import { Moments } from './moments.ts';
import { PriceFeed } from './price-feed.ts';
import { Requests } from './requests.ts';
import { RowSearch } from './row-search.ts';
import type { Walk } from './row-search.ts';
import { RowWalk } from './row-walk.ts';
import type { RowWalkParts } from './row-walk.ts';
import { SimState } from './sim-state.ts';
import { Surfaces } from './surfaces.ts';
import { TradeWalk } from './trade-walk.ts';
import type { World } from './world.ts';

export type SimulationOptions = {
  /** Keep orders' lives and reasons as rows: backtests do, sweeps do not. */
  readonly keepsRows: boolean;
  /** every-waypoint looks inside every candle: slow, for tests. */
  readonly walk?: Walk;
  /** Of the same world and series, built elsewhere. */
  readonly closes?: CloseColumns;
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
  readonly #delays: Delays;
  readonly #surfaces: Surfaces;
  readonly #prices: PriceFeed;
  readonly #deliveries: Deliveries;
  readonly #requests: Requests;
  readonly #moments: Moments;
  readonly #rows: RowSearch;
  readonly #walk: CandleWalk;
  readonly #sink = new CommandSink();
  readonly #snapshot: RunState;
  readonly #pristine: RunState;
  #slotCount: number;

  constructor(
    world: World,
    series: IndicatorSeries,
    strategy: AnyStrategy,
    setup: StrategySetup<unknown>,
    options: SimulationOptions,
  ) {
    this.#world = world;
    this.#closes = new Closes(world, options.closes ?? closeColumns(world, series));
    this.#strategy = strategy;
    this.#keepsRows = options.keepsRows;
    this.path = new TapePath(world.tape, world.path);
    const { trades } = world;
    const prices = trades === undefined ? this.path : new TradePath(trades, world.tape);
    this.audit = new AuditLog(options.keepsRows);
    this.#delays = new Delays(world, prices, this.state);
    this.#surfaces = new Surfaces(this.audit, this.mailbox, this.state, this.#delays);
    this.fills = this.#surfaces.fills;
    this.venue = this.#makeVenue();
    this.#prices = new PriceFeed(prices, this.mailbox, this.state, this.#delays);
    this.#slotCount = setup.slotCount;
    this.engine = this.#makeEngine(setup);
    this.#requests = new Requests(this.audit, this.mailbox, this.state, this.#delays, this.venue);
    this.#deliveries = this.#makeDeliveries();
    const parts = this.#parts();
    this.#moments = new Moments(parts, options.walk === 'every-waypoint');
    this.#rows = new RowSearch(options.walk ?? 'every-candle', parts, this.#moments);
    const walkParts = { ...parts, moments: this.#moments, rows: this.#rows };
    this.#walk = trades === undefined ? new RowWalk(walkParts) : new TradeWalk(walkParts, trades);
    this.#snapshot = this.#makeState(setup);
    this.#pristine = this.#makeState(setup);
  }

  /** Runs one set of parameters from nothing; results are in fills, audit, venue and engine. */
  run(setup: StrategySetup<unknown>): void {
    this.#reset(setup);
    this.#deliveries.warmUp();
    this.#moments.refreshDue();
    const { tape, firstRow, endMs, path } = this.#world;
    const venue = this.venue;
    for (let row = this.#rows.next(firstRow); row < tape.count; row = this.#rows.next(row + 1)) {
      if (path === PATH_ADVERSE) this.#walkAdverse(row);
      else this.#walk.walk(row);
      if (venue.account.liquidated) break;
    }
    this.#walk.row = tape.count - 1;
    if (!venue.account.liquidated) this.#walk.drainBefore(endMs);
    venue.present.nowMs = endMs;
    if (!venue.account.liquidated) venue.account.advanceFunding(endMs - 1);
    venue.account.settleFunding();
    this.engine.finish(venue.account.liquidated ? this.state.nowMs : endMs);
  }

  /** Venue time at which the run was liquidated; NaN when it was not. */
  liquidatedAtMs(): number {
    return this.venue.account.liquidated ? this.state.nowMs : NaN;
  }

  /** Both orders from a copy of the run's own state; the lower equity at the close is kept. */
  #walkAdverse(row: number): void {
    const path = this.path;
    const close = this.#world.tape.close[row] ?? 0;
    this.#save();
    path.choose(row, false);
    this.#walk.walk(row);
    const lowFirst = this.venue.account.equityMoney(close);
    this.#restore();
    path.choose(row, true);
    this.#walk.walk(row);
    const highFirst = this.venue.account.equityMoney(close);
    if (lowFirst < highFirst) {
      this.#restore();
      path.choose(row, false);
      this.#walk.walk(row);
    }
  }

  #makeDeliveries(): Deliveries {
    const { audit, mailbox, state } = this;
    const parts = {
      world: this.#world,
      closes: this.#closes,
      state,
      mailbox,
      audit,
      sink: this.#sink,
      requests: this.#requests,
      prices: this.#prices,
      surfaces: this.#surfaces,
    };
    return new Deliveries(parts, this.engine);
  }

  /** What the parts of the walk share. */
  #parts(): Omit<LeapParts, 'crossings'> & Pick<RowWalkParts, 'path' | 'delays'> {
    const { state, mailbox, venue, path } = this;
    return {
      world: this.#world,
      closes: this.#closes,
      state,
      mailbox,
      venue,
      path,
      delays: this.#delays,
      deliveries: this.#deliveries,
      prices: this.#prices,
    };
  }

  #makeVenue(): Venue {
    const { instrument, taker, execution, leverage, capitalMoney, funding, mark, queue } =
      this.#world;
    const { maintenanceMarginRate, inverse } = instrument;
    const terms = {
      taker,
      margin: { inverse, leverage, maintenanceMarginRate },
      capitalMoney,
      throughTicks: execution.throughTicks,
      participation: execution.participation,
      liquidatesOnMark: mark !== undefined,
      queue,
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
    this.#requests.keyCount = this.engine.orders.keyCount;
    this.fills.count = 0;
    this.audit.count = 0;
    this.path.forgetChoices();
    this.#sink.clear();
    this.#walk.row = this.#world.firstRow - 1;
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
