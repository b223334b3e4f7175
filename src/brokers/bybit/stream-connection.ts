import type { WebsocketClient as Client } from 'bybit-api';
import type { Credentials } from './credentials.ts';
import { bodyOf } from './redaction.ts';
import type { Redact } from './redaction.ts';
import { WebsocketClient, WS_KEY_MAP } from './sdk.ts';

export type StreamKind = 'private' | 'public' | 'trade';

export type StreamEvents = {
  readonly opened: () => void;
  readonly frame: (body: unknown, bytes: number) => void;
  /** Once, and nothing after it. Not told when we ended the connection ourselves. */
  readonly closed: () => void;
};

export type StreamParts = {
  readonly kind: StreamKind;
  readonly url: string;
  readonly credentials: Credentials | undefined;
  readonly redact: Redact;
};

const HANDSHAKE_MS = 10_000;
const LARGEST_FRAME_BYTES = 4 * 1024 * 1024;
/** The longest a timer can be: as good as never. */
const NEVER_MS = 2 ** 31 - 1;
/** An `auth` is good until then, by the venue's clock. */
const AUTH_VALID_MS = 5_000;

/**
 * One connection through the SDK, from its opening to its end. It never comes back: the SDK's own
 * reconnecting would send late what was meant for an earlier connection, so each connection has a
 * client of its own, and when to connect again is the session's decision.
 */
export class StreamConnection {
  readonly #client: OneConnection;
  readonly #kind: StreamKind;
  #over = false;

  constructor(parts: StreamParts, events: StreamEvents) {
    this.#kind = parts.kind;
    const end = (): void => {
      if (this.#over) return;
      this.end();
      events.closed();
    };
    this.#client = new OneConnection(parts, (text) => {
      if (this.#over) return;
      events.frame(bodyOf(parts.redact(text)), text.length);
    });
    this.#client.on('open', () => {
      // After the SDK has set its timers: ending the connection from here must find them.
      queueMicrotask(() => {
        if (!this.#over) events.opened();
      });
    });
    this.#client.on('reconnect', end);
    this.#client.on('close', end);
    this.#client.on('exception', end);
    this.#client.connect(WS_KEYS[parts.kind], parts.url).catch(end);
  }

  /** False where the connection is not open: then nothing was sent, and nothing will be. */
  send(body: unknown): boolean {
    return !this.#over && this.#client.sendNow(JSON.stringify(body));
  }

  /** Signed by the SDK; `body` gives the rest of the request. */
  async sendAuth(body: Readonly<Record<string, unknown>>, offsetMs: number): Promise<void> {
    this.#client.setTimeOffsetMs(offsetMs);
    const args = await this.#client.authArgs(WS_KEYS[this.#kind]);
    this.send({ ...body, op: 'auth', args });
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#client.closeAll(true);
  }
}

const WS_KEYS = {
  private: WS_KEY_MAP.v5Private,
  trade: WS_KEY_MAP.v5PrivateTrade,
  public: WS_KEY_MAP.v5LinearPublic,
} as const;

const SILENT = { trace: nothing, info: nothing, error: nothing };

function nothing(): void {
  // The SDK logs what it sends, signatures included.
}

class OneConnection extends WebsocketClient {
  readonly #receive: (text: string) => void;
  #connected = false;

  constructor({ kind, credentials }: StreamParts, receive: (text: string) => void) {
    super(
      {
        // Pings are the session's, and so is what silence means.
        pingInterval: NEVER_MS,
        pongTimeout: NEVER_MS,
        reconnectTimeout: NEVER_MS,
        recvWindow: AUTH_VALID_MS,
        wsOptions: {
          handshakeTimeout: HANDSHAKE_MS,
          maxPayload: LARGEST_FRAME_BYTES,
          perMessageDeflate: false,
        },
        ...(kind === 'public' || credentials === undefined
          ? {}
          : { key: credentials.key.reveal(), secret: credentials.secret.reveal() }),
      },
      SILENT,
    );
    this.#receive = receive;
  }

  /** Once: a second time would be the SDK connecting again by itself. */
  override connect(...args: Parameters<Client['connect']>): ReturnType<Client['connect']> {
    if (this.#connected) return Promise.resolve(undefined);
    this.#connected = true;
    return super.connect(...args);
  }

  sendNow(text: string): boolean {
    const key = this.getWsStore().getKeys()[0];
    if (key === undefined || !this.getWsStore().isWsOpen(key)) return false;
    this.tryWsSend(key, text, true);
    return true;
  }

  async authArgs(key: (typeof WS_KEYS)[StreamKind]): Promise<unknown> {
    const request = await this.getWsAuthRequestEvent(key);
    return request.args;
  }

  protected override authPrivateConnectionsOnConnect(): boolean {
    return false;
  }

  protected override isWsPing(): boolean {
    return false;
  }

  /**
   * Every frame passes here first, and all are pongs to the SDK: it notes that the socket lives,
   * and reads, answers and takes for authenticated nothing.
   */
  protected override isWsPong(message: unknown): boolean {
    const data: unknown = Reflect.get(Object(message), 'data');
    try {
      this.#receive(textOf(data));
    } catch (error) {
      // The SDK would swallow a broken invariant of whoever listens.
      queueMicrotask(() => {
        throw error;
      });
    }
    return true;
  }

  protected override sendPingEvent(): void {
    // The session pings.
  }
}

function textOf(data: unknown): string {
  if (typeof data === 'string') return data;
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data))
    return Buffer.from(data as Uint8Array).toString('utf8');
  return '';
}
