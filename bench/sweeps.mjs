/** Whole sweeps, by the clock: threads against each other, and a cold start. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../scripts/bundle.mjs';
import { best, median } from './rounds.mjs';

const COLD_ROUNDS = 3;

/** Runs a script of this folder; its standard output. */
export function runScript(name, ...args) {
  const script = fileURLToPath(new URL(name, import.meta.url));
  const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 26 };
  const { status, stdout } = spawnSync(process.execPath, [script, ...args], options);
  if (status !== 0) throw new Error(`${name} ended with code ${status}`);
  return stdout;
}

/** { points, one, two }: seconds by the clock, processor seconds used, and what others took of it. */
export function measureThreads(setting, dataDir, workDir, refinement, rounds) {
  const job = { setting, dataDir, workDir, refinement, rounds };
  return JSON.parse(runScript('threads-process.mjs', JSON.stringify(job)));
}

/** Seconds from the start of a process to its end, the best and the median of some. */
export async function measureColdSweep(setting, execution, dataDir, workDir) {
  await bundle('bench/cold-process.mjs', 'dist/bench');
  const seconds = Array.from({ length: COLD_ROUNDS }, () => {
    const out = mkdtempSync(join(workDir, 'cold-'));
    const began = performance.now();
    runScript(
      '../dist/bench/cold-process.js',
      JSON.stringify({ setting, execution, dataDir, out, workers: 2 }),
    );
    const took = (performance.now() - began) / 1_000;
    rmSync(out, { recursive: true });
    return took;
  });
  return { best: best(seconds), median: median(seconds) };
}

/** The command a user types, with everything: ranking, finalists' other terms, files, report. */
export function measureCommand(grid, params, execution, dataDir, workDir) {
  const out = mkdtempSync(join(workDir, 'command-'));
  const lockstep = fileURLToPath(new URL('../bin/lockstep.mjs', import.meta.url));
  const flags = (flag, values) =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  const args = [
    lockstep,
    'sweep',
    '--data-dir',
    dataDir,
    '--symbol',
    'BTCUSD',
    '--out',
    join(out, 'sweep'),
    '--execution',
    execution,
    '--workers',
    '2',
    ...flags('--grid', grid),
    ...flags('--set', params),
  ];
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`lockstep sweep ended with code ${status}: ${stderr}`);
  const seconds = (performance.now() - began) / 1_000;
  rmSync(out, { recursive: true });
  return seconds;
}
