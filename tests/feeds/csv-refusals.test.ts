import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DataStore } from '../../src/feeds/store.ts';
import {
  CANDLES,
  csvOf,
  file,
  HEADER,
  MINUTE,
  minutes,
  refusal,
  scratch,
  shipped,
  START,
} from './helpers.ts';

const instrument = shipped();
const dir = scratch();
const row = (offset: number, cells = '60000,60010,59999,60005,1'): string =>
  `${START + offset * MINUTE},${cells}`;
const rows = (...lines: string[]): string => `${[HEADER, ...lines].join('\n')}\n`;

async function refused(content: string | Uint8Array, key = CANDLES): Promise<string> {
  const dataDir = scratch();
  const store = new DataStore(dataDir);
  const path = file(dir, 'bad.csv', content);
  const read = (): Promise<unknown> =>
    key.kind === 'funding'
      ? store.importFunding(path, { key, instrument })
      : store.importCandles(path, { key, instrument });
  const message = await refusal(read);
  expect(existsSync(join(dataDir, key.kind))).toBe(false);
  expect(message).not.toContain('\n');
  expect(message).toContain('bad.csv');
  return message;
}

const BAD: Readonly<Record<string, [string, RegExp]>> = {
  NaN: [rows(row(0), row(1, 'NaN,2,1,1,1')), /row 3: open "NaN" is not a number/],
  'an empty cell': [rows(row(0), row(1, '60000,,1,1,1')), /row 3: high is empty/],
  words: [rows(row(0, '60000,60010,59999,60005,many')), /row 2: volume "many" is not a number/],
  'a decimal comma': [rows(`"${START}","60000,5",1,1,1,1`), /row 2: open "60000,5" is not a/],
  Infinity: [rows(row(0, '60000,Infinity,1,1,1')), /row 2: high "Infinity" is not/],
  'a hexadecimal price': [rows(row(0, '0x10,1,1,1,1')), /row 2: open "0x10" is not/],
  'a negative price': [rows(row(0, '-5,1,1,1,1')), /row 2: open -5 is not above zero/],
  'a price of zero': [rows(row(0, '1,1,0,1,1')), /row 2: low 0 is not above zero/],
  'a negative volume': [rows(row(0, '1,1,1,1,-1')), /row 2: volume -1 must be from 0/],
  'high below low': [rows(row(0, '5,4,6,5,1')), /row 2: high is below low/],
  'open outside': [rows(row(0, '7,6,4,5,1')), /row 2: open is outside low..high/],
  'close outside': [rows(row(0, '5,6,4,3,1')), /row 2: close is outside low..high/],
  'off the tick': [rows(row(0, '5.05,6,4,5,1')), /row 2: open 5.05 is off the tick 0.10; --round/],
  'a price beyond int32': [
    rows(row(0, '214748364.8,214748364.8,1,1,1')),
    /row 2: open 214748364.8 is beyond 2\^31/,
  ],
  disorder: [rows(row(0), row(2), row(1)), /row 4: time 2024-01-01T00:01:00Z breaks the order/],
  'disorder, newest first': [rows(row(2), row(1), row(3)), /row 4: .* order \(newest first\)/],
  'a time twice': [rows(row(0), row(1), row(1, '1,1,1,1,1')), /row 4: .*00:01:00Z is there twice/],
  'a row twice': [rows(row(0), row(0)), /row 3: time .* is there twice/],
  'a time off the interval': [rows(row(0), row(1.5)), /row 3: .* does not open a 1m candle/],
  'a coarser interval': [
    rows(row(0), row(5), row(10), row(15)),
    /no two rows are 1m apart.* 5 min/,
  ],
  'an interval that changes': [
    rows(row(0), row(1), ...Array.from({ length: 12 }, (_, index) => row(6 + 5 * index))),
    /row 15: 12 rows in a row are 5 minutes apart/,
  ],
  'a unit that changes': [
    rows(row(0), `${(START + MINUTE) / 1000},1,1,1,1,1`),
    /row 3: .* in seconds, .* milliseconds/,
  ],
  nanoseconds: [rows(`${START}000000,1,1,1,1,1`), /row 2: time .* is not readable/],
  'MetaTrader times': [rows('2024.01.01 00:00,1,1,1,1,1'), /row 2: .* UTC\+3/],
  '30 February': [rows('2024-02-30,1,1,1,1,1'), /row 2: time "2024-02-30" is not readable/],
  'a missing time': [rows(',1,1,1,1,1'), /row 2: the time is empty/],
  'a missing column': [rows(row(0), row(1, '1,1,1,1')), /row 3: expected 6 columns/],
  'a column too many': [rows(row(0), row(1, '1,1,1,1,1,1')), /row 3: expected 6 columns/],
  'an empty line within': [rows(row(0), '', row(1)), /row 3: an empty line/],
  'only a header': [`${HEADER}\n`, /bad.csv has no rows/],
  nothing: ['', /bad.csv is empty/],
  'a header without close': ['time,open,high,low\n1,1,1,1\n', /row 1: no close column among/],
  'two columns of one name': [`time,open,open,high,low,close\n`, /row 1: two columns .* "open"/],
  'too few columns and no header': [`${START},1,1\n`, /row 1: 3 columns and no header/],
};

describe('a file is refused whole, in one line, for', () => {
  it.each(Object.entries(BAD))('%s', async (_name, [content, message]) => {
    expect(await refused(content)).toMatch(message);
  });

  it.each([
    ['a rate in percent', `time,rate\n${START},0.5\n`, /row 2: funding rate 0.5 is beyond 10 %/],
    ['a rate of words', `time,rate\n${START},high\n`, /row 2: funding rate "high" is not/],
    ['a time twice', `time,rate\n${START},0\n${START},0\n`, /row 3: time .* is there twice/],
    [
      'disorder',
      `time,rate\n1704067200000,0\n1704067200002,0\n1704067200001,0\n`,
      /row 4: .* order/,
    ],
    ['an empty line within', `time,rate\n${START},0\n\n${START + 1},0\n`, /row 3: an empty line/],
    ['a column too many', `time,rate\n${START},0,1\n`, /row 2: expected 2 columns/],
  ])('funding with %s', async (_name, content, message) => {
    const key = { kind: 'funding', category: 'linear', symbol: 'BTCUSDT', origin: 'real' } as const;
    expect(await refused(content, key)).toMatch(message);
  });

  it('a gzip cut off anywhere', async () => {
    const packed = gzipSync(csvOf(minutes(300)));
    const cuts = [3, 10, 11, 200, packed.length >> 1, packed.length - 8, packed.length - 1];
    for (const cut of cuts) {
      expect(await refused(packed.subarray(0, cut))).toMatch(/damaged or cut-off gzip/);
    }
  });

  it('a gzip with a flipped bit', async () => {
    const packed = gzipSync(csvOf(minutes(300)));
    packed[packed.length >> 1] = (packed[packed.length >> 1] ?? 0) ^ 0x10;
    expect(await refused(packed)).toMatch(/bad.csv/);
  });

  it('a file that is not there, or a folder', async () => {
    const store = new DataStore(scratch());
    const options = { key: CANDLES, instrument };
    expect(await refusal(() => store.importCandles(join(dir, 'no.csv'), options))).toMatch(
      /no such/,
    );
    expect(await refusal(() => store.importCandles(dir, options))).toMatch(/is a folder/);
  });
});
