import type { PointSet } from './points.ts';
import type { PreparedRun } from './prepare.ts';
import { chunkOrder } from './sweep-order.ts';
import { CHUNK_POINTS } from './sweep-partial.ts';
import type { PartialSweep } from './sweep-partial.ts';
import { daysPerRow } from './worker-runner.ts';
import { WorkerPool } from './worker-pool.ts';

export type SweepProgress = { readonly done: number; readonly total: number };

export type RunPointsOptions = {
  readonly workers: number;
  /** Aborted: the chunk at hand is dropped, those before it are kept. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SweepProgress) => void) | undefined;
};

const PROGRESS_MS = 200;

/** A sweep that was asked to stop; what it finished is on disk. */
export class SweepStopped extends Error {
  override readonly name = 'SweepStopped';
}

/** Runs what `partial` does not hold yet, chunk by chunk, and adds it there. */
export async function runPoints(
  prepared: PreparedRun,
  points: PointSet,
  groupOf: Int32Array,
  partial: PartialSweep,
  options: RunPointsOptions,
): Promise<void> {
  const total = points.count;
  if (partial.donePoints === total) return;
  const days = daysPerRow(prepared);
  const workers = Math.max(1, Math.min(options.workers, total - partial.donePoints));
  const pool = new WorkerPool(prepared, points, days, Math.min(CHUNK_POINTS, total), workers);
  const report = (): void =>
    options.onProgress?.({ done: partial.donePoints + pool.doneInChunk(), total });
  const timer = setInterval(report, PROGRESS_MS);
  const stop = (): void => void pool.close();
  options.signal?.addEventListener('abort', stop);
  try {
    await pool.ready();
    while (partial.donePoints < total) {
      options.signal?.throwIfAborted();
      const first = partial.donePoints;
      const count = Math.min(CHUNK_POINTS, total - first);
      partial.append(await pool.run(first, chunkOrder(groupOf, first, count)));
    }
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
