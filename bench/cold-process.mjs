/** A sweep from nothing: this process starts, loads the year from its cache and runs all points. */
import { checkPoints } from '../dist/sweep/sweep-order.js';
import { PartialSweep } from '../dist/sweep/sweep-partial.js';
import { runPoints } from '../dist/sweep/sweep-run.js';
import { daysPerRow } from '../dist/sweep/worker-runner.js';
import { pointsOf, prepareYear } from './year.mjs';

const { setting, execution, dataDir, out, workers } = JSON.parse(process.argv[2]);
const prepared = await prepareYear(dataDir, execution);
const points = pointsOf(setting);
const partial = new PartialSweep(out, points.count, daysPerRow(prepared));
await runPoints(prepared, points, checkPoints(prepared, points), partial, { workers });
partial.close();
