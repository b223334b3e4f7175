import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readParquet } from '../../src/feeds/parquet-columns.ts';
import { renderSweepReport } from '../../src/report/sweep-report.ts';
import { findStrategy } from '../../src/strategies/registry.ts';
import { METRICS, METRIC_COUNT } from '../../src/sweep/metrics/registry.ts';
import { gridPoints, pointParams } from '../../src/sweep/points.ts';
import { prepareRun } from '../../src/sweep/prepare.ts';
import type { PreparedRun } from '../../src/sweep/prepare.ts';
import type { SweepResult } from '../../src/sweep/results.ts';
import { runSweep } from '../../src/sweep/sweep.ts';
import type { SweepOptions } from '../../src/sweep/sweep.ts';
import { parseAxis } from '../../src/sweep/sweep-axes.ts';
import { reportInputOf } from '../../src/sweep/sweep-outcome.ts';
import { SweepStopped } from '../../src/sweep/sweep-stopped.ts';
import { daysPerRow, PointRunner } from '../../src/sweep/worker-runner.ts';
import { bytesOf, FINISHED } from './support/folder.ts';
import { marketDir, specOf } from './support/market.ts';

/** More than one chunk, indicators of two kinds, so that threads have something to mix up. */
const POINTS = gridPoints([
  ['atrPeriod', '7,14'], ['multiplier', '0.2:1.7:0.1'], ['takeProfit', '0.2:1.2:0.1'],
].map(([name = '', text = '']) => parseAxis(findStrategy('atr-grid'), name, text)));

const home = mkdtempSync(join(tmpdir(), 'sweep-run-'));
let prepared: PreparedRun;
let once: Record<string, string>;

function options(out: string, rest: Partial<SweepOptions> = {}): SweepOptions {
  return {
    out: join(home, out), workers: 1, resume: 'no', rankBy: undefined,
    renderReport: (outcome) => renderSweepReport(reportInputOf(outcome)), ...rest,
  };
}

beforeAll(async () => {
  prepared = await prepareRun(specOf(await marketDir(20), { params: { maxLevels: 3 } }));
  await runSweep(prepared, POINTS, options('once'));
  once = bytesOf(join(home, 'once'));
});

describe('a sweep', () => {
  it('leaves these files and no others', () => {
    expect(Object.keys(once)).toEqual(FINISHED);
    expect(POINTS.count).toBe(352);
  });

  it.each([2, 3])('has the same bytes from %i workers', async (workers) => {
    await runSweep(prepared, POINTS, options(`workers-${workers}`, { workers }));
    expect(bytesOf(join(home, `workers-${workers}`))).toEqual(once);
  });

  it('holds the row each point has when it runs alone', () => {
    const lines = readFileSync(join(home, 'once', 'points.csv'), 'utf8').trimEnd().split('\n');
    const bytes = readFileSync(join(home, 'once', 'daily-returns.f32'));
    const days = daysPerRow(prepared);
    const daily = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    expect(lines).toHaveLength(POINTS.count + 1);
    expect(daily).toHaveLength(POINTS.count * days);
    for (const id of [0, 97, 255, 256, 351]) {
      const row = new Float64Array(METRIC_COUNT);
      const own = new Float32Array(days);
      new PointRunner(prepared).measure(pointParams(POINTS, id), row, 0, own, 0);
      const cells = (lines[id + 1] ?? '').split(',');
      const told = cells.slice(4, 4 + METRIC_COUNT).map((cell) => (cell === '' ? NaN : Number(cell)));
      expect(cells.slice(0, 4).map(Number)).toEqual([id, ...Object.values(pointParams(POINTS, id))]);
      expect(told).toEqual([...row]);
      expect(daily.subarray(id * days, (id + 1) * days)).toEqual(own);
    }
  });

  it('says the same in Parquet as in CSV, to the last bit', async () => {
    const [head = '', ...lines] = readFileSync(join(home, 'once', 'points.csv'), 'utf8').trimEnd().split('\n');
    const names = head.split(',');
    const columns = await readParquet(join(home, 'once', 'points.parquet'), names);
    names.forEach((name, column) => {
      const values = lines.map((line) => line.split(',')[column] ?? '');
      expect([...(columns.get(name) ?? [])]).toEqual(values.map((cell) => (cell === '' ? NaN : Number(cell))));
    });
  });

  it('ranks by the worst neighbour and runs its finalists under other paths', () => {
    const result = resultOf('once');
    const scores = result.ranked.map((point) => point.plateauScore ?? -Infinity);
    expect(scores.length).toBeGreaterThan(10);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    for (const point of result.ranked.slice(0, 10)) {
      expect(point.plateauScore).toBeLessThanOrEqual(point.metrics['returnOverMaxDrawdown'] ?? NaN);
      expect(point.finalist?.outcomes.map(({ path }) => path)).toEqual(['direction', 'adverse']);
      const [low, high] = point.finalist?.returnInterval ?? [NaN, NaN];
      expect(low).toBeLessThan(high);
    }
    expect(result.ranked[10]?.finalist).toBeNull();
    expect(result.luck.trials).toBe(POINTS.count);
    expect(result.warnings.map(({ code }) => code)).toContain('synthetic');
  });

  it('ranks by a metric when asked to, whose names it knows', async () => {
    await runSweep(prepared, POINTS, options('by-drawdown', { rankBy: 'maxDrawdown' }));
    const drawdowns = resultOf('by-drawdown').ranked.map(({ metrics }) => metrics['maxDrawdown'] ?? NaN);
    expect(drawdowns).toEqual([...drawdowns].sort((a, b) => a - b));
    expect(METRICS.map(({ name }) => name)).not.toContain('profit');
    await expect(runSweep(prepared, POINTS, options('x', { rankBy: 'profit' }))).rejects.toThrow(/is no metric/);
  });
});

