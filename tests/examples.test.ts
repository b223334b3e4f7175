import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dipBuyer } from '../examples/dip-buyer.ts';
import { Simulation } from '../src/brokers/simulated/simulation.ts';
import { makeWorld } from '../src/brokers/simulated/world.ts';
import { Instrument } from '../src/engine/instrument.ts';
import { resolveParameters } from '../src/engine/parameters.ts';
import { anyStrategy } from '../src/engine/strategy.ts';
import { fundingIndex } from '../src/market/funding-index.ts';
import { indicatorSeries } from '../src/market/indicator-series.ts';
import { pathCode } from '../src/market/path.ts';
import { PLAIN, fillsOf, profile } from './fixtures/simulations.ts';
import { makeTape } from './fixtures/tapes.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lockstep-examples-'));
const dataDir = join(folder, 'data');

function lockstep(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(
    process.execPath,
    [join(root, 'bin', 'lockstep.mjs'), ...args, '--data-dir', dataDir],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
}

beforeAll(() => {
  const made = lockstep(
    'data',
    'synth',
    '--symbol',
    'BTCUSD',
    '--interval',
    '1m',
    '--days',
    '20',
    '--seed',
    '1',
  );
  expect(made.stderr + made.stdout).not.toContain('unexpected');
  expect(made.status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('dip-buyer.ts', () => {
  const strategy = anyStrategy(dipBuyer);
  const instrument = new Instrument(PLAIN);
  const HOUR = 3_600_000;
  /** Flat, but for one hour that dips four percent. */
  const candles = Array.from({ length: 40 }, (_, i) => {
    const low = i === 30 ? 9_600 : 9_990;
    return { open: 10_000, close: 10_000, high: 10_010, low };
  });

  it('buys the dip at rest, then sells', () => {
    const tape = makeTape(candles, HOUR);
    const setup = strategy.setup(
      resolveParameters('dip-buyer', strategy.parameters, { qty: 0.01, share: 0.03 }),
      instrument,
    );
    const series = indicatorSeries(tape, setup.indicators);
    const endMs = tape.count * HOUR;
    const world = makeWorld({
      tape,
      instrument,
      funding: fundingIndex(tape, instrument, undefined, 0, endMs),
      execution: profile(),
      path: pathCode('direction'),
      seed: 1,
      startMs: 0,
      endMs,
      leverage: 1,
      capitalMoney: NaN,
    });
    const simulation = new Simulation(world, series, strategy, setup, { keepsRows: true });
    simulation.run(setup);
    const fills = fillsOf(simulation);
    expect(fills.map((fill) => fill.role).slice(0, 2)).toEqual(['entry', 'exit']);
    expect(fills[0]).toMatchObject({ side: 1, maker: true });
  });

  it('stands in the README as it is', () => {
    const source = readFileSync(join(root, 'examples', 'dip-buyer.ts'), 'utf8');
    const shown = source.slice(source.indexOf('export const dipBuyer'));
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(shown);
  });
});

const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.yaml'));

describe('examples', () => {
  it.each(examples)('%s runs and writes a report', (name) => {
    const out = join(folder, name);
    const run = lockstep('sweep', '--config', join(root, 'examples', name), '--out', out);
    expect(run.status, run.stderr).toBe(0);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('SYNTHETIC');
    expect(readFileSync(join(out, 'points.csv'), 'utf8').split('\n').length).toBeGreaterThan(2);
  });

  it('stock.json makes daily candles of a share testable', () => {
    const csv = join(root, 'tests', 'fixtures', 'acme-daily.csv');
    const instrument = join(root, 'examples', 'stock.json');
    const common = ['--symbol', 'ACME', '--interval', '1d', '--instrument', instrument];
    const imported = lockstep('data', 'import', csv, ...common);
    expect(imported.status, imported.stderr).toBe(0);
    const out = join(folder, 'share');
    const run = lockstep(
      'backtest',
      ...common,
      '--strategy',
      'sma-cross',
      '--set',
      'fast=5',
      '--set',
      'slow=20',
      '--set',
      'interval=1d',
      '--participation',
      'off',
      '--out',
      out,
    );
    expect(run.status, run.stderr).toBe(0);
    expect(readFileSync(join(out, 'fills.csv'), 'utf8')).toContain(',USD,entry');
  });
});
