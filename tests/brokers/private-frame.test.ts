import { describe, expect, it } from 'vitest';
import { decodePrivateFrame } from '../../src/brokers/bybit/wire/private-frame.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import {
  EXECUTION_ROW,
  FLAT_POSITION_ROW,
  FUNDING_ROW,
  INVERSE_POSITION_ROW,
  ORDER_ROW,
  topicFrame,
  WALLET_ROW,
} from '../fixtures/bybit-messages.ts';
import type { JsonRow } from '../fixtures/bybit-messages.ts';
import { BTCUSD, BTCUSDT } from '../fixtures/instruments.ts';

const linear = new Instrument(BTCUSDT);
const inverse = new Instrument(BTCUSD);

const decoded = (body: unknown, instrument = linear): unknown => {
  const frame = decodePrivateFrame(body, instrument);
  return frame.ok ? frame.value : frame.problems;
};
const orders = (...rows: JsonRow[]): unknown => decoded(topicFrame('order', ...rows));
const executions = (...rows: JsonRow[]): unknown => decoded(topicFrame('execution', ...rows));

describe('an order frame', () => {
  it('becomes a record in ticks and steps', () => {
    expect(orders(ORDER_ROW)).toEqual({
      kind: 'orders',
      records: [
        {
          orderId: 'fd4300ae-7847-404e-b947-b46980a4d140',
          orderLinkId: 'ls-demo01-3-17-entry-42',
          symbol: 'BTCUSDT',
          status: 'PartiallyFilled',
          side: 1,
          orderType: 'Limit',
          stopOrderType: 'UNKNOWN',
          priceTicks: 616_005,
          triggerTicks: 0,
          qtySteps: 10,
          filledSteps: 4,
          reduceOnly: false,
          cancelType: 'UNKNOWN',
          rejectReason: 'EC_NoError',
          parentLinkId: '',
          createdMs: 1_746_270_400_353,
          updatedMs: 1_746_270_400_361,
        },
      ],
    });
  });

  it('is read with empty averages, empty leaves and fields nobody knows', () => {
    const row = { ...ORDER_ROW, avgPrice: '', leavesQty: '', closedPnl: '0', newField: [1] };
    expect(orders(row)).toEqual(orders(ORDER_ROW));
    expect(orders({ ...ORDER_ROW, category: 'linear' })).toEqual(orders(ORDER_ROW));
  });

  it('names every field that is wrong, with its raw value', () => {
    const row = { ...ORDER_ROW, orderStatus: 'Expired', price: '61600.55', qty: 0.01 };
    expect(orders(row)).toEqual([
      expect.stringMatching(
        /^order "fd4300ae-7847-404e-b947-b46980a4d140"\.orderStatus: expected one of New .*, got "Expired"$/,
      ),
      'order "fd4300ae-7847-404e-b947-b46980a4d140".price: expected a price on the tick, or none, got "61600.55"',
      'order "fd4300ae-7847-404e-b947-b46980a4d140".qty: expected a quantity on the step, got 0.01',
    ]);
  });

  it('is refused where the record contradicts itself', () => {
    expect(orders({ ...ORDER_ROW, cumExecQty: '0.011' })).toHaveLength(1);
    expect(orders({ ...ORDER_ROW, price: '' })).toHaveLength(1);
    expect(orders({ ...ORDER_ROW, orderStatus: 'Untriggered' })).toHaveLength(1);
    expect(orders({ ...ORDER_ROW, positionIdx: 1 })).toHaveLength(1);
  });

  it('keeps the sound records beside a strange one, but is not ok', () => {
    const strange = { ...ORDER_ROW, side: 'Both' };
    const frame = decodePrivateFrame(topicFrame('order', strange, ORDER_ROW), linear);
    expect(frame.ok).toBe(false);
    expect(frame.ok ? undefined : frame.sound).toEqual(orders(ORDER_ROW));
  });

  it('passes over other symbols and the same name in another category', () => {
    const none = { kind: 'orders', records: [] };
    expect(orders({ ...ORDER_ROW, symbol: 'ETHUSDT', price: '1.23456' })).toEqual(none);
    expect(orders({ ...ORDER_ROW, category: 'spot' })).toEqual(none);
  });
});

describe('an execution frame', () => {
  it('becomes a record with its fee in money units', () => {
    expect(executions(EXECUTION_ROW)).toMatchObject({
      kind: 'executions',
      records: [
        {
          execId: '0ab1bdf7-4219-438b-b30a-32ec863018f7',
          execType: 'Trade',
          side: -1,
          priceTicks: 959_001,
          qtySteps: 500,
          fee: 2_637_252_750,
          maker: false,
          timeMs: 1_746_270_400_353,
          seq: 140_612_148_849_382,
          leavesSteps: 0,
          closedSteps: 500,
        },
      ],
    });
  });

  it('of funding is cash: its price may lie off the tick', () => {
    expect(executions(FUNDING_ROW)).toMatchObject({
      records: [{ execType: 'Funding', priceTicks: 0, fee: -150_000_000, closedSteps: 0 }],
    });
    expect(executions({ ...EXECUTION_ROW, execPrice: '95901.48' })).toHaveLength(1);
  });

  it('of a type nobody told us of is a problem, not a fill', () => {
    for (const execType of ['UNKNOWN', 'CorporateAction', '', null]) {
      expect(executions({ ...EXECUTION_ROW, execType })).toHaveLength(1);
    }
  });

  it('is not lost for a sequence number that is a text, or not there', () => {
    expect(executions({ ...EXECUTION_ROW, seq: '19157444346' })).toMatchObject({
      records: [{ seq: 19_157_444_346 }],
    });
    const row = { ...EXECUTION_ROW };
    delete row['seq'];
    expect(executions(row)).toMatchObject({ records: [{ seq: 0 }] });
  });

  it('with a fee in another coin is a problem', () => {
    expect(executions({ ...EXECUTION_ROW, feeCurrency: 'MNT' })).toEqual([
      'execution "0ab1bdf7-4219-438b-b30a-32ec863018f7".feeCurrency: expected USDT, got "MNT"',
    ]);
    expect(executions({ ...EXECUTION_ROW, feeCurrency: '' })).toMatchObject({ kind: 'executions' });
  });
});

