import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BacktestResult } from '../../src/sweep/results.ts';
import { ROOT, csv, file, lockstep, lockstepEach, marketFolder, tree } from './support/lockstep.ts';
import type { CsvRow, Ended } from './support/lockstep.ts';
import { divideRounded, units } from './support/money.ts';

/** Trades often, holds several levels, and ends flat: what the ledger test needs. */
const GRID = [
  'backtest', '--interval', '5m', '--warmup', '2d', '--set', 'multiplier=0.8',
  '--set', 'takeProfit=0.4', '--set', 'maxLevels=3', '--set', 'stopLoss=2', '--set', 'qty=1',
  '--set', 'anchor=trailing',
];
const FILES = [
  'equity.csv', 'fills.csv', 'levels.csv', 'manifest.json', 'orders.csv', 'reasons.csv',
  'report.html', 'result.json', 'trades.csv',
];

let dir = '';
let ended: Ended[] = [];
beforeAll(() => {
  dir = marketFolder();
  const elsewhere = ['--data-dir', join(dir, 'data')];
  ended = lockstepEach([
    [...GRID, '--symbol', 'BTCUSDT', '--out', 'a', '--capital', '100000'],
    [...GRID, '--symbol', 'BTCUSDT', '--out', 'b/c', '--capital', '100000', '--json', ...elsewhere],
    [...GRID, '--symbol', 'BTCUSD', '--out', 'inverse'],
    [...GRID, '--symbol', 'BTCUSDT', '--seed', '2', '--slippage', '3', '--participation', 'off'],
    [...GRID, '--symbol', 'BTCUSDT', '--path', 'high-first', '--through', '0', '--latency', 'ideal',
      '--to', '2024-01-05', '--out', 'hopeful'],
    ['backtest', '--interval', '5m', '--symbol', 'BTCUSD', '--strategy', 'buy-and-hold',
      '--leverage', '50', '--capital', '0.0001', '--set', 'qty=200', '--out', 'ruined'],
  ], dir);
});

function resultOf(folder: string): BacktestResult {
  return JSON.parse(readFileSync(join(dir, folder, 'result.json'), 'utf8')) as BacktestResult;
}

