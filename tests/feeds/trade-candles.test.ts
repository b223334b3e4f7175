import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeriesKey } from '../../src/feeds/series-key.ts';
import { DataStore } from '../../src/feeds/store.ts';
import type { ImportResult } from '../../src/feeds/store.ts';
import { candlesFromTrades } from '../../src/market/trade-candles.ts';
import type { TradeTape } from '../../src/market/trade-tape.ts';
import { refusal, START } from './helpers.ts';
import { csvOf, instrument, MS_PER_DAY, put, row, shop, tapes } from './trade-helpers.ts';
import type { Shop, Trade } from './trade-helpers.ts';

describe('candles of trades', () => {
  const naive = (tape: TradeTape, intervalMs: number): Map<number, number[][]> => {
    const intervals = new Map<number, number[][]>();
    for (let at = 0; at < tape.count; at += 1) {
      const open = (tape.timeMs[at] ?? NaN) - ((tape.timeMs[at] ?? NaN) % intervalMs);
      const trades = intervals.get(open) ?? [];
      trades.push([tape.priceTicks[at] ?? NaN, tape.sizeSteps[at] ?? NaN]);
      intervals.set(open, trades);
    }
    return intervals;
  };

  it('have the first, highest, lowest and last price of their trades and their whole size', async () => {
    await fc.assert(
      fc.asyncProperty(tapes, fc.constantFrom(1_000, 60_000, 3_600_000), async (all, length) => {
        const one = shop();
        await put(one, csvOf(all));
        for (const { key } of one.trades.days()) {
          const tape = await one.trades.loadDay(key.day ?? '');
          const candles = candlesFromTrades(tape, length);
          const expected = [...naive(tape, length)].map(([open, of]) => {
            const prices = of.map(([price = NaN]) => price);
            const volume = of.reduce((sum, [, size = NaN]) => sum + size, 0);
            const range = [Math.max(...prices), Math.min(...prices)];
            return [open, prices[0], ...range, prices.at(-1), volume];
          });
          const { openTimeMs, open, high, low, close, volumeSteps } = candles;
          const columns = [openTimeMs, open, high, low, close, volumeSteps];
          const made = Array.from({ length: candles.count }, (_, at) =>
            columns.map((column) => column[at]),
          );
          expect(made).toEqual(expected);
        }
      }),
      { numRuns: 10, seed: 11 },
    );
  });

  const KEY: SeriesKey = {
    kind: 'candles',
    category: 'linear',
    symbol: 'BTCUSDT',
    interval: '1m',
    origin: 'real',
  };

  async function make({ dataDir, trades }: Shop): Promise<ImportResult> {
    const rows = await trades.candlesOf(trades.days(), 60_000);
    const context = { file: 'trades', fileRow: (at: number) => at + 1, roundedCells: 0 };
    const target = { key: KEY, instrument };
    return new DataStore(dataDir).importCandleRows(rows, [], target, context);
  }

  it('keep their volume to the last step on the way into the store', async () => {
    const one = shop();
    const trades = Array.from({ length: 700 }, (_, at) =>
      row({ us: START * 1000 + at, id: `${at}`, steps: 1 + at * 7 }),
    );
    await put(one, csvOf(trades));
    await make(one);
    const tape = await new DataStore(one.dataDir).loadTape(KEY, instrument);
    expect([...tape.volumeSteps]).toEqual([trades.reduce((sum, { steps }) => sum + steps, 0)]);
  });

  it('grow with the trades, but a minute that was made may not change', async () => {
    const one = shop();
    const at = (ms: number, id: string): Trade => row({ us: (START + ms) * 1000, id });
    await put(one, csvOf([at(0, 'a')]));
    expect((await make(one)).newRows).toBe(1);
    expect((await make(one)).changed).toBe(false);
    await put(one, csvOf([at(60_000, 'b'), at(MS_PER_DAY, 'c')]));
    expect((await make(one)).newRows).toBe(2);
    await put(one, csvOf([at(61_000, 'd')]));
    expect(await refusal(() => make(one))).toMatch(
      /conflict with candles linear BTCUSDT 1m at 2024-01-01T00:01:00Z: volume 0.001 is stored/,
    );
  });
});
