import { isRow } from '../../brokers/bybit/wire/decoded.ts';
import type { TransportInput } from '../../brokers/transport.ts';

type Frame = Extract<TransportInput, { t: 'frame' }>;

/** A price that stays the same is passed on now and then: the stream's watchdog listens. */
const SAME_AGAIN_MS = 1_000;
/** Of prices that change faster, the last one of each such span is passed on. */
const SPAN_MS = 20;

/**
 * Public frames reduced to what is acted on: the last price, when it changes. What the session is
 * not given it does not journal, and thousands of messages a second cost next to nothing.
 */
export class PriceFunnel {
  /** When `release` is due; Infinity when nothing is held. */
  dueMs = Infinity;
  #held: Frame | undefined;
  #heldPrice = '';
  #passedPrice = '';
  #passedMs = -Infinity;

  /** What to pass on now of a frame from the public socket. */
  take(frame: Frame, nowMs: number): Frame | undefined {
    const price = lastPriceOf(frame.body);
    if (price === undefined) return frame;
    // A ticker without a price says nothing of the one that is held back.
    if (price === '' && this.#held !== undefined) return undefined;
    this.#held = undefined;
    this.dueMs = Infinity;
    const isNews = price !== '' && price !== this.#passedPrice;
    if (!isNews && nowMs < this.#passedMs + SAME_AGAIN_MS) return undefined;
    const small = reduced(frame, price);
    if (nowMs >= this.#passedMs + SPAN_MS) return this.#pass(small, price, nowMs);
    this.#held = small;
    this.#heldPrice = price;
    this.dueMs = this.#passedMs + SPAN_MS;
    return undefined;
  }

  /** The newest frame that was held back. */
  release(nowMs: number): Frame | undefined {
    const held = this.#held;
    if (held === undefined || nowMs < this.dueMs) return undefined;
    this.#held = undefined;
    this.dueMs = Infinity;
    return this.#pass(held, this.#heldPrice, nowMs);
  }

  #pass(frame: Frame, price: string, nowMs: number): Frame {
    this.#passedMs = nowMs;
    if (price !== '') this.#passedPrice = price;
    return frame;
  }
}

/** Empty where a ticker has none; undefined where the frame is something else. */
function lastPriceOf(body: unknown): string | undefined {
  if (!isRow(body) || typeof body['topic'] !== 'string') return undefined;
  const { topic, data } = body;
  if (topic.startsWith('tickers.') && isRow(data)) {
    const price = data['lastPrice'];
    return price === undefined ? '' : typeof price === 'string' ? price : undefined;
  }
  if (!topic.startsWith('publicTrade.') || !Array.isArray(data)) return undefined;
  const last: unknown = data.at(-1);
  const price = isRow(last) ? last['p'] : undefined;
  return typeof price === 'string' ? price : undefined;
}

function reduced(frame: Frame, price: string): Frame {
  const body = frame.body as Readonly<Record<string, unknown>>;
  const { topic, type, ts, data } = body;
  const kept = Array.isArray(data) ? data.slice(-1) : price === '' ? {} : { lastPrice: price };
  return { ...frame, body: { topic, type, ts, data: kept } };
}
