import type { FeedClock } from '../../../src/brokers/candle-feed.ts';
import type { Transport, TransportCall, TransportSink } from '../../../src/brokers/transport.ts';
import type { Instrument } from '../../../src/engine/instrument.ts';

/** Candles of one interval, oldest first, in ticks; gaps allowed. */
export type VenueCandle = {
  readonly openTimeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
};

export type Troubles = {
  /** Between 0 and 1, as asked; the same sequence for the same seed. */
  readonly chance: () => number;
  readonly loses: number;
  readonly repeats: number;
  readonly disconnects: number;
  readonly failsReads: number;
  /** The list is behind by so much, at most. */
  readonly lagMs: number;
};

type Happening = { readonly atMs: number; readonly order: number; readonly run: () => void };

/** Bybit's candles, by list and by stream, in virtual time, with what may go wrong between. */
export class KlineVenue {
  nowMs: number;
  reads = 0;
  connections = 0;
  readonly #candles: readonly VenueCandle[];
  readonly #intervalMs: number;
  readonly #instrument: Instrument;
  readonly #troubles: Troubles;
  readonly #agenda: Happening[] = [];
  #order = 0;
  #streamed = 0;
  #connection: { readonly topics: unknown[]; readonly sink: TransportSink } | undefined;

  constructor(
    candles: readonly VenueCandle[],
    intervalMs: number,
    instrument: Instrument,
    troubles: Troubles,
    nowMs: number,
  ) {
    this.#candles = candles;
    this.#intervalMs = intervalMs;
    this.#instrument = instrument;
    this.#troubles = troubles;
    this.nowMs = nowMs;
  }

  readonly clock: FeedClock = {
    nowMs: () => this.nowMs,
    timer: () => {
      let wish = 0;
      return {
        wakeAt: (atMs, then) => {
          wish += 1;
          const mine = wish;
          if (atMs !== Infinity) this.#at(atMs, () => mine === wish && then());
        },
      };
    },
  };

  transport(sink: TransportSink): Transport {
    return {
      call: (request) => this.#read(request, sink),
      connect: () => {
        this.connections += 1;
        const connection = { topics: [], sink };
        this.#connection = connection;
        this.#later(() => {
          if (this.#connection === connection) sink({ t: 'open', socket: 'public' });
        });
      },
      disconnect: () => {
        this.#connection = undefined;
      },
      send: (_socket, body) => {
        const connection = this.#connection;
        const { op, req_id, args } = body as { op: string; req_id: string; args?: unknown[] };
        this.#later(() => {
          if (connection === undefined || this.#connection !== connection) return;
          if (op === 'subscribe') connection.topics.push(...(args ?? []));
          const ret_msg = op === 'ping' ? 'pong' : '';
          sink({ t: 'frame', socket: 'public', body: { success: true, ret_msg, req_id, op } });
        });
      },
      close: () => {
        this.#connection = undefined;
        return Promise.resolve();
      },
    };
  }

  /** Lets time pass; candles close on the way. */
  run(untilMs: number): void {
    for (;;) {
      const next = this.#next();
      const closing = this.#candles[this.#streamed];
      const closesMs = closing === undefined ? Infinity : closing.openTimeMs + this.#intervalMs;
      const atMs = Math.min(next?.atMs ?? Infinity, closesMs);
      if (atMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, atMs);
      if (closesMs <= atMs && closing !== undefined) {
        this.#streamed += 1;
        this.#stream(closing);
      } else if (next !== undefined) {
        this.#agenda.splice(this.#agenda.indexOf(next), 1);
        next.run();
      }
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  #stream(candle: VenueCandle): void {
    const { chance, loses, repeats, disconnects } = this.#troubles;
    const connection = this.#connection;
    if (connection === undefined || connection.topics.length === 0) return;
    if (chance() < disconnects) {
      this.#connection = undefined;
      this.#later(() => connection.sink({ t: 'close', socket: 'public' }));
      return;
    }
    if (chance() < loses) return;
    const send = (): void => {
      if (this.#connection !== connection) return;
      for (const confirm of [false, true])
        connection.sink({ t: 'frame', socket: 'public', body: this.#frame(candle, confirm) });
    };
    this.#later(send);
    if (chance() < repeats) this.#at(this.nowMs + chance() * 3 * this.#intervalMs, send);
  }

  #frame(candle: VenueCandle, confirm: boolean): object {
    const { symbol } = this.#instrument;
    const minutes = this.#intervalMs / 60_000;
    const row = {
      start: candle.openTimeMs,
      end: candle.openTimeMs + this.#intervalMs - 1,
      interval: String(minutes),
      ...this.#prices(candle),
      volume: '1',
      turnover: '1',
      confirm,
      timestamp: this.nowMs,
    };
    const topic = `kline.${minutes}.${symbol}`;
    return { topic, type: 'snapshot', ts: this.nowMs, data: [row] };
  }

  #read({ call, params }: TransportCall, sink: TransportSink): void {
    this.reads += 1;
    const { chance, failsReads, lagMs } = this.#troubles;
    this.#later(() => {
      if (chance() < failsReads) {
        if (chance() < 0.5) sink({ t: 'failed', call, why: 'timeout' });
        else sink({ t: 'reply', call, status: 502, body: '<html>' });
        return;
      }
      const seenMs = this.nowMs - chance() * lagMs;
      const { start, end, limit } = params as { start: number; end: number; limit: number };
      const list = this.#candles
        .filter(({ openTimeMs }) => openTimeMs >= start && openTimeMs <= end)
        .filter(({ openTimeMs }) => openTimeMs <= seenMs)
        .reverse()
        .slice(0, limit)
        .map((candle) => this.#listRow(candle, seenMs));
      const result = { category: 'linear', symbol: this.#instrument.symbol, list };
      const body = {
        retCode: 0,
        retMsg: 'OK',
        result,
        retExtInfo: {},
        time: Math.floor(this.nowMs),
      };
      this.#later(() => sink({ t: 'reply', call, status: 200, body }));
    });
  }

  /** The candle that is still open has not come to its close. */
  #listRow(candle: VenueCandle, seenMs: number): string[] {
    const open = candle.openTimeMs + this.#intervalMs > seenMs;
    const shown = open
      ? { ...candle, high: candle.open, low: candle.open, close: candle.open }
      : candle;
    const { open: o, high, low, close } = this.#prices(shown);
    return [String(candle.openTimeMs), o, high, low, close, '1', '1'];
  }

  #prices(candle: VenueCandle): { open: string; high: string; low: string; close: string } {
    const text = (ticks: number): string => this.#instrument.formatPrice(ticks);
    return {
      open: text(candle.open),
      high: text(candle.high),
      low: text(candle.low),
      close: text(candle.close),
    };
  }

  #later(run: () => void): void {
    this.#at(this.nowMs + Math.floor(this.#troubles.chance() * 200), run);
  }

  #at(atMs: number, run: () => void): void {
    this.#order += 1;
    this.#agenda.push({ atMs: Math.max(atMs, this.nowMs), order: this.#order, run });
  }

  #next(): Happening | undefined {
    return this.#agenda.reduce<Happening | undefined>((first, happening) => {
      if (first === undefined || happening.atMs < first.atMs) return happening;
      return happening.atMs === first.atMs && happening.order < first.order ? happening : first;
    }, undefined);
  }
}

export const NO_TROUBLES: Troubles = {
  chance: () => 0.5,
  loses: 0,
  repeats: 0,
  disconnects: 0,
  failsReads: 0,
  lagMs: 0,
};
