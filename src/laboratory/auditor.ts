import { ORDER_CREATE } from '../brokers/bybit/wire/paths.ts';
import { CallAudit } from './call-audit.ts';
import type { SimulatedDisk } from './disk.ts';
import type { Effect } from '../live/session/protocol.ts';
import { SECRET_CANARY } from './stream-line.ts';
import { Violation } from './violation.ts';

/** Watches what leaves the process; the exchange's side is watched by `BookAudit`. */
export class Auditor {
  readonly alarms = new Map<string, number>();
  /** When each order was first sent, by link id. */
  readonly createdMs = new Map<string, number>();
  readonly #calls = new CallAudit();

  /** The file as a start has left it. */
  started(length: number): void {
    this.#calls.cut(length);
  }

  calling(
    effect: Extract<Effect, { t: 'call' }>,
    nowMs: number,
    disk: SimulatedDisk,
    banSeenMs: number,
  ): void {
    this.#calls.check(effect, nowMs, disk, banSeenMs);
    const { orderLinkId } = effect.params;
    if (effect.path === ORDER_CREATE && typeof orderLinkId === 'string')
      if (!this.createdMs.has(orderLinkId)) this.createdMs.set(orderLinkId, nowMs);
    if (JSON.stringify(effect.params).includes(SECRET_CANARY)) leaks(effect.path);
  }

  written(text: string, length: number): void {
    this.#calls.written(text, length);
    if (text.includes(SECRET_CANARY)) leaks('the journal');
  }

  alarm(code: string, text: string): void {
    this.alarms.set(code, (this.alarms.get(code) ?? 0) + 1);
    if (text.includes(SECRET_CANARY)) leaks('an alarm');
    // Every start folds its journal and compares what it decides with what was written down.
    if (code === 'journal-diverges') throw new Violation('D2', text);
  }
}

function leaks(where: string): never {
  throw new Violation('S11', `the secret is in ${where}`);
}
