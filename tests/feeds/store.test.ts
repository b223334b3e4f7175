import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Instrument } from '../../src/engine/instrument.ts';
import { DataStore } from '../../src/feeds/store.ts';
import type { ImportResult } from '../../src/feeds/store.ts';
import type { Tape } from '../../src/market/tape.ts';
import {
  candles,
  CANDLES,
  csvOf,
  file,
  MINUTE,
  minutes,
  refusal,
  scratch,
  shipped,
  START,
  tree,
} from './helpers.ts';
import type { Candle } from './helpers.ts';

const instrument = shipped();
const dir = scratch();
const options = { key: CANDLES, instrument };
const SERIES = join('candles', 'linear', 'BTCUSDT');

function rowsOf(tape: Tape): Candle[] {
  return Array.from({ length: tape.count }, (_, index) => ({
    time: tape.openTimeMs[index] ?? NaN,
    open: tape.open[index] ?? NaN,
    close: tape.close[index] ?? NaN,
    high: tape.high[index] ?? NaN,
    low: tape.low[index] ?? NaN,
    volumeSteps: tape.volumeSteps[index] ?? NaN,
  }));
}

function put(store: DataStore, rows: readonly Candle[], name = 'a.csv'): Promise<ImportResult> {
  return store.importCandles(file(dir, name, csvOf(rows)), options);
}

function dataFile(store: DataStore, extension: string): string {
  const folder = join(store.dataDir, SERIES);
  const name = readdirSync(folder).find((entry) => entry.endsWith(extension));
  return join(folder, name ?? 'none');
}

