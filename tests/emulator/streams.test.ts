import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { WS_KEY_MAP, WebsocketAPIClient, WebsocketClient } from 'bybit-api';
import type { WsKey } from 'bybit-api';
import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import { START_MS, profile } from '../venue/host/rig.ts';
import { Ear, atEnd, control, emulator, market, order, plan, restOf, taker } from './rig.ts';
import type { Row } from './rig.ts';

const silent = {
  trace: (): void => undefined,
  info: (): void => undefined,
  error: (): void => undefined,
};

function loginOf({ apiKey }: Emulator, expiresMs = Date.now() + 5_000): object {
  const sign = createHmac('sha256', apiKey.secret).update(`GET/realtime${expiresMs}`).digest('hex');
  return { op: 'auth', req_id: 'a', args: [apiKey.key, expiresMs, sign] };
}

async function privateEar(venue: Emulator, topics: readonly string[]): Promise<Ear> {
  const ear = new Ear(`${venue.wsUrl}/v5/private`);
  await ear.opened();
  ear.say(loginOf(venue));
  await ear.until(({ op }) => op === 'auth');
  ear.say({ op: 'subscribe', req_id: 's', args: topics });
  expect(await ear.until(({ op }) => op === 'subscribe')).toMatchObject({ success: true });
  return ear;
}

/** The SDK with each stream at its own path of the emulator. */
function sdkOf(venue: Emulator): WebsocketClient {
  const paths: Partial<Record<WsKey, string>> = {
    [WS_KEY_MAP.v5Private]: '/v5/private',
    [WS_KEY_MAP.v5LinearPublic]: '/v5/public/linear',
  };
  class Sdk extends WebsocketClient {
    protected override getWsUrl(key: WsKey): Promise<string> {
      return Promise.resolve(`${venue.wsUrl}${paths[key] ?? ''}`);
    }
  }
  const client = new Sdk({ ...venue.apiKey, reconnectTimeout: 50 }, silent);
  client.on('exception', () => undefined);
  atEnd(() => {
    client.closeAll(true);
  });
  return client;
}

const update = (client: WebsocketClient, topic: string): Promise<Row> =>
  new Promise((resolve) => {
    client.on('update', (frame: Row) => {
      if (frame['topic'] === topic) resolve(frame);
    });
  });

describe('the streams, by the real SDK', () => {
  it('tells the order, its execution, the position and the wallet, and the market', async () => {
    const venue = await emulator({ hostChanges: { execution: profile('home') } });
    const client = sdkOf(venue);
    const topics = ['order', 'execution', 'position', 'wallet'] as const;
    const told = [...topics, 'tickers.BTCUSDT', 'kline.1.BTCUSDT', 'publicTrade.BTCUSDT'].map(
      (topic) => update(client, topic),
    );
    await client.subscribeV5([...topics], 'linear', true);
    await client.subscribeV5(
      ['tickers.BTCUSDT', 'kline.1.BTCUSDT', 'publicTrade.BTCUSDT'],
      'linear',
    );
    await update(client, 'tickers.BTCUSDT');
    const { retCode } = await restOf(venue).submitOrder(taker);
    expect(retCode).toBe(0);
    const [orders, executions] = await Promise.all(told);
    expect(orders?.['data']).toMatchObject([{ orderStatus: 'Filled', category: 'linear' }]);
    expect(executions?.['data']).toMatchObject([{ execType: 'Trade', execQty: '0.001' }]);
  });

  it('is subscribed again after the venue restarts, and nothing meanwhile is told twice', async () => {
    const venue = await emulator();
    const client = sdkOf(venue);
    const frames: Row[] = [];
    client.on('update', (frame: Row) => frames.push(frame));
    await client.subscribeV5(['order'], 'linear', true);
    while (venue.emulation.traffic('private').said < 2)
      await new Promise((go) => setTimeout(go, 5));
    const again = new Promise((resolve) => client.on('reconnected', resolve));
    expect((await control(venue, 'restart', {})).status).toBe(200);
    await restOf(venue).submitOrder({ ...order, orderLinkId: 'missed' });
    await again;
    while (venue.emulation.traffic('private').said < 2)
      await new Promise((go) => setTimeout(go, 5));
    const next = update(client, 'order');
    await restOf(venue).submitOrder({ ...order, orderLinkId: 'heard' });
    await next;
    const links = frames.flatMap(({ data }) => (data as Row[]).map((row) => row['orderLinkId']));
    expect(links).toEqual(['heard']);
  });

  it('takes orders over the trade stream, and refuses them there with their code', async () => {
    const venue = await emulator();
    const api = new WebsocketAPIClient(
      { ...venue.apiKey, wsUrl: `${venue.wsUrl}/v5/trade`, attachEventListeners: false },
      silent,
    );
    atEnd(() => {
      api.getWSClient().closeAll(true);
    });
    const placed = await api.submitNewOrder({ ...order, orderLinkId: 'w' });
    expect(placed).toMatchObject({ retCode: 0, data: { orderLinkId: 'w' } });
    expect(placed.header).toMatchObject({ 'X-Bapi-Limit': '10', 'X-Bapi-Limit-Status': '9' });
    const refused: unknown = await api
      .submitNewOrder({ ...order, orderLinkId: 'w' })
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ retCode: 110072 });
    const cancelled = await api.cancelOrder({ ...market, orderLinkId: 'w' });
    expect(cancelled.retCode).toBe(0);
  });
});

