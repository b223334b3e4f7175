import { ORDER_LIVE } from '../../engine/codes.ts';
import { SOURCE_OPEN_LIST, SOURCE_STREAM } from '../../engine/doubt-events.ts';
import type { Engine } from '../../engine/engine.ts';
import type { ExecutionRecord, OrderRecord } from '../../brokers/bybit/wire/records.ts';
import type { CatchUp } from './catch-up.ts';
import type { EngineFeed } from './engine-feed.ts';
import { Executions } from './executions.ts';
import type { LinkBook } from './link-book.ts';
import { isOpen, newsOfOrder } from './order-news.ts';
import type { AlarmCode } from './protocol.ts';

/** Longer than reads overlap, surfaces lag and clocks differ, all together. */
const REMEMBERED_MS = 600_000;

export type RecordsInParts = {
  readonly engine: Engine;
  readonly feed: EngineFeed;
  readonly links: LinkBook;
  readonly catchUp: CatchUp;
  readonly alarm: (code: AlarmCode, text: string) => void;
};

/** The venue's records of orders and executions, from stream or read, as news for the engine. */
export class RecordsIn {
  readonly #parts: RecordsInParts;
  readonly taken: Executions;

  constructor(parts: RecordsInParts) {
    this.#parts = parts;
    this.taken = new Executions(parts.links);
  }

  /** Executions taken in, each once. */
  get executionCount(): number {
    return this.taken.count;
  }

  orders(records: readonly OrderRecord[], source: number, askedMs: number): void {
    const { feed, links, catchUp, alarm } = this.#parts;
    for (const record of records) {
      const orderId = links.read(record.orderLinkId);
      if (orderId === undefined) {
        if (isOpen(record) && source === SOURCE_STREAM)
          alarm('foreign-order', `order ${record.orderId} is not ours`);
        continue;
      }
      if (source === SOURCE_OPEN_LIST) catchUp.seen.add(record.orderLinkId);
      for (const event of newsOfOrder(record, orderId, source, feed.nowMs, askedMs))
        feed.tell(event);
    }
  }

  executions(records: readonly ExecutionRecord[]): void {
    const { feed, catchUp } = this.#parts;
    for (const event of this.taken.take(records, feed.nowMs)) {
      feed.tell(event);
      // Entries stop until a whole read agrees, so it begins at once.
      if (event.kind === 'unownedFill') catchUp.start(feed.nowMs);
    }
  }

  /** Executions up to the watermark have been read whole: what is much older comes no more. */
  executionsRead(): void {
    const { catchUp, links, engine } = this.#parts;
    this.taken.forgetBefore(catchUp.watermarkMs - REMEMBERED_MS);
    links.forgetOld(engine.orders.id, engine.orders.attempts);
  }

  /** Orders believed to stand that a whole list of open orders does not show. */
  openOrdersRead(askedMs: number): void {
    const { engine, feed, links, catchUp } = this.#parts;
    const { orders } = engine;
    for (let key = 0; key < orders.keyCount; key += 1) {
      const orderId = orders.id[key] ?? -1;
      if (orders.state[key] !== ORDER_LIVE) continue;
      if (catchUp.seen.has(links.textOf(orderId))) continue;
      const source = SOURCE_OPEN_LIST;
      feed.tell({ kind: 'orderAbsent', timeMs: feed.nowMs, orderId, source, askedMs });
    }
  }
}
