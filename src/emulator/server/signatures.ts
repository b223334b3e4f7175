import { createHmac, timingSafeEqual } from 'node:crypto';
import { plainText } from '../../venue/host/plain-text.ts';
import type { Door } from '../socket-desk.ts';

export type ApiKey = { readonly key: string; readonly secret: string };

export type SignedRequest = {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The query string or the body, exactly as it was sent. */
  readonly payload: string;
};

export type Refused = { readonly retCode: number; readonly retMsg: string };

const RET_PARAMETER = 10001;
const RET_TIME_WINDOW = 10002;
const RET_KEY = 10003;
const RET_SIGN = 10004;
const AHEAD_MS = 1_000;
const USUAL_WINDOW_MS = 5_000;
const MOST_WINDOW_MS = 60_000;

/**
 * Checks who asks and when they signed. The time is the wall's: signatures are made by it, however
 * fast the venue's own clock runs.
 */
export class Signatures implements Door {
  readonly #key: ApiKey;
  readonly #wallMs: () => number;

  constructor(key: ApiKey, wallMs: () => number) {
    this.#key = key;
    this.#wallMs = wallMs;
  }

  refuse({ headers, payload }: SignedRequest): Refused | undefined {
    const read = (name: string): string => {
      const value = headers[name];
      return typeof value === 'string' ? value : '';
    };
    const key = read('x-bapi-api-key');
    const stamp = read('x-bapi-timestamp');
    const sign = read('x-bapi-sign');
    const window = read('x-bapi-recv-window') || String(USUAL_WINDOW_MS);
    if (key === '' || stamp === '' || sign === '')
      return { retCode: RET_PARAMETER, retMsg: 'openapi sign params error: one is missing' };
    if (key !== this.#key.key) return { retCode: RET_KEY, retMsg: 'API key is not a known one' };
    const late = this.#refuseTime(stamp, window);
    if (late !== undefined) return { retCode: RET_TIME_WINDOW, retMsg: late };
    if (!this.#isSigned(`${stamp}${key}${window}${payload}`, sign))
      return { retCode: RET_SIGN, retMsg: 'the signature does not fit the request' };
    return undefined;
  }

  refuseLogin(args: readonly unknown[]): string | undefined {
    const [key, expires, sign] = args;
    if (key !== this.#key.key) return 'API key is not a known one';
    if (!(Number(plainText(expires)) > this.#wallMs())) return 'the login has expired';
    return this.#isSigned(`GET/realtime${plainText(expires)}`, plainText(sign))
      ? undefined
      : 'the signature does not fit the login';
  }

  refuseTime(header: Readonly<Record<string, unknown>>): string | undefined {
    const window = plainText(header['X-BAPI-RECV-WINDOW'] ?? USUAL_WINDOW_MS);
    return this.#refuseTime(plainText(header['X-BAPI-TIMESTAMP'] ?? ''), window);
  }

  #refuseTime(stamp: string, window: string): string | undefined {
    const nowMs = this.#wallMs();
    const sentMs = Number(stamp);
    const windowMs = Math.min(Number(window), MOST_WINDOW_MS);
    if (sentMs >= nowMs - windowMs && sentMs < nowMs + AHEAD_MS) return undefined;
    return (
      'check the clock and recv_window: ' +
      `req_timestamp[${stamp}],server_timestamp[${nowMs}],recv_window[${window}]`
    );
  }

  #isSigned(text: string, sign: string): boolean {
    const right = Buffer.from(createHmac('sha256', this.#key.secret).update(text).digest('hex'));
    const given = Buffer.from(sign);
    return right.length === given.length && timingSafeEqual(right, given);
  }
}
