import { ROLE_EXIT, ROLE_STOP, ROLES_PER_SLOT } from '../../engine/codes.ts';
import { InvariantError } from '../../engine/invariant.ts';
import { attachedTo, keyOfOrder } from '../../engine/order-id.ts';
import { formatLinkId, orderIdOf, parseLinkId } from '../../brokers/bybit/wire/link-id.ts';
import type { OrderRecord } from '../../brokers/bybit/wire/records.ts';

/** An order's number and link id; for exits that the venue made, its own id too. */
export type SavedLink = readonly [orderId: number, text: string, venueId?: string];

/** Far more orders than can be sent while a call about one of them is on its way. */
const KEPT_ATTEMPTS = 1_000;

/** The ids of our orders as the venue knows them. An id is made once and never used again. */
export class LinkBook {
  readonly #deployment: string;
  readonly #keyCount: number;
  readonly #texts = new Map<number, string>();
  /** The venue's own ids of exits that it made itself, for they have no link id; and back. */
  readonly #venueIds = new Map<number, string>();
  readonly #ofVenue = new Map<string, number>();

  constructor(deployment: string, keyCount: number) {
    this.#deployment = deployment;
    this.#keyCount = keyCount;
  }

  /** For an order about to be sent. */
  make(orderId: number, cycle: number): string {
    const key = keyOfOrder(orderId, this.#keyCount);
    const slot = Math.floor(key / ROLES_PER_SLOT);
    const text = formatLinkId({
      deployment: this.#deployment,
      slot,
      cycle,
      role: key - slot * ROLES_PER_SLOT,
      attempt: Math.floor(orderId / this.#keyCount),
    });
    this.#texts.set(orderId, text);
    return text;
  }

  textOf(orderId: number): string {
    const text = this.#texts.get(orderId);
    if (text === undefined) throw new InvariantError(`order ${orderId} has no link id`);
    return text;
  }

  knows(text: string): boolean {
    const orderId = this.#parse(text);
    return orderId !== undefined && this.#texts.get(orderId) === text;
  }

  /** The engine's number of an order of ours; undefined for anybody else's. */
  read(text: string): number | undefined {
    const orderId = this.#parse(text);
    if (orderId !== undefined && !this.#texts.has(orderId)) this.#texts.set(orderId, text);
    return orderId;
  }

  /** The venue's own id of an exit that came with its entry; undefined before it was seen. */
  venueIdOf(orderId: number): string | undefined {
    return this.#venueIds.get(orderId);
  }

  /** The exit that the venue knows by this id. */
  readVenueId(venueId: string): number | undefined {
    return this.#ofVenue.get(venueId);
  }

  /** The number of an exit that came with an entry of ours; undefined for any other order. */
  adopt(record: OrderRecord): number | undefined {
    const entryId = this.read(record.parentLinkId);
    const stop = record.stopOrderType.endsWith('StopLoss');
    if (entryId === undefined || !(stop || record.stopOrderType.endsWith('TakeProfit')))
      return undefined;
    const role = stop ? ROLE_STOP : ROLE_EXIT;
    const orderId = attachedTo(entryId, role, this.#keyCount);
    this.#ofVenue.set(record.orderId, orderId);
    if (!this.#venueIds.has(orderId)) this.#venueIds.set(orderId, record.orderId);
    if (!this.#texts.has(orderId)) this.make(orderId, parseLinkId(record.parentLinkId)?.cycle ?? 0);
    return orderId;
  }

  /** The venue has made a second one of it, after the first was over. */
  isSecond(record: OrderRecord, orderId: number): boolean {
    const first = this.#venueIds.get(orderId);
    return first !== undefined && first !== record.orderId && record.orderLinkId === '';
  }

  get count(): number {
    return this.#texts.size;
  }

  /** Orders that are over and long ago; an id that is met again is read again. */
  forgetOld(current: Float64Array, attempts: number): void {
    if (this.#texts.size < 2 * KEPT_ATTEMPTS) return;
    const oldest = (attempts - KEPT_ATTEMPTS) * this.#keyCount;
    for (const orderId of this.#texts.keys())
      if (orderId < oldest && !current.includes(orderId)) this.#forget(orderId);
  }

  #forget(orderId: number): void {
    this.#texts.delete(orderId);
    const venueId = this.#venueIds.get(orderId);
    if (venueId === undefined) return;
    this.#venueIds.delete(orderId);
    this.#ofVenue.delete(venueId);
  }

  save(): readonly SavedLink[] {
    return [...this.#texts].map(([orderId, text]) => {
      const venueId = this.#venueIds.get(orderId);
      return venueId === undefined ? [orderId, text] : [orderId, text, venueId];
    });
  }

  load(saved: readonly SavedLink[]): void {
    this.#texts.clear();
    this.#venueIds.clear();
    this.#ofVenue.clear();
    for (const [orderId, text, venueId] of saved) {
      this.#texts.set(orderId, text);
      if (venueId === undefined) continue;
      this.#venueIds.set(orderId, venueId);
      this.#ofVenue.set(venueId, orderId);
    }
  }

  #parse(text: string): number | undefined {
    const link = parseLinkId(text);
    if (link === undefined || link.deployment !== this.#deployment) return undefined;
    if (link.slot * ROLES_PER_SLOT >= this.#keyCount || link.attempt < 1) return undefined;
    return orderIdOf(link, this.#keyCount);
  }
}
