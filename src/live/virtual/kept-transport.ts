import type {
  Transport,
  TransportCall,
  TransportInput,
  TransportSink,
  TransportSocket,
} from '../../brokers/transport.ts';
import type { ClockTimer } from '../shell/clock.ts';
import type { Order } from './deeds.ts';
import type { Connection } from './venue-ledger.ts';

/** Wall time within which a wire that works carries anything; what is late in venue time is ours. */
const WALL_MS = 10 * 60_000;

/** A transport in moved time: timeouts are venue time, and each deed waits for the one before. */
export class KeptTransport implements Transport {
  readonly #order: Order;
  readonly #sink: TransportSink;
  readonly #wire: Transport;
  readonly #waiting = new Map<number, ClockTimer>();
  readonly #open: Record<TransportSocket, Connection | undefined> = {
    private: undefined,
    public: undefined,
  };
  #isClosed = false;

  constructor(order: Order, sink: TransportSink, wire: (sink: TransportSink) => Transport) {
    this.#order = order;
    this.#sink = sink;
    this.#wire = wire((input) => this.#arrived(input));
  }

  call(request: TransportCall): void {
    const { call, timeoutMs } = request;
    const { clock } = this.#order;
    const timer = clock.timer();
    this.#waiting.set(call, timer);
    timer.wakeAt(clock.nowMs() + timeoutMs, () => {
      if (this.#waiting.delete(call)) this.#sink({ t: 'failed', call, why: 'timeout' });
    });
    this.#order.does({
      act: () => {
        this.#order.own.calls += 1;
        this.#wire.call({ ...request, timeoutMs: WALL_MS });
      },
      hasArrived: (venue, own) => venue.calls === own.calls,
    });
  }

  connect(socket: TransportSocket): void {
    this.disconnect(socket);
    const connection: Connection = { socket, state: 'asked', frames: 0, sent: 0 };
    this.#open[socket] = connection;
    this.#order.own.connections.add(connection);
    this.#order.does({
      act: () => {
        if (this.#open[socket] !== connection) return;
        this.#order.own.attempt(connection);
        this.#wire.connect(socket);
      },
      hasArrived: () => connection.state === 'open' || this.#open[socket] !== connection,
    });
  }

  disconnect(socket: TransportSocket): void {
    const connection = this.#open[socket];
    if (connection === undefined) return;
    this.#open[socket] = undefined;
    this.#order.forget(connection);
    this.#wire.disconnect(socket);
    this.#order.does({
      act: () => undefined,
      hasArrived: (venue, own) => venue.open[socket] <= own.told().open[socket],
    });
  }

  send(socket: TransportSocket, body: unknown): void {
    const connection = this.#open[socket];
    if (connection === undefined) return;
    this.#order.does({
      act: () => {
        if (this.#open[socket] !== connection) return;
        connection.sent += 1;
        this.#wire.send(socket, body);
      },
      hasArrived: (venue, own) =>
        this.#open[socket] !== connection || venue.sent[socket] === own.told().sent[socket],
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const socket of ['private', 'public'] as const) this.disconnect(socket);
    for (const timer of this.#waiting.values()) timer.wakeAt(Infinity, () => undefined);
    this.#waiting.clear();
    await this.#wire.close();
  }

  #arrived(input: TransportInput): void {
    if (this.#isClosed) return;
    const of = 'socket' in input ? this.#open[input.socket] : undefined;
    this.#order.arrives({
      input,
      of,
      take: () => {
        this.#take(input, of);
      },
    });
  }

  #take(input: TransportInput, of: Connection | undefined): void {
    if ('call' in input) {
      const timer = this.#waiting.get(input.call);
      // Its time was up before: the caller has been told so.
      if (!this.#waiting.delete(input.call)) return;
      timer?.wakeAt(Infinity, () => undefined);
    } else if (input.t === 'close' && this.#open[input.socket] === of)
      this.#open[input.socket] = undefined;
    this.#sink(input);
  }
}
