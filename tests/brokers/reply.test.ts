import { describe, expect, it } from 'vitest';
import { decodeReply } from '../../src/brokers/bybit/wire/reply.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import {
  EXECUTION_ROW,
  FLAT_POSITION_ROW,
  INVERSE_POSITION_ROW,
  listAnswer,
  okAnswer,
  ORDER_ROW,
  TRANSACTION_ROW,
  WALLET_ROW,
} from '../fixtures/bybit-messages.ts';
import { BTCUSD, BTCUSDT } from '../fixtures/instruments.ts';

const linear = new Instrument(BTCUSDT);
const inverse = new Instrument(BTCUSD);

const result = (path: string, body: unknown, instrument = linear): unknown => {
  const reply = decodeReply(path, body, instrument);
  return reply.ok ? reply.value.result : reply.problems;
};

describe('an acknowledgement', () => {
  const names = { orderId: 'fd4300ae', orderLinkId: 'ls-demo01-0-1-entry-1' };

  it('names the order', () => {
    for (const path of ['/v5/order/create', '/v5/order/amend', '/v5/order/cancel']) {
      expect(result(path, okAnswer(names))).toEqual({ kind: 'acknowledged', ...names });
    }
  });

  it('without an order id acknowledges nothing', () => {
    for (const orderId of ['', null, 5]) {
      const reply = decodeReply('/v5/order/create', okAnswer({ ...names, orderId }), linear);
      expect(reply).toMatchObject({ ok: false, sound: undefined });
    }
    expect(result('/v5/order/create', okAnswer(null))).toHaveLength(1);
  });

  it('may leave out retExtInfo and time', () => {
    const reply = decodeReply('/v5/order/create', { retCode: 0, result: names }, linear);
    expect(reply).toMatchObject({ ok: true, value: { timeMs: 0, message: '' } });
  });
});

describe('an answer with a code', () => {
  it('is that code, whatever the result says', () => {
    for (const rest of [{ result: {} }, { result: null }, {}]) {
      const body = { retCode: 110_007, retMsg: 'not enough', time: 5, ...rest };
      expect(decodeReply('/v5/order/create', body, linear)).toEqual({
        ok: true,
        value: { retCode: 110_007, message: 'not enough', timeMs: 5, result: { kind: 'code' } },
      });
    }
  });

  it('must be a whole number', () => {
    for (const retCode of ['0', null, 0.5, undefined]) {
      expect(result('/v5/order/create', { retCode, result: {} })).toHaveLength(1);
    }
  });
});

describe('lists', () => {
  it('are pages with an opaque cursor', () => {
    const body = listAnswer('linear', ORDER_ROW);
    for (const path of ['/v5/order/realtime', '/v5/order/history']) {
      expect(result(path, body)).toMatchObject({
        kind: 'orders',
        records: [{ orderLinkId: 'ls-demo01-3-17-entry-42' }],
        nextCursor: 'p%3A1%2C2',
      });
    }
    expect(result('/v5/execution/list', listAnswer('linear', EXECUTION_ROW))).toMatchObject({
      kind: 'executions',
      records: [{ qtySteps: 500 }],
    });
  });

  it('of another category answer another question', () => {
    expect(result('/v5/order/realtime', listAnswer('inverse'))).toContain(
      'result[0].category: expected linear, got "inverse"',
    );
  });

  it('without a list, or with half a row, are not ok', () => {
    expect(result('/v5/order/realtime', okAnswer({ category: 'linear' }))).toHaveLength(2);
    const half = { ...EXECUTION_ROW };
    delete half['execId'];
    expect(result('/v5/execution/list', listAnswer('linear', half))).toEqual([
      'execution "9aac161b-8ed6-450d-9cab-c5cc67c21784".execId: expected an identifier, got nothing',
    ]);
  });

  it('show a flat position as a row', () => {
    const body = listAnswer('inverse', FLAT_POSITION_ROW);
    expect(result('/v5/position/list', body, inverse)).toMatchObject({ records: [{ steps: 0 }] });
    const short = listAnswer('inverse', INVERSE_POSITION_ROW);
    expect(result('/v5/position/list', short, inverse)).toMatchObject({
      records: [{ steps: -300 }],
    });
  });

  it('of bookings keep transfers and pass over other coins and symbols', () => {
    const transfer = { ...TRANSACTION_ROW, symbol: '', category: '', type: 'TRANSFER_IN', fee: '' };
    const others = [
      { ...TRANSACTION_ROW, currency: 'BTC' },
      { ...TRANSACTION_ROW, symbol: 'ETHUSDT' },
    ];
    const body = okAnswer({ list: [TRANSACTION_ROW, transfer, ...others], nextPageCursor: '' });
    expect(result('/v5/account/transaction-log', body)).toMatchObject({
      kind: 'transactions',
      nextCursor: '',
      records: [
        { type: 'TRADE', fee: 52_745_055, change: -52_745_055, cashBalance: 199_947_254_945 },
        { type: 'TRANSFER_IN', symbol: '', fee: 0 },
      ],
    });
    const nameless = okAnswer({ list: [{ ...TRANSACTION_ROW, currency: null }] });
    expect(result('/v5/account/transaction-log', nameless)).toHaveLength(1);
  });

  it('of the wallet and of cancelled orders are read', () => {
    expect(result('/v5/account/wallet-balance', okAnswer({ list: [WALLET_ROW] }))).toMatchObject({
      kind: 'wallet',
      records: [{ coin: 'USDT', walletBalance: 200_000_000_001 }],
    });
    const list = [{ orderId: 'a', orderLinkId: '' }];
    expect(result('/v5/order/cancel-all', okAnswer({ list, success: '1' }))).toEqual({
      kind: 'cancelledAll',
      orders: list,
      complete: true,
    });
  });
});

describe('what is no answer', () => {
  it('is a problem, not an exception', () => {
    const html = '<html><body>502 Bad Gateway</body></html>';
    for (const body of [html, '{"retCode":0,"resu', null, undefined, 7, [], {}, true]) {
      expect(decodeReply('/v5/order/create', body, linear)).toMatchObject({ ok: false });
    }
    expect(decodeReply('/v5/nowhere', okAnswer({ list: [] }), linear).ok).toBe(false);
  });
});
