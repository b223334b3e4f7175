import type { CallFailure, TransportCall } from '../transport.ts';
import { StreamConnection } from './stream-connection.ts';
import type { StreamParts } from './stream-connection.ts';
import { RET_RESTARTING, tradeFrame, tradeRequest } from './trade-messages.ts';
import type { Limit } from './rest-request.ts';

export type TradeAnswer =
  | { readonly t: 'reply'; readonly body: unknown; readonly retCode: number; readonly limit: Limit }
  | { readonly t: 'failed'; readonly why: CallFailure };

export type TradeEvents = {
  readonly ready: () => void;
  /** It takes no more orders; what it has taken it still answers. */
  readonly over: () => void;
  /** Nothing comes from it any more. */
  readonly ended: () => void;
  readonly answered: (call: number, answer: TradeAnswer) => void;
  readonly authRefused: (retCode: number) => void;
  readonly frame: (bytes: number) => void;
};

const STEP_MS = 10_000;
const PING_EVERY_MS = 20_000;
const SILENCE_MS = 30_000;

type Pending = { readonly call: number; readonly deadline: NodeJS.Timeout };

/**
 * One connection to the trade stream: authenticated, watched, and every order that it took answered
 * exactly once. An order is handed to an open connection or to none.
 */
export class TradeConnection {
  readonly #stream: StreamConnection;
  readonly #events: TradeEvents;
  readonly #offsetMs: () => number;
  readonly #pending = new Map<string, Pending>();
  #state: 'opening' | 'ready' | 'retired' | 'over' = 'opening';
  #watch: NodeJS.Timeout;
  #ping: NodeJS.Timeout | undefined;
  #requests = 0;

  constructor(parts: StreamParts, offsetMs: () => number, events: TradeEvents) {
    this.#events = events;
    this.#offsetMs = offsetMs;
    this.#watch = setTimeout(() => this.end(), STEP_MS);
    this.#stream = new StreamConnection(parts, {
      opened: () => this.#authenticate(),
      frame: (body, bytes) => this.#frame(body, bytes),
      closed: () => this.end(),
    });
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** False: not taken, and never sent. */
  submit({ call, params, timeoutMs }: TransportCall, op: string): boolean {
    if (this.#state !== 'ready') return false;
    this.#requests += 1;
    const reqId = `ls-${call}-${this.#requests}`;
    const venueMs = Date.now() + this.#offsetMs();
    // In the book before it leaves: an answer may come at once.
    const deadline = setTimeout(
      () => this.#answer(reqId, { t: 'failed', why: 'timeout' }),
      timeoutMs,
    );
    this.#pending.set(reqId, { call, deadline });
    if (this.#stream.send(tradeRequest(reqId, op, params, venueMs))) return true;
    clearTimeout(deadline);
    this.#pending.delete(reqId);
    return false;
  }

  end(): void {
    if (this.#state === 'over') return;
    const wasRetired = this.#state === 'retired';
    this.#state = 'over';
    clearTimeout(this.#watch);
    clearInterval(this.#ping);
    this.#stream.end();
    for (const reqId of [...this.#pending.keys()])
      this.#answer(reqId, { t: 'failed', why: 'reset' });
    if (!wasRetired) this.#events.over();
    this.#events.ended();
  }

  #authenticate(): void {
    this.#stream.sendAuth({ reqId: 'ls-auth' }, this.#offsetMs()).catch(() => this.end());
  }

  #frame(body: unknown, bytes: number): void {
    if (this.#state === 'over') return;
    this.#events.frame(bytes);
    if (this.#state !== 'opening') this.#heard();
    const frame = tradeFrame(body);
    switch (frame.kind) {
      case 'auth':
        if (frame.accepted) this.#ready();
        else {
          this.#events.authRefused(frame.retCode);
          this.end();
        }
        return;
      case 'answer': {
        const { reqId, retCode, limit } = frame;
        this.#answer(reqId, { t: 'reply', body: frame.body, retCode, limit });
        if (retCode === RET_RESTARTING) this.#retire();
        return;
      }
      case 'other':
        return;
    }
  }

  #ready(): void {
    if (this.#state !== 'opening') return;
    this.#state = 'ready';
    this.#ping = setInterval(() => this.#stream.send({ op: 'ping' }), PING_EVERY_MS);
    this.#heard();
    this.#events.ready();
  }

  #heard(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.end(), SILENCE_MS);
  }

  /** The service restarts: what it has taken it carries out, new orders need another connection. */
  #retire(): void {
    if (this.#state !== 'ready') return;
    this.#state = 'retired';
    this.#events.over();
    this.#endIfDrained();
  }

  #answer(reqId: string, answer: TradeAnswer): void {
    const pending = this.#pending.get(reqId);
    if (pending === undefined) return;
    clearTimeout(pending.deadline);
    this.#pending.delete(reqId);
    this.#events.answered(pending.call, answer);
    this.#endIfDrained();
  }

  #endIfDrained(): void {
    if (this.#state === 'retired' && this.#pending.size === 0) this.end();
  }
}
