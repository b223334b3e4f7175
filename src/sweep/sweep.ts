import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { PointSet } from './points.ts';
import type { PreparedRun } from './prepare.ts';
import type { SweepResult } from './results.ts';
import { openFolder } from './sweep-folder.ts';
import type { ResumeMode } from './sweep-folder.ts';
import { identityHash, identityOf } from './sweep-identity.ts';
import type { SweepIdentity } from './sweep-identity.ts';
import type { SweepOutcome } from './sweep-outcome.ts';
import { checkPoints } from './sweep-order.ts';
import { loadParquetWriter } from './sweep-output-parquet.ts';
import { writeSweepFiles } from './sweep-output.ts';
import { PartialSweep, removePartial } from './sweep-partial.ts';
import type { SweepPhase, Tell } from './sweep-phase.ts';
import { checkRankBy } from './sweep-rank.ts';
import { judgeSweep } from './sweep-result.ts';
import { runPoints } from './sweep-run.ts';
import type { RunPointsOptions } from './sweep-run.ts';
import { daysPerRow } from './worker-runner.ts';

export type SweepOptions = Omit<RunPointsOptions, 'workers'> & {
  /** undefined: a folder of its own under reports/. */
  readonly out: string | undefined;
  readonly workers: number | undefined;
  readonly resume: ResumeMode;
  readonly rankBy: string | undefined;
  /** Where the report comes from: drawing pages is not the sweep's business. */
  readonly renderReport: (outcome: SweepOutcome) => string | Promise<string>;
  /** Called as each phase after the points begins. */
  readonly onPhase?: ((phase: SweepPhase) => void) | undefined;
  /** Points taken over from an interrupted sweep. */
  readonly onResume?: ((points: number) => void) | undefined;
};

export type SweepSummary = { readonly out: string; readonly result: SweepResult };

/** Runs, ranks and writes a sweep, or goes on with one. */
export async function runSweep(
  prepared: PreparedRun, points: PointSet, options: SweepOptions,
): Promise<SweepSummary> {
  checkRankBy(options.rankBy);
  const groups = checkPoints(prepared, points);
  const identity = identityOf(prepared, points, options.rankBy);
  const out = options.out ?? defaultFolder(prepared, identity);
  const folder = openFolder(out, identity, options.resume);
  if (folder.finished) return { out, result: readResult(out) };
  const partial = new PartialSweep(folder.partialDir, points.count, daysPerRow(prepared));
  try {
    if (partial.donePoints > 0) options.onResume?.(partial.donePoints);
    const workers = options.workers ?? availableParallelism();
    await runPoints(prepared, points, groups, partial, {
      ...options,
      workers,
      onProgress: (progress) => {
        // Ahead of its use, once the threads no longer wait for this one to pass parts on; a
        // failure shows when it is used.
        if (progress.done > partial.donePoints) loadParquetWriter().catch(() => undefined);
        options.onProgress?.(progress);
      },
    });
    const rows = partial.readMetrics();
    const tell: Tell = (name, done, total) => options.onPhase?.({ name, done, total });
    const judgement = judgeSweep(prepared, points, rows, partial.readDaily(), options.rankBy, tell);
    const outcome = { prepared, points, identity, rows, judgement };
    await writeSweepFiles(out, outcome, partial.dailyPath, options.renderReport, tell);
    removePartial(folder.partialDir);
    return { out, result: judgement.result };
  } finally {
    partial.close();
  }
}

function defaultFolder({ spec }: PreparedRun, identity: SweepIdentity): string {
  const hash = identityHash(identity).slice(0, 10);
  return join('reports', `sweep-${spec.strategy}-${spec.symbol}-${spec.interval}-${hash}`);
}

function readResult(out: string): SweepResult {
  return JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as SweepResult;
}
