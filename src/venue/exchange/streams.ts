import type { Instrument } from '../../engine/instrument.ts';
import { InvariantError } from '../../engine/invariant.ts';
import { streamPositionRow, walletRow } from './account-row.ts';
import { streamExecutionRow } from './execution-row.ts';
import { SurfaceClock } from './lag.ts';
import type { ExchangeOptions, Surface } from './options.ts';
import { streamOrderRow } from './order-row.ts';
import type { ExecutionTruth, OrderVersion, PositionVersion, WalletVersion } from './records.ts';

export type Topic = 'order' | 'execution' | 'position' | 'wallet';
export type PrivateFrame = {
  readonly atMs: number;
  readonly topic: Topic;
  readonly body: Readonly<Record<string, unknown>>;
};

type Waiting<Item> = {
  readonly timeMs: number;
  readonly dueMs: number;
  readonly turn: number;
  readonly item: Item;
};

/** What one topic has yet to push. */
class Queue<Item> {
  readonly clock: SurfaceClock;
  #waiting: Waiting<Item>[] = [];
  #head = 0;

  constructor(clock: SurfaceClock) {
    this.clock = clock;
  }

  get first(): Waiting<Item> | undefined {
    return this.#waiting[this.#head];
  }

  get nextMs(): number {
    const first = this.first;
    return first === undefined ? Infinity : Math.max(first.dueMs, this.clock.stalledUntilMs);
  }

  push(timeMs: number, item: Item, turn: number): void {
    this.#waiting.push({ timeMs, dueMs: this.clock.dueMs(timeMs), turn, item });
  }

  /** All that happened in the same ms and is due together: one frame. */
  take(): Item[] {
    const first = this.first;
    const items: Item[] = [];
    for (let next = first; next !== undefined; next = this.first) {
      if (next.dueMs !== first?.dueMs || next.timeMs !== first.timeMs) break;
      items.push(next.item);
      this.#head += 1;
    }
    if (this.#head > 256) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
    return items;
  }
}

/** The private topics: each keeps its own order and has its own delay. */
export class Streams {
  readonly orders: Queue<OrderVersion>;
  readonly executions: Queue<ExecutionTruth>;
  readonly positions: Queue<PositionVersion>;
  readonly wallets: Queue<WalletVersion>;
  readonly #instrument: Instrument;
  readonly #cross: boolean;
  #turn = 0;
  #frames = 0;

  constructor(options: ExchangeOptions) {
    const clock = (surface: Surface): SurfaceClock =>
      new SurfaceClock(options.seed, surface, options.delays[surface]);
    this.#instrument = options.instrument;
    this.#cross = options.marginMode === 'cross';
    this.orders = new Queue(clock('wsOrder'));
    this.executions = new Queue(clock('wsExecution'));
    this.positions = new Queue(clock('wsPosition'));
    this.wallets = new Queue(clock('wsWallet'));
  }

  pushOrder(version: OrderVersion): void {
    this.orders.push(version.timeMs, version, this.#next());
  }

  pushExecution(execution: ExecutionTruth): void {
    this.executions.push(execution.timeMs, execution, this.#next());
  }

  /** Also of a position that has not changed: the topic repeats it at every change of an order. */
  pushPosition(timeMs: number, version: PositionVersion): void {
    this.positions.push(timeMs, version, this.#next());
  }

  pushWallet(version: WalletVersion): void {
    this.wallets.push(version.timeMs, version, this.#next());
  }

  clockOf(surface: Surface): SurfaceClock | undefined {
    switch (surface) {
      case 'wsOrder':
        return this.orders.clock;
      case 'wsExecution':
        return this.executions.clock;
      case 'wsPosition':
        return this.positions.clock;
      case 'wsWallet':
        return this.wallets.clock;
      default:
        return undefined;
    }
  }

  nextMs(): number {
    return Math.min(
      this.orders.nextMs,
      this.executions.nextMs,
      this.positions.nextMs,
      this.wallets.nextMs,
    );
  }

  take(): PrivateFrame {
    const atMs = this.nextMs();
    switch (this.#earliest(atMs)) {
      case 'order': {
        const rows = this.orders.take();
        return this.#frame(
          atMs,
          'order',
          rows.map((row) => streamOrderRow(row, this.#instrument)),
        );
      }
      case 'execution': {
        const rows = this.executions.take();
        const seq = rows[0]?.seq ?? 0;
        const data = rows.map((row) => streamExecutionRow(row, this.#instrument));
        return this.#frame(atMs, 'execution', data, `lockstep_${this.#instrument.symbol}_${seq}`);
      }
      case 'position': {
        const rows = this.positions.take();
        const data = rows.map((row) => streamPositionRow(row, this.#instrument));
        return this.#frame(atMs, 'position', data);
      }
      case 'wallet': {
        const rows = this.wallets.take();
        const data = rows.map((row) => walletRow(row, this.#instrument, this.#cross));
        return this.#frame(atMs, 'wallet', data);
      }
    }
  }

  /** Of the topics due at this ms, the one whose first record happened first. */
  #earliest(atMs: number): Topic {
    let topic: Topic | undefined;
    let turn = Infinity;
    const look = (
      name: Topic,
      queue: { readonly nextMs: number; readonly first: { readonly turn: number } | undefined },
    ): void => {
      if (queue.nextMs !== atMs || queue.first === undefined || queue.first.turn >= turn) return;
      turn = queue.first.turn;
      topic = name;
    };
    look('execution', this.executions);
    look('order', this.orders);
    look('position', this.positions);
    look('wallet', this.wallets);
    if (topic === undefined) throw new InvariantError(`no frame waits at ${atMs}`);
    return topic;
  }

  #frame(atMs: number, topic: Topic, data: readonly object[], id?: string): PrivateFrame {
    this.#frames += 1;
    const body = { id: id ?? `${topic}-${this.#frames}`, topic, creationTime: atMs, data };
    return { atMs, topic, body };
  }

  #next(): number {
    this.#turn += 1;
    return this.#turn;
  }
}