describe('the dialects', () => {
  it('answers on each socket in its own way', async () => {
    const venue = await emulator();
    const [hidden, open, trade] = ['private', 'public/linear', 'trade'].map(
      (path) => new Ear(`${venue.wsUrl}/v5/${path}`),
    );
    if (hidden === undefined || open === undefined || trade === undefined) throw new Error('three');
    await Promise.all([hidden.opened(), open.opened(), trade.opened()]);
    hidden.say({ op: 'subscribe', req_id: 's', args: ['order'] });
    hidden.say(loginOf(venue, Date.now() - 1));
    hidden.say({ op: 'ping', req_id: 'p' });
    await hidden.until(({ op }) => op === 'pong');
    expect(hidden.heard).toMatchObject([
      { success: false, ret_msg: 'error:not logged in', op: 'subscribe', req_id: 's' },
      { success: false, op: 'auth' },
      { op: 'pong', req_id: 'p', args: [expect.stringMatching(/^\d+$/)] },
    ]);
    open.say({ op: 'subscribe', req_id: '1', args: ['kline.7.BTCUSDT'] });
    open.say({ op: 'subscribe', req_id: '2', args: ['publicTrade.BTCUSDT'] });
    open.say({ op: 'subscribe', req_id: '3', args: ['publicTrade.BTCUSDT'] });
    open.say({ op: 'ping', req_id: '4' });
    await open.until(({ req_id: id }) => id === '4');
    expect(open.heard.filter(({ op }) => op !== undefined)).toMatchObject([
      { success: false, ret_msg: 'error:handler not found,topic:kline.7.BTCUSDT' },
      { success: true, req_id: '2' },
      { success: false, ret_msg: 'error:already subscribed,topic:publicTrade.BTCUSDT' },
      { success: true, ret_msg: 'pong', op: 'ping' },
    ]);
    const header = { 'X-BAPI-TIMESTAMP': String(Date.now()) };
    trade.say({ reqId: '0', op: 'order.create', header, args: [order] });
    trade.say({ reqId: 'a', ...loginOf(venue) });
    trade.say({ reqId: 'b', ...loginOf(venue) });
    trade.say({ reqId: '1', op: 'order.create', header, args: [order] });
    trade.say({ reqId: '1', op: 'order.create', header, args: [order] });
    trade.say({
      reqId: '2',
      op: 'order.create',
      header: { 'X-BAPI-TIMESTAMP': '5' },
      args: [order],
    });
    await trade.until(({ reqId, retCode }) => reqId === '1' && retCode === 0);
    await trade.until(({ retCode }) => retCode === 10002);
    const codes = trade.heard.map(({ op, retCode }) => `${String(op)} ${String(retCode)}`);
    expect(codes.slice(0, 3)).toEqual(['order.create 10004', 'auth 0', 'auth 20001']);
    // An answer that takes the venue's way may come before or after one that is refused at the door.
    expect(codes.slice(3).sort()).toEqual(
      ['0', '10002', '20006'].map((code) => `order.create ${code}`),
    );
  });

  it('forgets a handshake that comes to nothing', async () => {
    const venue = await emulator();
    const { port } = new URL(venue.restUrl);
    const socket = connect(Number(port), '127.0.0.1');
    const over = new Promise((resolve) => socket.on('close', resolve));
    socket.write(
      'GET /v5/private HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    socket.on('error', () => undefined);
    socket.resume();
    await over;
    while (venue.emulation.traffic('private').open > 0)
      await new Promise((go) => setTimeout(go, 5));
    expect(venue.emulation.traffic('private')).toMatchObject({ attempts: 1, open: 0 });
  });

  it('sends no picture on subscription to a private topic, and no frame of before it', async () => {
    const venue = await emulator();
    await restOf(venue).submitOrder(order);
    const ear = await privateEar(venue, ['order', 'position', 'execution.fast']);
    ear.say({ op: 'ping', req_id: 'p' });
    await ear.until(({ op }) => op === 'pong');
    expect(ear.heard.filter(({ topic }) => topic !== undefined)).toEqual([]);
  });
});

describe('faults of the streams', () => {
  it('loses, repeats and spoils frames as the plan says', async () => {
    const faults = ['frameLost', 'frameTwice', 'fieldMissing'].map((fault, at) => ({
      fault,
      target: 'order',
      nth: at + 1,
    }));
    const venue = await emulator({ faults: plan({ script: faults }) });
    const ear = await privateEar(venue, ['order']);
    for (const orderLinkId of ['lost', 'twice', 'spoiled', 'whole'])
      await restOf(venue).submitOrder({ ...order, orderLinkId });
    await ear.until(({ data }) => (data as Row[] | undefined)?.[0]?.['orderLinkId'] === 'whole');
    const rows = ear.heard
      .filter(({ topic }) => topic === 'order')
      .flatMap(({ data }) => data as Row[]);
    expect(rows.map((row) => row['orderLinkId'])).toEqual(['twice', 'twice', 'spoiled', 'whole']);
    expect(Object.keys(rows[2] ?? {}).length).toBe(Object.keys(rows[3] ?? {}).length - 1);
    expect(venue.emulation.faultCounts).toEqual({ frameLost: 1, frameTwice: 1, fieldMissing: 1 });
  });

  it('keeps a half-open socket silent, cuts one that dies, refuses one that may not connect', async () => {
    const script = [{ fault: 'connectFails', target: 'public connect', nth: 1 }];
    const venue = await emulator({ faults: plan({ script, seed: 5 }) });
    await expect(new Ear(`${venue.wsUrl}/v5/public/linear`).opened()).rejects.toThrow();
    const ear = await privateEar(venue, ['order']);
    while (
      (await control(venue, 'fault', { fault: 'socketSilent' })).body['sockets'] === undefined
    );
    const other = new Ear(`${venue.wsUrl}/v5/public/linear`);
    await other.opened();
    await control(venue, 'restart', {});
    await Promise.all([ear.closed(), other.closed()]);
    expect(ear.isClosed && other.isClosed).toBe(true);
  });
});

describe('the control port', () => {
  it('is for who has the token, asks at the right host and comes from no other page', async () => {
    const venue = await emulator();
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await control(venue, 'status', undefined, headers)).status;
    expect(await status({})).toBe(200);
    expect(await status({ Authorization: 'Bearer other' })).toBe(401);
    expect(await status({ Origin: 'http://evil.example' })).toBe(403);
    expect((await control(venue, 'nonsense', {})).status).toBe(404);
    expect((await control(venue, 'speed', { speed: 'fast' })).status).toBe(400);
  });

  it('tells the wall clock at speed 1 where the tape began by it', async () => {
    const wallMs = (): number => START_MS + 1_234;
    const venue = await emulator({ time: 1, wallMs, startedMs: START_MS });
    expect((await control(venue, 'status')).body).toMatchObject({
      venueMs: wallMs(),
      wallMs: wallMs(),
    });
  });

  it('stops time, trades by hand, moves the price until the position is gone', async () => {
    const venue = await emulator();
    await control(venue, 'pause', {});
    const before = (await control(venue, 'status')).body;
    await control(venue, 'trade', { side: 'Buy', qty: '0.100' });
    const held = (await control(venue, 'status')).body;
    expect(held).toMatchObject({ isPaused: true, venueMs: before['venueMs'], position: '0.100' });
    const after = await control(venue, 'spike', { price: '40000' });
    expect(after.body).toMatchObject({ position: '0.000' });
    const bad = await control(venue, 'spike', { price: '40000.05' });
    expect(bad).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('tick') as string },
    });
    await control(venue, 'resume', {});
    await control(venue, 'speed', { speed: 1e5 });
    for (let later = before; later['isOver'] !== true;)
      later = (await control(venue, 'status')).body;
  });
});
