import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { InputError, invariant } from '../engine/invariant.ts';
import { METRIC_COUNT } from './metrics/registry.ts';
import { pointText } from './points.ts';
import type { PointSet } from './points.ts';
import type { PreparedRun } from './prepare.ts';
import { CURSOR_DONE, CURSOR_NEXT, packRun } from './worker-job.ts';
import type { ChunkRequest, SweepJob, WorkerAnswer } from './worker-job.ts';

/** Rows of one chunk, in shared memory: valid until the next chunk is run. */
export type ChunkRows = { readonly metrics: Float64Array; readonly daily: Float32Array };

/** Threads that share one tape and write their rows into one chunk, by point. */
export class WorkerPool {
  readonly #job: SweepJob;
  readonly #threads: readonly Thread[];

  constructor(
    prepared: PreparedRun, points: PointSet, days: number, chunkPoints: number, workers: number,
  ) {
    invariant(workers >= 1, `a sweep with ${workers} workers`);
    this.#job = {
      run: packRun(prepared),
      points,
      days,
      order: new Int32Array(new SharedArrayBuffer(4 * chunkPoints)),
      cursor: new Int32Array(new SharedArrayBuffer(8)),
      metrics: new Float64Array(new SharedArrayBuffer(8 * METRIC_COUNT * chunkPoints)),
      daily: new Float32Array(new SharedArrayBuffer(4 * days * chunkPoints)),
    };
    this.#threads = Array.from({ length: workers }, () => new Thread(this.#job));
  }

  /** Resolves when every thread has its tape indexed and can take points. */
  async ready(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.next()));
  }

  /** Runs points `first` on, in the order of `order`; rows are by id, whoever ran them. */
  async run(first: number, order: Int32Array): Promise<ChunkRows> {
    const { cursor, metrics, daily, days } = this.#job;
    const count = order.length;
    this.#job.order.set(order);
    Atomics.store(cursor, CURSOR_NEXT, 0);
    Atomics.store(cursor, CURSOR_DONE, 0);
    await Promise.all(this.#threads.map((thread) => thread.run({ first, count })));
    return {
      metrics: metrics.subarray(0, count * METRIC_COUNT), daily: daily.subarray(0, count * days),
    };
  }

  /** Points of the present chunk that are finished. */
  doneInChunk(): number {
    return Atomics.load(this.#job.cursor, CURSOR_DONE);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

/** Built code starts built threads; from sources (tests) a thread first loads what reads them. */
function startThread(job: SweepJob): Worker {
  const options = { workerData: job, execArgv: [] };
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./worker-main.js', import.meta.url), options);
  }
  // Node 20 does not pass a parent's loaders on, and `--import` comes too late for the entry.
  const tsx = createRequire(import.meta.url).resolve('tsx/package.json');
  const [loader, entry] = [
    new URL('dist/esm/api/index.mjs', pathToFileURL(tsx)), new URL('./worker-main.ts', import.meta.url),
  ].map(({ href }) => JSON.stringify(href));
  const code = `import(${loader}).then(({ register }) => { register(); return import(${entry}); })`;
  return new Worker(code, { ...options, eval: true });
}

class Thread {
  readonly #worker: Worker;
  readonly #points: PointSet;
  #waiting: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #answered = false;
  #failure: Error | undefined;
  #closing = false;

  constructor(job: SweepJob) {
    this.#points = job.points;
    this.#worker = startThread(job);
    this.#worker.on('message', (answer: WorkerAnswer) => this.#receive(answer));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', (code) => {
      if (!this.#closing) this.#fail(new Error(`a worker thread ended with code ${code}`));
    });
  }

  /** The next answer; one that came before anyone asked is not lost. */
  next(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#answered) {
      this.#answered = false;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  run(chunk: ChunkRequest): Promise<void> {
    const done = this.next();
    this.#worker.postMessage(chunk);
    return done;
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#fail(new Error('the sweep was stopped'));
    await this.#worker.terminate();
  }

  #receive(answer: WorkerAnswer): void {
    if (answer.type === 'failed') {
      this.#fail(failureOf(this.#points, answer));
    } else if (this.#waiting === undefined) {
      this.#answered = true;
    } else {
      this.#waiting.resolve();
      this.#waiting = undefined;
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
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
