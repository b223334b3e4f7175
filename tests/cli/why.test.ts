import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { csv, lockstep, lockstepEach, marketFolder } from './support/lockstep.ts';
import type { CsvRow } from './support/lockstep.ts';

const START_MS = Date.UTC(2024, 0, 3);

let dir = '';
let fills: CsvRow[] = [];
let orders: CsvRow[] = [];
beforeAll(() => {
  dir = marketFolder();
  const grid = ['backtest', '--symbol', 'BTCUSDT', '--interval', '5m', '--warmup', '2d', '--to',
    '2024-01-08', '--set', 'multiplier=0.8', '--set', 'takeProfit=0.4', '--set', 'maxLevels=2',
    '--set', 'anchor=trailing'];
  const made = lockstepEach([
    [...grid, '--out', 'run'],
    [...grid, '--path', 'adverse', '--out', 'worst'],
    ['backtest', '--interval', '5m', '--symbol', 'BTCUSD', '--strategy', 'buy-and-hold',
      '--leverage', '50', '--capital', '0.0001', '--set', 'qty=200', '--out', 'ruined'],
  ], dir);
  expect(made.map(({ code }) => code)).toEqual([0, 0, 0]);
  fills = csv(join(dir, 'run/fills.csv'));
  orders = csv(join(dir, 'run/orders.csv'));
});

type Moment = {
  readonly market: { readonly price: number; readonly basis: string };
  readonly lastFill: CsvRow | null;
  readonly unknownFills: readonly CsvRow[];
  readonly slots: readonly {
    readonly slot: number;
    readonly state: string;
    readonly openQty: number;
    readonly reason: CsvRow | null;
    readonly orders: readonly Readonly<Record<string, unknown>>[];
  }[];
};

function momentsAt(times: readonly number[], run = 'run'): Moment[] {
  const lines = times.map((at) => ['why', run, '--at', String(at), '--json']);
  return lockstepEach(lines, dir).map(({ code, out, err }) => {
    expect([code, err]).toEqual([0, '']);
    return JSON.parse(out) as Moment;
  });
}

const num = (row: CsvRow | undefined, column: string): number => Number(row?.[column]);