describe('lockstep backtest', () => {
  it('prints a summary with the result, its unit, the honest interval and where the report is', () => {
    expect(ended.map(({ code, err }) => [code, err.split(' ')[0]])).toEqual(
      [[0, ''], [0, 'report:'], [0, ''], [0, ''], [0, ''], [0, '']]);
    const { out, err } = ended[0] ?? { out: '', err: '' };
    expect(err).toBe('');
    expect(out).toMatch(/^SYNTHETIC DATA: atr-grid on BTCUSDT 5m, path direction, execution home/);
    expect(out).toMatch(/\n {2}net profit +-?\d+\.\d+ USDT\n/);
    expect(out).toMatch(/\n {2}honest interval +\S+ \(adverse\) to \S+ \(direction\) USDT\n/);
    expect(out).toMatch(/\n {2}! The period is 28 days/);
    expect(out).toMatch(/\n {2}report: a\/report.html\n$/);
    expect(ended[2]?.out).toMatch(/\n {2}net profit +-?\d+\.\d+ BTC = -?\d+\.\d\d USD\n/);
  });

  it('writes the same bytes from another working folder and data folder, but for createdAt', () => {
    expect(readdirSync(join(dir, 'a')).sort()).toEqual(FILES);
    const [one, two] = [tree(join(dir, 'a')), tree(join(dir, 'b/c'))];
    const timeless = (text = ''): string => text.replace(/"createdAt": "[^"]+"/, '');
    expect(timeless(one['manifest.json'])).toBe(timeless(two['manifest.json']));
    expect(one['manifest.json']).toMatch(/"createdAt": "20\d\d-/);
    for (const name of FILES.filter((each) => each !== 'manifest.json')) {
      expect([name, one[name] === two[name]]).toEqual([name, true]);
    }
  });

  it('names no place on the machine in any file', () => {
    for (const [name, text] of Object.entries(tree(join(dir, 'b/c')))) {
      expect([name, text.includes(dir), text.includes(ROOT)]).toEqual([name, false, false]);
    }
  });

  it('prints the result and nothing else with --json', () => {
    const { out, err } = ended[1] ?? { out: '', err: '' };
    expect(out).toBe(readFileSync(join(dir, 'b/c/result.json'), 'utf8'));
    const result = JSON.parse(out) as BacktestResult;
    expect([result.schema, result.version]).toEqual(['lockstep.backtest', 1]);
    expect(err).toBe('report: b/c/report.html\n');
  });

  it('names a changed profile by its changes and the default folder by the question', () => {
    const [name = ''] = readdirSync(join(dir, 'reports'));
    expect(name).toMatch(/^atr-grid-BTCUSDT-5m-[0-9a-f]{8}$/);
    const { run } = resultOf(join('reports', name));
    expect(run.execution).toBe('home+slippage=3+participation=off');
    expect(run.frictions).toMatchObject({ slippageBps: 3, participation: 'off' });
    expect([run.seed, run.capital]).toEqual([2, null]);
  });

  it('warns of what a reader must know', () => {
    const codes = resultOf('inverse').warnings.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(
      ['synthetic', 'short-period', 'funding-fallback', 'capital-derived']));
    expect(resultOf('a').warnings.map(({ code }) => code)).not.toContain('capital-derived');
    expect(resultOf('hopeful').warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(
      ['ideal-execution', 'through-zero', 'sensitivity-path']));
  });

  it('ends at a liquidation, which is nobody\'s order', () => {
    const { metrics, warnings } = resultOf('ruined');
    expect([metrics['liquidated'], metrics['openLots']]).toEqual([1, 0]);
    expect(warnings.map(({ code }) => code)).toContain('liquidated');
    const rows = csv(join(dir, 'ruined/fills.csv'));
    expect(rows.map((row) => row['role'])).toEqual(['entry', 'liquidation']);
    expect(rows[1]).toMatchObject({ order_link_id: '', slot: '-1', known_ms: '', side: 'Sell' });
  });

  it('shows the run beside adverse and ideal, and where slot time went', () => {
    const { pathInterval, reasonHours, stateHours, run, metrics } = resultOf('a');
    expect(pathInterval.map(({ path, execution }) => [path, execution])).toEqual(
      [['direction', 'home'], ['adverse', 'home'], ['direction', 'ideal']]);
    expect(pathInterval[0]?.netProfit).toBe(metrics['netProfit']);
    const sum = (hours: Readonly<Record<string, number>>): number =>
      Object.values(hours).reduce((total, each) => total + each, 0);
    expect(sum(stateHours)).toBeCloseTo(run.days * 24 * 3, 6);
    expect(sum(reasonHours)).toBeCloseTo(run.days * 24 * 3, 6);
  });
});

describe('the manifest', () => {
  it('R10 names the version and, by hash, everything that the run was made of', () => {
    const own = readFileSync(join(ROOT, 'package.json'), 'utf8');
    const { version } = JSON.parse(own) as { version: string };
    const manifest = JSON.parse(readFileSync(join(dir, 'a/manifest.json'), 'utf8')) as object;
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
    expect(manifest).toMatchObject({
      lockstep: version,
      spec: { strategy: 'atr-grid', params: { multiplier: 0.8 } },
      instrument: { sha256: hash },
      execution: { sha256: hash },
      data: [{ hash: expect.any(String) as string }],
      files: { 'report.html': hash, 'result.json': hash },
    });
  });
});

describe('the command in the manifest', () => {
  it('does the run again, byte for byte', () => {
    const before = tree(join(dir, 'a'));
    const { command } = JSON.parse(before['manifest.json'] ?? '') as { command: string };
    const again = lockstep([...command.split(' ').slice(1), '--out', 'again'], dir);
    expect([again.code, again.err]).toEqual([0, '']);
    const after = tree(join(dir, 'again'));
    for (const name of ['fills.csv', 'orders.csv', 'result.json', 'reasons.csv']) {
      expect([name, after[name] === before[name]]).toEqual([name, true]);
    }
  });
});

