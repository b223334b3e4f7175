import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sqlText, withDuckDb } from '../../src/feeds/duckdb.ts';
import { DataStore } from '../../src/feeds/store.ts';
import { file, scratch, shipped, START, tree } from './helpers.ts';
import {
  csvOf,
  HEADER,
  lineOf,
  MS_PER_DAY,
  put,
  row,
  seen,
  shop,
  stored,
  tapes,
} from './trade-helpers.ts';
import type { Trade } from './trade-helpers.ts';

const dir = scratch();

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

  it('is never put later than it was: digits beyond the microsecond are cut off', async () => {
    const times = [
      ['1704067200.1239999999999', START + 123],
      ['1704067200123.99999', START + 123],
      ['1704067200123999.99', START + 123],
      ['100000000.1239999', 100_000_000_123],
    ] as const;
    for (const [time, ms] of times) {
      const one = shop();
      await put(one, csvOf([row()]).replace(/1704067200\.\d+/, time));
      expect((await stored(one))[0]?.us).toBe(ms * 1000);
    }
  });

  it('has files of another name where only an id or the microsecond differs', async () => {
    const names = [row(), row({ id: 'b' }), row({ us: START * 1000 + 1 })].map(async (trade) => {
      const { days } = await put(shop(), csvOf([trade]), `${trade.id}${trade.us}.csv`);
      return days[0]?.data;
    });
    expect(new Set(await Promise.all(names)).size).toBe(3);
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
