import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { RestClientV5 as RestClient } from 'bybit-api';
import { InvariantError } from '../../engine/invariant.ts';
import type { CallFailure, TransportCall } from '../transport.ts';
import { failureOfThrown } from './call-failure.ts';
import type { Credentials } from './credentials.ts';
import { RestClientV5 } from './sdk.ts';

/** An answer as it came: nothing of it has been believed yet. */
export type RestAnswer =
  | { readonly t: 'reply'; readonly status: number; readonly text: string; readonly limit: Limit }
  | { readonly t: 'failed'; readonly why: CallFailure };

/** The venue's own clock; NaN where it did not say. */
export type Limit = { readonly remaining: number; readonly resetVenueMs: number };

export type RestRequest = Pick<TransportCall, 'method' | 'path' | 'params' | 'timeoutMs'>;

export type RestParts = {
  readonly baseUrl: string;
  readonly credentials: Credentials | undefined;
  readonly offsetMs: () => number;
};

const LARGEST_ANSWER_BYTES = 8 * 1024 * 1024;
const RECV_WINDOW_MS = 5_000;
const HTTP_OK = 200;

/**
 * REST through the SDK, one client a request: so each has its own deadline, after which the SDK can
 * send nothing for it any more, and no state of an earlier request can touch a later one.
 */
export class RestDesk {
  readonly #parts: RestParts;
  readonly #agents = {
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true }),
  };
  readonly #open = new Set<AbortController>();

  constructor(parts: RestParts) {
    this.#parts = parts;
  }

  /** Never rejects. At the deadline the answer is `timeout`, whatever the network does. */
  async ask(request: RestRequest): Promise<RestAnswer> {
    const abort = new AbortController();
    this.#open.add(abort);
    const ended = new Promise<RestAnswer>((resolve) => {
      abort.signal.addEventListener('abort', () =>
        resolve({ t: 'failed', why: abort.signal.reason === 'deadline' ? 'timeout' : 'reset' }),
      );
    });
    const deadline = setTimeout(() => abort.abort('deadline'), request.timeoutMs);
    try {
      return await Promise.race([this.#send(request, abort.signal), ended]);
    } finally {
      clearTimeout(deadline);
      this.#open.delete(abort);
    }
  }

  /** Ends what is open: `reset`, since it may have been carried out. */
  close(): void {
    for (const abort of this.#open) abort.abort('closed');
    this.#agents.httpAgent.destroy();
    this.#agents.httpsAgent.destroy();
  }

  async #send(request: RestRequest, signal: AbortSignal): Promise<RestAnswer> {
    const { method, path, params, timeoutMs } = request;
    const { credentials } = this.#parts;
    const isPublic = path.startsWith('/v5/market/');
    if (!isPublic && credentials === undefined)
      throw new InvariantError(`${path} needs a key, and this transport has none`);
    const client = new OneRequest(this.#parts, {
      ...this.#agents,
      signal,
      timeout: timeoutMs,
      responseType: 'text',
      transformResponse: [received],
      // A redirect would carry key and signature to another host.
      maxRedirects: 0,
      maxContentLength: LARGEST_ANSWER_BYTES,
      proxy: false,
    });
    try {
      return answerOf(await dispatch(client, method, path, { ...params }, isPublic));
    } catch (thrown) {
      return answerOfThrown(thrown);
    }
  }
}

type NetworkOptions = NonNullable<ConstructorParameters<typeof RestClientV5>[1]>;

class OneRequest extends RestClientV5 {
  readonly #offsetMs: () => number;

  constructor({ baseUrl, credentials, offsetMs }: RestParts, network: NetworkOptions) {
    super(
      {
        baseUrl,
        recv_window: RECV_WINDOW_MS,
        syncTimeBeforePrivateRequests: true,
        ...(credentials === undefined
          ? {}
          : { key: credentials.key.reveal(), secret: credentials.secret.reveal() }),
      },
      network,
    );
    this.#offsetMs = offsetMs;
  }

  /** The SDK asks before it signs; the offset has been measured elsewhere. In seconds. */
  override fetchServerTime(): Promise<number> {
    return Promise.resolve((Date.now() + this.#offsetMs()) / 1_000);
  }
}

function dispatch(
  client: RestClient,
  method: 'GET' | 'POST',
  path: string,
  params: Record<string, unknown>,
  isPublic: boolean,
): Promise<unknown> {
  if (method === 'POST') return client.postPrivate(path, params);
  return isPublic ? client.get(path, params) : client.getPrivate(path, params);
}

/** Kept apart from the SDK's own reading of it, which loses headers and takes HTML to pieces. */
type Received = { readonly text: string; readonly limit: Limit };

function received(text: unknown, headers: unknown): Received {
  return {
    text: typeof text === 'string' ? text : '',
    limit: {
      remaining: headerNumber(headers, 'x-bapi-limit-status'),
      resetVenueMs: headerNumber(headers, 'x-bapi-limit-reset-timestamp'),
    },
  };
}

function headerNumber(headers: unknown, name: string): number {
  const value: unknown = Reflect.get(Object(headers), name);
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : NaN;
}

function answerOf(result: unknown): RestAnswer {
  return isReceived(result) ? reply(HTTP_OK, result) : { t: 'failed', why: 'reset' };
}

function answerOfThrown(thrown: unknown): RestAnswer {
  const status: unknown = Reflect.get(Object(thrown), 'code');
  const body: unknown = Reflect.get(Object(thrown), 'body');
  // An answer that broke off is thrown too, with the status of its beginning.
  if (typeof status === 'number' && status !== HTTP_OK && isReceived(body))
    return reply(status, body);
  return { t: 'failed', why: failureOfThrown(thrown) };
}

function reply(status: number, { text, limit }: Received): RestAnswer {
  return { t: 'reply', status, text, limit };
}

function isReceived(value: unknown): value is Received {
  return typeof value === 'object' && value !== null && 'text' in value && 'limit' in value;
}
