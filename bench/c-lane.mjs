/** The hand loops in C, measured like the lanes; undefined where there is no compiler. */
import { pointParams } from '../dist/sweep/points.js';
import { handJob } from './hand-job.mjs';
import { runHandLoop } from './hand-loop-c.mjs';
import { best, median } from './rounds.mjs';
import { pointsOf, prepareYear } from './year.mjs';

const ROUNDS = 12;

export async function measureC(program, dir, dataDir, setting) {
  const grid = pointsOf(setting);
  const points = Array.from({ length: grid.count }, (_, id) => pointParams(grid, id));
  const job = handJob(await prepareYear(dataDir, 'ideal'));
  const { passes, fills } = runHandLoop(program, dir, job, points, ROUNDS);
  const [cold, ...warm] = passes.map((us) => us / points.length);
  const fillCount = fills.reduce((sum, columns) => sum + columns.length / 3, 0);
  return { cold, best: best(warm), median: median(warm), fills: fillCount / points.length };
}
