import type { RequestKind } from '../../engine/outcomes.ts';
import type { WireRequest } from '../../brokers/bybit/wire/requests.ts';
import type { Effect } from './protocol.ts';

const TIMEOUT_MS = 5_000;
const WINDOW_MS = 1_000;
/** Below Bybit's ten a second and endpoint for writes; reads have fifty. */
const WRITES_A_WINDOW = 8;
const READS_A_WINDOW = 20;

/** Whose answer it is. */
export type Purpose =
  | { readonly to: 'order'; readonly orderId: number }
  /** Of a create that was sent before under the same id. */
  | { readonly to: 'resend'; readonly orderId: number }
  | { readonly to: 'lookup'; readonly orderId: number; readonly source: number }
  | { readonly to: 'executions'; readonly orderId: number }
  | { readonly to: 'position'; readonly orderId: number }
  | {
      readonly to: 'stray';
      readonly venueId: string;
      readonly source: number;
      readonly tries: number;
    }
  | { readonly to: 'catch-up'; readonly round: number };

export type Call = {
  readonly id: number;
  readonly kind: RequestKind;
  readonly purpose: Purpose;
  readonly request: WireRequest;
  /** The record that must be durable first; 0 for reads. */
  readonly afterSeq: number;
  readonly notBeforeMs: number;
  /** When it left; NaN while it is held. */
  sentMs: number;
};

export type SavedOutbox = {
  readonly pausedUntilMs: number;
  readonly bannedUntilMs: number;
  readonly nextId: number;
  readonly syncedSeq: number;
  readonly calls: readonly Call[];
  readonly held: readonly number[];
  readonly sentMs: readonly (readonly [string, readonly number[]])[];
};

/**
 * Calls on their way out. An order's request is held until its intent is durable, and every call
 * until the rate of its endpoint allows it; nothing overtakes within an endpoint.
 */
export class Outbox {
  readonly calls = new Map<number, Call>();
  /** No call leaves before. */
  pausedUntilMs = -Infinity;
  /** No order is to wait for so long: it is denied instead. */
  bannedUntilMs = -Infinity;
  nextId = 1;
  syncedSeq = -1;
  readonly #held: Call[] = [];
  readonly #sentMs = new Map<string, number[]>();
  readonly #effects: Effect[];

  constructor(effects: Effect[]) {
    this.#effects = effects;
  }

  add(
    kind: RequestKind,
    purpose: Purpose,
    request: WireRequest,
    afterSeq: number,
    notBeforeMs = -Infinity,
  ): Call {
    const id = this.nextId;
    const call: Call = { id, kind, purpose, request, afterSeq, notBeforeMs, sentMs: NaN };
    this.nextId += 1;
    this.calls.set(call.id, call);
    this.#held.push(call);
    return call;
  }

  /** The call of an answer, once. */
  take(id: number): Call | undefined {
    const call = this.calls.get(id);
    this.calls.delete(id);
    return call;
  }

  /** A new process: nobody waits for the old one's answers, and what it held is never sent. */
  clear(): void {
    this.calls.clear();
    this.#held.length = 0;
    this.#sentMs.clear();
  }

  pause(untilMs: number): void {
    this.pausedUntilMs = Math.max(this.pausedUntilMs, untilMs);
  }

  ban(untilMs: number): void {
    this.bannedUntilMs = untilMs;
    this.pause(untilMs);
  }

  /** Everything but cancels that has not left, taken back: it was never sent. */
  takeBack(): Call[] {
    const back = this.#held.filter((call) => call.kind !== 'cancel');
    for (const call of back) this.calls.delete(call.id);
    const kept = this.#held.filter((call) => call.kind === 'cancel');
    this.#held.splice(0, this.#held.length, ...kept);
    return back;
  }

  release(nowMs: number): void {
    if (this.#held.length === 0 || nowMs < this.pausedUntilMs) return;
    let kept = 0;
    const blocked = new Set<string>();
    for (const call of this.#held) {
      const { path } = call.request;
      if (!blocked.has(path) && this.#mayLeave(call, nowMs)) this.#send(call, nowMs);
      else {
        blocked.add(path);
        this.#held[kept] = call;
        kept += 1;
      }
    }
    this.#held.length = kept;
  }

  /** When something that is held may leave; what waits for the disk is woken by it. */
  get wakeMs(): number {
    let wakeMs = Infinity;
    for (const call of this.#held)
      if (call.afterSeq <= this.syncedSeq)
        wakeMs = Math.min(wakeMs, Math.max(this.pausedUntilMs, this.#freeMs(call)));
    return wakeMs;
  }

  /** As JSON can hold it; the calls keep their order. */
  save(): SavedOutbox {
    const { pausedUntilMs, bannedUntilMs, nextId, syncedSeq } = this;
    return {
      pausedUntilMs,
      bannedUntilMs,
      nextId,
      syncedSeq,
      calls: [...this.calls.values()],
      held: this.#held.map(({ id }) => id),
      sentMs: [...this.#sentMs],
    };
  }

  load(saved: SavedOutbox): void {
    this.clear();
    this.pausedUntilMs = saved.pausedUntilMs;
    this.bannedUntilMs = saved.bannedUntilMs;
    this.nextId = saved.nextId;
    this.syncedSeq = saved.syncedSeq;
    for (const call of saved.calls) this.calls.set(call.id, { ...call });
    for (const id of saved.held) {
      const call = this.calls.get(id);
      if (call !== undefined) this.#held.push(call);
    }
    for (const [path, sent] of saved.sentMs) this.#sentMs.set(path, [...sent]);
  }

  /** For the digest. */
  describe(): string {
    const held = this.#held.map((call) => `${call.id}@${call.afterSeq}`).join(' ');
    const out = [...this.calls.values()].map((call) => `${call.id}:${call.sentMs}`).join(' ');
    return `${this.nextId} ${this.pausedUntilMs} ${this.syncedSeq} [${held}] [${out}]`;
  }

  #mayLeave(call: Call, nowMs: number): boolean {
    return call.afterSeq <= this.syncedSeq && this.#freeMs(call) <= nowMs;
  }

  /** When the window of the call's endpoint has room. */
  #freeMs(call: Call): number {
    const sent = this.#sentMs.get(call.request.path) ?? [];
    const limit = call.kind === 'read' ? READS_A_WINDOW : WRITES_A_WINDOW;
    if (sent.length < limit) return call.notBeforeMs;
    return Math.max(call.notBeforeMs, (sent[sent.length - limit] ?? -Infinity) + WINDOW_MS);
  }

  #send(call: Call, nowMs: number): void {
    const { method, path, params } = call.request;
    const sent = this.#sentMs.get(path) ?? [];
    const recent = sent.filter((ms) => ms > nowMs - WINDOW_MS);
    recent.push(nowMs);
    this.#sentMs.set(path, recent);
    call.sentMs = nowMs;
    this.#effects.push({ t: 'call', call: call.id, method, path, params, timeoutMs: TIMEOUT_MS });
  }
}
