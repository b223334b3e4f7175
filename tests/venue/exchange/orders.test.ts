import { describe, expect, it } from 'vitest';
import { Rig } from './rig.ts';

const END = ['orderStatus', 'cancelType', 'rejectReason'] as const;
const endOf = (row: Record<string, string>): (string | undefined)[] => END.map((name) => row[name]);

describe('order lives', () => {
  it('R-VEN-1 shows a limit order New, then PartiallyFilled or Filled, with its executions', () => {
    const rig = new Rig();
    expect(rig.create({ price: '49999' }).retCode).toBe(0);
    expect(rig.order('t-1')).toMatchObject({
      orderStatus: 'New',
      leavesQty: '1.000',
      avgPrice: '0',
    });
    rig.price(499_989);
    expect(rig.order('t-1')).toMatchObject({
      orderStatus: 'Filled',
      avgPrice: '49999',
      leavesQty: '0',
    });
    expect(rig.rows('/v5/execution/list')[0]).toMatchObject({ execType: 'Trade', isMaker: true });
    expect(rig.statuses('t-1')).toEqual(['New', 'Filled']);
  });

  it('R-VEN-2 accepts a post-only order that would take, then cancels it', () => {
    const rig = new Rig();
    expect(rig.create({ price: '50001', timeInForce: 'PostOnly' }).retCode).toBe(0);
    expect(endOf(rig.order('t-1'))).toEqual([
      'Cancelled',
      'UNKNOWN',
      'EC_PostOnlyWillTakeLiquidity',
    ]);
  });

  it('R-VEN-3 cancels what an IOC order leaves and all of a FOK order that does not fill', () => {
    const rig = new Rig();
    rig.create({ price: '49990', timeInForce: 'IOC' });
    rig.create({ price: '49990', timeInForce: 'FOK' });
    rig.create({ price: '50010', timeInForce: 'FOK' });
    expect(endOf(rig.order('t-1'))).toEqual(['Cancelled', 'UNKNOWN', 'EC_NoImmediateQtyToFill']);
    expect(endOf(rig.order('t-2'))).toEqual(['Cancelled', 'UNKNOWN', 'EC_NoEnoughQtyToFill']);
    expect(rig.order('t-3')).toMatchObject({ orderStatus: 'Filled' });
  });

  it('R-VEN-4 shows a cancelled order with the fills it had', () => {
    const rig = new Rig({
      execution: { halfSpreadTicks: 0.5, slippageBps: 0, throughTicks: 1, participation: 0.5 },
    });
    rig.create({ price: '49999' });
    rig.exchange.movePrice(rig.later(), 499_989, 499_989, 499_989, 800);
    rig.post('/v5/order/cancel', { orderLinkId: 't-1' });
    expect(rig.order('t-1')).toMatchObject({
      orderStatus: 'Cancelled',
      cancelType: 'CancelByUser',
      rejectReason: 'EC_PerCancelRequest',
      cumExecQty: '0.400',
      leavesQty: '0',
    });
    const streamed = rig.frames().filter(({ topic }) => topic === 'order');
    expect(streamed.at(-1)?.row).toMatchObject({ orderStatus: 'Cancelled', leavesQty: '' });
  });

  it('R-VEN-5 acknowledges a cancel that races the fill and says Filled twice', () => {
    const rig = new Rig();
    rig.create({ price: '49999' });
    rig.price(499_989);
    expect(rig.post('/v5/order/cancel', { orderLinkId: 't-1' }, rig.later(2)).retCode).toBe(0);
    const orders = rig.frames().filter(({ topic }) => topic === 'order');
    expect(orders.map(({ row }) => endOf(row))).toEqual([
      ['New', 'UNKNOWN', 'EC_NoError'],
      ['Filled', 'UNKNOWN', 'EC_NoError'],
      ['Filled', 'CancelByUser', 'EC_OrigClOrdIDDoesNotExist'],
    ]);
    expect(rig.post('/v5/order/cancel', { orderLinkId: 't-1' }).retCode).toBe(110001);
    expect(rig.exchange.truth.positionSteps).toBe(1_000);
  });

  it('R-VEN-6 amends price and quantity, and refuses what is over or below the filled part', () => {
    const rig = new Rig({
      execution: { halfSpreadTicks: 0.5, slippageBps: 0, throughTicks: 1, participation: 0.5 },
    });
    rig.create({ price: '49999' });
    rig.exchange.movePrice(rig.later(), 499_989, 499_989, 499_989, 800);
    const amend = (body: object): number =>
      rig.post('/v5/order/amend', { orderLinkId: 't-1', ...body }).retCode;
    expect(amend({ qty: '0.4' })).toBe(110064);
    expect(amend({ qty: '0.7', price: '49990' })).toBe(0);
    expect(rig.order('t-1')).toMatchObject({ price: '49990.00', qty: '0.700', leavesQty: '0.300' });
    rig.exchange.movePrice(rig.later(), 499_800, 499_800, 499_800, 800);
    expect(rig.order('t-1')).toMatchObject({ orderStatus: 'Filled', cumExecQty: '0.700' });
    expect(amend({ qty: '1' })).toBe(110001);
  });

  it('R-VEN-7 refuses an orderLinkId that was ever used, not one whose order was refused', () => {
    const rig = new Rig();
    expect(rig.create({ orderLinkId: 'a', price: '48000' }).retCode).toBe(0);
    rig.post('/v5/order/cancel', { orderLinkId: 'a' });
    expect(rig.create({ orderLinkId: 'a', price: '49000' }).retCode).toBe(110072);
    expect(rig.create({ orderLinkId: 'b', price: '90000' }).retCode).toBe(110003);
    expect(rig.create({ orderLinkId: 'b', price: '49000' }).retCode).toBe(0);
  });
});
