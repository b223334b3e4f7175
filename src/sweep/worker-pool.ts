import type { Worker } from 'node:worker_threads';
import { InputError, invariant } from '../engine/invariant.ts';
import { METRIC_COUNT } from './metrics/registry.ts';
import { pointText } from './points.ts';
import type { PointSet } from './points.ts';
import type { PreparedRun } from './prepare.ts';
import { PART_READY } from './shared-parts.ts';
import type { BuiltPart } from './shared-parts.ts';
import {
  chunkSize, CURSOR_DONE, CURSOR_FREED, CURSOR_RING, packRun, RING_CHUNKS,
} from './worker-job.ts';
import type { SweepJob, WorkerAnswer } from './worker-job.ts';

/** Rows of one chunk, in shared memory: valid until the function they were given to returns. */
export type ChunkRows = { readonly metrics: Float64Array; readonly daily: Float32Array };

export type PoolWork = {
  readonly points: PointSet;
  readonly days: number;
  readonly chunkPoints: number;
  readonly first: number;
  /** Ids from `first` on, chunk by chunk, each chunk in the order in which it is best run. */
  readonly order: Int32Array;
  /** Names of what threads build for each other. */
  readonly parts: readonly string[];
};

/** Threads that share one tape and write their rows into one ring of chunks, by point. */
export class WorkerPool {
  readonly #job: SweepJob;
  readonly #threads: readonly Worker[];
  readonly #finished = new Set<number>();
  readonly #onChunk: (rows: ChunkRows) => void;
  #freed = 0;
  #end: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #failure: Error | undefined;

  /** Gives the job to threads that wait for one. `onChunk` is given every chunk, in order of the points. */
  constructor(
    prepared: PreparedRun, work: PoolWork, threads: readonly Worker[],
    onChunk: (rows: ChunkRows) => void,
  ) {
    invariant(threads.length >= 1, 'a sweep without threads');
    const ring = RING_CHUNKS * work.chunkPoints;
    this.#onChunk = onChunk;
    this.#job = {
      ...work,
      run: packRun(prepared),
      order: new Int32Array(new SharedArrayBuffer(4 * work.order.length)),
      cursor: new Int32Array(new SharedArrayBuffer(4 * (CURSOR_RING + RING_CHUNKS))),
      partStates: new Int32Array(new SharedArrayBuffer(4 * work.parts.length)),
      metrics: new Float64Array(new SharedArrayBuffer(8 * METRIC_COUNT * ring)),
      daily: new Float32Array(new SharedArrayBuffer(4 * work.days * ring)),
    };
    this.#job.order.set(work.order);
    this.#threads = threads;
    for (const thread of threads) this.#start(thread);
  }

  /** Resolves when every chunk has been handed over. */
  finished(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#end = { resolve, reject };
      this.#settle();
    });
  }

  /** Points that are run, whether or not their rows have been handed over. */
  donePoints(): number {
    return Atomics.load(this.#job.cursor, CURSOR_DONE);
  }

  async close(): Promise<void> {
    this.#fail(new Error('the sweep was stopped'));
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  #start(thread: Worker): void {
    thread.ref();
    thread.on('message', (answer: WorkerAnswer) => this.#receive(answer, thread));
    thread.on('error', (error) => this.#fail(error));
    thread.on('exit', (code) => {
      if (code !== 0) this.#fail(new Error(`a worker thread ended with code ${code}`));
    });
    thread.postMessage(this.#job);
  }

  #receive(answer: WorkerAnswer, sender: Worker): void {
    if (answer.type === 'built') {
      this.#passOn(answer, sender);
      return;
    }
    if (answer.type === 'failed') {
      this.#fail(failureOf(this.#job.points, answer));
      return;
    }
    this.#finished.add(answer.chunk);
    try {
      while (this.#failure === undefined && this.#finished.delete(this.#freed)) this.#handOver();
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
    this.#settle();
  }

  /** Before it is marked: who finds it ready finds it in its queue. */
  #passOn(built: BuiltPart, sender: Worker): void {
    for (const thread of this.#threads) if (thread !== sender) thread.postMessage(built);
    Atomics.store(this.#job.partStates, built.part, PART_READY);
    Atomics.notify(this.#job.partStates, built.part);
  }

  #handOver(): void {
    const { cursor, metrics, daily, days, chunkPoints } = this.#job;
    const place = this.#freed % RING_CHUNKS;
    const [from, count] = [place * chunkPoints, chunkSize(this.#job, this.#freed)];
    this.#onChunk({
      metrics: metrics.subarray(from * METRIC_COUNT, (from + count) * METRIC_COUNT),
      daily: daily.subarray(from * days, (from + count) * days),
    });
    Atomics.store(cursor, CURSOR_RING + place, 0);
    this.#freed += 1;
    Atomics.store(cursor, CURSOR_FREED, this.#freed);
    Atomics.notify(cursor, CURSOR_FREED);
  }

  #settle(): void {
    if (this.#failure !== undefined) this.#end?.reject(this.#failure);
    else if (chunkSize(this.#job, this.#freed) <= 0) this.#end?.resolve();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#settle();
  }
}

function failureOf(
  points: PointSet, failed: Extract<WorkerAnswer, { type: 'failed' }>,
): Error {
  const where = failed.point === undefined ? 'a worker' : pointText(points, failed.point);
  const text = `${where}: ${failed.message}`;
  const error = failed.isInput ? new InputError(text) : new Error(text);
  if (failed.stack !== '') error.stack = `${text}\n${failed.stack}`;
  return error;
}
