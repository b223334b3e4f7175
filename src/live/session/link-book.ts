import { ROLES_PER_SLOT } from '../../engine/codes.ts';
import { InvariantError } from '../../engine/invariant.ts';
import { keyOfOrder } from '../../engine/order-id.ts';
import { formatLinkId, orderIdOf, parseLinkId } from '../../brokers/bybit/wire/link-id.ts';

/** Far more orders than can be sent while a call about one of them is on its way. */
const KEPT_ATTEMPTS = 1_000;

/** The ids of our orders as the venue knows them. An id is made once and never used again. */
export class LinkBook {
  readonly #deployment: string;
  readonly #keyCount: number;
  readonly #texts = new Map<number, string>();

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

  get count(): number {
    return this.#texts.size;
  }

  /** Orders that are over and long ago; an id that is met again is read again. */
  forgetOld(current: Float64Array, attempts: number): void {
    if (this.#texts.size < 2 * KEPT_ATTEMPTS) return;
    const oldest = (attempts - KEPT_ATTEMPTS) * this.#keyCount;
    for (const orderId of this.#texts.keys())
      if (orderId < oldest && !current.includes(orderId)) this.#texts.delete(orderId);
  }

  save(): readonly (readonly [number, string])[] {
    return [...this.#texts];
  }

  load(saved: readonly (readonly [number, string])[]): void {
    this.#texts.clear();
    for (const [orderId, text] of saved) this.#texts.set(orderId, text);
  }

  #parse(text: string): number | undefined {
    const link = parseLinkId(text);
    if (link === undefined || link.deployment !== this.#deployment) return undefined;
    if (link.slot * ROLES_PER_SLOT >= this.#keyCount || link.attempt < 1) return undefined;
    return orderIdOf(link, this.#keyCount);
  }
}
