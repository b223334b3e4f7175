import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseFaultPlan } from '../../src/emulator/faults/fault-plan.ts';
import { profile } from '../venue/host/rig.ts';
import { control, emulator, market, order, plan, restOf, taker } from './rig.ts';
import type { Row } from './rig.ts';

const canaries = (text: unknown, secret: string): boolean => JSON.stringify(text).includes(secret);

describe('REST over the wire, by the real SDK', () => {
  it('answers who signs, with strings for numbers and the limits in its headers', async () => {
    const venue = await emulator();
    const rest = restOf(venue, { parseAPIRateLimits: true });
    const balance = await rest.getWalletBalance({ accountType: 'UNIFIED' });
    expect(balance.retCode).toBe(0);
    expect(balance.result.list[0]?.coin[0]).toMatchObject({
      coin: 'USDT',
      walletBalance: '100000',
    });
    expect(balance.rateLimitApi).toMatchObject({ maxRequests: 50, remainingRequests: 49 });
    const fee = await rest.getFeeRate({ ...market });
    expect(fee.result.list).toEqual([
      { symbol: 'BTCUSDT', baseCoin: '', takerFeeRate: '0.00055', makerFeeRate: '0.0002' },
    ]);
    const special = await rest.getExecutionList({ ...market, cursor: '7%3A1%2C7%3A1' });
    expect(special.retCode).toBe(0);
  });

  it('refuses a wrong key, a wrong signature, a wrong time and no signature at all', async () => {
    const wallMs = (): number => Date.now() + 7_000;
    const venue = await emulator();
    const late = await emulator({ wallMs });
    const codeOf = async (rest: ReturnType<typeof restOf>): Promise<number> =>
      (await rest.getPositionInfo({ ...market })).retCode;
    expect(await codeOf(restOf(venue, { key: 'nobody' }))).toBe(10003);
    expect(await codeOf(restOf(venue, { secret: 'wrong' }))).toBe(10004);
    expect(await codeOf(restOf(late))).toBe(10002);
    expect(await codeOf(restOf(late, { recv_window: 9_000 }))).toBe(0);
    const bare = await fetch(`${venue.restUrl}/v5/position/list?category=linear&symbol=BTCUSDT`);
    expect(((await bare.json()) as Row)['retCode']).toBe(10001);
    expect((await fetch(`${venue.restUrl}/other`)).status).toBe(404);
    const time = await restOf(late).getServerTime();
    expect(Math.abs(Number(time.time) - wallMs())).toBeLessThan(5_000);
  });

  it('takes an order through its life: placed, found, amended, refused twice, cancelled', async () => {
    const rest = restOf(await emulator());
    const placed = await rest.submitOrder({ ...order, orderLinkId: 'life' });
    expect(placed.result).toMatchObject({ orderLinkId: 'life' });
    const again = await rest.submitOrder({ ...order, orderLinkId: 'life' });
    expect(again.retCode).toBe(110072);
    const amended = await rest.amendOrder({ ...market, orderLinkId: 'life', price: '48900' });
    expect(amended.retCode).toBe(0);
    const open = await rest.getActiveOrders({ ...market });
    expect(open.result.list).toMatchObject([{ orderLinkId: 'life', price: '48900.00' }]);
    expect((await rest.cancelOrder({ ...market, orderLinkId: 'life' })).retCode).toBe(0);
    expect((await rest.cancelOrder({ ...market, orderLinkId: 'life' })).retCode).toBe(110001);
    const history = await rest.getHistoricOrders({ ...market });
    expect(history.result.list).toMatchObject([{ orderStatus: 'Cancelled' }]);
  });

  it('lets a key that may only read do no more', async () => {
    const venue = await emulator();
    const rest = restOf(venue);
    await control(venue, 'key', { changes: { readOnly: 1, ips: [] } });
    expect((await rest.submitOrder(order)).retCode).toBe(10005);
    expect((await rest.getQueryApiKey()).result).toMatchObject({ readOnly: 1, ips: [] });
    expect((await rest.getActiveOrders({ ...market })).result.list).toEqual([]);
  });

  it('opens and closes a position, and shows what it cost', async () => {
    const rest = restOf(await emulator({ hostChanges: { execution: profile('home') } }));
    await rest.submitOrder({ ...taker, orderLinkId: 'in' });
    const [held] = (await rest.getPositionInfo({ ...market })).result.list;
    expect(held).toMatchObject({ side: 'Buy', size: '0.001' });
    const exit = { ...taker, side: 'Sell', reduceOnly: true } as const;
    await rest.submitOrder({ ...exit, orderLinkId: 'out' });
    const fills = (await rest.getExecutionList({ ...market })).result.list;
    expect(fills.map(({ side, execQty }) => [side, execQty])).toEqual([
      ['Sell', '0.001'],
      ['Buy', '0.001'],
    ]);
    const [closed] = (await rest.getClosedPnL({ ...market })).result.list;
    expect(closed).toMatchObject({ side: 'Sell', closedSize: '0.001' });
    expect(Number(closed?.avgEntryPrice)).toBeCloseTo(Number(fills[1]?.execPrice), 1);
  });

  it('pages newest first, with cursors handed back as they came', async () => {
    const rest = restOf(await emulator());
    for (let n = 0; n < 7; n += 1)
      await rest.submitOrder({ ...order, price: String(48_000 + n), orderLinkId: `p-${n}` });
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await rest.getActiveOrders({ ...market, limit: 3, cursor });
      seen.push(...page.result.list.map(({ orderLinkId }) => orderLinkId));
      cursor = page.result.nextPageCursor ?? '';
    } while (cursor !== '');
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `p-${n}`));
  });

  it('limits what is asked too often, and says until when', async () => {
    // Time almost stands still, so that all of it falls into one second of the venue.
    const venue = await emulator({ time: 0.001 });
    const rest = restOf(venue);
    const codes: number[] = [];
    for (let n = 0; n < 12; n += 1)
      codes.push(
        (await rest.setLeverage({ ...market, buyLeverage: '10', sellLeverage: '10' })).retCode,
      );
    expect(codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 110043));
    expect(codes.slice(10)).toEqual([10006, 10006]);
  });

  it('bans an address that asks more than 600 times in 5 s, and speaks HTML then', async () => {
    const venue = await emulator({ time: 0.001 });
    const url = `${venue.restUrl}/v5/market/tickers?category=linear`;
    const statuses: number[] = [];
    for (let n = 0; n < 602; n += 1) statuses.push((await fetch(url)).status);
    expect(statuses.slice(0, 600).every((status) => status === 200)).toBe(true);
    expect(statuses.slice(600)).toEqual([403, 403]);
    const failed: unknown = await restOf(venue)
      .getTickers({ ...market })
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 403 });
  });
});

