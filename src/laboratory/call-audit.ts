import type { SimulatedDisk } from './disk.ts';
import type { Effect } from '../live/session/protocol.ts';
import { Violation } from './violation.ts';

const BAN_MS = 600_000;
const WINDOW_MS = 1_000;
/** Calls a second, by the word in the path (Bybit's base limits). */
const LIMITS = { order: 10, read: 50 } as const;

/** S7 and S10: what may leave the process, and how often. */
export class CallAudit {
  readonly #sentMs = new Map<string, number[]>();
  #searchedLength = 0;
  readonly #durableIds = new Set<string>();

  check(
    effect: Extract<Effect, { t: 'call' }>,
    nowMs: number,
    disk: SimulatedDisk,
    banSeenMs: number,
  ): void {
    if (nowMs < banSeenMs + BAN_MS) {
      const sinceMs = nowMs - banSeenMs;
      throw new Violation('S10', `${effect.path} ${sinceMs} ms after a ban of ${BAN_MS} ms`);
    }
    this.#checkRate(effect, nowMs);
    const linkId = effect.params['orderLinkId'];
    if (effect.method === 'POST' && typeof linkId === 'string') this.#checkDurable(linkId, disk);
  }

  #checkRate(effect: Extract<Effect, { t: 'call' }>, nowMs: number): void {
    const sent = this.#sentMs.get(effect.path) ?? [];
    this.#sentMs.set(effect.path, sent);
    while ((sent[0] ?? nowMs) <= nowMs - WINDOW_MS) sent.shift();
    sent.push(nowMs);
    const limit = effect.method === 'POST' ? LIMITS.order : LIMITS.read;
    if (sent.length > limit) {
      throw new Violation('S10', `${sent.length} calls of ${effect.path} in a second, limit ${limit}`);
    }
  }

  #checkDurable(linkId: string, disk: SimulatedDisk): void {
    if (this.#durableIds.has(linkId)) return;
    // A crash may have shortened the file.
    const from = Math.max(0, Math.min(this.#searchedLength, disk.durableLength) - linkId.length);
    this.#searchedLength = disk.durableLength;
    const text = disk.read();
    for (const found of text.slice(from, disk.durableLength).matchAll(/ls-[A-Za-z0-9_-]+/g)) {
      this.#durableIds.add(found[0]);
    }
    if (!this.#durableIds.has(linkId)) {
      throw new Violation('S7', `${linkId} is sent, but is in no durable record`);
    }
  }
}
