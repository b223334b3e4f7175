/** What bench/cold-process.mjs does once its threads are on their way. */
import { checkPoints } from '../dist/sweep/sweep-order.js';
import { PartialSweep } from '../dist/sweep/sweep-partial.js';
import { runPoints } from '../dist/sweep/sweep-run.js';
import { daysPerRow } from '../dist/sweep/worker-runner.js';
import { pointsOf, prepareYear } from './year.mjs';

export async function sweepYear({ setting, execution, dataDir, out, workers }, threads) {
  const prepared = await prepareYear(dataDir, execution);
  const points = pointsOf(setting);
  const partial = new PartialSweep(out, points.count, daysPerRow(prepared));
  const groups = checkPoints(prepared, points);
  await runPoints(prepared, points, groups, partial, { workers, threads });
  partial.close();
}
