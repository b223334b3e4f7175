import { InvariantError } from '../../engine/invariant.ts';
import { Agenda } from '../../venue/agenda.ts';
import type { HostEvent } from '../../venue/host/host-event.ts';
import { SharedTopics } from '../../venue/host/shared-topics.ts';
import { StreamConnection } from '../../venue/host/stream-connection.ts';
import type {
  RateHeaders,
  Transport,
  TransportCall,
  TransportInput,
  TransportSink,
  TransportSocket,
} from '../transport.ts';
import type { HostedVenue } from './hosted-venue.ts';

type Client = {
  readonly sink: TransportSink;
  readonly open: Record<TransportSocket, StreamConnection | undefined>;
};
type Waiting = { readonly client: Client; readonly call: number };
type Handed = { readonly client: Client; readonly input: TransportInput };

/**
 * The venue inside its clients' process: no wire, no keys, and the same bodies as over one. Nothing
 * happens until time is told to pass, and sinks are only called then.
 */
export class SharedVenue {
  readonly #host: HostedVenue;
  readonly #topics: SharedTopics;
  readonly #clients = new Set<Client>();
  /** What is known at once: connections, acknowledgements. */
  #atOnce: Handed[] = [];
  /** What one event of the venue means to several clients. */
  #told: Handed[] = [];
  readonly #waiting = new Map<number, Waiting>();
  readonly #timeouts = new Agenda<number>();
  #calls = 0;
  #connections = 0;

  constructor(host: HostedVenue) {
    this.#host = host;
    this.#topics = new SharedTopics(host);
  }

  get nowMs(): number {
    return this.#host.nowMs;
  }

  client(sink: TransportSink): Transport {
    const client: Client = { sink, open: { private: undefined, public: undefined } };
    this.#clients.add(client);
    return {
      call: (request) => {
        this.#call(client, request);
      },
      connect: (socket) => {
        this.#connect(client, socket);
      },
      disconnect: (socket) => {
        this.#disconnect(client, socket);
      },
      send: (socket, body) => {
        for (const said of client.open[socket]?.receive(body) ?? [])
          if (said.t === 'say')
            this.#atOnce.push({ client, input: { t: 'frame', socket, body: said.body } });
      },
      close: () => {
        this.#close(client);
        return Promise.resolve();
      },
    };
  }

  /** When something next happens at the venue or on the way to it. */
  nextMs(): number {
    return this.#atOnce.length + this.#told.length > 0
      ? this.nowMs
      : Math.min(this.#host.nextMs(), this.#timeouts.nextMs());
  }

  /**
   * Time passes until then, or until one thing is handed to a sink: whoever drives must set its
   * clock to the time reached. `before` does so, just before the sink is called.
   */
  advanceTo(untilMs: number, before: (atMs: number) => void): number {
    if (this.#atOnce.length + this.#told.length === 0)
      this.#host.advanceTo(Math.min(untilMs, this.#timeouts.nextMs()));
    before(this.nowMs);
    const handed = this.#next();
    handed?.client.sink(handed.input);
    return this.nowMs;
  }

  #call(client: Client, { call, method, path, params, timeoutMs }: TransportCall): void {
    for (const other of this.#waiting.values())
      if (other.client === client && other.call === call)
        throw new InvariantError(`call ${call} is under way already`);
    this.#calls += 1;
    this.#waiting.set(this.#calls, { client, call });
    this.#timeouts.put(this.nowMs + timeoutMs, this.#calls);
    this.#host.request(this.#calls, this.nowMs, method, path, params);
  }

  #connect(client: Client, socket: TransportSocket): void {
    this.#disconnect(client, socket);
    this.#connections += 1;
    const id = `${socket}-${this.#connections}`;
    client.open[socket] = new StreamConnection(socket, id, this.#host.category, {
      refuseLogin: () => undefined,
      listen: (topic) => this.#topics.listen(topic),
      forget: (topic) => {
        this.#topics.forget(topic);
      },
      nowMs: () => this.nowMs,
    });
    this.#atOnce.push({ client, input: { t: 'open', socket } });
  }

  #disconnect(client: Client, socket: TransportSocket): void {
    client.open[socket]?.close();
    client.open[socket] = undefined;
    const isKept = ({ client: whose, input }: Handed): boolean =>
      whose !== client || !('socket' in input) || input.socket !== socket;
    this.#atOnce = this.#atOnce.filter(isKept);
    this.#told = this.#told.filter(isKept);
  }

  #close(client: Client): void {
    for (const socket of ['private', 'public'] as const) this.#disconnect(client, socket);
    for (const [id, waiting] of this.#waiting)
      if (waiting.client === client) this.#waiting.delete(id);
    this.#clients.delete(client);
  }

  #next(): Handed | undefined {
    const known = this.#atOnce.shift() ?? this.#told.shift();
    if (known !== undefined) return known;
    for (let event = this.#host.take(); event !== undefined; event = this.#host.take()) {
      this.#tell(event);
      const told = this.#told.shift();
      if (told !== undefined) return told;
    }
    while (this.#timeouts.nextMs() <= this.nowMs) {
      const waiting = this.#answered(this.#timeouts.take());
      if (waiting === undefined) continue;
      const { client, call } = waiting;
      return { client, input: { t: 'failed', call, why: 'timeout' } };
    }
    return undefined;
  }

  /** Nothing where nobody listens, or the caller has given up. */
  #tell(event: HostEvent): void {
    switch (event.t) {
      case 'reply': {
        const waiting = this.#answered(event.id);
        if (waiting === undefined) return;
        const { client, call } = waiting;
        const { body, limits } = event;
        const reply = { t: 'reply', call, status: 200, body } as const;
        this.#told.push({
          client,
          input: limits === undefined ? reply : { ...reply, headers: headersOf(limits) },
        });
        return;
      }
      case 'private':
        for (const client of this.#clients) {
          const topic = client.open.private?.nameOf(event.topic);
          if (topic === undefined) continue;
          const body = { ...event.body, topic };
          this.#told.push({ client, input: { t: 'frame', socket: 'private', body } });
        }
        return;
      case 'public':
        for (const client of this.#clients)
          if (client.open.public?.topics.has(event.topic) === true) {
            const input = { t: 'frame', socket: 'public', body: event.body } as const;
            this.#told.push({ client, input });
          }
        return;
    }
  }

  #answered(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}

function headersOf({ remaining, resetMs }: { remaining: number; resetMs: number }): RateHeaders {
  return { remaining, resetMs };
}
