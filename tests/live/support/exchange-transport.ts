import type {
  Transport,
  TransportCall,
  TransportInput,
  TransportSink,
  TransportSocket,
} from '../../../src/brokers/transport.ts';
import type { VirtualClock } from '../../../src/live/shell/clock.ts';
import type { Exchange } from '../../../src/venue/exchange/exchange.ts';

const LEG_MS = 5;

/** The exchange behind the wire's contract, on a virtual clock. */
export class ExchangeTransport implements Transport {
  readonly calls: TransportCall[] = [];
  isClosed = false;
  readonly #exchange: Exchange;
  readonly #clock: VirtualClock;
  readonly #sink: TransportSink;
  readonly #subscribed = new Set<TransportSocket>();
  #connection = 0;

  constructor(exchange: Exchange, clock: VirtualClock, sink: TransportSink) {
    this.#exchange = exchange;
    this.#clock = clock;
    this.#sink = sink;
  }

  call(request: TransportCall): void {
    this.calls.push(request);
    const { method, path, params, call } = request;
    this.#later(LEG_MS, () => {
      const atMs = this.#clock.nowMs();
      const body =
        method === 'POST'
          ? this.#exchange.post(atMs, path, params)
          : this.#exchange.get(atMs, path, params);
      this.#give({ t: 'reply', call, status: 200, body }, LEG_MS);
    });
  }

  connect(socket: TransportSocket): void {
    this.#give({ t: 'open', socket }, LEG_MS);
  }

  disconnect(socket: TransportSocket): void {
    this.#subscribed.delete(socket);
    this.#connection += 1;
  }

  send(socket: TransportSocket, body: unknown): void {
    const { op, req_id } = body as { op: string; req_id: string };
    if (op === 'subscribe') this.#subscribed.add(socket);
    const answer = op === 'ping' ? { op: 'pong', req_id } : { success: true, op, req_id };
    this.#give({ t: 'frame', socket, body: answer }, LEG_MS);
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  /** Moves time on, frames and all. */
  advanceTo(ms: number): void {
    for (;;) {
      const nextMs = Math.min(this.#exchange.nextFrameMs(), this.#clock.nextMs());
      if (!(nextMs <= ms)) break;
      if (this.#exchange.nextFrameMs() <= this.#clock.nextMs()) {
        const frameMs = this.#exchange.nextFrameMs();
        const { body } = this.#exchange.takeFrame();
        this.#clock.advanceTo(frameMs);
        if (this.#subscribed.has('private')) this.#pass({ t: 'frame', socket: 'private', body });
      } else this.#clock.advanceTo(nextMs);
    }
    this.#clock.advanceTo(ms);
    this.#exchange.advance(ms);
  }

  price(ticks: number, symbol: string, text: string): void {
    this.#exchange.movePrice(this.#clock.nowMs(), ticks);
    const data = { symbol, lastPrice: text };
    const body = { topic: `tickers.${symbol}`, type: 'delta', ts: this.#clock.nowMs(), data };
    if (this.#subscribed.has('public')) this.#pass({ t: 'frame', socket: 'public', body });
  }

  #give(input: TransportInput, afterMs: number): void {
    this.#later(afterMs, () => this.#pass(input));
  }

  #pass(input: TransportInput): void {
    if (!this.isClosed) this.#sink(input);
  }

  #later(afterMs: number, then: () => void): void {
    this.#clock.timer().wakeAt(this.#clock.nowMs() + afterMs, then);
  }
}
