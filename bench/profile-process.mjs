/** Runs points under a profiler; what matters happens inside `profiledPoints`, once all is warm. */
import { pointParams } from '../dist/sweep/points.js';
import { PROGRAMS } from './programs.mjs';
import { processorUs } from './rounds.mjs';
import { pointsOf, prepareYear } from './year.mjs';

const { program, setting, execution, dataDir, points: count } = JSON.parse(process.argv[2]);
const prepared = await prepareYear(dataDir, execution);
const grid = pointsOf(setting);
const points = Array.from({ length: grid.count }, (_, id) => pointParams(grid, id));
const run = PROGRAMS[program](prepared);

function warmUp() {
  for (const point of points) run(point);
}

let fills = 0;
function profiledPoints() {
  for (let i = 0; i < count; i += 1) fills += run(points[i % points.length]);
}

warmUp();
const plainUs = processorUs(warmUp) / points.length;
const us = processorUs(profiledPoints) / count;
process.stdout.write(JSON.stringify({ us, plainUs, fills: fills / count }));
