import type { Instrument } from '../../engine/instrument.ts';
import type { DryVenue } from '../../venue/dry-run/dry-venue.ts';
import type { Prices } from '../../venue/dry-run/shown-range.ts';
import { TopicStream } from '../bybit/topic-stream.ts';
import { klineTopic } from '../bybit/wire/kline-page.ts';
import type { PublicFrame } from '../bybit/wire/public-frame.ts';
import type { CandleRecord } from '../bybit/wire/records.ts';
import { publicTopics } from '../bybit/wire/stream-requests.ts';
import type { FeedClock } from '../candle-feed.ts';
import { nextFailures, retryWaitMs } from '../reconnect.ts';
import type { Transport, TransportInput, TransportSink } from '../transport.ts';
import { knownRate, minuteCandle, readMissed } from './price-history.ts';
import { RestLine } from './rest-line.ts';

export type PriceLineParts = {
  readonly venue: DryVenue;
  readonly instrument: Instrument;
  readonly clock: FeedClock;
  /** Needs no key. The line closes it. */
  readonly transport: (sink: TransportSink) => Transport;
  /** Without a word for so long the stream counts as dead. */
  readonly silenceMs: number;
  /** The venue has heard something. */
  readonly moved: () => void;
  readonly said: (text: string) => void;
};

type Heard = { readonly atMs: number; readonly prices: Prices };

/** How many prices wait while the past is read: some minutes of a busy market. */
const MOST_HELD = 200_000;
const LONG_AGO_MS = 5_000;

/**
 * Tells the venue where the price is, and after every silence, also that of a process that was not
 * there, where it went meanwhile. What it knows too little of it does not tell.
 */
export class PriceLine {
  readonly #parts: PriceLineParts;
  readonly #stream: TopicStream;
  readonly #transport: Transport;
  readonly #rest: RestLine;
  readonly #timer: ReturnType<FeedClock['timer']>;
  readonly #retry: ReturnType<FeedClock['timer']>;
  #prices: Prices = { lastTicks: 0, markTicks: 0, indexTicks: 0 };
  #held: Heard[] = [];
  #sinceMs: number;
  #reading = 0;
  #failures = 0;
  #isClosed = false;

  constructor(parts: PriceLineParts) {
    this.#parts = parts;
    const { instrument, clock, venue } = parts;
    this.#timer = clock.timer();
    this.#retry = clock.timer();
    this.#sinceMs = venue.livedMs;
    this.#transport = parts.transport((input) => this.#input(input));
    this.#rest = new RestLine(this.#transport);
    this.#stream = new TopicStream({
      transport: this.#transport,
      instrument,
      topics: [...publicTopics(instrument.symbol), klineTopic('1', instrument.symbol)],
      subscribed: () => this.#read(),
      lost: (heardMs) => this.#lost(heardMs),
      frame: (frame) => this.#frame(frame),
      problem: (text) => parts.said(text),
      silenceMs: parts.silenceMs,
    });
  }

  start(): void {
    this.#stream.connect(this.#parts.clock.nowMs());
    this.#setTimer();
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#timer.wakeAt(Infinity, () => undefined);
    this.#retry.wakeAt(Infinity, () => undefined);
    return this.#transport.close();
  }

  #input(input: TransportInput): void {
    if (this.#isClosed) return;
    if (input.t === 'reply' || input.t === 'failed') this.#rest.answered(input);
    else this.#stream.input(input, this.#parts.clock.nowMs());
    this.#setTimer();
  }

  #setTimer(): void {
    this.#timer.wakeAt(this.#stream.wakeMs, () => {
      this.#stream.tend(this.#parts.clock.nowMs());
      this.#setTimer();
    });
  }

  #lost(heardMs: number): void {
    const { venue } = this.#parts;
    this.#reading += 1;
    this.#retry.wakeAt(Infinity, () => undefined);
    if (venue.isHeld) return;
    this.#sinceMs = heardMs;
    venue.hold();
    this.#parts.said(
      'the price stream is lost: the venue waits until it knows where the price went',
    );
  }

  /** The past, while the stream already tells the present. */
  #read(): void {
    this.#reading += 1;
    this.#held = [];
    const reading = this.#reading;
    const { clock, instrument } = this.#parts;
    const untilMs = clock.nowMs();
    void readMissed(this.#rest, instrument, this.#sinceMs, untilMs).then((missed) => {
      if (this.#isClosed || reading !== this.#reading) return;
      if (missed === undefined || missed.candles.length === 0) this.#readAgain();
      else this.#caughtUp(missed, untilMs);
    });
  }

  #readAgain(): void {
    const nowMs = this.#parts.clock.nowMs();
    this.#parts.said('the price since then could not be read: asking again');
    this.#retry.wakeAt(nowMs + retryWaitMs(this.#failures, nowMs), () => this.#read());
    this.#failures = nextFailures(this.#failures);
  }

  #caughtUp(
    { candles, rates }: NonNullable<Awaited<ReturnType<typeof readMissed>>>,
    untilMs: number,
  ): void {
    this.#failures = 0;
    const { venue, said, moved } = this.#parts;
    const before = venue.truth.executions.length;
    for (const { dueMs, rate } of rates) venue.rate(dueMs, rate);
    venue.catchUp(candles, this.#sinceMs, untilMs);
    const booked = venue.truth.executions.length - before;
    if (untilMs - this.#sinceMs > LONG_AGO_MS || booked > 0)
      said(
        `the price since ${new Date(this.#sinceMs).toISOString()} is known: ` +
          `${candles.length} candles walked, ${booked} executions and settlements in them`,
      );
    for (const { atMs, prices } of this.#held)
      if (atMs > untilMs) venue.price(Math.max(atMs, venue.nowMs), prices);
    this.#held = [];
    moved();
  }

  #frame(frame: PublicFrame): void {
    switch (frame.kind) {
      case 'ticker': {
        const rate = knownRate(frame.fundingRate);
        if (rate !== undefined) this.#parts.venue.expectRate(rate);
        this.#tell({
          lastTicks: frame.lastTicks || this.#prices.lastTicks,
          markTicks: this.#ticksOf(frame.markPrice) || this.#prices.markTicks,
          indexTicks: this.#ticksOf(frame.indexPrice) || this.#prices.indexTicks,
        });
        return;
      }
      case 'trades':
        for (const { priceTicks } of frame.records)
          this.#tell({ ...this.#prices, lastTicks: priceTicks });
        return;
      case 'candles':
        for (const candle of frame.records) if (candle.closed) this.#closed(candle);
        return;
      case 'control':
        return;
    }
  }

  #tell(prices: Prices): void {
    this.#prices = prices;
    const { venue, clock, moved } = this.#parts;
    const { lastTicks, markTicks, indexTicks } = prices;
    if (Math.min(lastTicks, markTicks, indexTicks) <= 0) return;
    const atMs = clock.nowMs();
    if (!venue.isHeld) {
      venue.price(atMs, prices);
      moved();
    } else if (this.#held.length < MOST_HELD) this.#held.push({ atMs, prices });
    else this.#read();
  }

  #closed(candle: CandleRecord): void {
    const { venue, instrument, moved } = this.#parts;
    if (venue.isHeld) return;
    venue.advanceTo(this.#parts.clock.nowMs());
    const minute = minuteCandle(candle, instrument, undefined);
    venue.mend(minute);
    venue.volume(minute.volumeSteps);
    moved();
  }

  #ticksOf(price: string): number {
    const ticks = Math.round(Number(price) / this.#parts.instrument.tickSize);
    return Number.isFinite(ticks) ? ticks : 0;
  }
}
