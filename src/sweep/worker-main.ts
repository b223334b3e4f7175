/** A thread of a sweep: takes points from the shared chunk until none is left, then waits. */
import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../engine/invariant.ts';
import { METRIC_COUNT } from './metrics/registry.ts';
import { pointParams } from './points.ts';
import { CURSOR_DONE, CURSOR_NEXT, unpackRun } from './worker-job.ts';
import type { ChunkRequest, SweepJob, WorkerAnswer } from './worker-job.ts';
import { PointRunner } from './worker-runner.ts';

/** Few enough that the last thread of a chunk does not keep the others waiting. */
const BATCH_POINTS = 4;

const port = parentPort;
invariant(port !== null, 'worker-main runs in a worker thread only');
const job = workerData as SweepJob;
let point: number | undefined;

const answer = (message: WorkerAnswer): void => port.postMessage(message);

const guarded = (run: () => WorkerAnswer): void => {
  try {
    answer(run());
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    const isInput = known.name === 'InputError';
    answer({ type: 'failed', point, message: known.message, stack: known.stack ?? '', isInput });
  }
};

let runner: PointRunner | undefined;
guarded(() => {
  runner = new PointRunner(unpackRun(job.run));
  return { type: 'ready' };
});

port.on('message', (chunk: ChunkRequest) => {
  guarded(() => {
    invariant(runner !== undefined, 'a thread that failed to start was given points');
    runChunk(runner, chunk);
    return { type: 'done' };
  });
});

function runChunk(on: PointRunner, { first, count }: ChunkRequest): void {
  const { points, days, order, cursor, metrics, daily } = job;
  for (;;) {
    const from = Atomics.add(cursor, CURSOR_NEXT, BATCH_POINTS);
    if (from >= count) return;
    const to = Math.min(count, from + BATCH_POINTS);
    for (let place = from; place < to; place += 1) {
      point = order[place] ?? first;
      const row = point - first;
      on.measure(pointParams(points, point), metrics, row * METRIC_COUNT, daily, row * days);
    }
    Atomics.add(cursor, CURSOR_DONE, to - from);
  }
}
