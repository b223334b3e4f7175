import type { Instrument } from '../../engine/instrument.ts';
import { InputError } from '../../engine/invariant.ts';
import type { IndicatorNeed } from '../../engine/strategy.ts';
import { indicatorStream } from '../../indicators/streams.ts';
import type { IndicatorStream } from '../../indicators/streams.ts';
import type { CandleFeed, ClosedCandle, FeedClock } from '../candle-feed.ts';
import { CandleOrder } from '../candle-order.ts';
import { nextFailures, retryWaitMs } from '../reconnect.ts';
import type { Transport, TransportInput, TransportSink } from '../transport.ts';
import { TopicStream } from './topic-stream.ts';
import {
  CANDLES_A_PAGE,
  decodeKlinePage,
  klineInterval,
  klineTopic,
  queryKline,
} from './wire/kline-page.ts';
import type { KlineRow } from './wire/kline-page.ts';
import type { PublicFrame } from './wire/public-frame.ts';

export type KlineFeedOptions = {
  readonly instrument: Instrument;
  /** All of one interval; none = no candle is ever told. */
  readonly needs: readonly IndicatorNeed[];
  /** Where the indicators begin: the same place gives the same numbers, to the bit. */
  readonly startMs: number;
  /** Candles that closed by then are only reckoned with, not told. */
  readonly toldUntilMs: number;
  readonly clock: FeedClock;
  /** Needs no key. The feed closes it. */
  readonly transport: (sink: TransportSink) => Transport;
  readonly problem?: ((text: string) => void) | undefined;
};

const TIMEOUT_MS = 5_000;
/** Even where the venue's clock says that it is due, not at once. */
const SOONEST_MS = 500;
const HTTP_OK = 200;
/** The limit of this address: no request for ten minutes. */
const HTTP_BANNED = 403;
const BAN_MS = 10 * 60_000;
/** When a candle ought to be closed and the stream has not said so, the list is read. */
const OVERDUE_AFTER_MS = 5_000;

/**
 * Closed candles with their indicators: the list from the start on, then the stream, and the list
 * again wherever the stream may have missed something. What is told does not depend on which of the
 * two was faster. No clock but the one it is given; the wire is whatever transport it is given.
 */
export class KlineFeed implements CandleFeed {
  readonly #options: KlineFeedOptions;
  readonly #interval: string;
  readonly #intervalMs: number;
  readonly #streams: readonly IndicatorStream[];
  readonly #order: CandleOrder<KlineRow>;
  readonly #transport: Transport;
  readonly #kline: TopicStream;
  readonly #timer: ReturnType<FeedClock['timer']>;
  #sink: (candle: ClosedCandle) => void = () => undefined;
  #calls = 0;
  #lastOpenMs = NaN;
  /** Where the first candle is looked for; Infinity once one has been taken. */
  #firstOpenMs: number;
  #asking = false;
  /** Something may have closed while the list was being read. */
  #again = false;
  #failures = 0;
  #dueMs = Infinity;
  #closed = false;

  constructor(options: KlineFeedOptions) {
    this.#options = options;
    const { instrument, needs, startMs, clock } = options;
    this.#intervalMs = commonInterval(needs);
    this.#interval = nameOf(this.#intervalMs);
    this.#streams = needs.map(indicatorStream);
    this.#firstOpenMs = Math.ceil(startMs / this.#intervalMs) * this.#intervalMs;
    this.#order = new CandleOrder(this.#firstOpenMs, this.#intervalMs, (row) => this.#take(row));
    this.#timer = clock.timer();
    this.#transport = options.transport((input) => this.#input(input));
    this.#kline = new TopicStream({
      transport: this.#transport,
      instrument,
      topics: [klineTopic(this.#interval, instrument.symbol)],
      subscribed: () => this.#ask(),
      frame: (frame) => this.#framed(frame),
      problem: (text) => this.#problem(text),
    });
  }

  start(sink: (candle: ClosedCandle) => void): void {
    if (this.#streams.length === 0) return;
    this.#sink = sink;
    this.#kline.connect(this.#nowMs);
    this.#ask();
    this.#setTimer();
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#timer.wakeAt(Infinity, () => undefined);
    return this.#transport.close();
  }

  get #nowMs(): number {
    return this.#options.clock.nowMs();
  }

  #input(input: TransportInput): void {
    if (this.#closed) return;
    if (input.t === 'reply' || input.t === 'failed') this.#answered(input);
    else this.#kline.input(input, this.#nowMs);
    if (this.#order.hasGap) this.#ask();
    this.#setTimer();
  }

  #framed(frame: PublicFrame): void {
    if (frame.kind !== 'candles') return;
    for (const candle of frame.records) {
      if (!candle.closed) continue;
      this.#order.closed(candle);
      this.#expectNext(frame.atMs);
    }
  }

