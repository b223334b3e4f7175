import { describe, expect, it } from 'vitest';
import { Rig } from './rig.ts';
import type { Row } from './rig.ts';

const attached = (rig: Rig): Row[] =>
  rig
    .rows('/v5/order/realtime', { orderFilter: 'StopOrder' })
    .sort((a, b) => (a['stopOrderType'] ?? '').localeCompare(b['stopOrderType'] ?? ''));

const exit = (rig: Rig, price: string, qty: string): number =>
  rig.create({ side: 'Sell', price, qty, reduceOnly: true }).retCode;

describe('exits', () => {
  it('R-VEN-11 cuts a reduce-only order to the position', () => {
    const rig = new Rig();
    rig.buy('1');
    exit(rig, '51000', '3');
    expect(rig.order('t-2')).toMatchObject({ qty: '1.000', reduceOnly: true });
  });

  it('R-VEN-12 trims resting reduce-only orders as the position shrinks, the furthest first', () => {
    const rig = new Rig();
    rig.buy('1');
    exit(rig, '51000', '0.5');
    exit(rig, '52000', '0.5');
    rig.create({ side: 'Sell', orderType: 'Market', qty: '0.3', reduceOnly: true });
    expect(rig.order('t-3')).toMatchObject({ orderStatus: 'New', qty: '0.200' });
    rig.create({ side: 'Sell', orderType: 'Market', qty: '0.2', reduceOnly: true });
    expect(rig.order('t-3')).toMatchObject({
      orderStatus: 'Cancelled',
      cancelType: 'CancelByReduceOnly',
    });
    expect(rig.order('t-2')).toMatchObject({ orderStatus: 'New', qty: '0.500' });
  });

  it.each(['Full', 'Partial'])(
    'R-VEN-13 protects a fill at once, mode %s, and closes once',
    (mode) => {
      const rig = new Rig();
      rig.buy('1', { takeProfit: '51000', stopLoss: '49000', tpslMode: mode });
      const word = mode === 'Full' ? '' : 'Partial';
      expect(attached(rig)).toMatchObject([
        { stopOrderType: `${word}StopLoss`, triggerPrice: '49000.00', triggerDirection: 2 },
        { stopOrderType: `${word}TakeProfit`, triggerPrice: '51000.00', triggerDirection: 1 },
      ]);
      if (mode === 'Partial')
        expect(attached(rig).map((row) => row['parentOrderLinkId'])).toEqual(['t-1', 't-1']);
      rig.price(510_000);
      expect(rig.exchange.truth.positionSteps).toBe(0);
      const ends = rig.exchange.truth.orders
        .slice(1)
        .map((order) => [order.status, order.cancelType]);
      expect(ends).toEqual([
        ['Filled', 'UNKNOWN'],
        ['Deactivated', 'CancelByTpSlTsClear'],
      ]);
      rig.price(480_000);
      expect(rig.exchange.truth.positionSteps).toBe(0);
    },
  );

  it('R-VEN-13 protects what a part fill has filled, and no more', () => {
    const rig = new Rig({
      execution: { halfSpreadTicks: 0.5, slippageBps: 0, throughTicks: 1, participation: 0.5 },
    });
    rig.create({ price: '49990', stopLoss: '49000', tpslMode: 'Partial' });
    expect(attached(rig)).toHaveLength(0);
    rig.exchange.movePrice(rig.later(), 499_800, 499_800, 499_800, 600);
    expect(attached(rig)).toMatchObject([{ qty: '0.300' }]);
    rig.exchange.movePrice(rig.later(), 499_800, 499_800, 499_800, 600);
    expect(attached(rig)).toMatchObject([{ qty: '0.600' }]);
    rig.post('/v5/order/cancel', { orderLinkId: 't-1' });
    rig.exchange.movePrice(rig.later(), 499_800, 499_800, 499_800, 10_000);
    rig.buy('0.5');
    rig.exchange.movePrice(rig.later(), 489_999, 489_999, 489_999, 10_000);
    expect(rig.exchange.truth.positionSteps).toBe(500);
  });

  it('R-VEN-12 trims a take-profit that has triggered, too, and it does not grow back', () => {
    const rig = new Rig();
    const limit = { tpOrderType: 'Limit', tpLimitPrice: '51500' };
    rig.buy('1', { takeProfit: '51000', stopLoss: '49000', tpslMode: 'Partial', ...limit });
    rig.price(510_000);
    rig.create({ side: 'Sell', orderType: 'Market', qty: '0.3' });
    const resting = rig.exchange.truth.orders.find(({ orderType, parentLinkId }) => {
      return orderType === 'Limit' && parentLinkId !== '';
    });
    expect(resting).toMatchObject({ status: 'New', qtySteps: 700 });
  });

  it('R-VEN-13 clears take-profit and stop when the position is closed by another order', () => {
    const rig = new Rig();
    rig.buy('1', { takeProfit: '51000', stopLoss: '49000', tpslMode: 'Partial' });
    rig.create({ side: 'Sell', orderType: 'Market', reduceOnly: true });
    expect(attached(rig)).toHaveLength(0);
    expect(rig.rows('/v5/position/list')).toMatchObject([{ side: '', size: '0' }]);
  });

  it('R-VEN-13 amends and drops the take-profit of a resting order', () => {
    const rig = new Rig();
    rig.create({ price: '49990', takeProfit: '51000', stopLoss: '49000', tpslMode: 'Partial' });
    const amend = { orderLinkId: 't-1', takeProfit: '0', stopLoss: '48000' };
    expect(rig.post('/v5/order/amend', amend).retCode).toBe(0);
    expect(rig.order('t-1')).toMatchObject({ takeProfit: '', stopLoss: '48000.00' });
    rig.price(499_800);
    expect(attached(rig)).toMatchObject([{ triggerPrice: '48000.00' }]);
  });

  it.each([
    ['LastPrice', [490_000, 500_000, 500_000]],
    ['MarkPrice', [500_000, 490_000, 500_000]],
    ['IndexPrice', [500_000, 500_000, 490_000]],
  ])('R-VEN-14 triggers on the %s only', (triggerBy, prices) => {
    const rig = new Rig();
    rig.buy('1');
    const stop = { triggerPrice: '49000', triggerDirection: 2, triggerBy, reduceOnly: true };
    rig.create({ side: 'Sell', orderType: 'Market', ...stop });
    for (let other = 0; other < 3; other += 1) {
      const moved = [500_000, 500_000, 500_000].map((_, at) =>
        at === other && prices[at] === 500_000 ? 485_000 : 500_000,
      );
      rig.price(moved[0] ?? 0, moved[1], moved[2]);
      expect(rig.order('t-2')).toMatchObject({ orderStatus: 'Untriggered' });
    }
    rig.price(prices[0] ?? 0, prices[1], prices[2]);
    expect(rig.order('t-2')).toMatchObject({ orderStatus: 'Filled' });
    expect(rig.exchange.truth.positionSteps).toBe(0);
  });

  it('R-VEN-14 makes a conditional limit order New once it is triggered', () => {
    const rig = new Rig();
    rig.create({ triggerPrice: '50100', triggerDirection: 1, price: '50050' });
    rig.price(501_000);
    expect(rig.statuses('t-1')).toEqual(['Untriggered', 'Triggered', 'New']);
    rig.price(500_400);
    expect(rig.order('t-1')).toMatchObject({ orderStatus: 'Filled', avgPrice: '50050' });
  });

  it('R-VEN-14 shows a conditional order that was cancelled before its trigger as Deactivated', () => {
    const rig = new Rig();
    rig.create({ triggerPrice: '50100', triggerDirection: 1, orderType: 'Market' });
    rig.create({ price: '49000' });
    const { result } = rig.post('/v5/order/cancel-all', {});
    expect(result['list']).toHaveLength(2);
    expect(rig.order('t-1')).toMatchObject({ orderStatus: 'Deactivated' });
    expect(rig.order('t-2')).toMatchObject({ orderStatus: 'Cancelled' });
  });

  it('R-VEN-13 closes the whole position with quantity 0 and closeOnTrigger', () => {
    const rig = new Rig();
    rig.buy('0.7');
    const close = { side: 'Sell', orderType: 'Market', qty: '0', reduceOnly: true };
    expect(rig.create({ ...close, closeOnTrigger: true }).retCode).toBe(0);
    expect(rig.exchange.truth.positionSteps).toBe(0);
  });

  it('R-VEN-13 keeps the trigger that a client gave an attached stop', () => {
    const rig = new Rig();
    rig.buy('1', { stopLoss: '49000', tpslMode: 'Partial' });
    const orderId = attached(rig)[0]?.['orderId'];
    rig.post('/v5/order/amend', { orderId, triggerPrice: '49500' });
    rig.buy('0.5');
    expect(attached(rig)).toMatchObject([{ orderId, triggerPrice: '49500.00', qty: '1.000' }]);
    rig.price(495_000);
    expect(rig.exchange.truth.positionSteps).toBe(500);
  });
});