describe('a sweep that is stopped', () => {
  const stopped = async (out: string): Promise<void> => {
    const stop = new AbortController();
    const log = join(home, out, 'partial', 'chunks.log');
    const onProgress = (): void => {
      if (existsSync(log)) stop.abort();
    };
    // The first chunk is on disk long before the rest of the points is done.
    const timer = setInterval(onProgress, 1);
    const sweep = runSweep(prepared, POINTS, options(out, { signal: stop.signal }));
    await expect(sweep.finally(() => clearInterval(timer))).rejects.toThrow(SweepStopped);
  };

  it('does not look finished, is not overwritten, and goes on to the same bytes', async () => {
    await stopped('stopped');
    expect(readdirSync(join(home, 'stopped'))).toEqual(['partial']);
    await expect(runSweep(prepared, POINTS, options('stopped'))).rejects.toThrow(/add --resume/);
    let taken = 0;
    await runSweep(prepared, POINTS, options('stopped', {
      resume: 'yes', workers: 2, onResume: (points) => (taken = points),
    }));
    expect(taken).toBe(256);
    expect(bytesOf(join(home, 'stopped'))).toEqual(once);
  });

  it('does not believe a chunk whose bytes have changed', async () => {
    await stopped('damaged');
    const path = join(home, 'damaged', 'partial', 'metrics.f64');
    const bytes = readFileSync(path);
    bytes[1_000] = (bytes[1_000] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    let taken = 0;
    await runSweep(prepared, POINTS, options('damaged', { resume: 'yes', onResume: (points) => (taken = points) }));
    expect(taken).toBe(0);
    expect(bytesOf(join(home, 'damaged'))).toEqual(once);
  });

  it('goes on with nothing but the same settings, and says which differ', async () => {
    await stopped('other');
    const other = { ...prepared, spec: { ...prepared.spec, seed: 2 } };
    await expect(runSweep(other, POINTS, options('other', { resume: 'yes' })))
      .rejects.toThrow(/^--out .* holds an unfinished sweep of other settings \(seed was 1, now 2\): choose .*$/);
  });

  it('leaves a finished sweep as it is when asked to resume, and refuses to mix it with another', async () => {
    const { result } = await runSweep(prepared, POINTS, options('once', { resume: 'yes' }));
    expect(result).toEqual(resultOf('once'));
    const other = { ...prepared, spec: { ...prepared.spec, path: 'adverse' as const } };
    await expect(runSweep(other, POINTS, options('once'))).rejects.toThrow(/path was "direction", now "adverse"/);
    expect(bytesOf(join(home, 'once'))).toEqual(once);
  });
});

describe('a sweep that cannot be run', () => {
  it.each([
    [[['qty', '1,1.5']], /^point 1 \(qty=1\.5\): quantity 1\.5 is not a multiple/],
    [[['direction', 'long,both']], /^point 1 \(direction=both\): atr-grid: direction both needs/],
    [[['atrInterval', '1h,3m']], /^point 1 \(atrInterval=3m\): the indicator interval/],
    [[['maxLevels', '1,2']], /^maxLevels is both set and swept/],
  ])('names its first bad point before any has run: %j', async (axes, message) => {
    const points = gridPoints(axes.map(([name = '', text = '']) => parseAxis(findStrategy('atr-grid'), name, text)));
    await expect(runSweep(prepared, points, options('never'))).rejects.toThrow(message);
    expect(existsSync(join(home, 'never'))).toBe(false);
  });
});

function resultOf(out: string): SweepResult {
  return JSON.parse(readFileSync(join(home, out, 'result.json'), 'utf8')) as SweepResult;
}
