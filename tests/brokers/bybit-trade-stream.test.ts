import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endpointsOf } from '../../src/brokers/bybit/environments.ts';
import { callOf, KEY, order, pause, Probe, SECRET } from './support/transport-probe.ts';
import { tradeAnswer, WireServer } from './support/wire-server.ts';
import type { Accepted } from './support/wire-server.ts';

let server: WireServer;
let probe: Probe;

beforeEach(async () => {
  server = await WireServer.start(KEY, SECRET);
  probe = new Probe(server, { orderEntry: 'ws' });
});

afterEach(async () => {
  await probe.transport.close();
  await server.close();
});

async function ready(times = 1): Promise<void> {
  if (times === 1) probe.transport.connect('private');
  await probe.until(
    () => probe.notices.filter(({ code }) => code === 'trade-stream-ready').length >= times,
  );
}

const orders = (connection: Accepted): unknown[] =>
  connection.received
    .filter(({ op }) => String(op).startsWith('order.'))
    .map(({ args }) => (args as { orderLinkId: string }[])[0]?.orderLinkId);
const isOrder = (message: Record<string, unknown>): boolean =>
  String(message['op']).startsWith('order.');

describe('an order over the trade stream', () => {
  it('is answered in the shape of REST, with its limit', async () => {
    await ready();
    expect(await probe.call(1, order('a'))).toEqual({
      t: 'reply',
      call: 1,
      status: 200,
      body: {
        retCode: 0,
        retMsg: 'OK',
        result: { orderId: 'id-of-a', orderLinkId: 'a' },
        retExtInfo: {},
        time: 1_700_000_001_000,
      },
      headers: { remaining: 9, resetMs: 1_700_000_000_999 - probe.transport.clock.offsetMs },
    });
    await probe.call(2, { ...order('a'), path: '/v5/order/amend' });
    await probe.call(3, { ...order('a'), path: '/v5/order/cancel' });
    const sent = server.last('trade').received;
    expect(sent.map(({ op }) => op)).toEqual([
      'auth',
      'order.create',
      'order.amend',
      'order.cancel',
    ]);
    expect(server.isAuth(sent[0] ?? {})).toBe(true);
    expect(sent[1]).toMatchObject({ args: [order('a').params] });
    const ids = sent.slice(1).map(({ reqId }) => String(reqId));
    expect(new Set(ids).size).toBe(3);
    expect(ids.every((id) => id.length <= 36)).toBe(true);
  });

  it('leaves everything else to REST', async () => {
    await ready();
    await probe.call(1, { ...order('a'), path: '/v5/order/cancel-all' });
    await probe.call(2);
    expect(server.requests.slice(-2).map(({ path }) => path)).toEqual([
      '/v5/order/cancel-all',
      '/v5/order/realtime',
    ]);
  });

  it('that the venue refuses is a reply with its code, not a failure', async () => {
    server.stream = (message, { socket }) =>
      socket.send(JSON.stringify(tradeAnswer(message, isOrder(message) ? 110007 : 0)));
    await ready();
    expect(await probe.call(1, order('a'))).toMatchObject({
      t: 'reply',
      status: 200,
      body: { retCode: 110007, result: {} },
    });
  });

  it('that is not answered in time has failed once, whatever comes later', async () => {
    let late = (): void => undefined;
    server.stream = (message, { socket }) => {
      const answer = (): void => socket.send(JSON.stringify(tradeAnswer(message)));
      if (isOrder(message)) late = answer;
      else answer();
    };
    await ready();
    expect(await probe.call(1, { ...order('a'), timeoutMs: 100 })).toMatchObject({
      t: 'failed',
      why: 'timeout',
    });
    late();
    server.last('trade').socket.send('{"reqId":"ls-1-1","retCode":0,"op":"order.create"}');
    await probe.call(2);
    expect(probe.answers(1)).toHaveLength(1);
  });

  it('whose connection is lost may have been carried out, and is not sent again', async () => {
    server.stream = (message, { socket }) => {
      if (isOrder(message)) socket.terminate();
      else socket.send(JSON.stringify(tradeAnswer(message)));
    };
    await ready();
    expect(await probe.call(1, order('a'))).toMatchObject({ t: 'failed', why: 'reset' });
    await ready(2);
    expect(server.of('trade').map(orders)).toEqual([['a'], []]);
  });

  it('without a connection is refused at once, and never sent when there is one', async () => {
    expect(await probe.call(1, order('early'))).toMatchObject({ t: 'failed', why: 'refused' });
    probe.transport.connect('private');
    expect(await probe.call(2, order('connecting'))).toMatchObject({ why: 'refused' });
    await ready(1);
    server.last('trade').socket.terminate();
    await probe.until(() => probe.notices.some(({ code }) => code === 'trade-stream-down'));
    expect(await probe.call(3, order('lost'))).toMatchObject({ t: 'failed', why: 'refused' });
    await ready(2);
    await probe.call(4, order('now'));
    expect(server.of('trade').flatMap(orders)).toEqual(['now']);
  });

  it('before the key was accepted is refused, and never sent', async () => {
    let accept = (): void => undefined;
    server.stream = (message, { socket }) => {
      const answer = (): void => socket.send(JSON.stringify(tradeAnswer(message)));
      if (message['op'] === 'auth') accept = answer;
      else answer();
    };
    probe.transport.connect('private');
    await server.until(() => server.messages('trade', 'auth').length === 1);
    expect(await probe.call(1, order('early'))).toMatchObject({ t: 'failed', why: 'refused' });
    accept();
    await probe.until(() => probe.notices.some(({ code }) => code === 'trade-stream-ready'));
    await probe.call(2, order('now'));
    expect(server.of('trade').flatMap(orders)).toEqual(['now']);
  });

  it.each([
    ['its code', '{"retCode":10004,"retMsg":"Error sign","op":"auth","connId":"c"}'],
    ['success: false', '{"success":false,"ret_msg":"no","op":"auth","conn_id":"c"}'],
    ['nothing that says it went well', '{"op":"auth","conn_id":"c"}'],
  ])('is never sent where the key was refused by %s', async (_, text) => {
    server.stream = (message, { socket }) => {
      socket.send(message['op'] === 'auth' ? text : JSON.stringify(tradeAnswer(message)));
    };
    probe.transport.connect('private');
    await probe.until(() => probe.notices.some(({ code }) => code === 'auth-refused'));
    expect(await probe.call(1, order('a'))).toMatchObject({ t: 'failed', why: 'refused' });
    expect(server.of('trade').flatMap(orders)).toEqual([]);
  });

  it('that a restarting service has taken is still answered; the next has a new connection', async () => {
    const kept: (() => void)[] = [];
    server.stream = (message, connection) => {
      const first = server.of('trade')[0] === connection;
      const refused = first && orders(connection).length === 2;
      const send = (): void =>
        connection.socket.send(JSON.stringify(tradeAnswer(message, refused ? 10019 : 0)));
      if (first && isOrder(message) && !refused) kept.push(send);
      else send();
    };
    await ready();
    probe.transport.call(callOf(1, order('taken')));
    expect(await probe.call(2, order('too-late'))).toMatchObject({ body: { retCode: 10019 } });
    expect(await probe.call(3, order('between'))).toMatchObject({ why: 'refused' });
    await ready(2);
    expect(await probe.call(4, order('new'))).toMatchObject({ body: { retCode: 0 } });
    kept.forEach((send) => send());
    await probe.until(() => probe.answers(1).length === 1);
    expect(probe.answers(1)).toMatchObject([{ t: 'reply', body: { retCode: 0 } }]);
    expect(server.of('trade').map(orders)).toEqual([['taken', 'too-late'], ['new']]);
    const [old] = server.of('trade');
    await server.until(() => old?.socket.readyState === 3);
  });

  it('is answered exactly once, however the venue behaves', async () => {
    let dice = 7;
    const random = (): number => {
      dice = (dice * 48_271) % 2_147_483_647;
      return dice % 12;
    };
    server.stream = (message, { socket }) => {
      const send = (retCode = 0): void =>
        socket.send(JSON.stringify(tradeAnswer(message, retCode)));
      if (!isOrder(message)) return send();
      switch (random()) {
        case 0:
          return socket.terminate();
        case 1:
        case 2:
        case 3:
          return undefined;
        case 4:
          send();
          return send(110072);
        case 5:
          return socket.send(`{"reqId":${JSON.stringify(message['reqId'])}`);
        default:
          return send();
      }
    };
    probe.transport.connect('private');
    for (let call = 1; call <= 120; call += 1) {
      probe.transport.call(callOf(call, { ...order(`o${call}`), timeoutMs: 40 }));
      await pause(call % 12 === 0 ? 150 : 1);
    }
    await probe.until(() => probe.transport.counts.inFlight === 0);
    const counted = Array.from({ length: 120 }, (_, i) => probe.answers(i + 1).length);
    expect(counted).toEqual(Array.from({ length: 120 }, () => 1));
    const sent = server.of('trade').flatMap(orders);
    expect(new Set(sent).size).toBe(sent.length);
    // What was refused was not sent.
    const refused = probe.of('failed').filter(({ why }) => why === 'refused');
    for (const { call } of refused) expect(sent).not.toContain(`o${call}`);
    expect(sent.length).toBeGreaterThan(refused.length === 0 ? 119 : 10);
    expect(probe.of('reply').length).toBeGreaterThan(0);
  });
});

it('demo has no trade stream: order entry over it is refused with one line', () => {
  const endpoints = endpointsOf('demo', 'linear');
  expect(() => new Probe(server, { endpoints, orderEntry: 'ws' })).toThrow(
    '--order-entry ws: demo has no trade stream; use rest',
  );
});
