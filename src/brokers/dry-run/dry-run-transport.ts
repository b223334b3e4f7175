import type { DryVenue } from '../../venue/dry-run/dry-venue.ts';
import type { FeedClock } from '../candle-feed.ts';
import { InProcessTransport } from '../hosted/in-process-transport.ts';
import type { Transport, TransportCall, TransportSink, TransportSocket } from '../transport.ts';
import { PriceLine } from './price-line.ts';
import type { PriceLineParts } from './price-line.ts';

export type DryRunParts = Omit<PriceLineParts, 'moved'> & {
  /** Ends with the transport. */
  readonly closed: () => void;
};

/**
 * Orders and account in this process, prices and market data from the real exchange: nothing that
 * could trade leaves here, since there is no key.
 */
export class DryRunTransport implements Transport {
  readonly #parts: DryRunParts;
  readonly #venue: DryVenue;
  readonly #private: InProcessTransport;
  readonly #public: Transport;
  readonly #line: PriceLine;
  readonly #timer: ReturnType<FeedClock['timer']>;
  #isClosed = false;

  constructor(parts: DryRunParts, sink: TransportSink) {
    this.#parts = parts;
    this.#venue = parts.venue;
    this.#private = new InProcessTransport(parts.venue, (input) => this.#isClosed || sink(input));
    this.#public = parts.transport(sink);
    this.#timer = parts.clock.timer();
    this.#line = new PriceLine({ ...parts, moved: () => this.#soon() });
    this.#line.start();
    this.#soon();
  }

  call(request: TransportCall): void {
    if (request.path.startsWith('/v5/market/')) {
      this.#public.call(request);
      return;
    }
    this.#toNow();
    this.#private.call(request);
    this.#soon();
  }

  connect(socket: TransportSocket): void {
    this.#of(socket).connect(socket);
    this.#soon();
  }

  disconnect(socket: TransportSocket): void {
    this.#of(socket).disconnect(socket);
  }

  send(socket: TransportSocket, body: unknown): void {
    this.#of(socket).send(socket, body);
    this.#soon();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer.wakeAt(Infinity, () => undefined);
    await Promise.all([this.#private.close(), this.#public.close(), this.#line.close()]);
    this.#parts.closed();
  }

  #of(socket: TransportSocket): Transport {
    return socket === 'private' ? this.#private : this.#public;
  }

  /** What comes of it waits in the venue until whoever is calling is done. */
  #toNow(): void {
    this.#venue.advanceTo(Math.max(this.#venue.nowMs, this.#parts.clock.nowMs()));
  }

  #soon(): void {
    if (!this.#isClosed) this.#timer.wakeAt(this.#private.nextMs(), () => this.#wake());
  }

  #wake(): void {
    const nowMs = Math.max(this.#venue.nowMs, this.#parts.clock.nowMs());
    this.#private.advanceTo(nowMs, () => undefined);
    this.#soon();
  }
}
