import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SweepResult } from '../../src/sweep/results.ts';
import { bytesOf, FINISHED } from './support/folder.ts';
import { marketDir } from './support/market.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const home = mkdtempSync(join(tmpdir(), 'sweep-cli-'));
let dataDir = '';

beforeAll(async () => {
  dataDir = await marketDir(12);
});

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

function lockstep(args: readonly string[]) {
  const child = spawn(
    process.execPath,
    ['--import', TSX, join(root, 'src/cli/main.ts'), ...args, '--data-dir', dataDir],
    // Reports without --out go below the working directory.
    { cwd: home, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

// Seconds of work in a dozen chunks: a signal after the first chunk arrives long before the last.
const SWEEP = [
  'sweep', '--interval', '5m', '--set', 'maxLevels=3',
  '--grid', 'multiplier=0.2:3.1:0.1', '--grid', 'takeProfit=0.02:2:0.02',
];
const POINTS = 3000;

/** The file appears empty; a chunk is kept once its line is whole. */
function hasLine(log: string): boolean {
  return existsSync(log) && readFileSync(log, 'utf8').includes('\n');
}

describe('lockstep sweep', () => {
  it('killed on the way and resumed in another process leaves the bytes of one that was not', async () => {
    const killed = join(home, 'killed');
    const first = lockstep([...SWEEP, '--workers', '1', '--out', killed]);
    const log = join(killed, 'partial', 'chunks.log');
    while (!hasLine(log) && first.child.exitCode === null) await sleep(2);
    first.child.kill('SIGKILL');
    await first.ended;
    expect(existsSync(join(killed, 'manifest.json'))).toBe(false);
    expect(existsSync(join(killed, 'result.json'))).toBe(false);
    const chunks = readFileSync(log, 'utf8').trimEnd().split('\n').length;
    expect(chunks).toBeLessThan(8);

    const second = await lockstep([...SWEEP, '--workers', '2', '--out', killed, '--resume']).ended;
    expect(second.stderr).toMatch(new RegExp(`^going on after \\d+ of ${POINTS} points`));
    expect(second.code).toBe(0);

    const whole = await lockstep([...SWEEP, '--workers', '2', '--out', join(home, 'whole'), '--json']).ended;
    expect(whole.code).toBe(0);
    expect(Object.keys(bytesOf(killed))).toEqual(FINISHED);
    expect(bytesOf(killed)).toEqual(bytesOf(join(home, 'whole')));

    // --json: the result and nothing else.
    expect(JSON.parse(whole.stdout)).toEqual(JSON.parse(readFileSync(join(killed, 'result.json'), 'utf8')));
    // Without it: a table with a row per shown point, and where the report is.
    expect(second.stdout).toMatch(/rank +point +multiplier +takeProfit +plateau +return \(%\)/);
    expect(second.stdout).toContain(`report: ${killed}/report.html`);
    const { ranked } = JSON.parse(whole.stdout) as SweepResult;
    const rows = second.stdout.split('\n').flatMap((line) => /^ *(\d+) +(\d+) +[\d.]+ +[\d.]+ +/.exec(line) ?? []);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((_, at) => at % 3 === 2).map(Number)).toEqual(ranked.slice(0, 20).map(({ id }) => id));
  });

  it('stopped by Ctrl-C says in a line how to go on, and ends with 130', async () => {
    const out = join(home, 'stopped');
    const { child, ended } = lockstep([...SWEEP, '--workers', '1', '--out', out]);
    const log = join(out, 'partial', 'chunks.log');
    while (!hasLine(log) && child.exitCode === null) await sleep(2);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(stderr).toMatch(new RegExp(`stopped after \\d+ of ${POINTS} points; the same command with --resume goes on\\n$`));
    expect([code, stdout]).toEqual([130, '']);
    expect(existsSync(join(out, 'manifest.json'))).toBe(false);
  });

  it.each([
    [['sweep'], /a sweep needs at least one --grid/],
    [['sweep', '--grid', 'multiplyer=1,2'], /has no such parameter/],
    [['sweep', '--grid', 'multiplier=1:2', '--sample', 'sobol'], /needs --points/],
    [['sweep', '--interval', '5m', '--grid', 'qty=0.5,1'], /point 0 \(qty=0\.5\): quantity 0\.5/],
  ])('%j ends with 2 and one line', async (args, message) => {
    const { code, stdout, stderr } = await lockstep([...args, '--out', join(home, 'bad')]).ended;
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([2, '']);
    expect(existsSync(join(home, 'bad'))).toBe(false);
  });
});

describe('lockstep start', () => {
  it('goes on with synthetic candles when no exchange answers, and ends with a table', async () => {
    const { code, stdout, stderr } = await lockstep(['start', '--base-url', 'http://127.0.0.1:9']).ended;
    expect(stderr.split('\n').filter((line) => line.includes('synthetic'))).toHaveLength(1);
    expect(stdout).toMatch(/^SYNTHETIC DATA: atr-grid on BTCUSD 1m/);
    expect(stdout).toMatch(/^240 points \(grid\)/m);
    const report = /^report: (.*)$/m.exec(stdout)?.[1] ?? '';
    expect(existsSync(join(home, report))).toBe(true);
    expect(code).toBe(0);
  });
});
