import { ORDER_LIVE } from '../../engine/codes.ts';
import {
  SOURCE_HISTORY,
  SOURCE_OPEN_LIST,
  SOURCE_REALTIME,
  SOURCE_STREAM,
} from '../../engine/doubt-events.ts';
import type { Engine } from '../../engine/engine.ts';
import type { EngineEvent } from '../../engine/events.ts';
import type { ExecutionRecord, OrderRecord } from '../../brokers/bybit/wire/records.ts';
import type { CatchUp } from './catch-up.ts';
import type { EngineFeed } from './engine-feed.ts';
import { Executions } from './executions.ts';
import type { LinkBook } from './link-book.ts';
import { isOpen, newsOfOrder } from './order-news.ts';
import type { AlarmCode } from './protocol.ts';

/** Longer than reads overlap, surfaces lag and clocks differ, all together. */
const REMEMBERED_MS = 600_000;
/** Two seconds apart: beyond what reads lag. */
const MOST_LOOK_UPS = 15;

export type RecordsInParts = {
  readonly engine: Engine;
  readonly feed: EngineFeed;
  readonly links: LinkBook;
  readonly catchUp: CatchUp;
  readonly alarm: (code: AlarmCode, text: string) => void;
  /** Asks for an order by the venue's id; after the first time, later. */
  readonly lookUp: (venueId: string, source: number, tries: number) => void;
  readonly cancelSecond: (venueId: string, orderId: number) => void;
};

/** The venue's records of orders and executions, from stream or read, as news for the engine. */
export class RecordsIn {
  readonly #parts: RecordsInParts;
  readonly taken: Executions;

  constructor(parts: RecordsInParts) {
    this.#parts = parts;
    this.taken = new Executions(parts.links, () => parts.engine.orders.attaches);
  }

  /** Executions taken in, each once. */
  get executionCount(): number {
    return this.taken.count;
  }

  orders(records: readonly OrderRecord[], source: number, askedMs: number): void {
    const { feed, links, catchUp, alarm } = this.#parts;
    for (const record of records) {
      const orderId = this.idOf(record);
      if (orderId === undefined) {
        if (isOpen(record) && source === SOURCE_STREAM)
          alarm('foreign-order', `order ${record.orderId} is not ours`);
        continue;
      }
      if (links.isSecond(record, orderId)) {
        // The pair was over and its slot has exits of its own by now.
        if (isOpen(record)) this.#parts.cancelSecond(record.orderId, orderId);
        continue;
      }
      if (source === SOURCE_OPEN_LIST) catchUp.seen.add(links.textOf(orderId));
      if (this.taken.held.has(record.orderId))
        this.#tellFills(this.taken.release(record.orderId, feed.nowMs));
      for (const event of newsOfOrder(record, orderId, source, feed.nowMs, askedMs))
        feed.tell(event);
    }
  }

  /** The engine's number of an order of ours, the exits that the venue made for it among them. */
  idOf(record: OrderRecord): number | undefined {
    const { links } = this.#parts;
    return links.read(record.orderLinkId) ?? links.adopt(record);
  }

  executions(records: readonly ExecutionRecord[]): void {
    const before = new Set(this.taken.held.keys());
    this.#tellFills(this.taken.take(records, this.#parts.feed.nowMs));
    for (const venueId of this.taken.held.keys())
      if (!before.has(venueId)) this.#parts.lookUp(venueId, SOURCE_REALTIME, 0);
  }

  /** A new process: the former one's look-ups have no answer. */
  lookUpAgain(): void {
    for (const venueId of this.taken.held.keys()) this.#parts.lookUp(venueId, SOURCE_REALTIME, 0);
  }

  /** The order of a held execution was looked for; what nobody finds for long is nobody's of ours. */
  lookedUp(venueId: string, source: number, tries: number, found: boolean): void {
    const { links, feed, lookUp } = this.#parts;
    if (!this.taken.held.has(venueId)) return;
    const settled = found || links.readVenueId(venueId) !== undefined || tries >= MOST_LOOK_UPS;
    if (settled) this.#tellFills(this.taken.release(venueId, feed.nowMs));
    else lookUp(venueId, source === SOURCE_REALTIME ? SOURCE_HISTORY : SOURCE_REALTIME, tries + 1);
  }

  #tellFills(events: readonly EngineEvent[]): void {
    const { feed, catchUp } = this.#parts;
    for (const event of events) {
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
