import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/**
 * Starts threads that load what runs points and then wait for their job: they do so while the
 * data is still being read. One that is never given a job does not keep the process alive.
 */
export function startThreads(count: number): Worker[] {
  return Array.from({ length: count }, () => {
    const thread = startThread();
    thread.unref();
    return thread;
  });
}

/** Built code starts built threads; from sources (tests) a thread first loads what reads them. */
function startThread(): Worker {
  const options = { execArgv: [] };
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
