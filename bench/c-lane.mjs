/** A lane of bench/lanes.mjs that is a compiled hand loop. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { pointParams } from '../dist/sweep/points.js';
import { handJob } from './hand-job.mjs';
import { handLoopFills, writeJob } from './hand-loop-c.mjs';
import { pointsOf, prepareYear } from './year.mjs';

export async function openC(program, dataDir, setting, count) {
  const grid = pointsOf(setting);
  const stride = Math.max(1, Math.floor(grid.count / count));
  const points = Array.from({ length: count }, (_, at) => pointParams(grid, at * stride));
  const job = handJob(await prepareYear(dataDir, 'ideal'));
  const cells = handLoopFills(program, job, points);
  const fills = cells.reduce((sum, { length }) => sum + length / 3, 0) / count;
  const child = spawn(program, [writeJob(program, job, points)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: child.stdout });
  return {
    points: count,
    async pass() {
      const answered = once(answers, 'line');
      child.stdin.write('\n');
      const [us] = await answered;
      return { us: Number(us) / count, fills };
    },
    close: () => child.stdin.end(),
  };
}
