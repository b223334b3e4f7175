import {
  UNOWNED_ADL,
  UNOWNED_FOREIGN,
  UNOWNED_LIQUIDATION,
  UNOWNED_SETTLEMENT,
} from '../../engine/doubt-events.ts';
import type { EngineEvent } from '../../engine/events.ts';
import type { ExecutionRecord } from '../../brokers/bybit/wire/records.ts';
import type { LinkBook } from './link-book.ts';

/** Ids that are remembered, and the venue time before which none is needed. */
export type SavedExecutions = {
  readonly floorMs: number;
  readonly seen: readonly (readonly [execId: string, timeMs: number])[];
  readonly held: readonly ExecutionRecord[];
};

/**
 * Executions that were taken in, each once, whichever surface showed it first. Before the floor all
 * have been read: whatever comes from there is known, and its id need not be remembered.
 */
export class Executions {
  /** Venue time; -Infinity until a read was completed. */
  floorMs = -Infinity;
  readonly #seen = new Map<string, number>();
  /** Of orders without a link id that may be exits of ours: the order says it, when it is seen. */
  readonly held = new Map<string, ExecutionRecord[]>();
  readonly #links: LinkBook;
  readonly #mayBeAttached: () => boolean;

  constructor(links: LinkBook, mayBeAttached: () => boolean) {
    this.#links = links;
    this.#mayBeAttached = mayBeAttached;
  }

  get count(): number {
    return this.#seen.size;
  }

  save(): SavedExecutions {
    return { floorMs: this.floorMs, seen: [...this.#seen], held: [...this.held.values()].flat() };
  }

  load({ floorMs, seen, held }: SavedExecutions): void {
    this.held.clear();
    for (const record of held) this.#hold(record);
    this.floorMs = floorMs;
    this.#seen.clear();
    for (const [execId, timeMs] of seen) this.#seen.set(execId, timeMs);
  }

  forgetBefore(floorMs: number): void {
    if (!(floorMs > this.floorMs)) return;
    this.floorMs = floorMs;
    for (const [execId, timeMs] of this.#seen) if (timeMs < floorMs) this.#seen.delete(execId);
  }

  /** What the new ones say to the engine, oldest first. */
  take(records: readonly ExecutionRecord[], timeMs: number): EngineEvent[] {
    const fresh = records.filter((record) => !this.#isKnown(record));
    if (fresh.length > 1) fresh.sort((a, b) => a.timeMs - b.timeMs || a.seq - b.seq);
    const events: EngineEvent[] = [];
    for (const record of fresh) {
      // One message may bring an execution twice.
      if (this.#seen.has(record.execId)) continue;
      this.#seen.set(record.execId, record.timeMs);
      if (this.#isStray(record)) this.#hold(record);
      else events.push(this.#event(record, timeMs));
    }
    return events;
  }

  /** The order of what is held is known now, or never will be. */
  release(venueId: string, timeMs: number): EngineEvent[] {
    const records = this.held.get(venueId) ?? [];
    this.held.delete(venueId);
    return records.map((record) => this.#event(record, timeMs));
  }

  #isStray({ orderId, orderLinkId, execType }: ExecutionRecord): boolean {
    if (orderLinkId !== '' || execType !== 'Trade' || !this.#mayBeAttached()) return false;
    return this.#links.readVenueId(orderId) === undefined;
  }

  #hold(record: ExecutionRecord): void {
    const records = this.held.get(record.orderId);
    if (records === undefined) this.held.set(record.orderId, [record]);
    else records.push(record);
  }

  #isKnown({ execId, timeMs }: ExecutionRecord): boolean {
    return timeMs < this.floorMs || this.#seen.has(execId);
  }

  #event(record: ExecutionRecord, timeMs: number): EngineEvent {
    const { side, priceTicks, qtySteps, fee } = record;
    const unowned = (why: number): EngineEvent => {
      return { kind: 'unownedFill', timeMs, why, side, priceTicks, qtySteps, fee };
    };
    switch (record.execType) {
      case 'Funding':
        return { kind: 'cash', timeMs, funding: fee };
      case 'AdlTrade':
        return unowned(UNOWNED_ADL);
      case 'BustTrade':
        return unowned(UNOWNED_LIQUIDATION);
      case 'Settle':
      case 'Delivery':
        return unowned(UNOWNED_SETTLEMENT);
      case 'Trade':
      case 'BlockTrade':
      case 'MovePosition':
      case 'FutureSpread': {
        const orderId =
          this.#links.read(record.orderLinkId) ?? this.#links.readVenueId(record.orderId);
        if (orderId === undefined) return unowned(UNOWNED_FOREIGN);
        return { kind: 'fill', timeMs, orderId, priceTicks, qtySteps, fee, funding: 0, side };
      }
    }
  }
}
