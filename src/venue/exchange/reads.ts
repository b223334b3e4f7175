import { MS_PER_DAY } from '../../engine/units.ts';
import { restPositionRow, walletRow } from './account-row.ts';
import { restExecutionRow, transactionRow } from './execution-row.ts';
import { Lag, SurfaceClock } from './lag.ts';
import type { Logs } from './logs.ts';
import type { ExchangeOptions, Surface } from './options.ts';
import { parameter } from './order-ask.ts';
import type { Body } from './order-ask.ts';
import { restOrderRow } from './order-row.ts';
import { OrderView } from './order-view.ts';
import { pageBelow, readCursor, readLimit } from './paging.ts';
import type { Page } from './paging.ts';
import { isOver } from './records.ts';
import type { ExecutionTruth, OrderTruth, PositionVersion, WalletVersion } from './records.ts';
import { isRefusal } from './ret-codes.ts';
import type { Refusal } from './ret-codes.ts';

const WEEK_MS = 7 * MS_PER_DAY;

type Result = Readonly<Record<string, unknown>>;
type Window = { readonly fromMs: number; readonly toMs: number };

/** The REST endpoints that only look. Each has its own delay, so they may contradict each other. */
export class Reads {
  readonly realtime: OrderView;
  readonly history: OrderView;
  readonly executions: Lag<ExecutionTruth>;
  readonly transactions: Lag<ExecutionTruth>;
  readonly positions: Lag<PositionVersion>;
  readonly wallets: Lag<WalletVersion>;
  readonly #logs: Logs;
  readonly #options: ExchangeOptions;

  constructor(options: ExchangeOptions, logs: Logs) {
    const clock = (surface: Surface): SurfaceClock =>
      new SurfaceClock(options.seed, surface, options.delays[surface]);
    this.#options = options;
    this.#logs = logs;
    this.realtime = new OrderView(logs.orderVersions, clock('restOpenOrders'));
    this.history = new OrderView(logs.orderVersions, clock('restOrderHistory'));
    this.executions = new Lag(logs.executions, clock('restExecutions'));
    this.transactions = new Lag(logs.executions, clock('restTransactionLog'));
    this.positions = new Lag(logs.positions, clock('restPosition'));
    this.wallets = new Lag(logs.wallets, clock('restWallet'));
  }

