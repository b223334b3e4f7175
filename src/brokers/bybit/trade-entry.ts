import { nextFailures, retryWaitMs } from '../reconnect.ts';
import type { TransportCall } from '../transport.ts';
import type { TransportNotice } from './notice.ts';
import type { StreamParts } from './stream-connection.ts';
import { TradeConnection } from './trade-connection.ts';
import type { TradeAnswer } from './trade-connection.ts';
import { TRADE_OPS } from './trade-messages.ts';

export type TradeEntryParts = {
  readonly stream: StreamParts;
  readonly offsetMs: () => number;
  readonly answered: (call: number, answer: TradeAnswer) => void;
  readonly notice: (notice: TransportNotice) => void;
  readonly connected: () => void;
  readonly frame: (bytes: number) => void;
};

/**
 * Orders over the trade stream. It keeps a connection, a new one after each loss, with back-off and
 * jitter. Orders are never kept for a connection to come: without one they are refused at once.
 */
export class TradeEntry {
  readonly #parts: TradeEntryParts;
  /** The one that takes orders, or will. */
  #connection: TradeConnection | undefined;
  /** With those that still answer what they took. */
  readonly #open = new Set<TradeConnection>();
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;

  constructor(parts: TradeEntryParts) {
    this.#parts = parts;
  }

  get isReady(): boolean {
    return this.#connection?.isReady ?? false;
  }

  start(): void {
    if (this.#closed || this.#connection !== undefined || this.#retry !== undefined) return;
    const { stream, offsetMs, answered, notice, connected, frame } = this.#parts;
    connected();
    const connection: TradeConnection = new TradeConnection(stream, offsetMs, {
      ready: () => {
        this.#failures = 0;
        notice({ code: 'trade-stream-ready', text: 'orders go over the trade stream' });
      },
      over: () => this.#over(connection),
      ended: () => this.#open.delete(connection),
      answered,
      authRefused: (retCode) =>
        notice({ code: 'auth-refused', text: `the trade stream refused the key (${retCode})` }),
      frame,
    });
    this.#connection = connection;
    this.#open.add(connection);
  }

  submit(request: TransportCall): void {
    const op = TRADE_OPS.get(request.path) ?? '';
    const taken = this.#connection?.submit(request, op) ?? false;
    if (!taken) this.#parts.answered(request.call, { t: 'failed', why: 'refused' });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    for (const connection of [...this.#open]) connection.end();
  }

  #over(connection: TradeConnection): void {
    if (this.#connection !== connection) return;
    const wasReady = this.#failures === 0;
    this.#connection = undefined;
    if (this.#closed) return;
    if (wasReady)
      this.#parts.notice({
        code: 'trade-stream-down',
        text: 'orders are refused until it is back',
      });
    const waitMs = retryWaitMs(this.#failures, Date.now());
    this.#failures = nextFailures(this.#failures);
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.start();
    }, waitMs);
  }
}
