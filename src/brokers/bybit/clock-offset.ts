import { MARKET_TIME } from './wire/paths.ts';
import { isRow } from './wire/decoded.ts';
import { bodyOf } from './redaction.ts';
import type { RestAnswer, RestRequest } from './rest-request.ts';

const SAMPLES = 3;
const SAMPLE_TIMEOUT_MS = 3_000;
const AGAIN_AFTER_MS = 1_000;
const NANOS_PER_MS = 1_000_000n;

/**
 * How far the venue's clock is ahead of ours. Signatures are made with it; inputs keep the local
 * clock. Of a few samples the one that travelled least is taken: its error is at most half its trip.
 */
export class ClockOffset {
  offsetMs = 0;
  /** Of the sample that was taken; NaN before the first. */
  tripMs = NaN;
  readonly #ask: (request: RestRequest) => Promise<RestAnswer>;
  #measuring: Promise<void> | undefined;
  #first: Promise<void> | undefined;
  #measuredMs = -Infinity;

  constructor(ask: (request: RestRequest) => Promise<RestAnswer>) {
    this.#ask = ask;
  }

  /** Resolves when there has been an attempt, successful or not. */
  first(): Promise<void> {
    this.#first ??= this.measure();
    return this.#first;
  }

  /** At most one at a time, and not in a storm. */
  measure(): Promise<void> {
    if (this.#measuring !== undefined) return this.#measuring;
    if (performance.now() - this.#measuredMs < AGAIN_AFTER_MS) return Promise.resolve();
    this.#measuring = this.#measure().finally(() => {
      this.#measuring = undefined;
      this.#measuredMs = performance.now();
    });
    return this.#measuring;
  }

  async #measure(): Promise<void> {
    let tripMs = Infinity;
    let offsetMs = NaN;
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      const sentMs = Date.now();
      const sent = performance.now();
      const answer = await this.#ask({
        method: 'GET',
        path: MARKET_TIME,
        params: {},
        timeoutMs: SAMPLE_TIMEOUT_MS,
      });
      const tookMs = performance.now() - sent;
      const venueMs = answer.t === 'reply' ? venueMsOf(bodyOf(answer.text)) : NaN;
      if (Number.isNaN(venueMs)) return this.#take(offsetMs, tripMs);
      if (tookMs < tripMs) {
        tripMs = tookMs;
        offsetMs = venueMs - (sentMs + tookMs / 2);
      }
    }
    this.#take(offsetMs, tripMs);
  }

  #take(offsetMs: number, tripMs: number): void {
    if (Number.isNaN(offsetMs)) return;
    this.offsetMs = Math.round(offsetMs);
    this.tripMs = tripMs;
  }
}

/** The venue's clock in an answer to /v5/market/time; NaN where there is none. */
export function venueMsOf(body: unknown): number {
  const result = isRow(body) && body['retCode'] === 0 ? body['result'] : undefined;
  const nanos = isRow(result) ? result['timeNano'] : undefined;
  if (typeof nanos !== 'string' || !/^\d{16,20}$/.test(nanos)) return NaN;
  return Number(BigInt(nanos) / NANOS_PER_MS);
}
