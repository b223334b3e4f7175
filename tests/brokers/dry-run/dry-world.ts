import { DryRunTransport } from '../../../src/brokers/dry-run/dry-run-transport.ts';
import { InProcessTransport } from '../../../src/brokers/hosted/in-process-transport.ts';
import type { Transport, TransportInput, TransportSink } from '../../../src/brokers/transport.ts';
import { VirtualClock } from '../../../src/live/shell/clock.ts';
import type { Tape } from '../../../src/market/tape.ts';
import { DryVenue } from '../../../src/venue/dry-run/dry-venue.ts';
import type { VenueHost } from '../../../src/venue/host/venue-host.ts';
import type { VenueRecord } from '../../../src/venue/dry-run/venue-record.ts';
import { dryOptions } from '../../venue/dry-run/rig.ts';
import { START_MS, hostOf } from '../../venue/host/rig.ts';

type Source = { readonly transport: InProcessTransport; isCut: boolean };

/** A dry run in virtual time; each of its connections has the same market behind it. */
export class DryWorld {
  readonly clock: VirtualClock;
  readonly inputs: TransportInput[] = [];
  readonly said: string[] = [];
  readonly prices: VenueHost[] = [];
  readonly venue: DryVenue;
  readonly transport: DryRunTransport;
  readonly #sources: Source[] = [];
  readonly #tape: Tape;

  constructor(tape: Tape, atMs = START_MS + 1_000, records: VenueRecord[] = []) {
    this.#tape = tape;
    this.clock = new VirtualClock(atMs);
    const restored = records.splice(0, Infinity);
    const book = { append: (each: VenueRecord) => void records.push(each), sync: () => undefined };
    this.venue = new DryVenue(dryOptions({ startMs: START_MS + 1_000 }), book);
    this.venue.restore(restored);
    this.transport = new DryRunTransport(
      {
        venue: this.venue,
        instrument: this.venue.options.instrument,
        clock: this.clock,
        transport: (sink) => this.#source(sink),
        silenceMs: 10_000,
        said: (text) => this.said.push(text),
        closed: () => undefined,
      },
      (input) => this.inputs.push(input),
    );
  }

  /** Everything in the order of its time; promises are let through in between. */
  async pass(forMs: number): Promise<void> {
    const untilMs = this.clock.nowMs() + forMs;
    for (;;) {
      const dues = this.#sources.map(({ transport }) => transport.nextMs());
      const nextMs = Math.min(untilMs, this.clock.nextMs(), ...dues);
      for (const { transport } of this.#sources) transport.advanceTo(nextMs, () => undefined);
      this.clock.advanceTo(nextMs);
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      const isQuiet = this.#sources.every(({ transport }) => transport.nextMs() > untilMs);
      if (nextMs >= untilMs && isQuiet && this.clock.nextMs() > untilMs) return;
    }
  }

  /** Nothing more is heard on the connection of the prices until it is made again. */
  cut(forMs: number): void {
    const line = this.#sources.at(-1);
    if (line === undefined) return;
    line.isCut = true;
    this.clock.timer().wakeAt(this.clock.nowMs() + forMs, () => (line.isCut = false));
  }

  #source(sink: TransportSink): Transport {
    const host = hostOf(this.#tape);
    while (host.advanceTo(this.clock.nowMs()) < this.clock.nowMs()) host.take();
    this.prices.push(host);
    const source: Source = {
      isCut: false,
      transport: new InProcessTransport(host, (input) => {
        if (!source.isCut) sink(input);
      }),
    };
    this.#sources.push(source);
    return source.transport;
  }
}
