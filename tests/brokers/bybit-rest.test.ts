import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOfThrown } from '../../src/brokers/bybit/call-failure.ts';
import { callOf, KEY, order, Probe, SECRET } from './support/transport-probe.ts';
import { answer, WireServer } from './support/wire-server.ts';

let server: WireServer;
let probe: Probe;

beforeEach(async () => {
  server = await WireServer.start(KEY, SECRET);
  probe = new Probe(server);
});

afterEach(async () => {
  await probe.transport.close();
  await server.close();
});

const measurements = (): number =>
  server.requests.filter(({ path }) => path === '/v5/market/time').length;

describe('a REST call', () => {
  it('is signed as the venue checks it, whatever a cursor holds', async () => {
    await probe.call(1, { params: { symbol: 'BTCUSDT', cursor: 'page_args%3Da b&=%26/ü' } });
    await probe.call(2, order('ls-demo01-0-1-entry-1'));
    const asked = server.requests.filter(({ path }) => path !== '/v5/market/time');
    expect(asked.map(({ method, signed }) => [method, signed])).toEqual([
      ['GET', true],
      ['POST', true],
    ]);
    expect(asked[0]?.query.get('cursor')).toBe('page_args%3Da b&=%26/ü');
    expect(JSON.parse(asked[1]?.body ?? '')).toEqual(order('ls-demo01-0-1-entry-1').params);
  });

  it('of public data carries no key', async () => {
    await probe.call(1, { path: '/v5/market/kline', params: { symbol: 'BTCUSDT' } });
    const asked = server.requests.at(-1);
    expect(asked?.path).toBe('/v5/market/kline');
    expect(Object.keys(asked?.headers ?? {}).filter((name) => name.startsWith('x-bapi'))).toEqual(
      [],
    );
  });

  it('is stamped with the clock of the venue', async () => {
    server.skewMs = 7_000;
    await probe.call(1);
    const { timestampMs = NaN } = server.requests.at(-1) ?? {};
    // The offset is known to half of a trip.
    expect(Math.abs(timestampMs - server.nowMs)).toBeLessThan(1_000);
  });

  it('that the venue finds outside its window leads to a new measurement', async () => {
    await probe.call(1);
    server.skewMs = -60_000;
    server.rest = (_request, response) => answer(response, {}, 10002);
    // Not twice in a second.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await probe.call(2)).toMatchObject({ t: 'reply', body: { retCode: 10002 } });
    await server.until(() => measurements() === 6);
    await probe.transport.clock.measure();
    expect(Math.abs(probe.transport.clock.offsetMs + 60_000)).toBeLessThan(1_000);
    expect(probe.notices).toMatchObject([{ code: 'clock-outside-window' }]);
  });

  it('brings the limit of its endpoint, its reset in the local clock', async () => {
    server.skewMs = 7_000;
    server.rest = (_request, response) =>
      answer(response, {}, 10006, {
        'X-Bapi-Limit': '10',
        'X-Bapi-Limit-Status': '0',
        'X-Bapi-Limit-Reset-Timestamp': '1700000007000',
      });
    const input = await probe.call(1);
    const { offsetMs } = probe.transport.clock;
    expect(input).toMatchObject({
      t: 'reply',
      status: 200,
      body: { retCode: 10006 },
      headers: { remaining: 0, resetMs: 1_700_000_007_000 - offsetMs },
    });
  });

  it.each([
    ['an HTML page', 502, '<html><h1>502 Bad Gateway</h1></html>'],
    ['an HTML page that calls itself fine', 200, '<html>hello</html>'],
    ['an address limit', 403, '<html>access too frequent</html>'],
    ['cut JSON', 200, '{"retCode":0,"resu'],
    ['nothing', 200, ''],
    ['bytes that are no text', 200, '\u0000\ufffd\u0001'],
  ])('answered with %s is handed over as it came', async (_, status, text) => {
    server.rest = (_request, response) => {
      response.statusCode = status;
      response.end(text);
    };
    expect(await probe.call(1)).toEqual({ t: 'reply', call: 1, status, body: text });
  });

  it('answered with JSON and another status is handed over parsed', async () => {
    server.rest = (_request, response) => {
      response.statusCode = 429;
      response.setHeader('X-Bapi-Limit-Status', '0');
      response.end('{"retCode":429,"retMsg":"slow"}');
    };
    expect(await probe.call(1)).toEqual({
      t: 'reply',
      call: 1,
      status: 429,
      body: { retCode: 429, retMsg: 'slow' },
      headers: { remaining: 0 },
    });
  });

  it('that is redirected takes key and signature nowhere', async () => {
    const other = await WireServer.start(KEY, SECRET);
    server.rest = (_request, response) => {
      response.statusCode = 307;
      response.setHeader('location', `${other.restUrl}/v5/order/create`);
      response.end('moved');
    };
    const input = await probe.call(1, order('ls-demo01-0-1-entry-1'));
    expect(input).toEqual({ t: 'reply', call: 1, status: 307, body: 'moved' });
    expect(other.requests).toEqual([]);
    await other.close();
  });

  it('that is not answered in time has failed once, and its late answer is nobody’s', async () => {
    let answerLate = (): void => undefined;
    server.rest = (_request, response) => {
      answerLate = () => answer(response, { late: true });
    };
    expect(await probe.call(1, { timeoutMs: 150 })).toEqual({
      t: 'failed',
      call: 1,
      why: 'timeout',
    });
    answerLate();
    server.rest = (_request, response) => answer(response, {});
    await probe.call(2);
    expect(probe.answers(1)).toHaveLength(1);
    expect(probe.transport.counts).toMatchObject({ calls: 2, inFlight: 0, failed: { timeout: 1 } });
  });

  it('whose connection breaks after it was sent may have been carried out', async () => {
    server.rest = (_request, response) => response.destroy();
    expect(await probe.call(1)).toEqual({ t: 'failed', call: 1, why: 'reset' });
  });

  it('whose answer breaks off may have been carried out', async () => {
    server.rest = (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"retCode":0');
      setTimeout(() => response.destroy(), 20);
    };
    expect(await probe.call(1)).toEqual({ t: 'failed', call: 1, why: 'reset' });
  });

  it('to a port where nobody listens was refused', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise<void>((resolve) => closed.close(() => resolve()));
    const lonely = new Probe({
      restUrl: `http://127.0.0.1:${port}`,
      wsUrl: `ws://127.0.0.1:${port}`,
    });
    expect(await lonely.call(1, order('x'))).toEqual({ t: 'failed', call: 1, why: 'refused' });
    await lonely.transport.close();
  });

  it('is answered with reset when the transport closes, and with refused afterwards', async () => {
    server.rest = () => undefined;
    probe.transport.call(callOf(1));
    await server.until(() => server.requests.some(({ path }) => path === '/v5/order/realtime'));
    await probe.transport.close();
    expect(await probe.call(2)).toMatchObject({ t: 'failed', why: 'refused' });
    expect(probe.answers(1)).toEqual([{ t: 'failed', call: 1, why: 'reset' }]);
  });

  it('under a number that still waits is a broken invariant', () => {
    server.rest = () => undefined;
    probe.transport.call(callOf(1));
    expect(() => probe.transport.call(callOf(1))).toThrow('call 1 is already waiting');
  });
});

describe('a failure', () => {
  it.each([
    [{ code: 'ECONNREFUSED' }, 'refused'],
    [{ code: 'ENOTFOUND' }, 'refused'],
    [{ code: 'ETIMEDOUT', syscall: 'connect' }, 'refused'],
    [{ code: 'ETIMEDOUT', cause: { syscall: 'connect' } }, 'refused'],
    [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'refused'],
    [{ code: 'ECONNABORTED' }, 'timeout'],
    [{ code: 'ETIMEDOUT', syscall: 'read' }, 'timeout'],
    [{ code: 'ECONNRESET' }, 'reset'],
    [{ code: 'EPIPE' }, 'reset'],
    [{ code: 'SOMETHING_NEW' }, 'reset'],
    ['a text', 'reset'],
    [undefined, 'reset'],
    [null, 'reset'],
  ])('of %o counts as %s: refused only where nothing can have been sent', (thrown, why) => {
    expect(failureOfThrown(thrown)).toBe(why);
  });
});
