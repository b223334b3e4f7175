import { GATE_FLATTEN, GATE_HALT } from '../../engine/entry-gate.ts';
import { MS_PER_HOUR } from '../../engine/units.ts';
import { controlFrame } from '../../brokers/bybit/wire/control-frame.ts';
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
  /** By a person, until a person says resume; a start does not forget it. */
  #isHalted = false;
  /** The process is about to end. */
  #isEnding = false;
  #hasBegun = false;
  /** The last stamp of a stretch without a hole; undefined: none is going on. */
  #lastMs: number | undefined;

  add(record: NumberedRecord): void {
    if (record.k === 'snapshot' && !this.#hasBegun) this.#goOnFrom(rowOf(record['state']));
    this.#hasBegun = true;
    const input = rowOf(record['i']);
    if (record.k !== 'in' || input === undefined) return;
    switch (input['t']) {
      case 'boot':
        this.#isSubscribed = false;
        this.#isEnding = false;
        break;
      case 'open':
      case 'close':
        if (input['socket'] === 'private') this.#isSubscribed = false;
        break;
      case 'control':
        if (input['word'] === 'stop') this.#isEnding = true;
        else this.#isHalted = input['word'] !== 'resume';
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
    if (!this.#isTrading) this.#lastMs = undefined;
  }

  get time(): TradingTime {
    return { hours: this.#sumMs / MS_PER_HOUR, fromMs: this.#fromMs, toMs: this.#toMs };
  }

  #frame(socket: unknown, body: Row | undefined): void {
    if (body === undefined) return;
    const control = controlFrame(body);
    if (control !== undefined) {
      const isAnswer = socket === 'private' && typeof control === 'object';
      if (isAnswer && control.op === 'subscribe') this.#isSubscribed = control.success;
      return;
    }
    const stampMs = body['ts'] ?? body['creationTime'];
    if (typeof stampMs !== 'number' || !Number.isSafeInteger(stampMs)) return;
    if (this.#isTrading) this.#count(stampMs);
  }

  get #isTrading(): boolean {
    return this.#isSubscribed && !this.#isHalted && !this.#isEnding;
  }

  /** A journal whose first files are gone begins with the state they led to. */
  #goOnFrom(state: Row | undefined): void {
    const bits = rowOf(rowOf(rowOf(state?.['engine'])?.['caution'])?.['gate'])?.['bits'];
    this.#isSubscribed = rowOf(state?.['privateStream'])?.['state'] === 'subscribed';
    this.#isHalted = typeof bits !== 'number' || (bits & (GATE_HALT | GATE_FLATTEN)) !== 0;
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
