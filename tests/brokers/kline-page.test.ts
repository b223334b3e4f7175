import { describe, expect, it } from 'vitest';
import {
  decodeKlinePage,
  klineInterval,
  queryKline,
} from '../../src/brokers/bybit/wire/kline-page.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import { BTCUSD } from '../fixtures/instruments.ts';

const instrument = new Instrument(BTCUSD);
const NEWER = ['1670608800000', '17071', '17073', '17027', '17055.5', '268611', '15.74462667'];
const OLDER = ['1670605200000', '17071.5', '17071.5', '17061', '17071', '4177', '0.24469757'];

const page = (list: unknown, more: object = {}): unknown => ({
  retCode: 0,
  retMsg: 'OK',
  result: { symbol: 'BTCUSD', category: 'inverse', list },
  retExtInfo: {},
  time: 1672025956592,
  ...more,
});

describe('a page of candles', () => {
  it('is read oldest first, in ticks', () => {
    expect(decodeKlinePage(page([NEWER, OLDER]), instrument)).toEqual({
      ok: true,
      value: {
        venueMs: 1672025956592,
        candles: [
          {
            openTimeMs: 1670605200000,
            openTicks: 170715,
            highTicks: 170715,
            lowTicks: 170610,
            closeTicks: 170710,
            volume: 4177,
          },
          {
            openTimeMs: 1670608800000,
            openTicks: 170710,
            highTicks: 170730,
            lowTicks: 170270,
            closeTicks: 170555,
            volume: 268611,
          },
        ],
      },
    });
  });

  it('may be empty', () => {
    expect(decodeKlinePage(page([]), instrument)).toMatchObject({
      ok: true,
      value: { candles: [] },
    });
  });

  it.each<readonly [string, unknown]>([
    ['text', '<html>'],
    ['a refusal', page([], { retCode: 10006 })],
    ['no time', page([], { time: '1672025956592' })],
    ['no list', page(null)],
    ['another symbol', page([], { result: { symbol: 'BTCUSDT', list: [] } })],
    ['oldest first', page([OLDER, NEWER])],
    ['one twice', page([NEWER, NEWER])],
    ['a short row', page([NEWER.slice(0, 4)])],
    ['numbers', page([NEWER.map(Number)])],
    ['a price off the tick', page([NEWER.with(4, '17055.55')])],
    ['a price of nothing', page([NEWER.with(4, '')])],
    ['a high below the close', page([NEWER.with(2, '17050')])],
    ['a low above the open', page([NEWER.with(3, '17072')])],
    ['no row', page([null])],
  ])('with %s is no page, and says so in one line', (_, body) => {
    const decoded = decodeKlinePage(body, instrument);
    expect(decoded).toMatchObject({
      ok: false,
      problems: [expect.stringMatching(/^candles: .+$/)],
    });
  });
});

it('asks for a range of opens by the names that Bybit gives intervals', () => {
  expect(queryKline('60', 1, 2, instrument)).toEqual({
    method: 'GET',
    path: '/v5/market/kline',
    params: {
      category: 'inverse',
      symbol: 'BTCUSD',
      interval: '60',
      start: 1,
      end: 2,
      limit: 1_000,
    },
  });
  const minutes = [1, 15, 720, 1_440, 10_080, 45];
  expect(minutes.map((each) => klineInterval(each * 60_000))).toEqual([
    '1',
    '15',
    '720',
    'D',
    undefined,
    undefined,
  ]);
});
