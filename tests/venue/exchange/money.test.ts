import { describe, expect, it } from 'vitest';
import type { ExchangeOptions } from '../../../src/venue/exchange/options.ts';
import { INVERSE, LINEAR, Rig, START_MS } from './rig.ts';

const FLAT_COST = { halfSpreadTicks: 0, slippageBps: 0, throughTicks: 0 };
const HOUR_MS = 3_600_000;
const FUNDING = { everyMs: 8 * HOUR_MS, rate: '0.0001' };

function rigOf(inverse: boolean, changes: Partial<ExchangeOptions> = {}): Rig {
  const instrument = inverse ? INVERSE : LINEAR;
  return new Rig({ instrument, execution: FLAT_COST, ...changes });
}

const qtyOf = (inverse: boolean): string => (inverse ? '10000' : '1');
const position = (rig: Rig): Record<string, string> => rig.rows('/v5/position/list')[0] ?? {};

/** Worked by hand: 50,000, 10x, maintenance 0.5 %, taker 0.055 %. */
describe('money, worked numbers', () => {
  it('R-VEN-15 books the fee of a fill: qty x price x rate, inverse qty / price x rate', () => {
    const linear = rigOf(false, { priceTicks: 959_001 });
    linear.buy('0.5');
    expect(linear.rows('/v5/execution/list')[0]).toMatchObject({
      execFee: '26.3725275',
      execValue: '47950.05',
      feeCurrency: 'USDT',
    });
    const inverse = rigOf(true);
    inverse.buy('10000');
    expect(inverse.rows('/v5/execution/list')[0]).toMatchObject({
      execFee: '0.00011',
      feeCurrency: 'BTC',
    });
  });

  it.each([
    [false, 'Buy', '1000'],
    [true, 'Buy', '0.003921568627'],
    [true, 'Sell', '-0.003921568627'],
  ])('R-VEN-15 realises what 50,000 to 51,000 gains (inverse %s, %s)', (inverse, side, gain) => {
    const rig = rigOf(inverse);
    rig.create({ side, orderType: 'Market', qty: qtyOf(inverse) });
    rig.price(510_000);
    const back = side === 'Buy' ? 'Sell' : 'Buy';
    rig.create({ side: back, orderType: 'Market', qty: qtyOf(inverse), reduceOnly: true });
    const log = rig.rows('/v5/account/transaction-log');
    expect(log[0]?.['cashFlow']).toBe(gain);
  });

  it('R-VEN-15 averages an inverse position harmonically', () => {
    const rig = rigOf(true, { priceTicks: 50_000 });
    rig.buy('1000');
    rig.price(60_000);
    rig.buy('2000');
    expect(position(rig)['avgPrice']).toBe('5625');
  });

  it.each([
    [false, 'Buy', '45226.20'],
    [false, 'Sell', '54726.30'],
    [true, 'Buy', '45681.90'],
    [true, 'Sell', '55277.70'],
  ])(
    'R-VEN-16 shows the liquidation price, a whole tick nearer (inverse %s, %s)',
    (inverse, side, price) => {
      const rig = rigOf(inverse);
      rig.create({ side, orderType: 'Market', qty: qtyOf(inverse) });
      expect(position(rig)['liqPrice']).toBe(price);
    },
  );

  it('R-VEN-16 liquidates on the mark price, cancels all orders, and loses the margin', () => {
    const rig = rigOf(false);
    rig.buy('1');
    rig.create({ price: '46000', qty: '0.1' });
    rig.price(450_000, 452_263);
    expect(rig.exchange.truth.positionSteps).toBe(1_100);
    rig.price(500_000, 440_000);
    expect(rig.exchange.truth.positionSteps).toBe(0);
    expect(rig.rows('/v5/execution/list')[0]).toMatchObject({
      execType: 'BustTrade',
      createType: 'CreateByLiq',
    });
    rig.create({ price: '46000', qty: '0.1' });
    expect(rig.rows('/v5/account/transaction-log')[0]).toMatchObject({ type: 'LIQUIDATION' });
  });

  it('R-VEN-16 with cross margin the wallet stands behind the position', () => {
    const capitalMoney = 10_000 * 1e8;
    const rig = rigOf(false, { marginMode: 'cross', capitalMoney });
    rig.buy('1');
    // (50,000 - (10,000 - 27.5)) / 0.995, the next tick up.
    expect(position(rig)['liqPrice']).toBe('40228.70');
    rig.price(402_288);
    expect(rig.exchange.truth.positionSteps).toBe(1_000);
    rig.price(402_287);
    expect(rig.exchange.truth.positionSteps).toBe(0);
  });

  it.each([
    [false, '5', '-5'],
    [true, '0.00002', '-0.00002'],
  ])(
    'R-VEN-17 books funding at its time for who held before it (inverse %s)',
    (inverse, fee, log) => {
      const rig = rigOf(inverse, { funding: FUNDING });
      rig.buy(qtyOf(inverse));
      const dueMs = (Math.floor(START_MS / FUNDING.everyMs) + 1) * FUNDING.everyMs;
      const executions = (atMs: number): Record<string, string>[] =>
        rig.get('/v5/execution/list', { execType: 'Funding' }, atMs).result['list'] as [];
      expect(executions(dueMs - 1)).toEqual([]);
      rig.create({ side: 'Sell', orderType: 'Market', qty: qtyOf(inverse) }, dueMs);
      const [row] = executions(dueMs);
      expect(row).toMatchObject({ execFee: fee, orderType: 'UNKNOWN', execTime: String(dueMs) });
      const [, booking] = rig.rows('/v5/account/transaction-log');
      expect(booking).toMatchObject({ type: 'SETTLEMENT', funding: log, change: log });
      expect(executions(dueMs + 9 * HOUR_MS)).toHaveLength(1);
    },
  );

  it('R-VEN-18 the transaction log adds up to the wallet, trade by trade', () => {
    const rig = rigOf(false, { funding: FUNDING });
    for (let n = 0; n < 20; n += 1) {
      rig.create({ side: n % 3 === 0 ? 'Sell' : 'Buy', orderType: 'Market', qty: '0.123' });
      rig.price(500_000 + 137 * n);
      rig.later(HOUR_MS);
    }
    const log = rig.rows('/v5/account/transaction-log', { limit: 50 });
    const sum = log.reduce((total, row) => total + Number(row['change']), 0);
    const { cashMoney } = rig.exchange.truth;
    expect(sum).toBeCloseTo(cashMoney / 1e8, 7);
    const coin = (rig.rows('/v5/account/wallet-balance')[0]?.['coin'] ?? []) as unknown as [
      { walletBalance: string },
    ];
    expect(Number(coin[0].walletBalance)).toBeCloseTo(1_000_000 + cashMoney / 1e8, 7);
  });

  it('R-VEN-19 books ADL against the position, and an unknown kind beside it', () => {
    const rig = rigOf(false);
    rig.buy('1');
    rig.exchange.injectExecution(rig.later(), 'AdlTrade', 400);
    expect(rig.exchange.truth.positionSteps).toBe(600);
    rig.exchange.injectExecution(rig.later(), 'Riddle', 100);
    expect(rig.exchange.truth.positionSteps).toBe(600);
    const kinds = rig.rows('/v5/execution/list').map((row) => row['execType']);
    expect(kinds).toEqual(['Riddle', 'AdlTrade', 'Trade']);
    rig.exchange.tradeByHand(rig.later(), -1, 600);
    expect(rig.rows('/v5/execution/list')[0]).toMatchObject({ orderLinkId: '' });
    expect(rig.exchange.truth.positionSteps).toBe(0);
  });
});