describe('position and wallet frames', () => {
  it('a short position is negative, a flat one zero', () => {
    const frame = topicFrame('position', INVERSE_POSITION_ROW, FLAT_POSITION_ROW);
    expect(decoded(frame, inverse)).toEqual({
      kind: 'positions',
      records: [
        {
          symbol: 'BTCUSD',
          steps: -300,
          avgPrice: '27464.50441675',
          liqPrice: '',
          updatedMs: 1_697_673_600_012,
          seq: 5_723_621_632,
        },
        expect.objectContaining({ steps: 0, avgPrice: '0' }),
      ],
    });
  });

  it('the stream calls the average entryPrice', () => {
    const { avgPrice, ...rest } = INVERSE_POSITION_ROW;
    const row = { ...rest, entryPrice: avgPrice ?? '' };
    expect(decoded(topicFrame('position', row), inverse)).toMatchObject({
      records: [{ avgPrice: '27464.50441675' }],
    });
  });

  it('a position that never was has no time and no sequence', () => {
    const row = { ...FLAT_POSITION_ROW, updatedTime: '', seq: -1 };
    expect(decoded(topicFrame('position', row), inverse)).toMatchObject({
      records: [{ steps: 0, updatedMs: 0, seq: 0 }],
    });
    const held = { ...INVERSE_POSITION_ROW, updatedTime: '' };
    expect(decoded(topicFrame('position', held), inverse)).toHaveLength(1);
  });

  it('a position without a side is flat, or a problem', () => {
    const row = { ...INVERSE_POSITION_ROW, side: '' };
    expect(decoded(topicFrame('position', row), inverse)).toHaveLength(1);
  });

  it('the wallet is the settle coin, in money units', () => {
    expect(decoded(topicFrame('wallet', WALLET_ROW))).toEqual({
      kind: 'wallet',
      records: [
        {
          coin: 'USDT',
          walletBalance: 200_000_000_001,
          equity: 199_999_000_000,
          unrealisedPnl: -1_000_000,
          cumRealisedPnl: -350_000_000,
          orderMargin: 0,
          positionMargin: 1_250_000_000,
        },
      ],
    });
    expect(decoded(topicFrame('wallet', { coin: [] }))).toEqual({ kind: 'wallet', records: [] });
  });
});

describe('control frames', () => {
  const control = (body: JsonRow): unknown => decoded(body);
  const done = { kind: 'control', success: true, message: '', reqId: '' };

  it('of the private dialect are read', () => {
    const auth = { success: true, ret_msg: '', op: 'auth', conn_id: 'c' };
    expect(control(auth)).toEqual({ ...done, op: 'auth' });
    const pong = { req_id: '7', op: 'pong', args: ['1675418560633'], conn_id: 'c' };
    expect(control(pong)).toEqual({ ...done, op: 'pong', reqId: '7' });
    const refused = { success: false, ret_msg: 'Params Error', op: 'auth', conn_id: 'c' };
    expect(control(refused)).toMatchObject({ op: 'auth', success: false, message: 'Params Error' });
  });

  it('of the public dialect are read: there a pong is a ping with an answer', () => {
    const pong = { success: true, ret_msg: 'pong', conn_id: 'c', req_id: '8', op: 'ping' };
    expect(control(pong)).toEqual({ ...done, op: 'pong', reqId: '8' });
    const topic = 'error:handler not found,topic:kline.7.BTCUSDT';
    const bad = { success: false, ret_msg: topic, conn_id: 'c', req_id: 's', op: 'subscribe' };
    expect(control(bad)).toMatchObject({ op: 'subscribe', success: false, message: topic });
  });

  it('of the trade dialect are read', () => {
    const auth = { retCode: 0, retMsg: 'OK', op: 'auth', connId: 'c' };
    expect(control(auth)).toMatchObject({ op: 'auth', success: true });
    expect(control({ ...auth, retCode: 10004, retMsg: 'error sign' })).toMatchObject({
      success: false,
    });
    const pong = { retCode: 0, retMsg: 'OK', op: 'pong', data: ['1711002002529'], connId: 'c' };
    expect(control(pong)).toMatchObject({ op: 'pong', success: true });
  });

  it('to be subscribed or authenticated already is to be done', () => {
    const again = 'error:already subscribed,topic:order';
    expect(control({ success: false, ret_msg: again, op: 'subscribe' })).toMatchObject({
      success: true,
    });
    expect(control({ retCode: 20001, retMsg: 'Repeat auth', op: 'auth' })).toMatchObject({
      success: true,
    });
  });

  it('that do not say how it went are a problem', () => {
    expect(control({ op: 'subscribe', req_id: 's' })).toHaveLength(1);
    expect(control({ op: 'reboot', success: true })).toHaveLength(1);
  });
});

describe('what is no frame', () => {
  it('is one problem', () => {
    const bodies = [null, undefined, 5, '<html>502</html>', [], {}, { topic: 'order' }];
    for (const body of [...bodies, topicFrame('execution.fast'), topicFrame('greeks')]) {
      const frame = decodePrivateFrame(body, linear);
      expect(frame).toEqual({ ok: false, problems: [expect.any(String)], sound: undefined });
    }
  });
});
