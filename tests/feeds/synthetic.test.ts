import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DataStore } from '../../src/feeds/store.ts';
import { synthesise, syntheticTape, synthRecipe } from '../../src/feeds/synthetic.ts';
import type { SynthOptions } from '../../src/feeds/synthetic.ts';
import {
  CANDLES,
  file,
  csvOf,
  MINUTE,
  minutes,
  refusal,
  scratch,
  shipped,
  START,
} from './helpers.ts';

const instrument = shipped();
const DAY = 1440 * MINUTE;
const base: SynthOptions = {
  instrument,
  intervalMs: MINUTE,
  fromMs: START,
  toMs: START + DAY,
  seed: 7,
};

function digest(options: SynthOptions): string {
  const tape = syntheticTape(options);
  return createHash('sha256').update(new Uint8Array(tape.openTimeMs.buffer)).digest('hex');
}

/** Mean of a sample over its own standard error. */
function tStatistic(sample: readonly number[]): number {
  const mean = sample.reduce((sum, x) => sum + x, 0) / sample.length;
  const square = sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (sample.length - 1);
  return mean / Math.sqrt(square / sample.length);
}

describe('synthetic candles', () => {
  it('are the same for the same seed on every machine', () => {
    expect(digest(base)).toBe(digest(base));
    expect(digest(base)).not.toBe(digest({ ...base, seed: 8 }));
    expect(digest({ ...base, seed: 1 })).not.toBe(digest({ ...base, seed: 2 ** 32 + 1 }));
    // Written down once: a change of the recipe must raise its version.
    expect([synthRecipe(base).version, digest(base).slice(0, 16)]).toEqual([1, '5e883be1149bf020']);
  });

  it('are candles: open at the last close, high and low around them', () => {
    const rows = synthesise(base);
    expect(rows.count).toBe(1440);
    for (let index = 0; index < rows.count; index += 1) {
      const [open = 0, high = 0, low = 0, close = 0] = [
        rows.open[index],
        rows.high[index],
        rows.low[index],
        rows.close[index],
      ];
      expect(high >= Math.max(open, close) && low <= Math.min(open, close) && low > 0).toBe(true);
      if (index > 0) expect(open).toBe(rows.close[index - 1]);
      expect(rows.openTimeMs[index]).toBe(START + index * MINUTE);
    }
  });

  it('of an hour are the sum of their minutes', () => {
    const hours = synthesise({ ...base, intervalMs: 60 * MINUTE });
    const parts = synthesise(base);
    for (let hour = 0; hour < 24; hour += 1) {
      const high = Math.max(...parts.high.subarray(hour * 60, hour * 60 + 60));
      expect([hours.open[hour], hours.high[hour], hours.close[hour]]).toEqual([
        parts.open[hour * 60],
        high,
        parts.close[hour * 60 + 59],
      ]);
    }
  });

  it.each([
    ['usual volatility', {}],
    ['a price of few ticks', { startPrice: 2 }],
    ['wild volatility', { volatilityPercent: 300 }],
  ])('have no drift of their own: %s', (_name, change) => {
    const returns = Array.from({ length: 600 }, (_, seed) => {
      const options = { ...base, ...change, seed, toMs: START + 360 * MINUTE };
      const { close, count } = synthesise(options);
      const start = Math.round(synthRecipe(options).startPrice * 10);
      return (close[count - 1] ?? 0) / start - 1;
    });
    expect(Math.abs(tStatistic(returns))).toBeLessThan(4);
  });

  it('have the drift that is asked for', () => {
    const returns = Array.from({ length: 300 }, (_, seed) => {
      const options = { ...base, seed, driftPercent: 1000, intervalMs: DAY, toMs: START + 2 * DAY };
      const { close } = synthesise({ ...options, volatilityPercent: 5 });
      return (close[1] ?? 0) / 600_000 - 1;
    });
    const mean = returns.reduce((sum, x) => sum + x, 0) / returns.length;
    expect(mean).toBeGreaterThan(0.05);
    expect(mean).toBeLessThan(0.0575);
  });

  it('have the volatility asked for, fat tails, clusters, quiet weekends, volume that follows', () => {
    const year = synthesise({ ...base, toMs: START + 364 * DAY });
    let [square, fourth, together, weekend, week] = [0, 0, 0, 0, 0];
    let [moved, movedVolume, still, stillVolume] = [0, 0, 0, 0];
    let before = 0;
    for (let index = 0; index < year.count; index += 1) {
      const move = (year.close[index] ?? 0) / (year.open[index] ?? 1) - 1;
      square += move ** 2;
      fourth += move ** 4;
      together += move ** 2 * before;
      before = move ** 2;
      const day = Math.floor(index / 1440 + 1) % 7;
      if (day === 0 || day === 6) weekend += move ** 2 / 2;
      else week += move ** 2 / 5;
      const big = Math.abs(move) > 0.0005;
      [moved, movedVolume] = big
        ? [moved + 1, movedVolume + (year.volume[index] ?? 0)]
        : [moved, movedVolume];
      [still, stillVolume] = big
        ? [still, stillVolume]
        : [still + 1, stillVolume + (year.volume[index] ?? 0)];
    }
    const variance = square / year.count;
    expect(Math.sqrt(variance * 525_600)).toBeGreaterThan(0.45);
    expect(Math.sqrt(variance * 525_600)).toBeLessThan(0.65);
    expect(fourth / year.count / variance ** 2).toBeGreaterThan(10);
    expect(together / year.count / variance ** 2).toBeGreaterThan(1.5);
    expect(weekend).toBeLessThan(0.75 * week);
    expect(movedVolume / moved).toBeGreaterThan(1.5 * (stillVolume / still));
    expect(movedVolume + stillVolume).toBeGreaterThan(5 * year.count);
    expect(movedVolume + stillVolume).toBeLessThan(100 * year.count);
  });

  it('trade contracts where the instrument is inverse', () => {
    const { volume, count } = synthesise({ ...base, instrument: shipped('BTCUSD') });
    const mean = volume.reduce((sum, value) => sum + value, 0) / count;
    expect(mean).toBeGreaterThan(1e5);
    expect(mean).toBeLessThan(1e6);
    expect(volume.every(Number.isInteger)).toBe(true);
  });

  it.each([
    ['a fractional seed', { seed: 1.5 }, /seed/],
    ['a negative seed', { seed: -1 }, /seed/],
    ['seconds', { intervalMs: 1000 }, /1m or longer/],
    ['an empty range', { toMs: START }, /from must lie before/],
    ['a crooked start', { fromMs: START + 1 }, /must open a candle/],
    ['volatility below zero', { volatilityPercent: -1 }, /volatility/],
    ['no price', { startPrice: 0 }, /start price/],
    ['a century', { toMs: START + 36_500 * DAY }, /at most 20 years/],
    ['a price beyond a tape', { startPrice: 214_000_000 }, /left 2\^31 ticks/],
  ])('are refused for %s', async (_name, change, message) => {
    expect(await refusal(() => synthesise({ ...base, ...change }))).toMatch(message);
  });
});

describe('a synthetic series', () => {
  it('lives apart from the real one and is replaced, not merged', async () => {
    const store = new DataStore(scratch());
    const path = file(store.dataDir, 'a.csv', csvOf(minutes(3)));
    await store.importCandles(path, { key: CANDLES, instrument });
    const key = { ...CANDLES, origin: 'synthetic' } as const;
    const put = (options: SynthOptions): Promise<unknown> =>
      store.putSynthetic(key, instrument, synthesise(options), {
        seed: options.seed,
        recipe: synthRecipe(options),
      });
    await put(base);
    await put({ ...base, seed: 9 });
    const [real, made] = store.list();
    expect([real?.rows, real?.synthetic, made?.rows, made?.synthetic, made?.seed]).toEqual([
      3,
      false,
      1440,
      true,
      9,
    ]);
    const tape = await store.loadTape(key, instrument);
    expect(tape).toEqual(syntheticTape({ ...base, seed: 9 }));
    expect((await store.verify()).flatMap(({ problems }) => problems)).toEqual([]);
  });
});
