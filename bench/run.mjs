/**
 * `npm run bench`: what a sweep costs on a synthetic year of minutes, and whether it keeps the
 * promises of bench/settings.mjs. Nothing fails when one is missed; different fills do.
 * `npm run bench -- quick`: a tenth of the points, no whole sweeps, no CSV.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { checkFills } from './check-fills.mjs';
import { csvText, laneDetails, slopeText, sweepDetails } from './details.mjs';
import { compileHandLoops } from './hand-loop-c.mjs';
import { measurePrograms, measureSweeps } from './measure.mjs';
import { csvRow, laneRows, sweepRows } from './promises.mjs';
import { SETTINGS } from './settings.mjs';
import { runScript } from './sweeps.mjs';
import { PROMISE_HEAD, textTable, whole } from './table.mjs';
import { makeYear, pointsOf, prepareYear } from './year.mjs';

const say = (text) => process.stdout.write(`${text}\n`);
const quick = process.argv.includes('quick');
const began = performance.now();
const workDir = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
process.on('exit', () => rmSync(workDir, { recursive: true, force: true }));
const dataDir = join(workDir, 'data');

say(machine());
await makeYear(dataDir);
const candles = (await prepareYear(dataDir, 'ideal')).tape.count;
const compiled = compileHandLoops(workDir);
say(compiled === undefined ? 'no C compiler: the loops in C are left out' : `C: ${compiled.how}`);
const context = { dataDir, workDir, programs: compiled?.programs ?? {} };

say('the same fills, one by one (time, side, price, quantity, fee):');
await checkFills(dataDir, context.programs, say);

const lanes = {};
const rows = [];
const details = [];
for (const setting of Object.keys(SETTINGS)) {
  const points = Math.ceil(pointsOf(setting).count / (quick ? 10 : 1));
  say(`measuring ${points} points, ${setting} fills ...`);
  const own = await measurePrograms(setting, points, context);
  lanes[setting] = own;
  rows.push(...laneRows(setting, own, candles));
  details.push(`\n${setting} fills, ${points} points x ${candles} candles:`);
  details.push(laneDetails(own, candles));
  if (quick) continue;
  const sweeps = await measureSweeps(setting, own.metrics.best, context);
  rows.push(...sweepRows(own, sweeps));
  details.push(sweepDetails(sweeps));
}
details.push(`\n${slopeText(lanes)}`);
if (!quick) {
  const csv = JSON.parse(runScript('csv-process.mjs', dataDir, workDir));
  rows.push(csvRow(csv));
  details.push(csvText(csv));
}

say('\nratios under ideal execution unless said; best passes, warm, of processor time a point:');
say(textTable([PROMISE_HEAD, ...rows]));
for (const text of details) say(text);
const took = whole((performance.now() - began) / 1_000);
say(`\nthe bench took ${took} s; ${load()}`);

function machine() {
  const memory = whole(totalmem() / 2 ** 30);
  return (
    `${cpus()[0].model.trim()}, ${availableParallelism()} cores, ${memory} GiB, ${load()}; ` +
    `node ${process.version}, V8 ${process.versions.v8}`
  );
}

function load() {
  return `load ${loadavg()
    .map((value) => value.toFixed(1))
    .join(' ')}`;
}