  #wake(): void {
    if (this.#closed) return;
    const nowMs = this.#nowMs;
    this.#kline.tend(nowMs);
    if (this.#dueMs <= nowMs) {
      this.#dueMs = Infinity;
      this.#ask();
    }
    this.#setTimer();
  }

  #setTimer(): void {
    const atMs = Math.min(this.#dueMs, this.#kline.wakeMs);
    this.#timer.wakeAt(atMs, () => this.#wake());
  }

  /** One read at a time, and none while a failed one is waited out. */
  #ask(): void {
    if (this.#asking || (this.#failures > 0 && this.#dueMs !== Infinity)) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    this.#again = false;
    this.#dueMs = Infinity;
    this.#calls += 1;
    const { nextOpenMs } = this.#order;
    this.#lastOpenMs = nextOpenMs + (CANDLES_A_PAGE - 1) * this.#intervalMs;
    const { instrument } = this.#options;
    const request = queryKline(this.#interval, nextOpenMs, this.#lastOpenMs, instrument);
    this.#transport.call({ ...request, call: this.#calls, timeoutMs: TIMEOUT_MS });
  }

  #answered(input: Extract<TransportInput, { call: number }>): void {
    if (input.call !== this.#calls || !this.#asking) return;
    this.#asking = false;
    if (input.t === 'failed') {
      this.#retry(`candles could not be read (${input.why})`);
      return;
    }
    const page = decodeKlinePage(input.body, this.#options.instrument);
    if (input.status !== HTTP_OK) {
      this.#retry(`candles could not be read (HTTP ${input.status})`);
      if (input.status === HTTP_BANNED) this.#dueMs = this.#nowMs + BAN_MS;
    } else if (!page.ok) this.#retry(page.problems.join('; '));
    else {
      const { candles, venueMs } = page.value;
      const moved = this.#order.listed(candles, this.#lastOpenMs, venueMs);
      const behind = this.#order.settledMs <= venueMs || this.#order.hasGap;
      if (!behind) {
        this.#failures = 0;
        this.#expectNext(venueMs);
        if (this.#again) this.#ask();
      } else if (moved) {
        this.#failures = 0;
        this.#ask();
      } else this.#retry(undefined);
    }
  }

  /** The list lags, or cannot be read: later, and less and less often. */
  #retry(problem: string | undefined): void {
    if (problem !== undefined) this.#problem(problem);
    this.#dueMs = this.#nowMs + retryWaitMs(this.#failures, this.#nowMs);
    this.#failures = nextFailures(this.#failures);
  }

  /** When the next candle is overdue, in the local clock. */
  #expectNext(venueMs: number): void {
    if (this.#asking || this.#failures > 0) return;
    const { nextOpenMs } = this.#order;
    const overdueMs = nextOpenMs + this.#intervalMs + OVERDUE_AFTER_MS;
    this.#dueMs = this.#nowMs + Math.max(overdueMs - venueMs, SOONEST_MS);
  }

  #take(row: KlineRow): void {
    if (row.openTimeMs > this.#firstOpenMs) this.#beginsLate(row.openTimeMs);
    this.#firstOpenMs = Infinity;
    const { highTicks: high, lowTicks: low, closeTicks: close } = row;
    const indicators = this.#streams.map((stream) => stream.push({ high, low, close }));
    const closeMs = row.openTimeMs + this.#intervalMs;
    if (closeMs > this.#options.toldUntilMs) this.#sink({ closeMs, closeTicks: close, indicators });
  }

  #beginsLate(openMs: number): void {
    const [wanted, found] = [this.#firstOpenMs, openMs].map((ms) => new Date(ms).toISOString());
    this.#problem(
      `the exchange has none before ${found}, and the indicators were to begin at ${wanted}: ` +
        'until they have settled they are not those of the run',
    );
  }

  #problem(text: string): void {
    this.#options.problem?.(text);
  }
}

function commonInterval(needs: readonly IndicatorNeed[]): number {
  const [first] = needs;
  // Without a need nothing is ever asked; any interval will do.
  return first?.intervalMs ?? 60_000;
}

function nameOf(intervalMs: number): string {
  const name = klineInterval(intervalMs);
  if (name === undefined)
    throw new InputError(
      `Bybit has no candles of ${intervalMs / 60_000} minutes: live, an indicator's interval is ` +
        '1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 12h or 1d',
    );
  return name;
}
