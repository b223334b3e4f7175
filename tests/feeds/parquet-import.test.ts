import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from '../../src/feeds/duckdb.ts';
import { DataStore } from '../../src/feeds/store.ts';
import { CANDLES, csvOf, file, minutes, refusal, scratch, shipped } from './helpers.ts';

const instrument = shipped();
const dir = scratch();
const options = { key: CANDLES, instrument };

/** A Parquet file of the user's from a query over a CSV of ours. */
async function parquet(name: string, select: string, rows = minutes(30)): Promise<string> {
  const csv = file(dir, `${name}.csv`, csvOf(rows));
  const path = join(dir, `${name}.parquet`);
  await withDuckDb((connection) =>
    connection.run(`COPY (SELECT ${select} FROM '${csv}') TO '${path}' (FORMAT parquet)`),
  );
  return path;
}

const PRICES = 'open, high, low, close, volume';

describe('a Parquet file', () => {
  it.each([
    ['epoch ms', `timestamp_ms, ${PRICES}`],
    ['a timestamp', `make_timestamp(timestamp_ms * 1000) AS "Date", ${PRICES}`],
    ['a zoned timestamp', `to_timestamp(timestamp_ms / 1000) AS time, ${PRICES}`],
    ['nanosecond stamps', `make_timestamp(timestamp_ms * 1000)::TIMESTAMP_NS AS time, ${PRICES}`],
    [
      'decimals and text',
      `timestamp_ms AS start, open::DECIMAL(18,4) AS o, high::VARCHAR AS h,
      low AS l, close AS c, volume AS v, [1, 2] AS extra`,
    ],
  ])('with %s gives what the CSV gives', async (name, select) => {
    const direct = new DataStore(scratch());
    const expected = await direct.importCandles(file(dir, 'd.csv', csvOf(minutes(30))), options);
    const store = new DataStore(scratch());
    const got = await store.importCandles(await parquet(name, select), options);
    expect([got.info.hash, got.info.rows]).toEqual([expected.info.hash, 30]);
  });

  it('is refused with its row', async () => {
    const select = `timestamp_ms, CASE WHEN rowid = 4 THEN NULL ELSE open END AS open, high, low, close`;
    const path = await parquet('null', select.replace('rowid', '(timestamp_ms // 60000 % 1440)'));
    const store = new DataStore(scratch());
    expect(await refusal(() => store.importCandles(path, options))).toMatch(
      /null.parquet row 5: open is empty/,
    );
  });

  it('is refused without known columns, or when it is damaged', async () => {
    const store = new DataStore(scratch());
    const strange = await parquet('strange', 'open AS foo');
    expect(await refusal(() => store.importCandles(strange, options))).toMatch(
      /no column of a known/,
    );
    const broken = file(dir, 'broken.parquet', 'PAR1 and then nothing');
    const message = await refusal(() => store.importCandles(broken, options));
    expect(message).toMatch(/broken.parquet is not a readable Parquet file/);
    expect(message).not.toContain('\n');
  });
});
