import { createHash } from 'node:crypto';
import {
  closeSync, copyFileSync, linkSync, openSync, readSync, renameSync, rmSync, statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { MS_PER_DAY } from '../engine/units.ts';
import { writeAtomic, temporaryName } from '../feeds/atomic-write.ts';
import { isoTime } from '../feeds/csv-time.ts';
import type { SweepOutcome } from './sweep-outcome.ts';
import { MANIFEST, SWEEP_FILES } from './sweep-folder.ts';
import { identityHash } from './sweep-identity.ts';
import { writePointsCsv } from './sweep-output-csv.ts';
import { writePointsParquet } from './sweep-output-parquet.ts';
import type { Tell } from './sweep-phase.ts';
import { daysPerRow } from './worker-runner.ts';

/**
 * Writes a finished sweep, the manifest last: only a folder with a manifest is finished. The same
 * sweep gives the same bytes, whatever the number of workers and however often it was resumed.
 */
export async function writeSweepFiles(
  out: string,
  outcome: SweepOutcome,
  dailyPath: string,
  renderReport: (outcome: SweepOutcome) => string | Promise<string>,
  tell: Tell,
): Promise<void> {
  const { points, rows, judgement } = outcome;
  const csv = join(out, 'points.csv');
  tell('points.csv');
  writePointsCsv(csv, points, rows, judgement.ranking.plateau.score);
  tell('points.parquet and the report');
  const reportHtml = await writePointsParquet(join(out, 'points.parquet'), csv, points, () =>
    renderReport(outcome));
  tell('writing the other files');
  linkOrCopy(dailyPath, join(out, 'daily-returns.f32'));
  writeJson(join(out, 'daily-returns.json'), dailyShape(outcome));
  writeJson(join(out, 'result.json'), judgement.result);
  writeAtomic(join(out, 'report.html'), [Buffer.from(reportHtml)]);
  writeJson(join(out, MANIFEST), manifestOf(out, outcome));
}

function manifestOf(out: string, { identity, prepared, points }: SweepOutcome): object {
  const files = SWEEP_FILES.filter((name) => name !== MANIFEST).sort();
  return {
    schema: 'lockstep.sweep-manifest',
    version: 1,
    hash: identityHash(identity),
    points: points.count,
    instrumentFile: { source: basename(prepared.loaded.source), sha256: prepared.loaded.sha256 },
    identity,
    files: Object.fromEntries(files.map((name) => [name, describeFile(join(out, name))])),
  };
}

function dailyShape({ prepared, points }: SweepOutcome): object {
  const days = daysPerRow(prepared);
  return {
    file: 'daily-returns.f32',
    type: 'float32',
    byteOrder: 'little-endian',
    shape: [points.count, days],
    order: 'all days of point 0, then all days of point 1, by id as in points.csv',
    firstDay: isoTime(Math.floor(prepared.startMs / MS_PER_DAY) * MS_PER_DAY).slice(0, 10),
    definition: 'change of profit from one UTC midnight to the next (or the start or end of the ' +
      'run), open positions at the last close, over the capital of the point: a fraction',
  };
}

/** The same bytes under a second name, where the disk has such; the first goes when all is done. */
function linkOrCopy(from: string, to: string): void {
  const temporary = temporaryName(to);
  rmSync(temporary, { force: true });
  try {
    linkSync(from, temporary);
  } catch {
    copyFileSync(from, temporary);
  }
  renameSync(temporary, to);
}

function writeJson(path: string, value: object): void {
  writeAtomic(path, [Buffer.from(`${JSON.stringify(value, null, 2)}\n`)]);
}

function describeFile(path: string): { bytes: number; sha256: string } {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(2 ** 20);
  const file = openSync(path, 'r');
  try {
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      hash.update(buffer.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
  return { bytes: statSync(path).size, sha256: hash.digest('hex') };
}