describe('the tables', () => {
  const fills = (folder: string): CsvRow[] => csv(join(dir, folder, 'fills.csv'));

  it('fills.csv has the public columns, in time order, news after the fact', () => {
    const header = readFileSync(join(dir, 'a/fills.csv'), 'utf8').split('\n')[0];
    expect(header).toBe(
      'time_ms,known_ms,order_link_id,slot,side,price,qty,liquidity,fee,fee_currency,role');
    const rows = fills('a');
    expect(rows.length).toBe(resultOf('a').metrics['fills']);
    expect(rows.length).toBeGreaterThan(50);
    let before = 0;
    for (const row of rows) {
      expect(Number(row['time_ms'])).toBeGreaterThanOrEqual(before);
      before = Number(row['time_ms']);
      if (row['known_ms'] !== '') expect(Number(row['known_ms'])).toBeGreaterThanOrEqual(before);
      expect(row['side']).toMatch(/^(Buy|Sell)$/);
      expect(row['liquidity']).toMatch(/^(maker|taker)$/);
      expect(row['role']).toMatch(/^(entry|exit|stop|timeout|liquidation)$/);
      expect(row['price']).toMatch(/^\d+\.\d\d$/);
      expect(row['qty']).toMatch(/^\d+\.\d{3}$/);
      expect(row['fee_currency']).toBe('USDT');
    }
    expect(new Set(rows.map((row) => row['role']))).toEqual(new Set(['entry', 'exit', 'stop']));
  });

  it('every fill is of an order of orders.csv, whose filled sums agree', () => {
    for (const folder of ['a', 'inverse']) {
      const orders = csv(join(dir, folder, 'orders.csv'));
      const ids = orders.map((row) => row['order_link_id'] ?? '');
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^ls-\d+-\d+-(entry|exit|stop|close)-\d+$/);
      expect(Math.max(...ids.map((id) => id.length))).toBeLessThanOrEqual(36);
      const filled = new Map<string, bigint>();
      for (const row of fills(folder)) {
        const id = row['order_link_id'] ?? '';
        filled.set(id, (filled.get(id) ?? 0n) + units(row['qty'] ?? '', 3));
      }
      for (const row of orders) {
        expect(units(row['filled'] ?? '', 3)).toBe(filled.get(row['order_link_id'] ?? '') ?? 0n);
        filled.delete(row['order_link_id'] ?? '');
      }
      expect([...filled.keys()]).toEqual([]);
    }
  });

  it('fees of fills.csv are the fees of the result, and its money is the net profit (linear)', () => {
    const { metrics } = resultOf('a');
    expect(metrics['openLots']).toBe(0);
    let [fees, flow] = [0n, 0n];
    for (const row of fills('a')) {
      fees += units(row['fee'] ?? '', 8);
      const value = units(row['price'] ?? '', 2) * units(row['qty'] ?? '', 3) * 1_000n;
      flow += row['side'] === 'Sell' ? value : -value;
    }
    expect(metrics['fees']).toBeCloseTo(Number(fees) / 1e8, 7);
    const net = Number(flow - fees) / 1e8 - (metrics['funding'] ?? NaN);
    expect(metrics['netProfit']).toBeCloseTo(net, 6);
  });

  it('the same for an inverse contract: coins to the unit, a rounding a fill', () => {
    const { metrics } = resultOf('inverse');
    expect(metrics['openLots']).toBe(0);
    const rows = fills('inverse');
    let [fees, flow] = [0n, 0n];
    for (const row of rows) {
      fees += units(row['fee'] ?? '', 12);
      const value = divideRounded(
        units(row['qty'] ?? '', 0) * 10n ** 14n, units(row['price'] ?? '', 2));
      flow += row['side'] === 'Buy' ? value : -value;
    }
    expect(Math.abs((metrics['fees'] ?? NaN) * 1e12 - Number(fees))).toBeLessThan(0.01);
    const net = Number(flow - fees) - (metrics['funding'] ?? NaN) * 1e12;
    expect(Math.abs((metrics['netProfit'] ?? NaN) * 1e12 - net)).toBeLessThanOrEqual(rows.length);
  });

  it('equity.csv starts at 0, moves hourly and ends with the net profit', () => {
    const rows = csv(join(dir, 'a/equity.csv'));
    expect(rows[0]).toEqual({ time_ms: String(Date.UTC(2024, 0, 3)), equity: '0.00000000' });
    expect(rows.length).toBe(28 * 24 + 1);
    expect(Number(rows.at(-1)?.['equity'])).toBeCloseTo(resultOf('a').metrics['netProfit'] ?? NaN, 7);
  });

  it('reasons.csv covers every slot without a hole or an overlap', () => {
    const rows = csv(join(dir, 'a/reasons.csv'));
    for (const slot of ['0', '1', '2']) {
      let untilMs = String(Date.UTC(2024, 0, 3));
      for (const row of rows.filter((each) => each['slot'] === slot)) {
        expect(row['from_ms']).toBe(untilMs);
        untilMs = row['until_ms'] ?? '';
      }
      expect(untilMs).toBe(String(Date.UTC(2024, 0, 31)));
    }
  });

  it('trades.csv adds up to the net profit', () => {
    const rows = csv(join(dir, 'a/trades.csv'));
    const sum = rows.reduce((total, row) => total + units(row['net_pnl'] ?? '', 8), 0n);
    expect(rows.length).toBe(resultOf('a').metrics['trades']);
    expect(resultOf('a').metrics['netProfit']).toBeCloseTo(Number(sum) / 1e8, 5);
  });
});

