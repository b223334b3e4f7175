import { ORDER_NONE, ROLES_PER_SLOT } from './codes.ts';
import { keyOfOrder } from './order-id.ts';
import { nextOrderState } from './order-life.ts';

/** First wait after an order that was refused or ended unfilled; it doubles up to the last. */
const RETRY_FIRST_MS = 1_000;
const RETRY_LAST_MS = 60_000;

/**
 * The engine's belief about its orders: at most one an order key (slot x 4 + role). Ids are
 * counters that carry their key, `id = attempt x keys + key`, so they are unique for ever and a
 * message names its slot and role without a search.
 */
export class OrderTable {
  readonly keyCount: number;
  readonly state: Uint8Array;
  readonly id: Float64Array;
  readonly kind: Uint8Array;
  readonly side: Int8Array;
  /** As sent, where it is sent again. */
  readonly postOnly: Uint8Array;
  /** As last asked for (place or amend). */
  readonly askedTicks: Float64Array;
  /** Total, filled part included. */
  readonly askedSteps: Float64Array;
  /** As last accepted: what a refused amend leaves standing. */
  readonly standingTicks: Float64Array;
  readonly standingSteps: Float64Array;
  readonly filledSteps: Float64Array;
  /** When the key last sent a market order; -Infinity before any. */
  readonly marketSentMs: Float64Array;
  /** What the venue says was filled, once it said the order is over; -1 before. */
  readonly endFilledSteps: Float64Array;
  readonly endCode: Uint8Array;
  /** Consecutive ends without any fill, and when the next attempt may go out. */
  readonly failures: Uint8Array;
  readonly retryAtMs: Float64Array;
  /** The key's order was born at the venue, with its entry. */
  readonly attached: Uint8Array;
  /** Orders ever sent. */
  attempts = 0;
  /** Some order of this run came attached to its entry. */
  attaches = false;

  constructor(slotCount: number) {
    const keys = slotCount * ROLES_PER_SLOT;
    this.keyCount = keys;
    this.state = new Uint8Array(keys);
    this.id = new Float64Array(keys).fill(-1);
    this.kind = new Uint8Array(keys);
    this.side = new Int8Array(keys);
    this.postOnly = new Uint8Array(keys);
    this.askedTicks = new Float64Array(keys);
    this.askedSteps = new Float64Array(keys);
    this.standingTicks = new Float64Array(keys);
    this.standingSteps = new Float64Array(keys);
    this.filledSteps = new Float64Array(keys);
    this.marketSentMs = new Float64Array(keys).fill(-Infinity);
    this.endFilledSteps = new Float64Array(keys).fill(-1);
    this.endCode = new Uint8Array(keys);
    this.failures = new Uint8Array(keys);
    this.retryAtMs = new Float64Array(keys);
    this.attached = new Uint8Array(keys);
  }

  /** The next id for a key. */
  issue(key: number): number {
    this.attempts += 1;
    return this.attempts * this.keyCount + key;
  }

  keyOf(orderId: number): number {
    return keyOfOrder(orderId, this.keyCount);
  }

  /** Moves an order along its life (order-life.ts). */
  advance(key: number, lifeEvent: number): void {
    this.state[key] = nextOrderState(this.state[key] ?? ORDER_NONE, lifeEvent);
  }

  isAlive(key: number): boolean {
    return this.state[key] !== ORDER_NONE;
  }

  /** An order that came to nothing is tried again only after a growing wait. */
  failed(key: number, filledSome: boolean, nowMs: number): void {
    const failures = filledSome ? 1 : Math.min((this.failures[key] ?? 0) + 1, 8);
    this.failures[key] = failures;
    const wait = Math.min(RETRY_FIRST_MS * 2 ** (failures - 1), RETRY_LAST_MS);
    this.retryAtMs[key] = nowMs + wait;
  }
}
