/** A sweep's points on one worker thread and on two, in turns, from threads started to rows on disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { checkPoints } from '../dist/sweep/sweep-order.js';
import { PartialSweep } from '../dist/sweep/sweep-partial.js';
import { runPoints } from '../dist/sweep/sweep-run.js';
import { daysPerRow } from '../dist/sweep/worker-runner.js';
import { peakMb } from './rounds.mjs';
import { pointsOf, prepareYear } from './year.mjs';

const { setting, dataDir, workDir, refinement, rounds } = JSON.parse(process.argv[2]);
const prepared = await prepareYear(dataDir, 'ideal');
const points = pointsOf(setting, refinement);
const groups = checkPoints(prepared, points);

const runs = { 1: [], 2: [] };
for (let round = 0; round < rounds; round += 1) {
  for (const workers of [1, 2]) runs[workers].push(await sweep(workers));
}
const fastest = (all) => all.reduce((a, b) => (a.seconds < b.seconds ? a : b));
const rssMb = peakMb();
process.stdout.write(
  JSON.stringify({ points: points.count, one: fastest(runs[1]), two: fastest(runs[2]), rssMb }),
);

async function sweep(workers) {
  const dir = mkdtempSync(join(workDir, 'sweep-'));
  const partial = new PartialSweep(dir, points.count, daysPerRow(prepared));
  const [busyBefore, own, began] = [busySeconds(), process.cpuUsage(), performance.now()];
  await runPoints(prepared, points, groups, partial, { workers });
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(own);
  const used = (user + system) / 1e6;
  const others = Math.max(0, busySeconds() - busyBefore - used) / seconds;
  partial.close();
  rmSync(dir, { recursive: true });
  return { seconds, used, others };
}

/** Seconds all cores have worked, for whomever: what others took of the machine follows from it. */
function busySeconds() {
  return (
    cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) /
    1_000
  );
}
