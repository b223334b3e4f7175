/** A thread of a sweep: waits for its job, then takes points in small batches until none is left. */
import { parentPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { invariant } from '../engine/invariant.ts';
import { METRIC_COUNT } from './metrics/registry.ts';
import { pointParams } from './points.ts';
import {
  chunkSize, CURSOR_DONE, CURSOR_FREED, CURSOR_NEXT, CURSOR_RING, RING_CHUNKS, unpackRun,
} from './worker-job.ts';
import type { SweepJob, WorkerAnswer } from './worker-job.ts';
import { ThreadParts } from './shared-parts.ts';
import { PointRunner } from './worker-runner.ts';

/** Few enough that the last thread does not keep the others waiting. Divides a chunk. */
const BATCH_POINTS = 4;

const port = parentPort;
invariant(port !== null, 'worker-main runs in a worker thread only');
const answer = (message: WorkerAnswer): void => port.postMessage(message);
let point: number | undefined;

port.once('message', (job: SweepJob) => {
  try {
    runAll(job, port);
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    const isInput = known.name === 'InputError';
    answer({ type: 'failed', point, message: known.message, stack: known.stack ?? '', isInput });
  }
});

function runAll(job: SweepJob, inbox: MessagePort): void {
  const { order, cursor, chunkPoints } = job;
  const parts = new ThreadParts(job.parts, job.partStates, inbox);
  const runner = new PointRunner(unpackRun(job.run), 'skip', parts);
  for (;;) {
    const from = Atomics.add(cursor, CURSOR_NEXT, BATCH_POINTS);
    if (from >= order.length) return;
    const chunk = Math.floor(from / chunkPoints);
    awaitRoom(cursor, chunk);
    const to = Math.min(order.length, from + BATCH_POINTS);
    for (let place = from; place < to; place += 1) runPoint(runner, job, chunk, place);
    Atomics.add(cursor, CURSOR_DONE, to - from);
    const counter = CURSOR_RING + chunk % RING_CHUNKS;
    const finished = Atomics.add(cursor, counter, to - from) + to - from;
    if (finished === chunkSize(job, chunk)) answer({ type: 'chunk', chunk });
  }
}

function runPoint(runner: PointRunner, job: SweepJob, chunk: number, place: number): void {
  const { points, days, order, chunkPoints, first, metrics, daily } = job;
  point = order[place];
  invariant(point !== undefined, `no point at place ${place}`);
  const row = (chunk % RING_CHUNKS) * chunkPoints + (point - first - chunk * chunkPoints);
  runner.measure(pointParams(points, point), metrics, row * METRIC_COUNT, daily, row * days);
}

/** Until the rows that stand where this chunk's will are on disk. */
function awaitRoom(cursor: Int32Array, chunk: number): void {
  for (;;) {
    const freed = Atomics.load(cursor, CURSOR_FREED);
    if (chunk < freed + RING_CHUNKS) return;
    Atomics.wait(cursor, CURSOR_FREED, freed);
  }
}
