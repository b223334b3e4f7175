import { describe, expect, it } from 'vitest';
import { InProcessTransport } from '../../src/brokers/hosted/in-process-transport.ts';
import { Secret } from '../../src/brokers/bybit/secret.ts';
import type { TransportInput } from '../../src/brokers/transport.ts';
import { startEmulator } from '../../src/emulator/emulator.ts';
import type { HostOptions } from '../../src/venue/host/options.ts';
import { hostOf, optionsOf, profile, wanderingTape } from '../venue/host/rig.ts';
import { Ear, atEnd, market } from './rig.ts';
import { VirtualClient } from './virtual-client.ts';
import type { Bot, Wire } from './virtual-client.ts';

const MINUTES = 8;
const tape = wanderingTape(MINUTES, 21);
const changes: Partial<HostOptions> = { execution: profile('home'), tickEveryMs: 5_000 };

type Body = Record<string, unknown>;

/** Places an order a few ticks away at each close, looks around, and cancels all 20 s later. */
function scribe(): Bot & { readonly log: string[] } {
  const log: string[] = [];
  let wire: Wire | undefined;
  let calls = 0;
  const ask = (method: 'GET' | 'POST', path: string, params: object): void => {
    calls += 1;
    wire?.call({ call: calls, method, path, params: { ...market, ...params }, timeoutMs: 60_000 });
  };
  const bot = {
    log,
    nextTimerMs: Infinity,
    start: (to: Wire): void => {
      wire = to;
      to.connect('private');
    },
    hear: (input: TransportInput, nowMs: number): void => {
      if (input.t === 'open')
        wire?.send(input.socket, input.socket === 'private' ? { op: 'auth', req_id: 'a' } : topics);
      const body = ('body' in input ? input.body : {}) as Body;
      if (body['op'] === 'auth') wire?.send('private', { op: 'subscribe', req_id: 's', args });
      if (body['op'] === 'subscribe' && body['req_id'] === 's') wire?.connect('public');
      if (input.t === 'open' || body['op'] !== undefined) return;
      log.push(`${nowMs} ${JSON.stringify(input)}`);
      if (body['topic'] !== 'kline.1.BTCUSDT') return;
      const [candle] = body['data'] as Body[];
      if (candle?.['confirm'] !== true) return;
      const price = (Number(candle['close']) - 2).toFixed(1);
      const link = `at-${nowMs}`;
      const order = { side: 'Buy', orderType: 'Limit', qty: '0.001', price, orderLinkId: link };
      ask('POST', '/v5/order/create', order);
      ask('POST', '/v5/order/create', { ...order, side: 'Sell', orderLinkId: `${link}-s` });
      ask('GET', '/v5/order/realtime', {});
      bot.nextTimerMs = nowMs + 20_000;
    },
    wake: (nowMs: number): void => {
      log.push(`${nowMs} timer`);
      bot.nextTimerMs = Infinity;
      ask('POST', '/v5/order/cancel-all', {});
      ask('GET', '/v5/execution/list', {});
    },
  };
  return bot;
}

const args = ['order', 'execution', 'position', 'wallet'];
const topics = { op: 'subscribe', req_id: 'p', args: ['kline.1.BTCUSDT', 'tickers.BTCUSDT'] };

async function overTheWire(): Promise<string[]> {
  const venue = await startEmulator({ host: optionsOf(tape, changes), time: 'virtual' });
  atEnd(() => venue.close());
  const { key, secret } = venue.apiKey;
  const credentials = { key: new Secret(key), secret: new Secret(secret) };
  const bot = scribe();
  await new VirtualClient(venue, credentials, bot).run();
  return bot.log;
}

function inProcess(): string[] {
  const bot = scribe();
  let nowMs = 0;
  const transport = new InProcessTransport(hostOf(tape, changes), (input) => {
    bot.hear(input, nowMs);
  });
  nowMs = transport.nowMs;
  bot.start(transport);
  for (;;) {
    const nextMs = transport.nextMs();
    if (nextMs === Infinity && bot.nextTimerMs === Infinity) return bot.log;
    if (nextMs > bot.nextTimerMs) {
      transport.advanceTo(bot.nextTimerMs, (atMs) => {
        nowMs = atMs;
      });
      bot.wake(nowMs);
    } else
      transport.advanceTo(nextMs, (atMs) => {
        nowMs = atMs;
      });
  }
}

describe('virtual time', () => {
  it('is the same to the byte, run after run, and as in the same process', async () => {
    const first = await overTheWire();
    const second = await overTheWire();
    expect(second).toEqual(first);
    expect(first).toEqual(inProcess());
    const text = first.join('\n');
    for (const sign of [
      '"execution"',
      'timer',
      '"PartiallyFilled"|"Filled"',
      'order/realtime|nextPageCursor',
    ])
      expect(text).toMatch(new RegExp(sign));
    expect(first.length).toBeGreaterThan(MINUTES * 20);
  });

  it('stands still while the client has not said that it is idle', async () => {
    const venue = await startEmulator({ host: optionsOf(tape), time: 'virtual' });
    atEnd(() => venue.close());
    const headers = { Authorization: `Bearer ${venue.controlToken}` };
    const url = `${venue.controlUrl.replace('http', 'ws')}/time`;
    const ear = new Ear(url, headers);
    const { step, ledger, venueMs } = await ear.until(({ t }) => t === 'step');
    const idle = { t: 'idle', ledger, nextTimerMs: Number(venueMs) + 1_234 };
    ear.say({ ...idle, step: Number(step) + 1 });
    ear.say({ ...idle, step, ledger: { ...(ledger as object), calls: 1 } });
    ear.say({ ...idle, step, extra: 1 });
    expect(await ear.until(({ t }) => t === 'wrong')).toMatchObject({
      text: expect.any(String) as string,
    });
    expect(venue.emulation.nowMs).toBe(venueMs);
    ear.say({ ...idle, step });
    expect(await ear.until(({ timer }) => timer === true)).toMatchObject({
      venueMs: Number(venueMs) + 1_234,
    });
    const other = new Ear(url, headers);
    await other.closed();
    expect(other.heard).toEqual([]);
  });
});
