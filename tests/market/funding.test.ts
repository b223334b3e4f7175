import { describe, expect, it } from 'vitest';
import { Instrument } from '../../src/engine/instrument.ts';
import { fundingIndex } from '../../src/market/funding-index.ts';
import type { FundingHistory } from '../../src/market/tape.ts';
import { BTCUSD, BTCUSDT } from '../fixtures/instruments.ts';
import { makeTape } from '../fixtures/tapes.ts';

const HOUR = 3_600_000;
const linear = new Instrument(BTCUSDT);
const inverse = new Instrument(BTCUSD);
const flat = { open: 500_000, high: 500_000, low: 500_000, close: 500_000 };
const day = makeTape(
  Array.from({ length: 24 }, () => flat),
  HOUR,
);
const once: FundingHistory = {
  count: 1,
  timeMs: Float64Array.of(8 * HOUR),
  rate: Float64Array.of(0.0001),
};

describe('funding', () => {
  it('R-MON-3 charges a long 0.01 % of its value at the mark: 5 USDT on 1 BTC at 50,000', () => {
    const index = fundingIndex(day, linear, once, HOUR, 9 * HOUR);
    expect((index.longCost[1] ?? 0) * 1_000).toBeCloseTo(5 * 1e8, 3);
  });

  it('charges an inverse long in coin: 0.00002 BTC on 10,000 USD at 50,000', () => {
    const index = fundingIndex(day, inverse, once, HOUR, 9 * HOUR);
    expect((index.longCost[1] ?? 0) * 10_000).toBeCloseTo(2e-5 * 1e12, 3);
  });

  it('pays a short what the long is charged, from a history', () => {
    const index = fundingIndex(day, linear, once, HOUR, 9 * HOUR);
    expect(index.shortCost[1]).toBe(-(index.longCost[1] ?? NaN));
  });

  it('without a history charges longs at the interval and credits shorts nothing', () => {
    const index = fundingIndex(day, linear, undefined, 0, 24 * HOUR);
    expect([...index.timeMs]).toEqual([0, 8 * HOUR, 16 * HOUR]);
    expect((index.longCost[3] ?? 0) * 1_000).toBeCloseTo(15 * 1e8, 2);
    expect([...index.shortCost]).toEqual([0, 0, 0, 0]);
  });

  it('values at the open of the candle that holds the settlement, in a gap at the last close', () => {
    const gap = makeTape(
      [
        { ...flat, close: 480_000, low: 480_000, at: 6 },
        { ...flat, open: 510_000, high: 510_000, at: 10 },
      ],
      HOUR,
    );
    const index = fundingIndex(gap, linear, once, HOUR, 9 * HOUR);
    const perStep = linear.valuePerStep(480_000) * 0.0001;
    expect(index.longCost[1] ?? 0).toBeCloseTo(perStep, 6);
  });
});
