import { InvariantError } from '../../engine/invariant.ts';
import { Agenda } from '../../venue/agenda.ts';
import type { HostEvent } from '../../venue/host/host-event.ts';
import { SharedTopics } from '../../venue/host/shared-topics.ts';
import { StreamConnection } from '../../venue/host/stream-connection.ts';
import type { HostedVenue } from './hosted-venue.ts';
import type {
  Transport,
  TransportCall,
  TransportInput,
  TransportSink,
  TransportSocket,
} from '../transport.ts';

/**
 * The venue inside the client's own process: no wire, no keys, and the same bodies as over one.
 * Nothing happens until time is told to pass, and the sink is only called then.
 */
export class InProcessTransport implements Transport {
  readonly #host: HostedVenue;
  readonly #sink: TransportSink;
  readonly #topics: SharedTopics;
  readonly #open: Record<TransportSocket, StreamConnection | undefined> = {
    private: undefined,
    public: undefined,
  };
  /** What is known at once: connections, acknowledgements. */
  readonly #atOnce: TransportInput[] = [];
  readonly #waiting = new Set<number>();
  readonly #timeouts = new Agenda<number>();
  #connections = 0;

  constructor(host: HostedVenue, sink: TransportSink) {
    this.#host = host;
    this.#sink = sink;
    this.#topics = new SharedTopics(host);
  }

  get nowMs(): number {
    return this.#host.nowMs;
  }

  call({ call, method, path, params, timeoutMs }: TransportCall): void {
    if (this.#waiting.has(call)) throw new InvariantError(`call ${call} is under way already`);
    this.#waiting.add(call);
    this.#timeouts.put(this.nowMs + timeoutMs, call);
    this.#host.request(call, this.nowMs, method, path, params);
  }

  connect(socket: TransportSocket): void {
    this.disconnect(socket);
    this.#connections += 1;
    const id = `${socket}-${this.#connections}`;
    this.#open[socket] = new StreamConnection(socket, id, this.#host.category, {
      refuseLogin: () => undefined,
      listen: (topic) => this.#topics.listen(topic),
      forget: (topic) => {
        this.#topics.forget(topic);
      },
      nowMs: () => this.nowMs,
    });
    this.#atOnce.push({ t: 'open', socket });
  }

  disconnect(socket: TransportSocket): void {
    this.#open[socket]?.close();
    this.#open[socket] = undefined;
    const kept = this.#atOnce.filter((input) => !('socket' in input) || input.socket !== socket);
    this.#atOnce.splice(0, Infinity, ...kept);
  }

  send(socket: TransportSocket, body: unknown): void {
    for (const said of this.#open[socket]?.receive(body) ?? []) {
      if (said.t === 'say') this.#atOnce.push({ t: 'frame', socket, body: said.body });
    }
  }

  close(): Promise<void> {
    for (const socket of ['private', 'public'] as const) this.disconnect(socket);
    this.#waiting.clear();
    return Promise.resolve();
  }

  /** When something next happens at the venue or on the way to it. */
  nextMs(): number {
    return this.#atOnce.length > 0
      ? this.nowMs
      : Math.min(this.#host.nextMs(), this.#timeouts.nextMs());
  }

  /**
   * Time passes until then, or until something is handed to the sink: whoever drives must set its
   * clock to the time reached. `before` does so, just before the sink is called.
   */
  advanceTo(untilMs: number, before: (atMs: number) => void): number {
    if (this.#atOnce.length === 0) this.#host.advanceTo(Math.min(untilMs, this.#timeouts.nextMs()));
    before(this.nowMs);
    for (let input = this.#next(); input !== undefined; input = this.#next()) this.#sink(input);
    return this.nowMs;
  }

  #next(): TransportInput | undefined {
    const known = this.#atOnce.shift();
    if (known !== undefined) return known;
    for (let event = this.#host.take(); event !== undefined; event = this.#host.take()) {
      const input = this.#inputOf(event);
      if (input !== undefined) return input;
    }
    while (this.#timeouts.nextMs() <= this.nowMs) {
      const call = this.#timeouts.take();
      if (this.#waiting.delete(call)) return { t: 'failed', call, why: 'timeout' };
    }
    return undefined;
  }

  /** Undefined where nobody listens, or the caller has given up. */
  #inputOf(event: HostEvent): TransportInput | undefined {
    switch (event.t) {
      case 'reply': {
        if (!this.#waiting.delete(event.id)) return undefined;
        const { body, limits, id } = event;
        const reply = { t: 'reply', call: id, status: 200, body } as const;
        if (limits === undefined) return reply;
        return { ...reply, headers: { remaining: limits.remaining, resetMs: limits.resetMs } };
      }
      case 'private': {
        const topic = this.#open.private?.nameOf(event.topic);
        if (topic === undefined) return undefined;
        return { t: 'frame', socket: 'private', body: { ...event.body, topic } };
      }
      case 'public':
        if (this.#open.public?.topics.has(event.topic) !== true) return undefined;
        return { t: 'frame', socket: 'public', body: event.body };
    }
  }
}