describe('lockstep why', () => {
  it('tells the life of a first trade: on its way, resting, filled, known', () => {
    const [entry] = fills;
    const order = orders.find((row) => row['order_link_id'] === entry?.['order_link_id']);
    const filledMs = num(entry, 'time_ms');
    const knownMs = num(entry, 'known_ms');
    const [start, resting, filled, known] = momentsAt(
      [START_MS, num(order, 'venue_ms'), filledMs, knownMs]);

    expect(start?.lastFill).toBeNull();
    expect(start?.slots.map(({ state }) => state)).toEqual(['ENTRY_PENDING', 'FLAT']);
    expect(start?.slots[0]?.orders).toMatchObject([{ role: 'entry', arrived: false, price: null }]);
    expect(resting?.slots[0]?.reason?.['code']).toBe('entry-resting');
    expect(resting?.slots[0]?.orders).toMatchObject([{ role: 'entry', arrived: true }]);
    expect(resting?.slots[0]?.orders[0]?.['price']).toMatch(/^\d+\.\d\d$/);
    expect(resting?.slots[1]?.reason?.['code']).toBe('another-slot-first');

    expect(filled?.unknownFills).toEqual([entry]);
    expect(filled?.slots[0]).toMatchObject({ state: 'ENTRY_PENDING', openQty: 0 });
    expect(known?.unknownFills).toEqual([]);
    expect(known?.lastFill).toEqual(entry);
    expect(known?.slots[0]).toMatchObject({
      state: 'IN_POSITION', openQty: 1, reason: { code: 'exit-resting' },
    });
  });

  it('knows the price of the path: at a fill it is at least the tick beyond the limit', () => {
    const makers = fills.filter((row) => row['liquidity'] === 'maker').slice(0, 8);
    const moments = momentsAt(makers.map((row) => num(row, 'time_ms')));
    expect(moments.length).toBeGreaterThan(3);
    moments.forEach(({ market }, at) => {
      const row = makers[at];
      const beyond = row?.['side'] === 'Buy'
        ? num(row, 'price') - market.price : market.price - num(row, 'price');
      expect(market.basis).toBe('path');
      expect(beyond).toBeGreaterThan(0.0999);
      expect(beyond).toBeLessThan(60);
    });
  });

  it('says it in words, for one slot or all', () => {
    const at = new Date(num(fills[0], 'known_ms')).toISOString();
    const all = lockstep(['why', 'run', '--at', at], dir);
    expect([all.code, all.err]).toEqual([0, '']);
    expect(all.out).toMatch(/^2024-01-\S+Z {2}atr-grid on BTCUSDT, path direction, execution home\n/);
    expect(all.out).toMatch(/\n {2}price +\d+\.\d\d USDT \(path\)\n/);
    expect(all.out).toMatch(/\n {2}last fill +Buy 1\.000 at \d+\.\d\d \(entry, slot 0, 2024-/);
    expect(all.out).toMatch(/\nslot 0: IN_POSITION, holding 1\n {2}why +exit-resting: in position;/);
    expect(all.out).toMatch(/\n {2}spacing +\d+\.\d+ \(then\)\n {2}level +\d+\.\d\d.*, \d+\.\d\d above the price\n/);
    expect(all.out).toMatch(/\nslot 1: /);
    const one = lockstep(['why', 'run', '--at', at, '--slot', '1'], dir);
    expect(one.out).not.toMatch(/slot 0: /);
    expect(one.out).toMatch(/\nslot 1: /);
  });

  it('answers for the adverse path, and after a liquidation', () => {
    const [worst] = momentsAt([START_MS + 100_000], 'worst');
    expect(worst?.market.basis).toBe('open of the candle');
    const ruin = csv(join(dir, 'ruined/fills.csv'))[1];
    const [before, after] = momentsAt(
      [num(ruin, 'time_ms') - 1, num(ruin, 'time_ms') + 1], 'ruined');
    expect(before?.slots[0]).toMatchObject({ state: 'IN_POSITION', openQty: 200 });
    expect(after?.slots[0]).toMatchObject({ state: 'HALTED', openQty: 0, reason: null });
    const words = lockstep(['why', 'ruined', '--at', String(num(ruin, 'time_ms') + 1)], dir);
    expect(words.out).toMatch(/slot 0: HALTED\n {2}why +liquidated: the position was liquidated/);
  });

  it('refuses times outside the run, slots that are not there, and a sweep', () => {
    const manifest = JSON.parse(readFileSync(join(dir, 'worst/manifest.json'), 'utf8')) as object;
    const asked = lockstepEach([
      ['why', 'run', '--at', '2024-01-08'],
      ['why', 'run', '--at', '2024-01-02T23:59:59Z'],
      ['why', 'run', '--at', '2024-01-04', '--slot', '2'],
      ['why', 'run', '--at', '2024-01-04', '--slot', '-1'],
      ['why', 'run', '--at', '2024-01-04', '--data-dir', 'nowhere'],
    ], dir);
    const swept = { ...manifest, schema: 'lockstep.sweep-manifest' };
    writeFileSync(join(dir, 'worst/manifest.json'), JSON.stringify(swept));
    asked.push(lockstep(['why', 'worst', '--at', '2024-01-04'], dir));
    const messages = [
      /--at 2024-01-08T00:00:00Z is outside the run: it went from 2024-01-03/, /is outside the run/,
      /--slot 2 is not a whole number from 0 to 1/, /--slot -1 is not a whole number/,
      /no synthetic candles linear BTCUSDT 5m in nowhere.*give --data-dir/, /worst is a sweep/,
    ];
    asked.forEach(({ code, out, err }, at) => {
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/^lockstep: [^\n]+\n$/);
      expect(err).toMatch(messages[at] ?? /^$/);
    });
  });

  it('refuses files and data that are not those of the run', () => {
    const path = join(dir, 'run/reasons.csv');
    const reasons = readFileSync(path, 'utf8');
    writeFileSync(path, reasons.replace('entry-resting', 'exit-resting'));
    const tampered = lockstep(['why', 'run', '--at', '2024-01-04'], dir);
    writeFileSync(path, reasons);
    expect([tampered.code, tampered.err]).toEqual([2, expect.stringMatching(
      /^lockstep: run\/reasons.csv is not the file its manifest names: run the backtest again\n$/)]);
    const [synth, changed] = lockstepEach([
      ['data', 'synth', '--symbol', 'BTCUSDT', '--interval', '5m', '--days', '9', '--seed', '1'],
      ['why', 'run', '--at', '2024-01-04'],
    ], dir);
    expect(synth?.code).toBe(0);
    expect([changed?.code, changed?.err]).toEqual([2, expect.stringMatching(
      /^lockstep: synthetic candles linear BTCUSDT 5m in data has changed since the run[^\n]+\n$/)]);
  });
});
