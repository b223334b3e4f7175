import type { RestAnswer, RestRequest } from '../../brokers/bybit/rest-request.ts';
import type { HostedVenue } from '../../brokers/hosted/hosted-venue.ts';
import { SharedVenue } from '../../brokers/hosted/shared-venue.ts';
import type { Transport, TransportInput, TransportSink } from '../../brokers/transport.ts';
import { VirtualClock } from '../shell/clock.ts';
import type { MovedVenue } from './moved-venue.ts';

/** Between looks at what has been promised meanwhile. */
const MOVES_AT_ONCE = 200;

/** The venue in this process, moved by hand. At the same ms it comes before our own timers. */
export class HostedMoves implements MovedVenue {
  readonly clock: VirtualClock;
  readonly #venue: SharedVenue;
  readonly #asker: Transport;
  #asked = 0;
  #answer: TransportInput | undefined;

  constructor(host: HostedVenue) {
    this.#venue = new SharedVenue(host);
    this.clock = new VirtualClock(host.nowMs);
    this.#asker = this.#venue.client((input) => {
      this.#answer = input;
    });
  }

  ask(request: RestRequest): Promise<RestAnswer> {
    this.#asked += 1;
    this.#answer = undefined;
    this.#asker.call({ ...request, call: this.#asked });
    while (this.#answer === undefined) this.#move();
    return Promise.resolve(restAnswer(this.#answer));
  }

  transport(sink: TransportSink): Transport {
    return this.#venue.client(sink);
  }

  async moveUntil<Result>(over: Promise<Result>): Promise<Result> {
    let isOver = false;
    const end = over.finally(() => {
      isOver = true;
    });
    // Its failure is whoever awaits it to hear.
    end.catch(() => undefined);
    while (!isOver) {
      for (let move = 0; move < MOVES_AT_ONCE; move += 1) this.#move();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return end;
  }

  close(): Promise<void> {
    return this.#asker.close();
  }

  #move(): void {
    const venueMs = this.#venue.nextMs();
    const timerMs = this.clock.nextMs();
    const show = (atMs: number): void => {
      this.clock.showTo(atMs);
    };
    if (venueMs === Infinity && timerMs === Infinity) return;
    if (venueMs <= timerMs) this.#venue.advanceTo(venueMs, show);
    else {
      this.#venue.advanceTo(timerMs, show);
      this.clock.advanceTo(timerMs);
    }
  }
}

/** What the same answer is over a wire. */
function restAnswer(input: TransportInput): RestAnswer {
  if (input.t !== 'reply') return { t: 'failed', why: input.t === 'failed' ? input.why : 'reset' };
  const { remaining = NaN, resetMs = NaN } = input.headers ?? {};
  const limit = { remaining, resetVenueMs: resetMs };
  return { t: 'reply', status: input.status, text: JSON.stringify(input.body), limit };
}
