import {
  UNOWNED_ADL,
  UNOWNED_FOREIGN,
  UNOWNED_LIQUIDATION,
  UNOWNED_SETTLEMENT,
} from '../../engine/doubt-events.ts';
import type { EngineEvent } from '../../engine/events.ts';
import type { ExecutionRecord } from '../../brokers/bybit/wire/records.ts';
import type { LinkBook } from './link-book.ts';

/** Executions that were taken in, each once, whichever surface showed it first. */
export class Executions {
  readonly #seen = new Set<string>();
  readonly #links: LinkBook;

  constructor(links: LinkBook) {
    this.#links = links;
  }

  get count(): number {
    return this.#seen.size;
  }

  save(): readonly string[] {
    return [...this.#seen];
  }

  load(saved: readonly string[]): void {
    this.#seen.clear();
    for (const execId of saved) this.#seen.add(execId);
  }

  /** What the new ones say to the engine, oldest first. */
  take(records: readonly ExecutionRecord[], timeMs: number): EngineEvent[] {
    const fresh = records.filter(({ execId }) => !this.#seen.has(execId));
    if (fresh.length > 1) fresh.sort((a, b) => a.timeMs - b.timeMs || a.seq - b.seq);
    const events: EngineEvent[] = [];
    for (const record of fresh) {
      // One message may bring an execution twice.
      if (this.#seen.has(record.execId)) continue;
      this.#seen.add(record.execId);
      events.push(this.#event(record, timeMs));
    }
    return events;
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
        const orderId = this.#links.read(record.orderLinkId);
        if (orderId === undefined) return unowned(UNOWNED_FOREIGN);
        return { kind: 'fill', timeMs, orderId, priceTicks, qtySteps, fee, funding: 0, side };
      }
    }
  }
}
