import { setTimeout as sleep } from 'node:timers/promises';
import type { RestClientV5 } from 'bybit-api';
import { InputError } from '../engine/invariant.ts';
import { failureOfReply, failureOfThrown, pauseMs } from './bybit-errors.ts';
import type { RequestFailure } from './bybit-errors.ts';

export type BybitOptions = {
  readonly baseUrl?: string | undefined;
  /** Of one request; the SDK's own default is five minutes. */
  readonly timeoutMs?: number | undefined;
  /** Attempts for one page before giving up. */
  readonly attempts?: number | undefined;
  /** First pause after a network failure; doubles each time. */
  readonly retryDelayMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_ATTEMPTS = 6;
const DEFAULT_RETRY_DELAY_MS = 500;
type Reply<Result> = { readonly retCode: number; readonly result: Result; readonly time: number };
type Answer<Result> = { readonly result: Result; readonly serverTimeMs: number };

/** Public market data through the SDK: bounded, abortable, and silent about its insides. */
export class BybitClient {
  readonly #options: BybitOptions;
  readonly #rest: RestClientV5;
  readonly host: string;

  private constructor(rest: RestClientV5, options: BybitOptions) {
    this.#rest = rest;
    this.#options = options;
    this.host = options.baseUrl ?? 'https://api.bybit.com';
  }

  static async connect(options: BybitOptions): Promise<BybitClient> {
    checkUrl(options.baseUrl);
    const { RestClientV5 } = await import('bybit-api');
    const timeout = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const rest = new RestClientV5(
      {
        parseAPIRateLimits: true,
        ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
      },
      { timeout, ...(options.signal === undefined ? {} : { signal: options.signal }) },
    );
    return new BybitClient(rest, options);
  }

  /** One request, repeated while its failure may pass. */
  async call<Result>(
    send: (rest: RestClientV5) => Promise<Reply<Result>>,
  ): Promise<Answer<Result>> {
    const attempts = this.#options.attempts ?? DEFAULT_ATTEMPTS;
    for (let attempt = 1; ; attempt += 1) {
      this.#options.signal?.throwIfAborted();
      const outcome = await this.#try(send);
      if ('result' in outcome) return outcome;
      this.#options.signal?.throwIfAborted();
      if (outcome.tag === 'blocked') {
        throw new InputError(
          `${this.host} refuses this address (HTTP 403: rate limit or region); ` +
            `wait ten minutes, or use another --base-url`,
        );
      }
      if (outcome.tag === 'refused') throw new InputError(`${this.host}: ${outcome.problem}`);
      if (attempt >= attempts) throw gaveUp(this.host, attempts, outcome);
      await this.#pause(outcome, attempt);
    }
  }

  async #try<Result>(
    send: (rest: RestClientV5) => Promise<Reply<Result>>,
  ): Promise<Answer<Result> | RequestFailure> {
    try {
      const reply = await send(this.#rest);
      if (reply.retCode !== 0) return failureOfReply(reply);
      return { result: reply.result, serverTimeMs: reply.time };
    } catch (thrown) {
      return failureOfThrown(thrown);
    }
  }

  async #pause(failure: RequestFailure, attempt: number): Promise<void> {
    const { signal, retryDelayMs } = this.#options;
    const ms = pauseMs(failure, attempt, retryDelayMs ?? DEFAULT_RETRY_DELAY_MS, Date.now());
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  }
}

function checkUrl(baseUrl: string | undefined): void {
  if (baseUrl === undefined || /^https?:\/\/[^\s/]+/.test(baseUrl)) return;
  throw new InputError(`--base-url ${baseUrl} is not an http(s) address`);
}

function gaveUp(host: string, attempts: number, failure: RequestFailure): InputError {
  const why = 'problem' in failure ? failure.problem : 'still rate limited';
  return new InputError(
    `${host} gave no page in ${attempts} attempts (${why}); what has come is kept: ` +
      `run the same command again to go on`,
  );
}