describe('recorded candles with a gap', () => {
  /** Minutes of a slow rise, none between 02:00 and 04:30; without volume when asked. */
  function candles(name: string, withVolume: boolean): string {
    const minutes = [...Array(120).keys(), ...Array.from({ length: 90 }, (_, i) => 270 + i)];
    const rows = minutes.map((minute) => {
      const open = 60_000 + minute;
      const cells = [Date.UTC(2024, 0, 1, 0, minute), open, open + 2, open - 2, open + 1];
      return [...cells, ...(withVolume ? [500] : [])].join(',');
    });
    const header = ['timestamp_ms', 'open', 'high', 'low', 'close', ...(withVolume ? ['volume'] : [])];
    return file(dir, name, [header.join(','), ...rows].join('\n'));
  }

  it('says so, and that a position was held over it; why knows the market was closed', () => {
    const data = ['--symbol', 'BTCUSDT', '--interval', '1m', '--data-dir', 'gappy'];
    const hold = ['backtest', ...data, '--strategy', 'buy-and-hold', '--capital', '100000'];
    const [imported, ran, why, bare, barred] = lockstepEach([
      ['data', 'import', candles('gap.csv', true), ...data],
      [...hold, '--out', 'gap'],
      ['why', 'gap', '--at', '2024-01-01T03:00:00Z', '--data-dir', 'gappy'],
      ['data', 'import', candles('bare.csv', false), ...data.slice(0, 4), '--data-dir', 'bare'],
      [...hold.map((word) => word === 'gappy' ? 'bare' : word), '--out', 'never'],
    ], dir);
    expect([imported?.code, ran?.code, bare?.code]).toEqual([0, 0, 0]);
    expect(ran?.out).not.toMatch(/SYNTHETIC/);
    const { run, warnings, metrics } = resultOf('gap');
    expect(run.gaps).toEqual([{
      from: '2024-01-01T02:00:00Z', to: '2024-01-01T04:30:00Z', missingCandles: 150,
      positionHeld: true,
    }]);
    expect(warnings.map(({ code }) => code)).toContain('gap-held');
    expect(warnings.map(({ code }) => code)).not.toContain('synthetic');
    // 00:00 and 01:00 to 06:00, but nothing closed at 03:00 or 04:00.
    const times = csv(join(dir, 'gap/equity.csv')).map((row) => Number(row['time_ms']));
    expect(times.map((time) => new Date(time).getUTCHours())).toEqual([0, 1, 2, 5, 6]);
    expect(metrics['openLots']).toBe(1);
    expect(why?.out).toMatch(/price +60120\.00 USDT \(closed market: last close\)/);
    expect([barred?.code, barred?.err]).toEqual(
      [2, expect.stringMatching(/limits participation .* no volume: use --participation off\n$/)]);
    expect(existsSync(join(dir, 'never'))).toBe(false);
  });
});

