import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { CaseResult } from './batch.ts';

const BATCH = 25;

export type FuzzRun = {
  /** The folder whose tests/walks and src are run: the project, or a copy with a fault. */
  readonly root: URL;
  readonly first: number;
  readonly count: number;
  /** True ends the run: no further batch is given out. */
  onResult(result: CaseResult): boolean;
};

/** Judges cases in as many processes as there are processors. */
export function runFuzz(run: FuzzRun): Promise<void> {
  const worker = fileURLToPath(new URL('tests/walks/fuzz-worker.ts', run.root));
  const end = run.first + run.count;
  let next = run.first;
  let enough = false;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(worker, [], { execArgv: ['--import', 'tsx'] });
      const giveOut = (): void => {
        const count = Math.min(BATCH, end - next);
        if (enough || count <= 0) {
          child.disconnect();
          return;
        }
        child.send({ first: next, count });
        next += count;
      };
      child.on('message', (results: readonly CaseResult[]) => {
        for (const result of results) if (run.onResult(result)) enough = true;
        giveOut();
      });
      child.on('error', reject);
      child.on('exit', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`a fuzz process ended with ${String(code)}`));
      });
      giveOut();
    });
  const processes = Math.max(1, Math.min(availableParallelism(), Math.ceil(run.count / BATCH)));
  return Promise.all(Array.from({ length: processes }, work)).then(() => undefined);
}
