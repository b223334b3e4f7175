import { describe, expect, it } from 'vitest';
import { decodePublicFrame } from '../../src/brokers/bybit/wire/public-frame.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import type { JsonRow } from '../fixtures/bybit-messages.ts';
import { BTCUSDT } from '../fixtures/instruments.ts';

const instrument = new Instrument(BTCUSDT);
const decoded = (body: JsonRow): unknown => {
  const frame = decodePublicFrame(body, instrument);
  return frame.ok ? frame.value : frame.problems;
};

const ticker = (data: JsonRow, topic = 'tickers.BTCUSDT'): JsonRow => ({
  topic,
  type: 'delta',
  cs: 24_987_956_059,
  ts: 1_673_272_861_686,
  data: { symbol: 'BTCUSDT', ...data },
});

describe('a ticker', () => {
  it('carries the last price in ticks and the mark as written', () => {
    const data = { lastPrice: '17216.00', markPrice: '17217.33', indexPrice: '17227.36' };
    expect(decoded(ticker(data))).toEqual({
      kind: 'ticker',
      atMs: 1_673_272_861_686,
      lastTicks: 172_160,
      markPrice: '17217.33',
      indexPrice: '17227.36',
      fundingRate: '',
    });
  });

  it('may be a delta without a price', () => {
    expect(decoded(ticker({ volume24h: '1' }))).toMatchObject({ lastTicks: 0, markPrice: '' });
  });

  it('with a bad price, without a time, or of another symbol is a problem', () => {
    for (const lastPrice of ['0', '-1', '17216.05', '', 17216, null]) {
      expect(decoded(ticker({ lastPrice }))).toHaveLength(1);
    }
    expect(decoded({ ...ticker({}), ts: '1' })).toHaveLength(1);
    expect(decoded(ticker({}, 'tickers.ETHUSDT'))).toHaveLength(1);
    expect(decoded({ ...ticker({}), data: [] })).toHaveLength(1);
  });
});

describe('trades and candles', () => {
  it('a trade is its time, taker side, price and quantity', () => {
    const trade = { T: 1_672_304_486_865, s: 'BTCUSDT', S: 'Buy', v: '0.001', p: '16578.50' };
    const frame = { topic: 'publicTrade.BTCUSDT', ts: 1_672_304_486_868, data: [trade] };
    expect(decoded(frame)).toMatchObject({
      kind: 'trades',
      records: [{ timeMs: 1_672_304_486_865, side: 1, priceTicks: 165_785, qtySteps: 1 }],
    });
    expect(decoded({ ...frame, data: [{ ...trade, S: 'Short' }] })).toHaveLength(1);
  });

  it('a candle says whether it is closed', () => {
    const candle = {
      start: 1_672_324_800_000,
      end: 1_672_325_099_999,
      interval: '5',
      open: '16649.5',
      close: '16677',
      high: '16677',
      low: '16608',
      volume: '2.081',
      turnover: '34666.4005',
      confirm: false,
      timestamp: 1_672_324_988_882,
    };
    const frame = { topic: 'kline.5.BTCUSDT', ts: 1_672_324_988_882, data: [candle] };
    expect(decoded(frame)).toEqual({
      kind: 'candles',
      atMs: 1_672_324_988_882,
      interval: '5',
      records: [
        {
          openTimeMs: 1_672_324_800_000,
          openTicks: 166_495,
          highTicks: 166_770,
          lowTicks: 166_080,
          closeTicks: 166_770,
          volume: 2.081,
          closed: false,
        },
      ],
    });
    expect(decoded({ ...frame, data: [{ ...candle, high: '16600' }] })).toHaveLength(1);
    expect(decoded({ ...frame, data: [{ ...candle, volume: 'many' }] })).toHaveLength(1);
  });
});