describe('an output folder', () => {
  it('is replaced by a later run, and kept when it holds something of a person', () => {
    const args = [...GRID, '--symbol', 'BTCUSDT', '--to', '2024-01-05', '--out', 'kept'];
    expect(lockstep(args, dir).code).toBe(0);
    const [first] = [tree(join(dir, 'kept'))];
    expect(lockstep([...args, '--seed', '9'], dir).code).toBe(0);
    const second = tree(join(dir, 'kept'));
    expect(Object.keys(second)).toEqual(FILES);
    expect(second['fills.csv']).not.toBe(first?.['fills.csv']);
    file(join(dir, 'kept'), 'notes.txt', 'mine');
    const third = lockstep(args, dir);
    expect([third.code, third.out]).toEqual([2, '']);
    expect(third.err).toMatch(/--out kept holds notes.txt/);
    expect(tree(join(dir, 'kept'))).toEqual({ ...second, 'notes.txt': 'mine' });
    expect(readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('a configuration file', () => {
  it('is read as YAML or JSON, under the flags', () => {
    const yaml = [
      'symbol: BTCUSDT', 'interval: 5m', 'seed: 7', 'to: 2024-01-04', 'slippage: 2.5',
      'out: from-file', 'set:', '  multiplier: 1.25', '  postOnly: true',
    ].join('\n');
    file(dir, 'run.yaml', yaml);
    file(dir, 'run.json', '{\n\t"symbol": "BTCUSDT", "interval": "5m", "to": "2024-01-04"\n}');
    const config = ['backtest', '--config', 'run.yaml', '--json'];
    const results = lockstepEach([
      config,
      [...config, '--seed', '8', '--set', 'multiplier=2', '--out', 'from-flag'],
      ['backtest', '--config', 'run.json', '--json', '--out', 'from-json'],
      ['backtest', '--config', 'run.json', '--json', '--out', 'from-name', '--slippage', '2.5',
        '--execution', 'ideal+slippage=9+participation=0.5'],
    ], dir).map(({ code, out }) => {
      expect(code).toBe(0);
      return (JSON.parse(out) as BacktestResult).run;
    });
    expect(results[0]).toMatchObject({
      symbol: 'BTCUSDT', seed: 7, to: '2024-01-04T00:00:00Z', execution: 'home+slippage=2.5',
      params: { multiplier: 1.25, postOnly: true, takeProfit: 0.5 },
    });
    expect(results[1]).toMatchObject({ seed: 8, params: { multiplier: 2, postOnly: true } });
    expect(results[2]).toMatchObject({ seed: 1, execution: 'home', params: { multiplier: 2 } });
    expect(results[3]?.execution).toBe('ideal+slippage=2.5+participation=0.5');
    expect(['from-file', 'from-flag', 'from-json'].map((name) => existsSync(join(dir, name))))
      .toEqual([true, true, true]);
  });
});

describe('risk limits', () => {
  it('are in manifest, report, header and the command that does the run again, which does it', () => {
    const limits = ['--max-position', '0.02', '--max-order-rate', '30', '--max-daily-loss', '50',
      '--price-collar', '0.05', '--max-price-age', '1m', '--max-open-orders', '9'];
    const run = [...GRID, '--symbol', 'BTCUSDT', '--to', '2024-01-04', '--json'];
    const [free, limited] = lockstepEach(
      [[...run, '--out', 'free'], [...run, ...limits, '--out', 'limited']], dir)
      .map(({ code, out }) => {
        expect(code).toBe(0);
        return JSON.parse(out) as BacktestResult;
      });
    expect(limited?.run.risk).toEqual({
      'max-position': '0.02', 'max-open-orders': '9', 'max-order-rate': '30',
      'price-collar': '0.05', 'max-daily-loss': '50', 'max-price-age': '1m',
    });
    expect(free?.run.risk).toEqual({});
    expect(limited?.metrics['fills']).toBeLessThan(free?.metrics['fills'] ?? 0);
    const files = tree(join(dir, 'limited'));
    expect(files['report.html']).toContain('max-position 0.02, max-open-orders 9');
    const { command, spec } = JSON.parse(files['manifest.json'] ?? '') as {
      command: string; spec: { risk: unknown };
    };
    expect(spec.risk).toEqual(limited?.run.risk);
    const again = command.split(' ').slice(1);
    const rerun = lockstep([...again, '--out', 'again', '--json'], dir);
    expect(JSON.parse(rerun.out)).toEqual(limited);
  });
});

describe('the golden run', () => {
  const golden = join(ROOT, 'tests/golden/backtest');
  const SMALL = FILES.filter((name) => name !== 'manifest.json' && name !== 'report.html');

  it('has not changed a byte (UPDATE_GOLDEN=1 writes it anew)', () => {
    const ran = lockstep(
      [...GRID, '--symbol', 'BTCUSDT', '--to', '2024-01-06', '--capital', '500000', '--out', 'golden'], dir);
    expect([ran.code, ran.err]).toEqual([0, '']);
    const now = tree(join(dir, 'golden'));
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(golden, { recursive: true });
      for (const name of SMALL) writeFileSync(join(golden, name), now[name] ?? '');
    }
    const then = tree(golden);
    expect(Object.keys(then)).toEqual(SMALL);
    for (const name of SMALL) expect(now[name]).toBe(then[name]);
  });
});
