import { describe, expect, it } from 'vitest';
import { Rig, START_MS } from './rig.ts';

const POOR = { capitalMoney: 100 * 1e8 };

describe('what the exchange refuses', () => {
  it.each([
    [10001, { side: 'Up' }],
    [10001, { qty: 1 }],
    [10001, { qty: '0.0005' }],
    [10001, { price: '49000.05' }],
    [10001, { orderLinkId: 'x'.repeat(37) }],
    [10001, { positionIdx: 1 }],
    [10001, { timeInForce: 'SOON' }],
    [10001, { symbol: 'DOGEUSDT' }],
    [10001, { category: 'spot' }],
    [10001, { qty: '1191' }],
    [10001, { takeProfit: '40000', stopLoss: '60000' }],
    [110003, { price: '55001' }],
    [110003, { side: 'Sell', price: '44999' }],
    [110017, { side: 'Sell', reduceOnly: true }],
    [110092, { triggerPrice: '50000', triggerDirection: 1 }],
    [110093, { triggerPrice: '50000', triggerDirection: 2 }],
    [110094, { qty: '0.001', price: '4900', priceLimit: true }],
  ])('R-VEN-8 answers %i to %o and books nothing', (retCode, body) => {
    const rig = new Rig({ priceLimitShare: 'priceLimit' in body ? 1 : 0.1 });
    const { result, ...answer } = rig.create({ price: '49000', ...body });
    expect(answer.retCode).toBe(retCode);
    expect(answer.retMsg).not.toBe('OK');
    expect(result).toEqual({});
    expect(rig.exchange.truth.orders).toHaveLength(0);
    expect(rig.exchange.nextFrameMs()).toBe(Infinity);
  });

  it('R-VEN-8 answers 110007 when the balance does not cover the order, and cancels such a trigger', () => {
    const rig = new Rig(POOR);
    expect(rig.create({ price: '49000' }).retCode).toBe(110007);
    const trigger = { triggerPrice: '50100', triggerDirection: 1 };
    expect(rig.create({ orderType: 'Market', ...trigger }).retCode).toBe(0);
    rig.price(501_000);
    expect(rig.order('t-2')).toMatchObject({
      orderStatus: 'Cancelled',
      cancelType: 'CancelByCannotAffordOrderCost',
    });
    expect(rig.statuses('t-2')).toEqual(['Untriggered', 'Triggered', 'Cancelled']);
  });

  it('R-VEN-8 holds no more than 10 conditional and 500 active orders', () => {
    const rig = new Rig();
    const trigger = { price: '50100', triggerPrice: '50100', triggerDirection: 1, qty: '0.001' };
    for (let n = 0; n < 10; n += 1) expect(rig.create(trigger).retCode).toBe(0);
    expect(rig.create(trigger).retCode).toBe(110009);
    for (let n = 0; n < 500; n += 1) rig.create({ price: '49000', qty: '0.001' });
    expect(rig.create({ price: '49000', qty: '0.001' }).retCode).toBe(110020);
  });

  it('R-VEN-9 answers 10006 with the limit in its headers, and again after a second', () => {
    const rig = new Rig();
    const atMs = rig.later();
    for (let n = 0; n < 10; n += 1) expect(rig.create({ price: '49000' }, atMs).retCode).toBe(0);
    expect(rig.create({ price: '49000' }, atMs + 1).retCode).toBe(10006);
    expect(rig.exchange.rateHeaders).toEqual({ limit: 10, remaining: 0, resetMs: atMs + 1_000 });
    expect(rig.create({ price: '49000' }, atMs + 1_000).retCode).toBe(0);
  });

  it('R-VEN-9 answers 10002 to a request stamped outside the window', () => {
    const { exchange } = new Rig();
    const ask = (sentMs: number): number =>
      exchange.get(START_MS, '/v5/position/list', { category: 'linear' }, sentMs).retCode;
    expect([-5_000, 0, 999].map((shift) => ask(START_MS + shift))).toEqual([0, 0, 0]);
    expect([-5_001, 1_000].map((shift) => ask(START_MS + shift))).toEqual([10002, 10002]);
  });

  it('R-VEN-10 answers 110043 and 34040 to what changes nothing', () => {
    const rig = new Rig();
    const leverage = (value: string): number =>
      rig.post('/v5/position/set-leverage', { buyLeverage: value, sellLeverage: value }).retCode;
    expect([leverage('10'), leverage('20'), leverage('20'), leverage('101')]).toEqual([
      110043, 0, 110043, 10001,
    ]);
    const stop = (): number => rig.post('/v5/position/trading-stop', { stopLoss: '49000' }).retCode;
    expect(stop()).toBe(10001);
    rig.buy('1');
    expect([stop(), stop()]).toEqual([0, 34040]);
  });
});
