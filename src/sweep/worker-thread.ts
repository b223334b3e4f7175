import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { SweepJob } from './worker-job.ts';

/** Built code starts built threads; from sources (tests) a thread first loads what reads them. */
export function startThread(job: SweepJob): Worker {
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
