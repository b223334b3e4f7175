import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Secret } from '../../brokers/bybit/secret.ts';
import { InputError } from '../../engine/invariant.ts';
import type { LiveStatus } from '../shell/status.ts';
import type { MeterBook } from '../watch/meter-book.ts';
import { metricsText } from '../watch/metrics-text.ts';
import type { Onlooker } from '../watch/onlooker.ts';
import { PAGE_CSS } from './page-css.ts';
import { loginHtml, statusHtml } from './page-html.ts';

export type PageParts = {
  /** 0 takes a free one. */
  readonly port: number;
  readonly token: Secret;
  readonly meters: MeterBook;
  /** The page's one wish. */
  readonly halt: () => void;
};

const LOOPBACK = '127.0.0.1';
const LARGEST_BODY_BYTES = 4_096;
const WITHIN_MS = 5_000;
const MOST_CONNECTIONS = 32;

/** No script at all, nothing inline, nothing from elsewhere, in nobody's frame. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not no-referrer: a form would then come without its origin.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/**
 * Status page and metrics on loopback. It reads, and it can ask for a halt; that is all that
 * anybody who reaches it can do. Another page of the same browser is kept out by Host (a name that
 * was pointed here), Origin and the token.
 */
export class PageServer implements Onlooker {
  readonly #parts: PageParts;
  readonly #server: Server;
  /** Of this run: what a browser holds is never the token itself. */
  readonly #session = randomBytes(24).toString('base64url');
  readonly #formToken = randomBytes(24).toString('base64url');
  #status: LiveStatus | undefined;
  #port = 0;

  private constructor(parts: PageParts) {
    this.#parts = parts;
    this.#server = createServer({ maxHeaderSize: 8_192 }, (request, response) => {
      this.#answer(request, response).catch(() => respond(response, 500, 'text/plain', 'failed\n'));
    });
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.requestTimeout = WITHIN_MS;
    this.#server.headersTimeout = WITHIN_MS;
  }

  static async open(parts: PageParts): Promise<PageServer> {
    const page = new PageServer(parts);
    const server = page.#server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        const why = error.code ?? 'unknown';
        reject(new InputError(`--page-port ${parts.port}: cannot listen there: ${why}`));
      });
      server.listen(parts.port, LOOPBACK, resolve);
    });
    server.on('error', () => undefined);
    page.#port = (server.address() as AddressInfo).port;
    return page;
  }

  get url(): string {
    return `http://${LOOPBACK}:${this.#port}/`;
  }

  looked(status: LiveStatus): void {
    this.#status = status;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '/' } = request;
    if (!this.#isOurHost(request.headers.host))
      return respond(response, 421, 'text/plain', 'not this host\n');
    const path = url.split('?')[0] ?? '/';
    if (method === 'POST') return this.#post(path, request, response);
    if (method !== 'GET') return respond(response, 405, 'text/plain', 'GET or POST\n');
    if (path === '/page.css') return respond(response, 200, 'text/css', PAGE_CSS);
    if (path === '/health') return this.#health(response);
    if (!this.#isKnown(request)) {
      if (path === '/') return respond(response, 401, 'text/html', loginHtml(''));
      return respond(response, 401, 'text/plain', 'a token is needed\n');
    }
    return this.#get(path, response);
  }

  #get(path: string, response: ServerResponse): void {
    const status = this.#status;
    if (status === undefined) return respond(response, 503, 'text/plain', 'not started yet\n');
    switch (path) {
      case '/':
        return respond(response, 200, 'text/html', statusHtml(status, this.#formToken));
      case '/status.json':
        return respond(response, 200, 'application/json', `${JSON.stringify(status)}\n`);
      case '/metrics': {
        const { rss } = process.memoryUsage();
        const body = metricsText(status, this.#parts.meters, rss);
        return respond(response, 200, 'text/plain; version=0.0.4', body);
      }
      default:
        return respond(response, 404, 'text/plain', 'no such page\n');
    }
  }

  /** For a supervisor without the token: it says no more than that. */
  #health(response: ServerResponse): void {
    const isWell = this.#status !== undefined && this.#status.state !== 'FAILED';
    respond(response, isWell ? 200 : 503, 'text/plain', isWell ? 'well\n' : 'not well\n');
  }

  async #post(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#isOurOrigin(request.headers.origin))
      return respond(response, 403, 'text/plain', 'from elsewhere\n');
    const form = new URLSearchParams(await bodyOf(request));
    if (path === '/login') return this.#login(form, response);
    if (path !== '/halt') return respond(response, 404, 'text/plain', 'no such page\n');
    const bears = this.#bears(request);
    const isTheForm = same(form.get('form') ?? '', this.#formToken) && this.#hasSession(request);
    if (!bears && !isTheForm) return respond(response, 403, 'text/plain', 'a token is needed\n');
    this.#parts.halt();
    response.setHeader('location', '/');
    respond(response, 303, 'text/plain', 'asked to halt\n');
  }

  #login(form: URLSearchParams, response: ServerResponse): void {
    if (!same(form.get('token') ?? '', this.#parts.token.reveal()))
      return respond(response, 401, 'text/html', loginHtml('That is not the token.'));
    const cookie = `${this.#cookieName}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
    response.setHeader('set-cookie', cookie);
    response.setHeader('location', '/');
    respond(response, 303, 'text/plain', 'come in\n');
  }

  #isOurHost(host: string | undefined): boolean {
    return host !== undefined && this.#hosts.includes(host);
  }

  #isOurOrigin(origin: string | undefined): boolean {
    return origin !== undefined && this.#hosts.some((host) => origin === `http://${host}`);
  }

  get #hosts(): readonly string[] {
    return [`${LOOPBACK}:${this.#port}`, `localhost:${this.#port}`];
  }

  /** Cookies know no ports: two bots on one machine must not log each other out. */
  get #cookieName(): string {
    return `lockstep_${this.#port}`;
  }

  #isKnown(request: IncomingMessage): boolean {
    return this.#bears(request) || this.#hasSession(request);
  }

  #bears({ headers: { authorization = '' } }: IncomingMessage): boolean {
    const word = 'Bearer ';
    if (!authorization.startsWith(word)) return false;
    return same(authorization.slice(word.length), this.#parts.token.reveal());
  }

  #hasSession({ headers: { cookie = '' } }: IncomingMessage): boolean {
    const prefix = `${this.#cookieName}=`;
    const own = cookie.split(/; */).find((each) => each.startsWith(prefix));
    return own !== undefined && same(own.slice(prefix.length), this.#session);
  }
}

function respond(response: ServerResponse, code: number, type: string, body: string): void {
  if (response.headersSent) return;
  const contentType = type.includes(';') ? type : `${type}; charset=utf-8`;
  response.writeHead(code, { ...HEADERS, 'content-type': contentType });
  response.end(body);
}

/** In the same time whatever is given. */
function same(given: string, expected: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > LARGEST_BODY_BYTES) throw new InputError('too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
