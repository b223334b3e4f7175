import { InputError, InvariantError } from '../../engine/invariant.ts';
import type {
  RateHeaders,
  Transport,
  TransportCall,
  TransportInput,
  TransportSink,
  TransportSocket,
} from '../transport.ts';
import { ClockOffset } from './clock-offset.ts';
import { noCounts } from './counts.ts';
import type { Credentials } from './credentials.ts';
import type { Endpoints } from './environments.ts';
import type { TransportNotice } from './notice.ts';
import { bodyOf, redactor } from './redaction.ts';
import type { Redact } from './redaction.ts';
import { RestDesk } from './rest-request.ts';
import type { Limit, RestAnswer, RestRequest } from './rest-request.ts';
import { StreamConnection } from './stream-connection.ts';
import type { StreamKind } from './stream-connection.ts';
import { TradeEntry } from './trade-entry.ts';
import { TRADE_OPS } from './trade-messages.ts';
import { controlFrame } from './wire/control-frame.ts';
import { isRow } from './wire/decoded.ts';

export const ORDER_ENTRIES = ['rest', 'ws'] as const;
export type OrderEntry = (typeof ORDER_ENTRIES)[number];

export type BybitTransportOptions = {
  readonly endpoints: Endpoints;
  /** Undefined: public data only. */
  readonly credentials?: Credentials | undefined;
  readonly orderEntry?: OrderEntry | undefined;
  /** False where the venue's clock is not one that signatures are checked by. Default: true. */
  readonly measuresClock?: boolean | undefined;
  readonly notice?: ((notice: TransportNotice) => void) | undefined;
};

const RET_CLOCK = 10002;
const HTTP_OK = 200;
const MEASURE_EVERY_MS = 10 * 60_000;

/**
 * Bybit's REST and WebSocket wire through bybit-api. All of the SDK is in this room, and none of its
 * habits come out of it: no error of its, no reconnecting, no waiting, no log line.
 */
export class BybitTransport implements Transport {
  readonly counts = noCounts();
  readonly clock: ClockOffset;
  readonly #options: BybitTransportOptions;
  readonly #sink: TransportSink;
  readonly #redact: Redact;
  readonly #rest: RestDesk;
  readonly #trade: TradeEntry | undefined;
  readonly #streams = new Map<TransportSocket, StreamConnection>();
  readonly #waiting = new Set<number>();
  readonly #measureTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: BybitTransportOptions, sink: TransportSink) {
    this.#options = options;
    this.#sink = sink;
    const { endpoints, credentials, measuresClock = true } = options;
    this.#redact = redactor(credentials);
    const offsetMs = (): number => this.clock.offsetMs;
    this.#rest = new RestDesk({ baseUrl: endpoints.rest, credentials, offsetMs });
    this.clock = new ClockOffset((request) => this.#rest.ask(request));
    if (measuresClock) {
      this.#measureTimer = setInterval(() => void this.clock.measure(), MEASURE_EVERY_MS);
      this.#measureTimer.unref();
    }
    if (options.orderEntry === 'ws') this.#trade = this.#tradeEntry();
  }

