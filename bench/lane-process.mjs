/**
 * A process that runs one program over a setting's points, a pass for each message: nothing else has
 * warmed it, and nothing else spoils what V8 learns about it. The first pass counts from the moment
 * the candles are loaded: indicators, indexes and compilation are in it.
 */
import { pointParams } from '../dist/sweep/points.js';
import { PROGRAMS } from './programs.mjs';
import { peakMb, processorUs } from './rounds.mjs';
import { pointsOf, prepareYear } from './year.mjs';

const { program, setting, execution, dataDir, points: count } = JSON.parse(process.argv[2]);
const prepared = await prepareYear(dataDir, execution);
const grid = pointsOf(setting);
const stride = Math.max(1, Math.floor(grid.count / count));
const points = [];
for (let id = 0; id < grid.count && points.length < count; id += stride)
  points.push(pointParams(grid, id));

let run;
let fills = 0;

function pass() {
  run ??= PROGRAMS[program](prepared);
  fills = 0;
  for (const point of points) fills += run(point);
}

process.on('message', () => {
  const us = processorUs(pass) / points.length;
  process.send({ us, fills: fills / points.length, rssMb: peakMb() });
});
process.send('ready');
