/**
 * `npm run bench`: what a sweep costs on a synthetic year of minutes, and whether it keeps the
 * promises of bench/settings.mjs. Nothing fails when one is missed; different fills do.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { measureC } from './c-lane.mjs';
import { checkFills } from './check-fills.mjs';
import { compileHandLoops } from './hand-loop-c.mjs';
import { measureLanes } from './lanes.mjs';
import { promiseRows } from './promises.mjs';
import { NAIVE_POINTS, PARAMS, SETTINGS, SWEEP_REFINEMENT } from './settings.mjs';
import { measureColdSweep, measureCommand, measureThreads, runScript } from './sweeps.mjs';
import { digits, PROMISE_HEAD, seconds, textTable, times, whole } from './table.mjs';
import { makeYear, pointsOf, prepareYear } from './year.mjs';

const THREAD_ROUNDS = 2;
const say = (text) => process.stdout.write(`${text}\n`);
const began = performance.now();
const home = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
const dataDir = join(home, 'data');

sayMachine();
await makeYear(dataDir);
const { tape } = await prepareYear(dataDir, 'ideal');
const candles = tape.count;
const compiled = compileHandLoops(home);
say(compiled === undefined ? 'no C compiler: the loops in C are left out' : `C: ${compiled.how}`);
say('the same fills, one by one (time, side, price, quantity, fee):');
await checkFills(dataDir, home, compiled?.programs ?? {}, say);

const measured = {};
for (const setting of Object.keys(SETTINGS)) measured[setting] = await measure(setting);
const csv = JSON.parse(runScript('csv-process.mjs', dataDir, home));

say(`\nratios; ideal execution unless said; times are processor time a point, best passes, warm:`);
say(textTable([PROMISE_HEAD, ...promiseRows(measured, candles, csv)]));
sayDetails();
say(`\nbench took ${whole((performance.now() - began) / 1_000)} s, load now ${loadavg()[0].toFixed(1)}`);

async function measure(setting) {
  const points = pointsOf(setting).count;
  say(`measuring ${points} points, ${setting} fills ...`);
  const job = (program, execution = 'ideal') => ({ program, setting, execution, dataDir, points });
  const lanes = await measureLanes({
    hand: job('hand'),
    skip: job('skip'),
    metrics: job('metrics'),
    home: job('skip', 'home'),
    'home, metrics': job('metrics', 'home'),
    'every-candle': job('every-candle'),
    naive: { ...job('naive'), points: NAIVE_POINTS },
  });
  for (const [name, program] of Object.entries(compiled?.programs ?? {})) {
    lanes[name] = await measureC(program, home, dataDir, setting);
  }
  return {
    lanes,
    threads: measureThreads(setting, dataDir, home, SWEEP_REFINEMENT, THREAD_ROUNDS),
    coldSweep: measureColdSweep(setting, 'ideal', dataDir, home),
    coldHome: measureColdSweep(setting, 'home', dataDir, home),
    command: measureCommand(SETTINGS[setting].grid, PARAMS, 'home', dataDir, home),
  };
}

function sayMachine() {
  const load = loadavg().map((value) => value.toFixed(1)).join(' ');
  say(`${cpus()[0].model.trim()}, ${availableParallelism()} cores, ${whole(totalmem() / 2 ** 30)} GiB, ` +
    `load ${load}; node ${process.version}, V8 ${process.versions.v8}`);
}

const LANE_NAMES = {
  hand: 'hand loop', C: 'hand loop in C', 'C, wide': 'in C, whole hours at once (SIMD)',
  skip: 'skip', metrics: 'skip with all metrics', home: 'skip, home',
  'home, metrics': 'skip with all metrics, home', 'every-candle': 'every-candle', naive: 'naive engine',
};

function sayDetails() {
  const head = ['us a point', 'best', 'median', 'cold', 'ns a candle', 'us a fill', 'fills a year', 'peak MB'];
  for (const [setting, { lanes, threads, coldSweep, coldHome, command }] of Object.entries(measured)) {
    const rows = Object.entries(LANE_NAMES).filter(([key]) => lanes[key] !== undefined).map(([key, name]) => {
      const lane = lanes[key];
      return [name, digits(lane.best), digits(lane.median), digits(lane.cold),
        ((lane.best * 1_000) / candles).toFixed(3), (lane.best / lane.fills).toFixed(3), whole(lane.fills),
        lane.rssMb === undefined ? '' : whole(lane.rssMb)];
    });
    say(`\n${setting} fills, ${pointsOf(setting).count} points x ${candles} candles:`);
    say(textTable([head, ...rows]));
    const threadText = ({ seconds: took, used }) => `${seconds(took)} (${seconds(used)} of processor)`;
    say(`  ${threads.points} points: 1 worker ${threadText(threads.one)}, 2 workers ${threadText(threads.two)}, ` +
      `peak ${whole(threads.rssMb)} MB`);
    say(`  1,000 points from a cold process, 2 workers: ideal ${seconds(coldSweep.best)}, home ` +
      `${seconds(coldHome.best)}; lockstep sweep with finalists, files and report, home ${seconds(command)}`);
  }
  const slope = (name) => {
    const [few, many] = [measured.few.lanes[name], measured.many.lanes[name]];
    return ((many.best - few.best) / (many.fills - few.fills)).toFixed(3);
  };
  say(`\nus of each further fill: skip ${slope('skip')}, home ${slope('home')}, hand loop ${slope('hand')}`);
  say(`CSV of ${whole(csv.mb)} MB, processor time: csv-parse ${seconds(csv.library)}, read and checked ` +
    `${seconds(csv.read)}, imported whole (merged, Parquet and cache written) ${seconds(csv.imported)} = ` +
    `${times(csv.library / csv.imported)}`);
}
