export type StreamOp = 'auth' | 'subscribe' | 'unsubscribe' | 'ping';

/** What goes out on a socket. The shell signs an `auth`: no secret is known here. */
export type StreamRequest = {
  readonly req_id: string;
  readonly op: StreamOp;
  readonly args?: readonly (string | number)[];
};

export function ping(reqId: string): StreamRequest {
  return { req_id: reqId, op: 'ping' };
}

export function subscribe(reqId: string, topics: readonly string[]): StreamRequest {
  return { req_id: reqId, op: 'subscribe', args: topics };
}

/** `signature` is the hex HMAC of `GET/realtime<expiresMs>`. */
export function auth(
  reqId: string,
  apiKey: string,
  expiresMs: number,
  signature: string,
): StreamRequest {
  return { req_id: reqId, op: 'auth', args: [apiKey, expiresMs, signature] };
}

/** The private topics, in one request; forms with a category must not be mixed with these. */
export const PRIVATE_TOPICS = ['order', 'execution', 'position', 'wallet'] as const;

export function publicTopics(symbol: string): readonly string[] {
  return [`tickers.${symbol}`, `publicTrade.${symbol}`];
}
