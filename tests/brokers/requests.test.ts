import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryExecutions, queryOpenOrders } from '../../src/brokers/bybit/wire/queries.ts';
import {
  encodeAmend,
  encodeCancel,
  encodeCancelAll,
  encodeCreate,
} from '../../src/brokers/bybit/wire/requests.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import { BUY, SELL } from '../../src/engine/units.ts';
import { BTCUSD, BTCUSDT } from '../fixtures/instruments.ts';

const linear = new Instrument(BTCUSDT);
const inverse = new Instrument(BTCUSD);
const linkId = 'ls-demo01-0-1-entry-1';
const limit = { kind: 'Limit', priceTicks: 616_005, postOnly: true } as const;

describe('a create request', () => {
  it('is a post-only limit order to the character', () => {
    const order = { linkId, side: BUY, qtySteps: 10, reduceOnly: false, what: limit } as const;
    expect(encodeCreate(order, linear)).toEqual({
      method: 'POST',
      path: '/v5/order/create',
      params: {
        category: 'linear',
        symbol: 'BTCUSDT',
        side: 'Buy',
        orderType: 'Limit',
        qty: '0.010',
        price: '61600.50',
        timeInForce: 'PostOnly',
        positionIdx: 0,
        orderLinkId: linkId,
        reduceOnly: false,
      },
    });
  });

  it('tells a stop which way the price has to go', () => {
    const what = { kind: 'StopMarket', triggerTicks: 600_000 } as const;
    const stop = { linkId, qtySteps: 1, reduceOnly: true, what };
    expect(encodeCreate({ ...stop, side: SELL }, inverse).params).toMatchObject({
      category: 'inverse',
      orderType: 'Market',
      timeInForce: 'IOC',
      triggerPrice: '60000.00',
      triggerDirection: 2,
      triggerBy: 'LastPrice',
      reduceOnly: true,
      qty: '1',
    });
    expect(encodeCreate({ ...stop, side: BUY }, inverse).params).toMatchObject({
      triggerDirection: 1,
    });
  });

  it('carries the exits that are to outlive the process', () => {
    const order = { linkId, side: BUY, qtySteps: 1, reduceOnly: false, what: limit } as const;
    const { params } = encodeCreate({ ...order, takeProfitTicks: 700_000 }, linear);
    expect(params).toMatchObject({
      tpslMode: 'Partial',
      takeProfit: '70000.00',
      tpOrderType: 'Limit',
      tpLimitPrice: '70000.00',
    });
    expect(params).not.toHaveProperty('stopLoss');
  });

  it('writes exact decimals, whatever the ticks and steps', () => {
    const count = fc.integer({ min: 1, max: 2 ** 40 });
    fc.assert(
      fc.property(count, count, fc.constantFrom(linear, inverse), (priceTicks, qtySteps, of) => {
        const what = { kind: 'Limit', priceTicks, postOnly: false } as const;
        const order = { linkId, side: SELL, qtySteps, reduceOnly: false, what } as const;
        const { price, qty } = encodeCreate(order, of).params;
        expect(of.parsePrice(String(price))).toBe(priceTicks);
        expect(of.parseQty(String(qty))).toBe(qtySteps);
      }),
    );
  });

  it('is never sent without a quantity or a price', () => {
    const order = { linkId, side: BUY, reduceOnly: false, what: limit } as const;
    expect(() => encodeCreate({ ...order, qtySteps: 0 }, linear)).toThrow(/0 steps/);
    const free = { ...limit, priceTicks: NaN };
    expect(() => encodeCreate({ ...order, qtySteps: 1, what: free }, linear)).toThrow(/NaN ticks/);
  });
});

describe('other requests', () => {
  it('an amend names what changes and nothing else', () => {
    const to = { linkId, priceTicks: 616_000, qtySteps: 0, stop: false };
    const symbol = { category: 'linear', symbol: 'BTCUSDT', orderLinkId: linkId };
    expect(encodeAmend(to, linear).params).toEqual({ ...symbol, price: '61600.00' });
    expect(encodeAmend({ ...to, stop: true, qtySteps: 2 }, linear).params).toEqual({
      ...symbol,
      triggerPrice: '61600.00',
      qty: '0.002',
    });
    expect(() => encodeAmend({ ...to, priceTicks: 0 }, linear)).toThrow(/nothing new/);
  });

  it('a cancel goes by link id, a cancel of all by symbol', () => {
    expect(encodeCancel(linkId, inverse)).toEqual({
      method: 'POST',
      path: '/v5/order/cancel',
      params: { category: 'inverse', symbol: 'BTCUSD', orderLinkId: linkId },
    });
    expect(encodeCancelAll(inverse).params).toEqual({ category: 'inverse', symbol: 'BTCUSD' });
  });

  it('a query asks for the largest page and goes on from a cursor', () => {
    expect(queryOpenOrders(linear).params).toEqual({
      category: 'linear',
      symbol: 'BTCUSDT',
      openOnly: 0,
      limit: 50,
    });
    expect(queryExecutions(1000, 2000, linear, 'p%3A1')).toMatchObject({
      method: 'GET',
      params: { startTime: 1000, endTime: 2000, limit: 100, cursor: 'p%3A1' },
    });
  });
});
