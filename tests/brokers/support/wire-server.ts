import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

/** Bybit's wire on loopback, bare: signatures are checked, everything else a test says. */
export type RestRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
  /** The signature fits what was sent. */
  readonly signed: boolean;
  readonly timestampMs: number;
};

export type RestHandler = (request: RestRequest, response: ServerResponse) => void;

export type StreamName = 'private' | 'public' | 'trade';

export type Accepted = {
  readonly socket: WebSocket;
  readonly name: StreamName;
  /** What the client has sent, parsed. */
  readonly received: Record<string, unknown>[];
};

export type StreamHandler = (message: Record<string, unknown>, connection: Accepted) => void;

export class WireServer {
  readonly requests: RestRequest[] = [];
  readonly connections: Accepted[] = [];
  rest: RestHandler = (_request, response) => answer(response, {});
  stream: StreamHandler = (message, { socket, name }) => politeStream(message, socket, name);
  onConnect: (connection: Accepted) => void = () => undefined;
  /** The venue's clock less this machine's. */
  skewMs = 0;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #key: string;
  readonly #secret: string;
  #changed: (() => void)[] = [];

  private constructor(key: string, secret: string) {
    this.#key = key;
    this.#secret = secret;
    this.#http = createServer((request, response) => this.#serve(request, response));
    this.#sockets = new WebSocketServer({ server: this.#http });
    this.#sockets.on('connection', (socket, request) => this.#accept(socket, request.url ?? ''));
  }

  static async start(key: string, secret: string): Promise<WireServer> {
    const server = new WireServer(key, secret);
    await new Promise<void>((resolve) => server.#http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get restUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get wsUrl(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  get nowMs(): number {
    return Date.now() + this.skewMs;
  }

  of(name: StreamName): Accepted[] {
    return this.connections.filter((connection) => connection.name === name);
  }

  last(name: StreamName): Accepted {
    const connection = this.of(name).at(-1);
    if (connection === undefined) throw new Error(`no ${name} connection`);
    return connection;
  }

  /** Of what the client sent on all connections of a stream. */
  messages(name: StreamName, op: string): Record<string, unknown>[] {
    return this.of(name)
      .flatMap(({ received }) => received)
      .filter((message) => message['op'] === op);
  }

  /** Resolves when the condition holds; looked at after each thing that happens here. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#changed.push(resolve));
  }

  isAuth(message: Record<string, unknown>): boolean {
    const [key, expiresMs, signature] = (message['args'] ?? []) as [string, number, string];
    const expected = this.#hmac(`GET/realtime${expiresMs}`);
    return key === this.#key && signature === expected && expiresMs > this.nowMs;
  }

  async close(): Promise<void> {
    for (const { socket } of this.connections) socket.terminate();
    this.#sockets.close();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  #accept(socket: WebSocket, url: string): void {
    const name = url.includes('/private') ? 'private' : url.includes('/trade') ? 'trade' : 'public';
    const connection: Accepted = { socket, name, received: [] };
    this.connections.push(connection);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#happened());
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as Record<string, unknown>;
      connection.received.push(message);
      this.stream(message, connection);
      this.#happened();
    });
    this.onConnect(connection);
    this.#happened();
  }

  #serve(message: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const request = this.#request(message, Buffer.concat(chunks).toString('utf8'));
      if (request.path === '/v5/market/time') {
        this.requests.push(request);
        answerTime(response, this.nowMs);
      } else {
        this.requests.push(request);
        this.rest(request, response);
      }
      this.#happened();
    });
  }

  #request(message: IncomingMessage, body: string): RestRequest {
    const [path = '', query = ''] = (message.url ?? '').split('?', 2);
    const { headers } = message;
    const stamp = String(headers['x-bapi-timestamp'] ?? '');
    const window = String(headers['x-bapi-recv-window'] ?? '');
    const payload = stamp + this.#key + window + (message.method === 'GET' ? query : body);
    return {
      method: message.method ?? '',
      path,
      query: new URLSearchParams(query),
      body,
      headers,
      signed: headers['x-bapi-sign'] === this.#hmac(payload),
      timestampMs: Number(stamp),
    };
  }

  #hmac(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('hex');
  }

  #happened(): void {
    const waiting = this.#changed;
    this.#changed = [];
    for (const resolve of waiting) resolve();
  }
}

export function answer(
  response: ServerResponse,
  result: object,
  retCode = 0,
  headers: Record<string, string> = {},
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('content-type', 'application/json');
  const body = { retCode, retMsg: retCode === 0 ? 'OK' : 'no', result, retExtInfo: {}, time: 1 };
  response.end(JSON.stringify(body));
}

function answerTime(response: ServerResponse, nowMs: number): void {
  const timeSecond = String(Math.floor(nowMs / 1_000));
  answer(response, { timeSecond, timeNano: `${nowMs}000000` });
}

/** Takes every key, acknowledges every subscription and order, answers every ping. */
export function politeStream(
  message: Record<string, unknown>,
  socket: WebSocket,
  name: StreamName,
): void {
  const { op, req_id } = message;
  if (name === 'trade') {
    socket.send(JSON.stringify(tradeAnswer(message)));
    return;
  }
  if (op === 'ping' && name === 'private')
    socket.send(JSON.stringify({ req_id, op: 'pong', args: ['1'], conn_id: 'c' }));
  else
    socket.send(
      JSON.stringify({
        success: true,
        ret_msg: op === 'ping' ? 'pong' : '',
        conn_id: 'c',
        req_id,
        op,
      }),
    );
}

export function tradeAnswer(
  { op, reqId, args }: Record<string, unknown>,
  retCode = 0,
): Record<string, unknown> {
  if (op === 'auth') return { retCode, retMsg: retCode === 0 ? 'OK' : 'no', op, connId: 'c' };
  if (op === 'ping') return { retCode: 0, retMsg: 'OK', op: 'pong', data: ['1'], connId: 'c' };
  const [{ orderLinkId = '' } = {}] = (args ?? []) as Record<string, unknown>[];
  return {
    reqId,
    retCode,
    retMsg: retCode === 0 ? 'OK' : 'no',
    op,
    data: retCode === 0 ? { orderId: `id-of-${String(orderLinkId)}`, orderLinkId } : {},
    retExtInfo: {},
    header: {
      'X-Bapi-Limit': '10',
      'X-Bapi-Limit-Status': '9',
      'X-Bapi-Limit-Reset-Timestamp': '1700000000999',
      Traceid: '0',
      Timenow: '1700000001000',
    },
    connId: 'c',
  };
}