describe('a series', () => {
  it('comes back as it was: CSV, import, Parquet, cache, tape', async () => {
    await fc.assert(
      fc.asyncProperty(candles, async (rows) => {
        const store = new DataStore(scratch());
        await put(store, rows);
        const cached = store.cachedTape(CANDLES, instrument);
        expect(cached && rowsOf(cached)).toEqual(rows);
        rmSync(dataFile(store, '.bin'));
        expect(store.cachedTape(CANDLES, instrument)).toBe(undefined);
        expect(rowsOf(await store.loadTape(CANDLES, instrument))).toEqual(rows);
        const rebuilt = store.cachedTape(CANDLES, instrument);
        expect(rebuilt && rowsOf(rebuilt)).toEqual(rows);
        expect((await store.verify())[0]?.problems).toEqual([]);
      }),
      { numRuns: 15, seed: 21 },
    );
  });

  it('is the same, byte for byte, in whatever order overlapping slices are imported', async () => {
    const slices = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 2, max: 50 })), {
      minLength: 2,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(slices, fc.boolean(), async (parts, reversed) => {
        const named = parts.map(([first, count], index) => ({
          name: `${index}.csv`,
          rows: minutes(count, first),
        }));
        const one = new DataStore(scratch());
        for (const part of named) await put(one, part.rows, part.name);
        const other = new DataStore(scratch());
        const turned = reversed ? named.toReversed() : [...named.slice(1), ...named.slice(0, 1)];
        for (const part of turned) await put(other, part.rows, part.name);
        const seen = new Set(
          parts.flatMap(([first, count]) => minutes(count, first).map(({ time }) => time)),
        );
        expect(one.info(CANDLES)?.rows).toBe(seen.size);
        // Slices of the same content are one source under the first name it came by.
        const contents = new Set(named.map(({ rows }) => csvOf(rows)));
        if (contents.size === named.length) expect(tree(other.dataDir)).toEqual(tree(one.dataDir));
        expect(other.info(CANDLES)?.hash).toBe(one.info(CANDLES)?.hash);
      }),
      { numRuns: 12, seed: 22 },
    );
  });

  it('does not change when the same file comes twice, plain or reversed', async () => {
    const store = new DataStore(scratch());
    const rows = minutes(50);
    await put(store, rows);
    const before = tree(store.dataDir);
    const again = await put(store, rows);
    expect([again.changed, again.newRows]).toEqual([false, 0]);
    expect(tree(store.dataDir)).toEqual(before);
  });

  it('keeps gaps as gaps and lists them', async () => {
    const store = new DataStore(scratch());
    const { info } = await put(store, [...minutes(3), ...minutes(2, 10)]);
    expect(info.gaps).toEqual([
      { fromMs: START + 3 * MINUTE, toMs: START + 10 * MINUTE, missingCandles: 7 },
    ]);
    await put(store, minutes(7, 3), 'b.csv');
    expect(store.info(CANDLES)?.gaps).toEqual([]);
    expect(store.info(CANDLES)?.toMs).toBe(START + 12 * MINUTE);
  });

  it.each(['open', 'volumeSteps'] as const)(
    'refuses a file that contradicts a stored %s, and stays as it was',
    async (column) => {
      const store = new DataStore(scratch());
      await put(store, minutes(20));
      const before = tree(store.dataDir);
      const changed = minutes(10, 15).map((row, index) =>
        index === 2 ? { ...row, [column]: row[column] + 1 } : row,
      );
      const message = await refusal(() => put(store, changed, 'other.csv'));
      const names =
        column === 'open' ? /open 60002.30 .* file says 60002.40/ : /volume 0.187 .* 0.188/;
      expect(message).toMatch(/other.csv row 4: conflict with candles linear BTCUSDT 1m at 2024-/);
      expect(message).toMatch(names);
      expect(tree(store.dataDir)).toEqual(before);
    },
  );

  it('names the row of a newest-first file in a conflict', async () => {
    const store = new DataStore(scratch());
    await put(store, minutes(5));
    const changed = minutes(5).map((row, index) =>
      index === 4 ? { ...row, close: row.low } : row,
    );
    const lines = csvOf(changed).trimEnd().split('\n');
    const path = file(dir, 'new.csv', [lines[0], ...lines.slice(1).reverse()].join('\n'));
    expect(await refusal(() => store.importCandles(path, options))).toMatch(
      /new.csv row 2: conflict/,
    );
  });

  it('records rounding only where a price was rounded', async () => {
    const store = new DataStore(scratch());
    const rounding = { ...options, roundToTick: true };
    const exact = await store.importCandles(file(dir, 'e.csv', csvOf(minutes(4))), rounding);
    expect([exact.roundedCells, exact.info.roundedToTick]).toEqual([0, false]);
    const off = csvOf(minutes(4, 4)).replace(/(\d+\.\d),(\d+\.\d),/, '$15,$25,');
    const rounded = await store.importCandles(file(dir, 'o.csv', off), rounding);
    expect([rounded.roundedCells, rounded.info.roundedToTick]).toEqual([2, true]);
    const tape = await store.loadTape(CANDLES, instrument);
    expect(tape.open[4]).toBe((minutes(1, 4)[0]?.open ?? 0) + 1);
  });

  it('is not loaded with an instrument of another tick or step', async () => {
    const store = new DataStore(scratch());
    await put(store, minutes(4));
    for (const change of [{ tickSize: '0.5' }, { qtyStep: '0.01', minQty: '0.01' }]) {
      const other = new Instrument({ ...instrument.spec, ...change });
      expect(await refusal(() => store.loadTape(CANDLES, other))).toMatch(
        /is stored with tick 0.10/,
      );
    }
  });

  it('that is not there is refused with what to do', async () => {
    const store = new DataStore(scratch());
    expect(await refusal(() => store.loadTape(CANDLES, instrument))).toMatch(/data import/);
    expect(await store.loadFunding('linear', 'BTCUSDT', 'real')).toBe(undefined);
  });

  it('with volume does not mix with one without', async () => {
    const store = new DataStore(scratch());
    await put(store, minutes(4));
    const bare = csvOf(minutes(4, 4)).replaceAll(/,[^,\n]+$/gm, '');
    const path = file(dir, 'bare.csv', bare);
    expect(await refusal(() => store.importCandles(path, options))).toMatch(/bare.csv: .* volume/);
  });
});

