/**
 * The wire, as the live session needs it: calls, sockets, and what comes of them. A transport
 * knows keys and clocks; it knows nothing of orders, and nothing it hands over holds a secret.
 */
export type TransportSocket = 'private' | 'public';

/** `refused`: the connection was refused, so nothing was sent. */
export type CallFailure = 'timeout' | 'reset' | 'refused';

/** From X-Bapi-Limit-Status and X-Bapi-Limit-Reset-Timestamp. */
export type RateHeaders = { readonly remaining?: number; readonly resetMs?: number };

/** What comes from outside; whoever receives it adds when. */
export type TransportInput =
  /** Connected; not yet authenticated or subscribed. */
  | { readonly t: 'open'; readonly socket: TransportSocket }
  | { readonly t: 'close'; readonly socket: TransportSocket }
  /** Parsed JSON, or the text when it did not parse. */
  | { readonly t: 'frame'; readonly socket: TransportSocket; readonly body: unknown }
  | {
      readonly t: 'reply';
      readonly call: number;
      readonly status: number;
      readonly body: unknown;
      readonly headers?: RateHeaders;
    }
  | { readonly t: 'failed'; readonly call: number; readonly why: CallFailure };

export type TransportSink = (input: TransportInput) => void;

export type TransportCall = {
  readonly call: number;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
};

export interface Transport {
  /** Each call is answered exactly once, by `reply` or `failed`. */
  call(request: TransportCall): void;
  connect(socket: TransportSocket): void;
  /** After this no frame of that connection arrives. */
  disconnect(socket: TransportSocket): void;
  /** `{op: 'auth' | 'subscribe' | 'ping', req_id, ...}`; key and signature are added to auth. */
  send(socket: TransportSocket, body: unknown): void;
  close(): Promise<void>;
}