  openOrders(nowMs: number, query: Body): Result | Refusal {
    const wrong = this.#wrongScope(query);
    if (wrong !== undefined) return wrong;
    const view = this.realtime;
    view.lag.advance(nowMs);
    const asked = this.#askedOrder(query);
    if (asked !== undefined) {
      const found = asked !== 'unknown' && view.isFound(asked.index);
      return this.#list(found ? [this.#orderRow(view, asked.index)] : []);
    }
    const limit = readLimit(query['limit'], 20, 50);
    const below = readCursor(query['cursor']);
    if (typeof limit !== 'number') return limit;
    if (typeof below !== 'number') return below;
    const closed = String(query['openOnly'] ?? '0') === '1';
    const wanted = closed ? view.cachedNewestFirst() : view.openNewestFirst();
    const chosen = wanted.filter((index) => index < below && this.#passes(index, query));
    return this.#page(this.#sliceOf(chosen, limit, (index) => this.#orderRow(view, index)));
  }

  orderHistory(nowMs: number, query: Body): Result | Refusal {
    const view = this.history;
    view.lag.advance(nowMs);
    const asked = this.#askedOrder(query);
    const window = readWindow(query, nowMs);
    const limit = readLimit(query['limit'], 20, 50);
    const below = readCursor(query['cursor']);
    if (isRefusal(window)) return window;
    if (typeof limit !== 'number') return limit;
    if (typeof below !== 'number') return below;
    const status = query['orderStatus'];
    const row = (index: number): object | undefined => {
      const version = view.shown[index];
      if (version === undefined || !isOver(version.status)) return undefined;
      // Orders without fills are kept for a day only.
      if (version.filledSteps === 0 && version.updatedMs < nowMs - MS_PER_DAY) return undefined;
      if (status !== undefined && status !== '' && status !== version.status) return undefined;
      if (version.createdMs > window.toMs || !this.#passes(index, query)) return undefined;
      return this.#orderRow(view, index);
    };
    if (asked !== undefined) {
      const found = asked === 'unknown' ? undefined : row(asked.index);
      return this.#list(found === undefined ? [] : [found]);
    }
    const timeOf = (index: number): number => this.#logs.orders[index]?.createdMs ?? 0;
    const count = this.#logs.orders.length;
    return this.#page(pageBelow(below, count, limit, row, timeOf, window.fromMs));
  }

  executionList(nowMs: number, query: Body): Result | Refusal {
    const count = this.executions.advance(nowMs);
    const window = readWindow(query, nowMs);
    const limit = readLimit(query['limit'], 50, 100);
    const below = readCursor(query['cursor']);
    if (isRefusal(window)) return window;
    if (typeof limit !== 'number') return limit;
    if (typeof below !== 'number') return below;
    const list = this.#logs.executions;
    const timeOf = (index: number): number => list[index]?.timeMs ?? 0;
    const execType = query['execType'];
    const row = (index: number): object | undefined => {
      const execution = list[index];
      if (execution === undefined || index >= count || execution.timeMs > window.toMs)
        return undefined;
      if (execType !== undefined && execType !== '' && execType !== execution.execType)
        return undefined;
      return restExecutionRow(execution, this.#options.instrument);
    };
    const asked = this.#askedOrder(query);
    if (asked === 'unknown') return this.#list([]);
    if (asked === undefined)
      return this.#page(pageBelow(below, count, limit, row, timeOf, window.fromMs));
    const own = this.#logs.executionsOf[asked.index] ?? [];
    const chosen = own.filter((index) => index < below && index < count).reverse();
    return this.#page(this.#sliceOf(chosen, limit, row));
  }

  position(nowMs: number, markTicks: number): Result {
    this.positions.advance(nowMs);
    const version = this.#logs.positions[this.positions.shown - 1];
    const instrument = this.#options.instrument;
    return this.#list(
      version === undefined ? [] : [restPositionRow(version, instrument, markTicks)],
    );
  }

  wallet(nowMs: number): Result {
    this.wallets.advance(nowMs);
    const version = this.#logs.wallets[this.wallets.shown - 1];
    const cross = this.#options.marginMode === 'cross';
    return {
      list: version === undefined ? [] : [walletRow(version, this.#options.instrument, cross)],
    };
  }

  transactionLog(nowMs: number, query: Body): Result | Refusal {
    const count = this.transactions.advance(nowMs);
    const window = readWindow(query, nowMs, MS_PER_DAY);
    const limit = readLimit(query['limit'], 20, 50);
    const below = readCursor(query['cursor']);
    if (isRefusal(window)) return window;
    if (typeof limit !== 'number') return limit;
    if (typeof below !== 'number') return below;
    const list = this.#logs.executions;
    const row = (index: number): object | undefined => {
      const execution = list[index];
      if (execution === undefined || execution.timeMs > window.toMs) return undefined;
      const found = transactionRow(execution, this.#options.instrument) as { type: string };
      const type = query['type'];
      return type === undefined || type === '' || type === found.type ? found : undefined;
    };
    const timeOf = (index: number): number => list[index]?.timeMs ?? 0;
    const page = pageBelow(below, count, limit, row, timeOf, window.fromMs);
    return { nextPageCursor: page.cursor, list: page.rows };
  }

  clockOf(surface: Surface): SurfaceClock | undefined {
    switch (surface) {
      case 'restOpenOrders':
        return this.realtime.lag.clock;
      case 'restOrderHistory':
        return this.history.lag.clock;
      case 'restExecutions':
        return this.executions.clock;
      case 'restPosition':
        return this.positions.clock;
      case 'restWallet':
        return this.wallets.clock;
      case 'restTransactionLog':
        return this.transactions.clock;
      default:
        return undefined;
    }
  }

  /** Every surface as of now; what comes later waits for its own delay. */
  advanceAll(nowMs: number): void {
    this.realtime.lag.advance(nowMs);
    this.history.lag.advance(nowMs);
    this.executions.advance(nowMs);
    this.transactions.advance(nowMs);
    this.positions.advance(nowMs);
    this.wallets.advance(nowMs);
  }

  /** Linear needs to be told what to look at; the other way round it may be left out. */
  #wrongScope(query: Body): Refusal | undefined {
    const { symbol, baseCoin, settleCoin, orderId, orderLinkId } = query;
    const named = [symbol, baseCoin, settleCoin, orderId, orderLinkId];
    const scoped = named.some((value) => value !== undefined && value !== '');
    return scoped || this.#options.instrument.inverse ? undefined : parameter('symbol');
  }

  /** The order asked for by id (orderId wins); 'unknown' for an id nobody has. */
  #askedOrder(query: Body): OrderTruth | 'unknown' | undefined {
    const { orderId, orderLinkId } = query;
    if (typeof orderId === 'string' && orderId !== '')
      return this.#logs.byOrderId.get(orderId) ?? 'unknown';
    if (typeof orderLinkId === 'string' && orderLinkId !== '')
      return this.#logs.byLinkId.get(orderLinkId) ?? 'unknown';
    return undefined;
  }

  #passes(index: number, query: Body): boolean {
    const filter = query['orderFilter'];
    if (filter === undefined || filter === '') return true;
    const conditional = this.#logs.orders[index]?.triggerDirection !== 0;
    return filter === (conditional ? 'StopOrder' : 'Order');
  }

  #orderRow(view: OrderView, index: number): object {
    const version = view.shown[index];
    return version === undefined ? {} : restOrderRow(version, this.#options.instrument);
  }

  #sliceOf(
    chosen: readonly number[],
    limit: number,
    rowAt: (index: number) => object | undefined,
  ): Page {
    let next = 0;
    const sparse = (at: number): object | undefined => {
      next = chosen.length - 1 - at;
      return rowAt(chosen[next] ?? -1);
    };
    const page = pageBelow(Infinity, chosen.length, limit, sparse, () => 0);
    const last = chosen[next];
    const created = last === undefined ? 0 : (this.#logs.orders[last]?.createdMs ?? 0);
    return page.cursor === '' || last === undefined
      ? page
      : { rows: page.rows, cursor: `${last}%3A${created}%2C${last}%3A${created}` };
  }

  #page(page: Page): Result {
    const category = this.#options.instrument.spec.category;
    return { category, nextPageCursor: page.cursor, list: page.rows };
  }

  #list(rows: readonly object[]): Result {
    return this.#page({ rows, cursor: '' });
  }
}

/** At most a week; one end given, the other is a week away; none, the last week. */
function readWindow(query: Body, nowMs: number, usualMs = WEEK_MS): Window | Refusal {
  const read = (name: string): number => {
    const value = query[name];
    return value === undefined || value === '' ? NaN : Number(value);
  };
  const from = read('startTime');
  const to = read('endTime');
  if (Number.isNaN(from) && Number.isNaN(to)) return { fromMs: nowMs - usualMs, toMs: Infinity };
  if (Number.isNaN(to)) return { fromMs: from, toMs: from + WEEK_MS };
  if (Number.isNaN(from)) return { fromMs: to - WEEK_MS, toMs: to };
  if (from > to || to - from > WEEK_MS) return parameter('endTime');
  return { fromMs: from, toMs: to };
}
