import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BacktestResult } from '../../src/sweep/results.ts';
import { csv, lockstepEach, scratch } from './support/lockstep.ts';
import type { Ended } from './support/lockstep.ts';

const MARKET = ['--symbol', 'BTCUSDT'];
const RUN = [
  'backtest',
  ...MARKET,
  '--path',
  'trades',
  '--execution',
  'ideal',
  '--set',
  'multiplier=0.5',
  '--set',
  'takeProfit=0.3',
  '--set',
  'atrInterval=15m',
  '--set',
  'qty=0.05',
  '--set',
  'maxLevels=3',
];
const SWEEP = [
  'sweep',
  ...MARKET,
  '--path',
  'trades',
  '--set',
  'atrInterval=15m',
  '--set',
  'qty=0.05',
  '--grid',
  'multiplier=0.3:0.6:0.1',
  '--grid',
  'takeProfit=0.2:0.4:0.1',
];

let dir = '';
let ended: Ended[] = [];
beforeAll(() => {
  dir = scratch();
  const synth = ['data', 'synth', '--kind', 'trades', ...MARKET, '--days', '3', '--seed', '5'];
  ended = lockstepEach(
    [
      synth,
      [...synth, '--data-dir', 'again'],
      ['data', 'verify'],
      [...RUN, '--out', 'run'],
      [...RUN, '--out', 'never', '--queue', 'never'],
      [...RUN, '--out', 'longer', '--to', '2024-01-05'],
      [...SWEEP, '--out', 'one', '--workers', '1'],
      [...SWEEP, '--out', 'two', '--workers', '2'],
      ['why', 'run', '--at', '2024-01-01T12:00:00Z'],
      ['backtest', '--symbol', 'BTCUSD', '--path', 'trades'],
      [...RUN, '--out', 'front', '--queue', '0'],
      [...RUN, '--queue', 'soon'],
    ],
    dir,
  );
  rmSync(join(dir, 'data/synthetic/trades/linear/BTCUSDT/2024-01-02.json'));
  ended.push(...lockstepEach([RUN], dir));
});

function resultOf(folder: string): BacktestResult {
  return JSON.parse(readFileSync(join(dir, folder, 'result.json'), 'utf8')) as BacktestResult;
}

describe('--path trades', () => {
  it('runs on synthetic trades of several days, which are the same for the same seed', () => {
    expect(ended.slice(0, 5).map(({ code, err }) => [code, err])).toEqual(Array(5).fill([0, '']));
    expect(ended[0]?.out).toMatch(
      /^\d{6} synthetic trades of linear BTCUSDT, 2024-01-01 \.\. 2024-01-03/,
    );
    expect(ended[1]?.out).toBe(ended[0]?.out);
    const { run, metrics } = resultOf('run');
    expect([run.path, run.days, run.frictions['queueAhead']]).toEqual(['trades', 3, '60s']);
    expect(metrics['fills']).toBeGreaterThan(10);
  });

  it('R-TRD-3 makes the candles of the trades it walks', () => {
    const { run } = resultOf('run');
    const missing = run.gaps.reduce((sum, gap) => sum + gap.missingCandles, 0);
    expect(run.candles + missing).toBe(3 * 1_440);
  });

  it('has its first fill without a queue no later than behind one that is never worked off', () => {
    expect(resultOf('never').run.frictions['queueAhead']).toBe('never');
    const firstFillMs = (folder: string): number =>
      Number(csv(join(dir, folder, 'fills.csv'))[0]?.['time_ms']);
    expect(firstFillMs('never')).toBeGreaterThan(0);
    expect(firstFillMs('front')).toBeLessThanOrEqual(firstFillMs('never'));
    const fills = (folder: string): string => readFileSync(join(dir, folder, 'fills.csv'), 'utf8');
    expect(fills('front')).not.toBe(fills('never'));
  });

  it('stands beside its candles in result.json and in the report', () => {
    const { besideCandles, metrics, pathInterval } = resultOf('run');
    expect(besideCandles?.trades.netProfit).toBe(metrics['netProfit']);
    const direction = pathInterval.find(({ path }) => path === 'direction');
    expect(besideCandles?.candles.netProfit).toBe(direction?.netProfit);
    const page = readFileSync(join(dir, 'run', 'report.html'), 'utf8');
    expect(page).toContain('Trades beside candles');
  });

  it('R-TRD-4 refuses a period with a day that is not there, in one line', () => {
    expect(ended[5]).toMatchObject({ code: 2, out: '' });
    expect(ended[5]?.err).toMatch(
      /^lockstep: the trades run from 2024-01-01T00:00:00Z to 2024-01-04/,
    );
    const last = ended.at(-1);
    expect(last?.code).toBe(2);
    expect(last?.err).toMatch(
      /^lockstep: no trades of linear BTCUSDT on 2024-01-02 in data: [^\n]+\n$/,
    );
  });

  it('names what is missing or unreadable in one line', () => {
    for (const { code, err } of ended.slice(9, 12)) {
      if (code === 0) continue;
      expect(code).toBe(2);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
    }
    expect(ended[9]?.err).toMatch(
      /no trades of inverse BTCUSD in data: get some with lockstep data import/,
    );
    expect(ended[11]?.err).toMatch(/--queue soon is not a length of time/);
  });

  it('sweeps to the same bytes on one and on two workers', () => {
    expect([ended[6]?.code, ended[7]?.code]).toEqual([0, 0]);
    const points = (folder: string): string =>
      readFileSync(join(dir, folder, 'points.csv'), 'utf8');
    expect(points('two')).toBe(points('one'));
    expect(points('one').split('\n').length).toBeGreaterThan(12);
  });

  it('tells the price of the last trade in lockstep why', () => {
    expect(ended[8]).toMatchObject({ code: 0, err: '' });
    expect(ended[8]?.out).toMatch(/\d{5}\.\d/);
  });
});
