import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../src/brokers/bybit/secret.ts';
import { callOf, KEY, order, pause, Probe, SECRET } from './support/transport-probe.ts';
import { answer, tradeAnswer, WireServer } from './support/wire-server.ts';
import type { RestHandler, StreamHandler } from './support/wire-server.ts';

/** Everything that anything in this process has said while a test ran. */
const said: string[] = [];
const unhandled: unknown[] = [];
let server: WireServer;
let probe: Probe;

const hear = (error: unknown): void => void unhandled.push(error);

beforeEach(async () => {
  said.length = 0;
  unhandled.length = 0;
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const)
    vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => {
      said.push(parts.map((part) => inspect(part, { depth: 20, showHidden: true })).join(' '));
    });
  process.on('unhandledRejection', hear);
  server = await WireServer.start(KEY, SECRET);
  probe = new Probe(server, { orderEntry: 'ws' });
});

afterEach(async () => {
  await probe.transport.close();
  await server.close();
  process.off('unhandledRejection', hear);
  vi.restoreAllMocks();
});

/** What could reach a log, a journal or a screen. */
function everything(): string {
  const shown = inspect([probe.inputs, probe.notices, probe.transport, unhandled], {
    depth: 20,
    showHidden: true,
    maxStringLength: null,
    maxArrayLength: null,
  });
  return [shown, JSON.stringify([probe.inputs, probe.notices, probe.transport]), ...said].join(
    '\n',
  );
}

function expectNoCanary(): void {
  const text = everything();
  expect(text).not.toContain(SECRET);
  expect(text).not.toContain(KEY);
  expect(said).toEqual([]);
  expect(unhandled).toEqual([]);
}

const echoed = (request: { headers: object; body: string }): string =>
  JSON.stringify({ headers: request.headers, body: request.body, secret: SECRET, key: KEY });

const troubles: readonly (readonly [string, RestHandler])[] = [
  ['silence', () => undefined],
  ['a broken connection', (_request, response) => void response.destroy()],
  [
    'an address limit that echoes the request',
    (request, response) => void response.writeHead(403).end(echoed(request)),
  ],
  [
    'an HTML page that echoes the request',
    (request, response) => void response.writeHead(502).end(`<html>${echoed(request)}</html>`),
  ],
  [
    'a refused signature, with the text that was signed',
    (request, response) => {
      const origin = `error sign! origin_string[1700000000000${KEY}5000${request.body}]`;
      response.end(
        JSON.stringify({ retCode: 10004, retMsg: origin, result: { secret: SECRET }, time: 1 }),
      );
    },
  ],
  [
    'cut JSON that echoes the request',
    (request, response) => void response.end(`{"retCode":${echoed(request)}`),
  ],
  [
    'a redirect',
    (_request, response) =>
      void response.writeHead(302, { location: `http://127.0.0.1:1/?key=${KEY}` }).end(KEY),
  ],
  [
    'an answer that breaks off',
    (request, response) => {
      response.writeHead(200, { 'content-length': '5000' });
      response.write(echoed(request));
      setTimeout(() => response.destroy(), 10);
    },
  ],
  [
    'headers that no client takes',
    (_request, response) => void response.socket?.end(`HTTP/1.1 200 OK\r\n${SECRET}\r\n\r\n`),
  ],
];

describe('neither key nor secret is said anywhere', () => {
  it.each(troubles)('when REST answers with %s', async (_, handler) => {
    server.rest = handler;
    const write = { ...order('a'), path: '/v5/order/cancel-all', timeoutMs: 300 };
    await probe.call(1, write);
    await probe.call(2, { timeoutMs: 300 });
    expect(server.requests.some(({ headers }) => headers['x-bapi-api-key'] === KEY)).toBe(true);
    expectNoCanary();
  });

  it('when nobody listens', async () => {
    await server.close();
    server.rest = () => undefined;
    probe.transport.connect('private');
    probe.transport.connect('public');
    await probe.call(1);
    await probe.until(() => probe.of('close').length === 2);
    expectNoCanary();
    server = await WireServer.start(KEY, SECRET);
  });

  it.each<readonly [string, StreamHandler]>([
    [
      'echoes what it was sent',
      (message, { socket }) =>
        socket.send(JSON.stringify({ success: false, op: message['op'], request: message })),
    ],
    [
      'echoes it in text that is no JSON',
      (message, { socket }) => socket.send(`no: ${JSON.stringify(message)} ${SECRET}`),
    ],
    ['ends the connection', (_message, { socket }) => socket.close(1008, KEY)],
    ['breaks the connection', (_message, { socket }) => socket.terminate()],
  ])('when a stream %s', async (_, handler) => {
    server.stream = handler;
    probe.transport.connect('private');
    await probe.until(() => probe.of('open').length === 1);
    probe.transport.send('private', { op: 'auth', req_id: 'a' });
    await server.until(() => server.messages('private', 'auth').length === 1);
    await server.until(() => server.messages('trade', 'auth').length === 1);
    await pause(50);
    await probe.call(1, order('a'));
    expectNoCanary();
  });

  it('when an order over the trade stream is refused, unanswered or lost', async () => {
    server.stream = (message, { socket }) => {
      const { op, args } = message;
      const linkId = (args as { orderLinkId?: string }[] | undefined)?.[0]?.orderLinkId;
      if (linkId === 'lost') socket.terminate();
      else if (linkId !== 'unanswered')
        socket.send(
          JSON.stringify({
            ...tradeAnswer(message, op === 'auth' ? 0 : 10004),
            retMsg: `${KEY} ${SECRET}`,
          }),
        );
    };
    probe.transport.connect('private');
    await probe.until(() => probe.notices.some(({ code }) => code === 'trade-stream-ready'));
    await probe.call(1, order('refused'));
    await probe.call(2, { ...order('unanswered'), timeoutMs: 50 });
    await probe.call(3, order('lost'));
    expect(probe.of('failed').map(({ why }) => why)).toEqual(['timeout', 'reset']);
    expectNoCanary();
  });

  it('where the SDK is asked by the environment to print its requests', async () => {
    const script = fileURLToPath(new URL('support/traced-process.ts', import.meta.url));
    const env = { ...process.env, BYBITTRACE: '1' };
    const run = promisify(execFile);
    const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', script], { env });
    expect([stdout, stderr]).toEqual(['said nothing\n', '']);
  });

  it('when a call breaks an invariant', () => {
    server.rest = (_request, response) => answer(response, {});
    probe.transport.call(callOf(1, { path: '/v5/order/cancel-all', method: 'POST' }));
    try {
      probe.transport.call(callOf(1));
      expect.unreachable();
    } catch (error) {
      said.push(inspect(error));
    }
    expect(said.join()).not.toContain(SECRET);
    said.length = 0;
  });

  it('by the secret itself, in any of the ways a value is turned into text', () => {
    const secret = new Secret(SECRET);
    const texts = [
      String(secret),
      `${secret}`,
      '' + secret,
      JSON.stringify({ secret }),
      inspect(secret, { showHidden: true, depth: 9 }),
      inspect(new Map([[secret, [secret]]]), { showHidden: true, depth: 9 }),
      Object.entries(secret).join(),
      inspect(new Error('wrapped', { cause: secret })),
    ];
    expect(texts.filter((text) => text.includes(SECRET))).toEqual([]);
    expect(secret.reveal()).toBe(SECRET);
  });
});
