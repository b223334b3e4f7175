import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readCandleCsv } from '../../src/feeds/csv-candles.ts';
import type { CandleCsv } from '../../src/feeds/csv-candles.ts';
import { readFundingCsv } from '../../src/feeds/csv-funding.ts';
import { readInputFile } from '../../src/feeds/input-file.ts';
import { file, HEADER, MINUTE, scratch, START } from './helpers.ts';

const dir = scratch();
const seconds = START / 1000;

function read(content: string | Uint8Array, withVolume = true): CandleCsv {
  return readCandleCsv(readInputFile(file(dir, 'a.csv', content)), {
    tickSize: '0.10',
    intervalMs: MINUTE,
    roundToTick: false,
    withVolume,
  });
}

const EXPECTED = [
  [START, 600000, 600100, 599990, 600050, 1.5],
  [START + MINUTE, 600050, 600060, 600000, 600010, 2],
];

function table({ rows }: CandleCsv): number[][] {
  return Array.from({ length: rows.count }, (_, index) =>
    [rows.openTimeMs, rows.open, rows.high, rows.low, rows.close, rows.volume].map(
      (column) => column[index] ?? NaN,
    ),
  );
}

const A = '60000,60010,59999,60005.0,1.5';
const B = '60005,60006,60000,60001,2';
const ISO_A = '2024-01-01T00:00:00Z';
const ISO_B = '2024-01-01T00:01:00Z';
const plain = `${HEADER}\n${START},${A}\n${START + MINUTE},${B}\n`;

const FORMATS: Readonly<Record<string, string | Uint8Array>> = {
  plain: plain,
  'without a last newline': plain.trimEnd(),
  'with blank lines at the end': `${plain}\n\r\n`,
  CRLF: plain.replaceAll('\n', '\r\n'),
  'a byte order mark': `\ufeff${plain}`,
  'gzip under a plain name': gzipSync(plain),
  semicolons: plain.replaceAll(',', ';'),
  tabs: plain.replaceAll(',', '\t'),
  'quoted cells': plain.replaceAll(/[^,\n]+/g, '"$&"'),
  'short headings in capitals': plain.replace(HEADER, 'Time,O,H,L,C,V'),
  'no header': plain.slice(HEADER.length + 1),
  'headerless REST rows with turnover, newest first': `${START + MINUTE},${B},120002\n${START},${A},90000\n`,
  seconds: `${HEADER}\n${seconds},${A}\n${seconds + 60},${B}\n`,
  microseconds: `${HEADER}\n${START}000,${A}\n${START + MINUTE}000,${B}\n`,
  'seconds with a point': `${HEADER}\n${seconds}.0,${A}\n${seconds + 60}.0,${B}\n`,
  'exponent times': `${HEADER}\n${START / 1e5}e5,${A}\n${(START + MINUTE) / 1e4}e4,${B}\n`,
  'ISO 8601': `date,open,high,low,close,volume\n${ISO_A},${A}\n${ISO_B},${B}\n`,
  'ISO without a zone is UTC': `datetime,o,h,l,c,v\n2024-01-01 00:00,${A}\n2024-01-01 00:01,${B}\n`,
  'ISO with a zone': `date,o,h,l,c,v\n2024-01-01T03:00:00+03:00,${A}\n2023-12-31 19:01:00-0500,${B}\n`,
  'public kline files':
    `symbol,period,start_at,open,high,low,close,volume,turnover\n` +
    `BTCUSDT,1,${seconds},${A},9\nBTCUSDT,1,${seconds + 60},${B},9\n`,
  'another order and unknown columns':
    'close,"a,b",volume,low,high,open,startTime\n' +
    `60005,"x,y",1.5,59999,60010,60000,${START}\n60001,,2,60000,60006,60005,${START + MINUTE}\n`,
  'exponents and blanks in cells': `${HEADER}\n${START}, 6e4 ,6.001E4,+59999,60005.000,15e-1\n${START + MINUTE},${B}\n`,
};

describe('candle files', () => {
  it.each(Object.entries(FORMATS))('reads %s', (_name, content) => {
    expect(table(read(content))).toEqual(EXPECTED);
  });

  it('does without a volume column and says so', () => {
    const { rows } = read('time,open,high,low,close\n1704067200000,1,1,1,1\n');
    expect([rows.hasVolume, rows.volume[0]]).toEqual([false, 0]);
  });

  it('reads mark candles over a volume column', () => {
    expect(read(plain, false).rows.hasVolume).toBe(false);
  });

  it('names rows of a reversed file as they stand in it', () => {
    const parsed = read(`${START + MINUTE},${B}\n${START},${A}\n`);
    expect([parsed.fileRow(0), parsed.fileRow(1)]).toEqual([2, 1]);
  });
});

describe('funding files', () => {
  it.each([
    ['timestamp_ms,funding_rate', `${START},0.0001\n${START + 1},-0.00025\n`],
    ['symbol,fundingRate,fundingRateTimestamp', `X,0.0001,${START}\nX,-2.5e-4,${START + 1}\n`],
    ['rate;time', `-0.00025;${START + 1}\n0.0001;${START}\n`],
  ])('reads %s', (header, body) => {
    const { rows } = readFundingCsv(readInputFile(file(dir, 'f.csv', `${header}\n${body}`)));
    expect([...rows.timeMs]).toEqual([START, START + 1]);
    expect([...rows.rate]).toEqual([0.0001, -0.00025]);
  });
});
