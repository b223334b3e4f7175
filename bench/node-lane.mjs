/** A lane of bench/lanes.mjs that runs one of bench/programs.mjs, in a process of its own. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROCESS = fileURLToPath(new URL('./lane-process.mjs', import.meta.url));

/** `job`: what lane-process.mjs takes. */
export async function openNode(job) {
  const child = fork(PROCESS, [JSON.stringify(job)]);
  const answer = () =>
    new Promise((resolve, reject) => {
      const gone = (code) => reject(new Error(`${job.program} ended with code ${code}`));
      child.once('exit', gone);
      child.once('message', (message) => {
        child.off('exit', gone);
        resolve(message);
      });
    });
  await answer();
  return {
    points: job.points,
    pass() {
      const answered = answer();
      child.send('pass');
      return answered;
    },
    close: () => child.disconnect(),
  };
}
