/**
 * A sweep from nothing, in the order of `lockstep sweep`: threads start, this process loads what it
 * needs and the year from its cache, all points run, rows lie on disk. Run from its bundle, as the
 * command is (scripts/bundle.mjs).
 */
import { startThreads } from '../dist/sweep/worker-thread.js';

const job = JSON.parse(process.argv[2]);
const threads = startThreads(job.workers);
const { sweepYear } = await import('./cold-sweep.mjs');
await sweepYear(job, threads);
