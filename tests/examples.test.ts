import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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
