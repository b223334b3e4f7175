import type { Transport, TransportCall, TransportSink, TransportSocket } from '../transport.ts';
import type { HostedVenue } from './hosted-venue.ts';
import { SharedVenue } from './shared-venue.ts';

/** A hosted venue with one client: whoever has it moves its time. */
export class InProcessTransport implements Transport {
  readonly #venue: SharedVenue;
  readonly #client: Transport;

  constructor(host: HostedVenue, sink: TransportSink) {
    this.#venue = new SharedVenue(host);
    this.#client = this.#venue.client(sink);
  }

  get nowMs(): number {
    return this.#venue.nowMs;
  }

  call(request: TransportCall): void {
    this.#client.call(request);
  }

  connect(socket: TransportSocket): void {
    this.#client.connect(socket);
  }

  disconnect(socket: TransportSocket): void {
    this.#client.disconnect(socket);
  }

  send(socket: TransportSocket, body: unknown): void {
    this.#client.send(socket, body);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  nextMs(): number {
    return this.#venue.nextMs();
  }

  advanceTo(untilMs: number, before: (atMs: number) => void): number {
    return this.#venue.advanceTo(untilMs, before);
  }
}
