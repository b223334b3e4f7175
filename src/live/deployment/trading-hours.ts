import { MS_PER_HOUR } from '../../engine/units.ts';
import type { NumberedRecord } from '../journal/record.ts';

/** Longer without a word from the exchange is time in which nothing is known to have worked. */
const MOST_SILENCE_MS = 5 * 60_000;

export type TradingTime = {
  readonly hours: number;
  /** Exchange stamps of the first and last moment that counted; undefined: none did. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
};

/**
 * How long a bot traded, by the exchange's own stamps: from one message to the next while its
 * private stream was subscribed and no person had stopped it. Time in which the process was down,
 * cut off, reconnecting or halted does not count, nor does what a local clock says.
 */
export class TradingClock {
  #sumMs = 0;
  #fromMs: number | undefined;
  #toMs: number | undefined;
  #isSubscribed = false;
  #isStopped = false;
  /** The last stamp of a stretch without a hole; undefined: none is going on. */
  #lastMs: number | undefined;

  add(record: NumberedRecord): void {
    const input = rowOf(record['i']);
    if (record.k !== 'in' || input === undefined) return;
    switch (input['t']) {
      case 'boot':
        this.#isSubscribed = false;
        break;
      case 'open':
      case 'close':
        if (input['socket'] === 'private') this.#isSubscribed = false;
        break;
      case 'control':
        this.#isStopped = input['word'] !== 'resume';
        break;
      case 'diskFailed':
        this.#isSubscribed = false;
        break;
      case 'frame':
        this.#frame(input['socket'], rowOf(input['body']));
        break;
      default:
        return;
    }
    if (!this.#isSubscribed || this.#isStopped) this.#lastMs = undefined;
  }

  get time(): TradingTime {
    return { hours: this.#sumMs / MS_PER_HOUR, fromMs: this.#fromMs, toMs: this.#toMs };
  }

  #frame(socket: unknown, body: Row | undefined): void {
    if (body === undefined) return;
    if (socket === 'private' && body['op'] === 'subscribe') {
      this.#isSubscribed = body['success'] === true;
      return;
    }
    const stampMs = body['ts'] ?? body['creationTime'];
    if (typeof stampMs !== 'number' || !Number.isSafeInteger(stampMs)) return;
    if (this.#isSubscribed && !this.#isStopped) this.#count(stampMs);
  }

  /** Stamps of two streams may cross: time never goes back, and never counts twice. */
  #count(stampMs: number): void {
    const last = this.#lastMs;
    if (last !== undefined && stampMs <= last) return;
    if (last === undefined || stampMs - last > MOST_SILENCE_MS) {
      this.#lastMs = Math.max(stampMs, this.#toMs ?? stampMs);
      return;
    }
    this.#sumMs += stampMs - last;
    this.#fromMs ??= last;
    this.#toMs = stampMs;
    this.#lastMs = stampMs;
  }
}

export function tradingTimeOf(records: Iterable<NumberedRecord>): TradingTime {
  const clock = new TradingClock();
  for (const record of records) clock.add(record);
  return clock.time;
}

type Row = Readonly<Record<string, unknown>>;

function rowOf(value: unknown): Row | undefined {
  return typeof value === 'object' && value !== null ? (value as Row) : undefined;
}
