import { existsSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { InputError } from '../engine/invariant.ts';
import { temporaryName, writeAtomic } from '../feeds/atomic-write.ts';
import { sqlText, withDuckDb } from '../feeds/duckdb.ts';
import { latencySweepOf } from './latency-sweep.ts';
import type { LatencySweepResult, ProfilePoints } from './latency-sweep.ts';
import { METRICS } from './metrics/registry.ts';
import { sha256 } from './outputs/run-folder.ts';
import { pointParams } from './points.ts';
import type { PointSet } from './points.ts';
import type { SweepResult } from './results.ts';

export const LATENCY_SWEEP_FILES = [
  'manifest.json',
  'points.csv',
  'points.parquet',
  'report.html',
  'result.json',
] as const;

/** One profile's finished sweep. */
export type ProfileSweep = {
  readonly latency: string;
  readonly out: string;
  readonly result: SweepResult;
};

/** A profile's name as a folder's. */
export function profileFolder(latency: string): string {
  return latency.replaceAll(/[^\w.+=-]/g, '_');
}

/** Refuses a folder that holds anything but these profiles' sweeps and what is made of them. */
export function refuseForeignLatencyFolder(out: string, latencies: readonly string[]): void {
  if (!existsSync(out)) return;
  const own = new Set<string>([...LATENCY_SWEEP_FILES, ...latencies.map(profileFolder)]);
  const foreign = readNames(out).find((name) => !own.has(name) && !name.startsWith('.tmp-'));
  if (foreign === undefined) return;
  throw new InputError(
    `--out ${out} holds ${foreign}, which is no part of this latency sweep: choose another folder`,
  );
}

function readNames(out: string): string[] {
  try {
    return readdirSync(out);
  } catch {
    throw new InputError(`--out ${out} is not a folder: choose another name`);
  }
}

/** Merges the profiles' finished sweeps. The same sweeps give the same bytes; manifest last. */
export async function writeLatencySweep(
  out: string,
  points: PointSet,
  sweeps: readonly ProfileSweep[],
  renderReport: (result: LatencySweepResult) => string,
): Promise<LatencySweepResult> {
  const texts = sweeps.map((each) => readFileSync(join(each.out, 'points.csv'), 'utf8'));
  const [first] = sweeps;
  if (first === undefined) throw new InputError('--latency names no profile');
  const { run, axes, sample, pointCount, rankedBy, warnings } = first.result;
  const result = latencySweepOf({
    run: { ...run, execution: sweeps.map(({ latency }) => latency).join(', ') },
    axes,
    sample,
    pointCount,
    rankedBy,
    metrics: METRICS,
    paramsOf: (id) => pointParams(points, id),
    profiles: sweeps.map(({ latency }, at) => profilePoints(latency, texts[at] ?? '')),
    warnings: warnings.filter(({ code }) => code === 'synthetic' || code === 'gaps'),
  });
  const files = new Map([
    ['points.csv', mergedCsv(sweeps, texts)],
    ['result.json', `${JSON.stringify(result, undefined, 2)}\n`],
    ['report.html', renderReport(result)],
  ]);
  for (const [name, text] of files) writeAtomic(join(out, name), [Buffer.from(text)]);
  await writeMergedParquet(join(out, 'points.parquet'), sweeps);
  const hashes = LATENCY_SWEEP_FILES.filter((name) => name !== 'manifest.json').map(
    (name) => [name, sha256(readFileSync(join(out, name)))] as const,
  );
  const manifest = {
    schema: 'lockstep.latency-sweep-manifest',
    version: 1,
    sweeps: sweeps.map(({ latency, out: folder }) => ({
      latency,
      folder: basename(folder),
      manifest: sha256(readFileSync(join(folder, 'manifest.json'))),
    })),
    files: Object.fromEntries(hashes),
  };
  writeAtomic(join(out, 'manifest.json'), [
    Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`),
  ]);
  return result;
}

/** Columns from the right are metrics: what stands left of them may hold quoted names. */
function profilePoints(latency: string, csv: string): ProfilePoints {
  const [head = '', ...lines] = csv.trimEnd().split('\n');
  const names = head.split(',');
  const cells = lines.map((line) => line.split(','));
  return {
    latency,
    column: (name) => {
      const fromRight = names.length - names.indexOf(name);
      return Float64Array.from(cells, (row) => {
        const text = row[row.length - fromRight] ?? '';
        return text === '' ? NaN : Number(text);
      });
    },
  };
}

function mergedCsv(sweeps: readonly ProfileSweep[], texts: readonly string[]): string {
  const parts = sweeps.map(({ latency }, at) => {
    const [head = '', ...lines] = (texts[at] ?? '').trimEnd().split('\n');
    const own = lines.map((line) => `${latency},${line}\n`).join('');
    return at === 0 ? `latency,${head}\n${own}` : own;
  });
  return parts.join('');
}

async function writeMergedParquet(path: string, sweeps: readonly ProfileSweep[]): Promise<void> {
  const temporary = temporaryName(path);
  const selects = sweeps.map(
    ({ latency, out }) =>
      `SELECT ${sqlText(latency)} AS latency, * FROM read_parquet(${sqlText(join(out, 'points.parquet'))})`,
  );
  await withDuckDb(async (connection) => {
    await connection.run('SET threads = 1');
    await connection.run(
      `COPY (${selects.join(' UNION ALL ')}) TO ${sqlText(temporary)} ` +
        '(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)',
    );
  });
  renameSync(temporary, path);
}
