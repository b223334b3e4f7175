import type { SimulatedDisk } from './disk.ts';
import type { Effect } from '../live/session/protocol.ts';
import { Violation } from './violation.ts';

const BAN_MS = 600_000;
/** The process counts on a clock that drifts and is set anew. */
const CLOCK_MS = 17_000;
const WINDOW_MS = 1_000;
/** Calls a second, by the word in the path (Bybit's base limits). */
const LIMITS = { order: 10, read: 50 } as const;

/** S7 and S10: what may leave the process, and how often. */
export class CallAudit {
  readonly #sentMs = new Map<string, number[]>();
  /** Where the record that first names an order ends, in the file. */
  readonly #writtenTo = new Map<string, number>();

  /** `length` is the file's, with this text at its end. */
  written(text: string, length: number): void {
    // What came in cannot be the first to name an order of ours.
    if (text.slice(0, 40).includes('"k":"in"') || !text.includes('ls-')) return;
    for (const [linkId] of text.matchAll(/ls-[A-Za-z0-9_-]+/g)) {
      if (!this.#writtenTo.has(linkId)) this.#writtenTo.set(linkId, length);
    }
  }

  /** A crash has cut the file: what lay beyond is not written. */
  cut(length: number): void {
    for (const [linkId, end] of this.#writtenTo) {
      if (end > length) this.#writtenTo.delete(linkId);
    }
  }

  check(
    effect: Extract<Effect, { t: 'call' }>,
    nowMs: number,
    disk: SimulatedDisk,
    banSeenMs: number,
  ): void {
    if (nowMs < banSeenMs + BAN_MS - CLOCK_MS) {
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
      throw new Violation(
        'S10',
        `${sent.length} calls of ${effect.path} in a second, limit ${limit}`,
      );
    }
  }

  #checkDurable(linkId: string, disk: SimulatedDisk): void {
    const writtenTo = this.#writtenTo.get(linkId) ?? Infinity;
    if (writtenTo <= disk.durableLength) return;
    throw new Violation('S7', `${linkId} is sent, but is in no durable record`);
  }
}