describe('the cache', () => {
  const spoil: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
    'cut off': (bytes) => bytes.subarray(0, bytes.length - 1),
    'cut to nothing': () => Buffer.alloc(0),
    'changed in its body': (bytes) => flip(bytes, bytes.length - 5),
    'changed in its header': (bytes) => flip(bytes, 33),
    'of another version': (bytes) => flip(bytes, 8),
  };

  it.each(Object.entries(spoil))('%s is made again from Parquet', async (_name, change) => {
    const store = new DataStore(scratch());
    const rows = minutes(30);
    await put(store, rows);
    const path = dataFile(store, '.bin');
    const good = readFileSync(path);
    writeFileSync(path, change(good));
    expect(store.cachedTape(CANDLES, instrument)).toBe(undefined);
    expect(rowsOf(await store.loadTape(CANDLES, instrument))).toEqual(rows);
    expect(readFileSync(path).equals(good)).toBe(true);
  });

  it('lies in shared memory', async () => {
    const store = new DataStore(scratch());
    await put(store, minutes(3));
    const tape = await store.loadTape(CANDLES, instrument);
    expect(tape.open.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});

describe('verify', () => {
  it('finds a Parquet file of other rows, a missing one, and a broken manifest', async () => {
    const store = new DataStore(scratch());
    await put(store, minutes(30));
    const other = new DataStore(scratch());
    await put(other, minutes(30, 1));
    const parquet = dataFile(store, '.parquet');
    writeFileSync(parquet, readFileSync(dataFile(other, '.parquet')));
    rmSync(dataFile(store, '.bin'));
    expect((await store.verify())[0]?.problems.join()).toMatch(/hash .* manifest says/);
    expect(await refusal(() => store.loadTape(CANDLES, instrument))).toMatch(
      /not match its manifest/,
    );
    writeFileSync(parquet, 'nothing');
    expect((await store.verify())[0]?.problems.join()).toMatch(/is damaged/);
    rmSync(parquet);
    expect((await store.verify())[0]?.problems.join()).toMatch(/is missing: delete/);
    writeFileSync(join(store.dataDir, SERIES, '1m.json'), '{"rows": 3}');
    expect((await store.verify())[0]?.problems.join()).toMatch(/manifest .*1m.json/);
  });

  it('finds a manifest that lies about gaps, times and rows', async () => {
    const store = new DataStore(scratch());
    await put(store, [...minutes(5), ...minutes(5, 8)]);
    const path = join(store.dataDir, SERIES, '1m.json');
    const info = JSON.parse(readFileSync(path, 'utf8')) as object;
    for (const [lie, message] of [
      [{ gaps: [] }, /gaps differ/],
      [{ fromMs: START + MINUTE }, /first time/],
      [{ toMs: START }, /last time/],
      [{ rows: 9 }, /10 rows/],
    ] as const) {
      writeFileSync(path, JSON.stringify({ ...info, ...lie }));
      expect((await store.verify())[0]?.problems.join()).toMatch(message);
    }
  });
});

describe('funding', () => {
  const key = { kind: 'funding', category: 'linear', symbol: 'BTCUSDT', origin: 'real' } as const;
  const csv = (rows: readonly (readonly [number, string])[]): string =>
    `time,rate\n${rows.map((row) => row.join(',')).join('\n')}\n`;
  const target = { key, instrument };

  it('is merged, comes back to the last digit, and refuses another rate', async () => {
    const store = new DataStore(scratch());
    await store.importFunding(file(dir, 'f1.csv', csv([[START, '0.00034729']])), target);
    const more = file(
      dir,
      'f2.csv',
      csv([
        [START, '0.00034729'],
        [START + 1000, '-0.0001'],
      ]),
    );
    await store.importFunding(more, target);
    rmSync(join(store.dataDir, 'funding/linear/BTCUSDT', `${store.info(key)?.data ?? ''}.bin`));
    for (const history of [
      await store.loadFunding('linear', 'BTCUSDT', 'real'),
      await store.loadFunding('linear', 'BTCUSDT', 'real'),
    ]) {
      expect([...(history?.timeMs ?? [])]).toEqual([START, START + 1000]);
      expect([...(history?.rate ?? [])]).toEqual([0.00034729, -0.0001]);
    }
    const other = file(dir, 'f3.csv', csv([[START, '0.0003']]));
    expect(await refusal(() => store.importFunding(other, target))).toMatch(
      /f3.csv row 2: conflict .* 0.00034729 is stored, the file says 0.0003/,
    );
  });
});

describe('mark candles', () => {
  it('are rounded to the tick, an average keeping to none', async () => {
    const store = new DataStore(scratch());
    const key = { ...CANDLES, kind: 'mark' } as const;
    const path = file(dir, 'm.csv', `time,open,high,low,close\n${START},10.26,10.31,10.24,10.25\n`);
    const { info } = await store.importCandles(path, { key, instrument });
    const tape = await store.loadTape(key, instrument);
    expect([tape.open[0], tape.high[0], tape.low[0], tape.close[0]]).toEqual([103, 103, 102, 103]);
    expect([info.roundedToTick, info.hasVolume]).toEqual([true, false]);
  });
});

describe('sources', () => {
  it('name each file once with its digest, packed files by their packed bytes', async () => {
    const store = new DataStore(scratch());
    const packed = gzipSync(csvOf(minutes(5)));
    await store.importCandles(file(dir, 'z.csv.gz', packed), options);
    await put(store, minutes(5, 5), 'y.csv');
    const sources = store.info(CANDLES)?.sources ?? [];
    expect(sources.map(({ file: name, importedRows }) => [name, importedRows])).toEqual([
      ['y.csv', 5],
      ['z.csv.gz', 5],
    ]);
    expect(new Set(sources.map(({ sha256 }) => sha256)).size).toBe(2);
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