  call(request: TransportCall): void {
    if (this.#waiting.has(request.call))
      throw new InvariantError(`call ${request.call} is already waiting for its answer`);
    this.counts.calls += 1;
    this.counts.inFlight += 1;
    this.#waiting.add(request.call);
    if (this.#closed) {
      this.#answer({ t: 'failed', call: request.call, why: 'refused' });
      return;
    }
    if (this.#trade !== undefined && TRADE_OPS.has(request.path)) this.#trade.submit(request);
    else void this.#askFor(request);
  }

  connect(socket: TransportSocket): void {
    if (this.#closed) return;
    this.disconnect(socket);
    this.#streams.set(socket, this.#connection(socket));
    if (socket === 'private') this.#trade?.start();
  }

  disconnect(socket: TransportSocket): void {
    this.#streams.get(socket)?.end();
    this.#streams.delete(socket);
    this.counts.streams[socket].framesOfConnection = 0;
  }

  send(socket: TransportSocket, body: unknown): void {
    const stream = this.#streams.get(socket);
    if (stream === undefined) return;
    if (isRow(body) && body['op'] === 'auth') this.#authenticate(stream, body);
    else stream.send(body);
  }

  /** For whoever has to look before there is a session: the same desk, the same clock. */
  async ask(request: RestRequest): Promise<RestAnswer> {
    if (!isPublic(request.path)) await this.#clockReady();
    return this.#restAnswer(request);
  }

  async #restAnswer(request: RestRequest): Promise<RestAnswer> {
    const answer = await this.#rest.ask(request);
    return answer.t === 'failed' ? answer : { ...answer, text: this.#redact(answer.text) };
  }

  close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#measureTimer);
    this.disconnect('private');
    this.disconnect('public');
    this.#trade?.close();
    for (const call of [...this.#waiting]) this.#answer({ t: 'failed', call, why: 'reset' });
    this.#rest.close();
    return Promise.resolve();
  }

  /** What waited for the clock until its time was up has not been sent. */
  async #askFor(request: TransportCall): Promise<void> {
    const { call } = request;
    const askedMs = performance.now();
    if (!isPublic(request.path)) await this.#clockReady();
    const timeoutMs = request.timeoutMs - (performance.now() - askedMs);
    if (timeoutMs <= 0) {
      this.#answer({ t: 'failed', call, why: 'refused' });
      return;
    }
    const answer = await this.#restAnswer({ ...request, timeoutMs });
    if (answer.t === 'failed') this.#answer({ t: 'failed', call, why: answer.why });
    else {
      const body = bodyOf(answer.text);
      this.#watchClock(isRow(body) ? body['retCode'] : undefined);
      this.#reply(call, answer.status, body, answer.limit);
    }
  }

  #reply(call: number, status: number, body: unknown, limit: Limit): void {
    this.#answer({ t: 'reply', call, status, body, ...this.#headers(limit) });
  }

  /** Exactly one answer a call, whatever else may still come. */
  #answer(input: Extract<TransportInput, { call: number }>): void {
    if (!this.#waiting.delete(input.call)) return;
    this.counts.inFlight -= 1;
    if (input.t === 'reply') this.counts.replies += 1;
    else this.counts.failed[input.why] += 1;
    this.#sink(input);
  }

  /** The reset time in the local clock, as all times of the session are. */
  #headers({ remaining, resetVenueMs }: Limit): { headers?: RateHeaders } {
    const headers: RateHeaders = {
      ...(Number.isNaN(remaining) ? {} : { remaining }),
      ...(Number.isNaN(resetVenueMs) ? {} : { resetMs: resetVenueMs - this.clock.offsetMs }),
    };
    return Object.keys(headers).length === 0 ? {} : { headers };
  }

  #watchClock(retCode: unknown): void {
    if (retCode !== RET_CLOCK || this.#options.measuresClock === false) return;
    this.#notice({
      code: 'clock-outside-window',
      text: `the venue refused our time at an offset of ${this.clock.offsetMs} ms: measured again`,
    });
    void this.clock.measure();
  }

  #connection(socket: TransportSocket): StreamConnection {
    const { endpoints, credentials } = this.#options;
    const counts = this.#counted(socket);
    const connection: StreamConnection = new StreamConnection(
      {
        kind: socket,
        url: socket === 'private' ? endpoints.privateStream : endpoints.publicStream,
        credentials,
        redact: socket === 'private' ? this.#redact : (text) => text,
      },
      {
        opened: () => this.#sink({ t: 'open', socket }),
        frame: (body, bytes) => {
          counts(bytes);
          if (socket === 'private') this.#watchAuth(body);
          this.#sink({ t: 'frame', socket, body });
        },
        closed: () => {
          this.#streams.delete(socket);
          this.counts.streams[socket].framesOfConnection = 0;
          this.#sink({ t: 'close', socket });
        },
      },
    );
    return connection;
  }

  #counted(kind: StreamKind): (bytes: number) => void {
    const counts = this.counts.streams[kind];
    counts.connections += 1;
    counts.framesOfConnection = 0;
    return (bytes) => {
      counts.frames += 1;
      counts.framesOfConnection += 1;
      counts.bytes += bytes;
    };
  }

  #authenticate(stream: StreamConnection, body: Readonly<Record<string, unknown>>): void {
    if (this.#options.credentials === undefined)
      throw new InvariantError('a transport without a key cannot authenticate');
    this.#clockReady()
      .then(() => stream.sendAuth(body, this.clock.offsetMs))
      // Nothing was sent: the session's watchdog ends a connection that is not authenticated.
      .catch(() => this.#notice({ code: 'auth-refused', text: 'the request could not be signed' }));
  }

  /** The session sees the frame too, and acts on it; a person has to know why. */
  #watchAuth(body: unknown): void {
    if (!isRow(body) || body['op'] !== 'auth') return;
    const frame = controlFrame(body);
    if (typeof frame !== 'object' || frame.success) return;
    this.#notice({ code: 'auth-refused', text: 'the private stream refused the key' });
    if (this.#options.measuresClock !== false) void this.clock.measure();
  }

  #clockReady(): Promise<void> {
    return this.#options.measuresClock === false ? Promise.resolve() : this.clock.first();
  }

  #tradeEntry(): TradeEntry {
    const { endpoints, credentials } = this.#options;
    const { tradeStream: url, environment } = endpoints;
    if (url === undefined)
      throw new InputError(`--order-entry ws: ${environment} has no trade stream; use rest`);
    let counted = (_bytes: number): void => undefined;
    return new TradeEntry({
      stream: { kind: 'trade', url, credentials, redact: this.#redact },
      offsetMs: () => this.clock.offsetMs,
      notice: (notice) => this.#notice(notice),
      connected: () => {
        counted = this.#counted('trade');
      },
      frame: (bytes) => counted(bytes),
      answered: (call, answer) => {
        if (answer.t === 'failed') this.#answer({ t: 'failed', call, why: answer.why });
        else {
          this.#watchClock(answer.retCode);
          this.#reply(call, HTTP_OK, answer.body, answer.limit);
        }
      },
    });
  }

  #notice(notice: TransportNotice): void {
    this.#options.notice?.(notice);
  }
}

function isPublic(path: string): boolean {
  return path.startsWith('/v5/market/');
}
