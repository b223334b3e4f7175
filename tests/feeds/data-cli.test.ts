import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { alignedOption, intervalOption, refuseEmptyRange } from '../../src/cli/data-options.ts';
import { fakeBybit } from './bybit-server.ts';
import { csvOf, file, MINUTE, minutes, refusal, scratch, shipped, START, tree } from './helpers.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(ROOT, 'src/cli/main.ts');
const TSX = import.meta.resolve('tsx');

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** The command line in a process of its own, away from the repository. */
function lockstep(args: readonly string[], cwd = scratch(), env = {}): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', TSX, MAIN, ...args], {
    cwd,
    env: { ...process.env, LOCKSTEP_DATA_DIR: '', LOCKSTEP_DEBUG: '', ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

describe('lockstep data', () => {
  it('imports, lists and verifies, and verify sees the damage done', async () => {
    const dir = scratch();
    const path = file(dir, 'a.csv', csvOf([...minutes(5), ...minutes(5, 7)]));
    const imported = await lockstep(
      ['data', 'import', path, '--symbol', 'BTCUSDT', '--interval', '1m'],
      dir,
    );
    expect([imported.code, imported.err]).toEqual([0, '']);
    expect(imported.out).toMatch(/10 rows, 10 new in candles linear BTCUSDT 1m\n/);
    expect(imported.out).toMatch(/1 gap \(2 candles missing\)/);
    const [listed, json, verified] = await Promise.all([
      lockstep(['data', 'list', '--data-dir', join(dir, 'data')]),
      lockstep(['data', 'list', '--json'], '/', { LOCKSTEP_DATA_DIR: join(dir, 'data') }),
      lockstep(['data', 'verify'], dir),
    ]);
    expect(listed.out).toMatch(/^candles linear BTCUSDT 1m: 10 rows, 2024-01-01T00:00:00Z \.\. /);
    const [info] = JSON.parse(json.out) as { rows: number; data: string }[];
    expect(info?.rows).toBe(10);
    expect([verified.code, verified.out]).toEqual([
      0,
      expect.stringMatching(/^ok .*\n {4}gap 2024/),
    ]);
    const parquet = join(dir, 'data/candles/linear/BTCUSDT', `${info?.data ?? ''}.parquet`);
    const bytes = readFileSync(parquet);
    writeFileSync(parquet, bytes.subarray(0, bytes.length - 20));
    const damaged = await lockstep(['data', 'verify'], dir);
    expect([damaged.code, damaged.err]).toEqual([1, '']);
    expect(damaged.out).toMatch(/^BAD .*is damaged.*\n$/);
  });

  it('imports a daily stock with an instrument of the user', async () => {
    const dir = scratch();
    const spec = {
      symbol: 'ACME',
      category: 'linear',
      baseCurrency: 'ACME',
      quoteCurrency: 'USD',
      tickSize: '0.01',
      qtyStep: '1',
      minQty: '1',
      takerFeeRate: '0.0005',
      makerFeeRate: '0.0005',
      leverage: '1',
      maxLeverage: '2',
      maintenanceMarginRate: '0.25',
    };
    const instrument = file(dir, 'acme.json', JSON.stringify(spec));
    const days = ['2024-01-04', '2024-01-05', '2024-01-08', '2024-01-09'];
    const rows = days.map((day) => `${day},181.99,183.09,180.88,181.91,181.91,71983600`);
    const csv = file(
      dir,
      'acme.csv',
      ['Date,Open,High,Low,Close,Adj Close,Volume', ...rows].join('\n'),
    );
    const ended = await lockstep(
      ['data', 'import', csv, '--symbol', 'ACME', '--interval', '1d', '--instrument', instrument],
      dir,
    );
    expect([ended.code, ended.err]).toEqual([0, '']);
    expect(ended.out).toMatch(/linear ACME 1d: 4 rows, 2024-01-04T.* 1 gap \(2 candles missing\)/);
  });

  it('imports trades, makes candles of them, and says what it did', async () => {
    const dir = scratch();
    const rows = [
      '1704067259.9,BTCUSDT,Sell,0.25,60002.5,ZeroMinusTick,c,1,1,1',
      '1704067200.1,BTCUSDT,Buy,0.001,60000,PlusTick,a,1,1,1',
      '1704067200.1,BTCUSDT,Buy,0.001,60000,PlusTick,a,1,1,1',
      '1704067320.5,BTCUSDT,Sell,1.5,59999.9,MinusTick,b,1,1,1',
    ];
    const header =
      'timestamp,symbol,side,size,price,tickDirection,trdMatchID,' +
      'grossValue,homeNotional,foreignNotional';
    const path = file(dir, 'BTCUSDT2024-01-01.csv', [header, ...rows].join('\n'));
    const named = ['--symbol', 'BTCUSDT'];
    const imported = await lockstep(['data', 'import', path, '--kind', 'trades', ...named], dir);
    expect([imported.code, imported.err]).toEqual([0, '']);
    expect(imported.out).toMatch(/: 4 trades, 3 new, 1 there twice and left out\n/);
    expect(imported.out).toMatch(
      /trades linear BTCUSDT 2024-01-01: 3 rows, 2024-01-01T00:00:00\.1/,
    );
    const made = await lockstep(['data', 'candles', ...named], dir);
    expect([made.code, made.err]).toEqual([0, '']);
    expect(made.out).toMatch(
      /^2 candles, 2 new, of 2024-01-01 .. 2024-01-01\n.* 1 gap \(1 candles missing\)/,
    );
    const verified = await lockstep(['data', 'verify'], dir);
    expect([verified.code, verified.out.match(/^ok /gm)?.length]).toEqual([0, 2]);
  });

  it('makes synthetic data, the same bytes each time', async () => {
    const args = ['data', 'synth', '--symbol', 'BTCUSD', '--seed', '3', '--days', '2'];
    const [one, two] = [scratch(), scratch()];
    const [first] = await Promise.all([lockstep(args, one), lockstep(args, two)]);
    expect(first.out).toMatch(/^synthetic candles inverse BTCUSD 1m: 2880 rows, .*seed 3/);
    expect(tree(one)).toEqual(tree(two));
    expect(existsSync(join(one, 'data/synthetic/candles/inverse/BTCUSD/1m.json'))).toBe(true);
  });

  it('downloads all kinds and shows progress', async () => {
    const bybit = await fakeBybit(START, START + 3_000 * MINUTE);
    try {
      const dir = scratch();
      const ended = await lockstep(
        [
          'data',
          'download',
          '--symbol',
          'BTCUSDT',
          '--interval',
          '1m',
          '--from',
          '2024-01-01',
          '--to',
          '2024-01-02T12:00',
          '--kind',
          'all',
          '--base-url',
          bybit.url,
        ],
        dir,
      );
      expect(ended.code).toBe(0);
      expect(ended.out.match(/^(candles|mark|funding) linear BTCUSDT.*new rows$/gm)?.length).toBe(
        3,
      );
      expect(ended.err).toMatch(
        /candles linear BTCUSDT 1m: 1 pages, 1000 rows, back to 2024-01-01T/,
      );
    } finally {
      await bybit.close();
    }
  });
});

const SYNTH = ['data', 'synth', '--symbol', 'BTCUSDT'];
const IMPORT = ['data', 'import', 'no.csv', '--symbol', 'BTCUSDT'];
const DOWNLOAD = ['data', 'download', '--symbol', 'BTCUSDT', '--interval', '1m'];

describe('options', () => {
  const minute = intervalOption('1m');

  it('take times in ISO or epoch ms', () => {
    const times = ['2024-01-01', '2024-01-01T00:00:00Z', '2024-01-01T03:00+03:00', String(START)];
    expect(times.map((text) => alignedOption('from', text, minute))).toEqual(
      times.map(() => START),
    );
  });

  it.each([
    [() => intervalOption(undefined), /--interval is missing: one of 1s, 1m/],
    [() => intervalOption('1M'), /--interval 1M is unknown/],
    [() => alignedOption('from', 'yesterday', minute), /--from yesterday is not a time/],
    [
      () => alignedOption('to', '2024-01-01T00:00:30Z', minute),
      /--to .* does not open a 1m candle/,
    ],
    [() => refuseEmptyRange(START, START), /--from must lie before --to/],
  ])('are refused in one line: %#', async (read, message) => {
    expect(await refusal(read)).toMatch(message);
  });
});

describe('what a person gets wrong ends with 2 and one line', () => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /name a command/],
    [['data'], /data needs one of import/],
    [['data', 'list', '--jsn'], /Unknown argument: jsn/],
    [[...SYNTH, '--seed', 'abc'], /--seed needs a number/],
    [[...SYNTH, '--seed', '1', '--interval', '7m'], /--interval 7m is unknown: one of 1s, 1m/],
    [[...IMPORT, '--interval', '1m'], /no such file: no.csv/],
    [[...IMPORT, '--category', 'spot'], /Invalid values: Argument: category/],
    [[...IMPORT, '--interval', '1m', '--category', 'inverse'], /--category inverse contradicts/],
    [[...IMPORT, '--kind', 'trades', '--interval', '1m'], /--interval is not for trades/],
    [['data', 'candles', '--symbol', 'BTCUSDT'], /no trades of linear BTCUSDT in data/],
    [['data', 'candles', '--symbol', 'BTCUSDT', '--interval', '1w'], /1w is longer than a day/],
    [[...DOWNLOAD, '--from', '2024-01-02', '--to', '2024-01-01'], /--from must lie before --to/],
  ];

  it('for every kind of mistake', { timeout: 120_000 }, async () => {
    const dir = scratch();
    for (let at = 0; at < wrong.length; at += 3) {
      await Promise.all(
        wrong.slice(at, at + 3).map(async ([args, message]) => {
          const { code, out, err } = await lockstep(args, dir);
          expect([args.join(' '), code, out]).toEqual([args.join(' '), 2, '']);
          expect(err).toMatch(/^lockstep: [^\n]+\n$/);
          expect(err).toMatch(message);
        }),
      );
    }
    expect(tree(dir)).toEqual({});
  });
});

it('an error of ours is one line with 1, the stack only on demand', async () => {
  const dir = scratch();
  file(dir, 'data', 'not a folder');
  const path = file(dir, 'a.csv', csvOf(minutes(3)));
  expect(shipped().symbol).toBe('BTCUSDT');
  const args = ['data', 'import', path, '--symbol', 'BTCUSDT', '--interval', '1m'];
  const quiet = await lockstep(args, dir);
  expect(quiet.code).toBe(1);
  expect(quiet.err).toMatch(/^lockstep: unexpected: [^\n]+; set LOCKSTEP_DEBUG=1 for the stack\n$/);
  const loud = await lockstep(args, dir, { LOCKSTEP_DEBUG: '1' });
  expect(loud.err).toMatch(/\n {4}at /);
});