describe('faults of the wire', () => {
  const faulty = async (fault: string, more: object = {}): ReturnType<typeof emulator> =>
    emulator({
      faults: plan({ script: [{ fault, target: '/v5/order/create', nth: 1, ...more }] }),
    });

  it.each([
    ['requestLost', 'timeout', 0],
    ['replyLost', 'timeout', 1],
    ['connectionReset', 'failed', 1],
    ['htmlBefore', 'failed', 0],
    ['htmlAfter', 'failed', 1],
    ['busyBefore', 10016, 0],
    ['busyAfter', 'server', 1],
    ['limitBare', 10006, 0],
    ['limitWithReset', 10006, 0],
    ['requestTwice', 0, 1],
    ['bodyCut', 'unread', 1],
  ])('%s: the client sees %s, the venue has %i order', async (fault, seen, orders) => {
    const venue = await faulty(fault, fault === 'bodyCut' ? { delayMs: 20 } : {});
    const answer: unknown = await restOf(venue, {}, 300)
      .submitOrder({ ...order, orderLinkId: 'once' })
      .catch((error: unknown) => error);
    const retCode = (answer as Row)['retCode'];
    if (typeof seen === 'number') expect(retCode).toBe(seen);
    else if (seen === 'server') expect([10000, 10016]).toContain(retCode);
    else expect(retCode === undefined || retCode === 10001).toBe(true);
    const open = await restOf(venue).getActiveOrders({ ...market });
    expect(open.result.list).toHaveLength(orders);
    expect(canaries(open, venue.apiKey.secret)).toBe(false);
  });

  it('refuses a plan that is none in one line that says where', () => {
    expect(() => parseFaultPlan('{', 'p.json')).toThrow('p.json: not JSON');
    expect(() => parseFaultPlan('{"rates":{"nonsense":1}}', 'p.json')).toThrow(/p\.json: rates/);
    const shipped = readFileSync(new URL('./plan.json', import.meta.url), 'utf8');
    expect(parseFaultPlan(shipped, 'plan.json').seed).toBe(3);
  });
});
