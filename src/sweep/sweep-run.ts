import type { Worker } from 'node:worker_threads';
import type { PointSet } from './points.ts';
import type { PreparedRun } from './prepare.ts';
import { partNames } from './shared-parts.ts';
import { runningOrder } from './sweep-order.ts';
import type { PointGroups } from './sweep-order.ts';
import { CHUNK_POINTS } from './sweep-partial.ts';
import type { PartialSweep } from './sweep-partial.ts';
import { SweepStopped } from './sweep-stopped.ts';
import { daysPerRow } from './worker-runner.ts';
import { WorkerPool } from './worker-pool.ts';
import { startThreads } from './worker-thread.ts';

export type SweepProgress = { readonly done: number; readonly total: number };

export type RunPointsOptions = {
  readonly workers: number;
  /** Threads that have been started already and wait: used before new ones are. */
  readonly threads?: readonly Worker[] | undefined;
  /** Aborted: the chunks at hand are dropped, those before them are kept. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SweepProgress) => void) | undefined;
};

const PROGRESS_MS = 200;

/** Runs what `partial` does not hold yet; each chunk is added there when it is complete. */
export async function runPoints(
  prepared: PreparedRun,
  points: PointSet,
  groups: PointGroups,
  partial: PartialSweep,
  options: RunPointsOptions,
): Promise<void> {
  const [total, first] = [points.count, partial.donePoints];
  if (first === total) return;
  const work = {
    points, first, days: daysPerRow(prepared), chunkPoints: CHUNK_POINTS,
    order: runningOrder(groups.groupOf, first, CHUNK_POINTS),
    parts: partNames(prepared, groups.needs),
  };
  const workers = Math.max(1, Math.min(options.workers, total - first));
  const waiting = (options.threads ?? []).slice(0, workers);
  const threads = [...waiting, ...startThreads(workers - waiting.length)];
  const pool = new WorkerPool(prepared, work, threads, (rows) => partial.append(rows));
  const report = (): void =>
    options.onProgress?.({ done: first + pool.donePoints(), total });
  report();
  const timer = setInterval(report, PROGRESS_MS);
  const stop = (): void => void pool.close();
  options.signal?.addEventListener('abort', stop);
  try {
    if (options.signal?.aborted === true) stop();
    await pool.finished();
  } catch (error) {
    if (options.signal?.aborted !== true) throw error;
    throw new SweepStopped(`stopped after ${partial.donePoints} of ${total} points`);
  } finally {
    clearInterval(timer);
    options.signal?.removeEventListener('abort', stop);
    await pool.close();
  }
  options.onProgress?.({ done: total, total });
}
