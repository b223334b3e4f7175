import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Instrument } from '../../src/engine/instrument.ts';
import { sqlText, withDuckDb } from '../../src/feeds/duckdb.ts';
import { DataStore } from '../../src/feeds/store.ts';
import { TradeStore } from '../../src/feeds/trade-store.ts';
import type { TradeImport } from '../../src/feeds/trade-store.ts';
import { candlesFromTrades } from '../../src/market/trade-candles.ts';
import type { TradeTape } from '../../src/market/trade-tape.ts';
import { file, refusal, scratch, shipped, START, tree } from './helpers.ts';

const instrument = shipped();
const dir = scratch();
const DAY = '2024-01-01';
const MS_PER_DAY = 86_400_000;
const HEADER =
  'timestamp,symbol,side,size,price,tickDirection,trdMatchID,' +
  'grossValue,homeNotional,foreignNotional';

type Trade = { us: number; side: number; steps: number; ticks: number; id: string };

/** Trades of up to three days, oldest first, some of them at one time. */
const tapes: fc.Arbitrary<Trade[]> = fc
  .array(
    fc.record({
      gapUs: fc.oneof(
        fc.constant(0),
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 7_200_000_000 }),
      ),
      side: fc.constantFrom(1, -1),
      steps: fc.integer({ min: 1, max: 1e9 }),
      ticks: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((rows) => {
    let us = START * 1000;
    return rows.map(({ gapUs, ...rest }, index) => {
      us += gapUs;
      return { ...rest, us, id: `id-${index}` };
    });
  });

function lineOf({ us, side, steps, ticks, id }: Trade): string {
  const seconds = `${Math.floor(us / 1e6)}.${String(us % 1e6).padStart(6, '0')}`;
  const size = `${Math.floor(steps / 1000)}.${String(steps % 1000).padStart(3, '0')}`;
  const price = `${Math.floor(ticks / 10)}.${ticks % 10}`;
  return `${seconds},BTCUSDT,${side > 0 ? 'Buy' : 'Sell'},${size},${price},PlusTick,${id},1,1,1`;
}

function csvOf(trades: readonly Trade[]): string {
  return `${[HEADER, ...trades.map(lineOf)].join('\n')}\n`;
}

type Shop = { readonly dataDir: string; readonly trades: TradeStore };

function shop(of = instrument): Shop {
  const dataDir = scratch();
  return { dataDir, trades: new TradeStore(dataDir, of) };
}

function put({ trades }: Shop, content: string | Uint8Array, name = 't.csv'): Promise<TradeImport> {
  return trades.importFile(file(dir, name, content), false);
}

async function stored({ trades }: Shop): Promise<Omit<Trade, 'id'>[]> {
  const rows: Omit<Trade, 'id'>[] = [];
  for (const { key } of trades.days()) {
    const tape = await trades.loadDay(key.day ?? '');
    for (let row = 0; row < tape.count; row += 1) {
      rows.push({
        us: (tape.timeMs[row] ?? NaN) * 1000,
        side: tape.takerSide[row] ?? NaN,
        steps: tape.sizeSteps[row] ?? NaN,
        ticks: tape.priceTicks[row] ?? NaN,
      });
    }
  }
  return rows;
}

/** What the store gives back of a trade: its ms, and no id. */
function seen(trades: readonly Trade[]): Omit<Trade, 'id'>[] {
  return trades.map(({ us, side, steps, ticks }) => ({
    us: Math.floor(us / 1000) * 1000,
    side,
    steps,
    ticks,
  }));
}

const row = (over: Partial<Trade> = {}): Trade => ({
  us: START * 1000,
  side: 1,
  steps: 1,
  ticks: 600_000,
  id: 'a',
  ...over,
});

describe('a trade tape', () => {
  it('comes back as it was, from files that run either way, one series a day', async () => {
    await fc.assert(
      fc.asyncProperty(tapes, fc.boolean(), async (trades, backwards) => {
        const one = shop();
        const turned = backwards && trades[0]?.us !== trades.at(-1)?.us;
        await put(one, csvOf(turned ? trades.toReversed() : trades));
        expect(await stored(one)).toEqual(seen(trades));
        const days = one.trades.days();
        for (const { key, fromMs, toMs } of days) {
          const dayMs = Date.parse(key.day ?? '');
          expect(fromMs >= dayMs && toMs <= dayMs + MS_PER_DAY).toBe(true);
        }
        const checks = await new DataStore(one.dataDir).verify();
        expect(checks.flatMap(({ problems }) => problems)).toEqual([]);
        expect(checks.length).toBe(days.length);
      }),
      { numRuns: 12, seed: 8 },
    );
  });

  it('is put in order by time, whatever the order of the rows', async () => {
    const shuffled = tapes.chain((trades) => {
      const apart = trades.map((trade, index) => ({ ...trade, us: trade.us + index }));
      return fc.tuple(
        fc.constant(apart),
        fc.shuffledSubarray(apart, { minLength: apart.length, maxLength: apart.length }),
      );
    });
    await fc.assert(
      fc.asyncProperty(shuffled, async ([trades, rows]) => {
        const one = shop();
        await put(one, csvOf(rows));
        expect(await stored(one)).toEqual(seen(trades));
      }),
      { numRuns: 8, seed: 9 },
    );
  });

  it('is the same, byte for byte, in whatever order overlapping files are imported', async () => {
    await fc.assert(
      fc.asyncProperty(tapes, fc.nat(), fc.nat(), async (trades, a, b) => {
        const cut = (at: number): number => trades[at % trades.length]?.us ?? 0;
        const [left, right] = [cut(a), cut(b)];
        const parts = [
          trades.filter(({ us }) => us <= Math.max(left, right)),
          trades.filter(({ us }) => us >= Math.min(left, right)),
        ];
        const files = parts.map((part, at) => [csvOf(part), `${at}.csv`] as const);
        const [one, two] = [shop(), shop()];
        for (const [content, name] of files) await put(one, content, name);
        for (const [content, name] of files.toReversed()) await put(two, content, name);
        expect(tree(one.dataDir)).toEqual(tree(two.dataDir));
        expect(await stored(one)).toEqual(seen(trades));
        const again = await put(one, csvOf(parts[0] ?? []), '0.csv');
        expect(again.newRows).toBe(0);
        expect(tree(one.dataDir)).toEqual(tree(two.dataDir));
      }),
      { numRuns: 6, seed: 10 },
    );
  });

  it('leaves out a trade that is there twice, and counts it', async () => {
    const one = shop();
    const trades = [
      row(),
      row({ id: 'b', ticks: 600_005 }),
      row(),
      row({ id: 'b', ticks: 600_005 }),
    ];
    const { fileRows, newRows, duplicates } = await put(one, csvOf(trades));
    expect([fileRows, newRows, duplicates]).toEqual([4, 2, 2]);
    expect(await stored(one)).toEqual(seen(trades.slice(0, 2)));
  });

  it('is read from gzip, Parquet, other capitals, ms, us and ISO times alike', async () => {
    const trades = [row(), row({ us: START * 1000 + 123_000, id: 'b', side: -1, steps: 250 })];
    const csv = csvOf(trades);
    const rest = (line: Trade): string => lineOf(line).replace(/^[^,]*/, '');
    const timed = (time: (trade: Trade) => string): string =>
      [HEADER, ...trades.map((trade) => time(trade) + rest(trade))].join('\n');
    const path = file(dir, 'plain.csv', csv);
    const parquet = join(dir, 't.parquet');
    await withDuckDb((connection) =>
      connection.run(`COPY (FROM ${sqlText(path)}) TO ${sqlText(parquet)} (FORMAT parquet)`),
    );
    const packed = shop();
    await packed.trades.importFile(parquet, false);
    expect(await stored(packed)).toEqual(seen(trades));
    const contents = [
      gzipSync(csv),
      csv.replace(HEADER, HEADER.toUpperCase()),
      timed(({ us }) => String(us / 1000)),
      timed(({ us }) => String(us)),
      timed(({ us }) => new Date(us / 1000).toISOString()),
      timed(({ us }) => `${Math.floor(us / 1e6)}.${String(us % 1e6).padStart(6, '0')}000000000`),
    ];
    for (const content of contents) {
      const one = shop();
      await put(one, content);
      expect(await stored(one)).toEqual(seen(trades));
    }
  });

  it('keeps contracts of an inverse symbol', async () => {
    const inverse = shipped('BTCUSD');
    const one = shop(inverse);
    const line = '1704067200.5,BTCUSD,Sell,1250,42000.5,ZeroMinusTick,x,1,1,1';
    await put(one, `${HEADER}\n${line}\n`);
    expect(await stored(one)).toEqual([
      { us: (START + 500) * 1000, side: -1, steps: 1250, ticks: 420_005 },
    ]);
  });

  it('makes its cache again from Parquet', async () => {
    const one = shop();
    await put(one, csvOf([row()]));
    const folder = join(one.dataDir, 'trades/linear/BTCUSDT');
    const cache = readdirSync(folder).find((name) => name.endsWith('.bin')) ?? 'none';
    const before = tree(one.dataDir);
    rmSync(join(folder, cache));
    expect(await stored(one)).toEqual(seen([row()]));
    expect(tree(one.dataDir)).toEqual(before);
  });
});

describe('a trade file is refused whole', () => {
  const later = row({ us: START * 1000 + 1_000_000, id: 'b' });
  const bad = (line: string): string => `${csvOf([row()])}${line}\n`;
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      'an off-tick price',
      bad(lineOf(later).replace('60000.0', '60000.05')),
      /row 3: price 60000.05 is off the tick 0.10; --round-to-tick/,
    ],
    [
      'a size off the step',
      bad(lineOf(later).replace('0.001', '0.0015')),
      /row 3: size 0.0015 is not a whole number of steps of 0.001; correct qtyStep/,
    ],
    ['a size of zero', bad(lineOf({ ...later, steps: 0 })), /row 3: size 0.000 is not above zero/],
    [
      'a size that is none',
      bad(lineOf(later).replace('0.001', 'much')),
      /row 3: size "much" is not a number/,
    ],
    [
      'an unknown side',
      bad(lineOf(later).replace('Buy', 'Long')),
      /row 3: side "Long" is neither Buy nor Sell/,
    ],
    [
      'another symbol',
      bad(lineOf(later).replace('BTCUSDT', 'ETHUSDT')),
      /row 3: a trade of ETHUSDT, not of BTCUSDT/,
    ],
    ['no id', bad(lineOf({ ...later, id: '' })), /row 3: the trade id is empty/],
    [
      'an unreadable time',
      bad(lineOf(later).replace(/^[^,]*/, 'noon')),
      /row 3: time "noon" is not readable/,
    ],
    [
      'a unit that changes',
      bad(lineOf(later).replace(/^[^,]*/, '1704067200000')),
      /row 3: time 1704067200000 is in milliseconds, the rows before it in seconds/,
    ],
    ['a row cut off', bad(lineOf(later).slice(0, 40)), /row 3: expected 10 columns/],
    ['an empty line within', bad(`\n${lineOf(later)}`), /row 3: an empty line/],
    ['no header', `${lineOf(later)}\n`, /row 1 is no header/],
    ['a column missing', csvOf([row()]).replace('side', 'way'), /row 1: no side column among/],
    ['only a header', `${HEADER}\n`, /no rows, only a header/],
    [
      'one id with two prices',
      csvOf([row(), row({ ticks: 600_001 })]),
      /row 3: the trade of row 2 once more, with another price, size or side/,
    ],
    [
      'one id at two times',
      csvOf([row(), { ...later, id: 'a' }]),
      /one trade id is there at 2024-01-01T00:00:00Z and at 2024-01-01T00:00:01Z/,
    ],
  ];

  it.each(cases)('for %s', async (_, content, message) => {
    const one = shop();
    const text = await refusal(() => put(one, content));
    expect(text).toMatch(message);
    expect(text).not.toMatch(/\n/);
    expect(tree(one.dataDir)).toEqual({});
  });

  it('when one of its days contradicts a stored one, and no other day is written', async () => {
    const one = shop();
    await put(one, csvOf([row()]));
    const before = tree(one.dataDir);
    const early = row({ us: (START - MS_PER_DAY) * 1000, id: 'early' });
    const message = await refusal(() => put(one, csvOf([early, row({ id: 'other' })])));
    expect(message).toMatch(/row 3: conflict with trades linear BTCUSDT 2024-01-01 at 2024-01-01T/);
    expect(tree(one.dataDir)).toEqual(before);
  });

  it('when the instrument has another step than the stored tape', async () => {
    const one = shop();
    await put(one, csvOf([row()]));
    const finer = new TradeStore(
      one.dataDir,
      new Instrument({ ...instrument.spec, qtyStep: '0.0001' }),
    );
    expect(await refusal(() => finer.loadDay(DAY))).toMatch(/is stored with tick 0.10 and step/);
  });

  it('but an off-tick price is rounded where that is asked for, and the manifest says so', async () => {
    const one = shop();
    const path = file(dir, 'off.csv', csvOf([row()]).replace('60000.0', '60000.06'));
    const { roundedCells, days } = await one.trades.importFile(path, true);
    expect([roundedCells, days[0]?.roundedToTick]).toEqual([1, true]);
    expect((await stored(one))[0]?.ticks).toBe(600_001);
  });
});

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

  it('have the first, highest, lowest and last price of their trades and all of their size', async () => {
    await fc.assert(
      fc.asyncProperty(tapes, fc.constantFrom(1_000, 60_000, 3_600_000), async (trades, length) => {
        const one = shop();
        await put(one, csvOf(trades));
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

  it('keep their volume to the last step on the way into the store', async () => {
    const one = shop();
    const trades = Array.from({ length: 700 }, (_, at) =>
      row({ us: START * 1000 + at, id: `${at}`, steps: 1 + at * 7 }),
    );
    await put(one, csvOf(trades));
    const rows = await one.trades.candlesOf(one.trades.days(), 60_000);
    const key = {
      kind: 'candles',
      category: 'linear',
      symbol: 'BTCUSDT',
      interval: '1m',
      origin: 'real',
    } as const;
    const store = new DataStore(one.dataDir);
    const context = { file: 'trades', fileRow: (at: number) => at, roundedCells: 0 };
    await store.importCandleRows(rows, [], { key, instrument }, context);
    const tape = await store.loadTape(key, instrument);
    expect([...tape.volumeSteps]).toEqual([trades.reduce((sum, { steps }) => sum + steps, 0)]);
  });
});
