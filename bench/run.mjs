/**
 * `npm run bench`: what a sweep costs on a synthetic year of minutes. Kernel figures are processor
 * time of one thread, so that other programs disturb them little; nothing is asserted.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadInstrument } from '../dist/feeds/instruments.js';
import { loadProfile } from '../dist/feeds/profiles.js';
import { DataStore } from '../dist/feeds/store.js';
import { synthesise, synthRecipe } from '../dist/feeds/synthetic.js';
import { findStrategy } from '../dist/strategies/registry.js';
import { METRIC_COLUMN, METRIC_COUNT } from '../dist/sweep/metrics/registry.js';
import { gridPoints, pointParams } from '../dist/sweep/points.js';
import { prepareRun } from '../dist/sweep/prepare.js';
import { parseAxis } from '../dist/sweep/sweep-axes.js';
import { checkPoints } from '../dist/sweep/sweep-order.js';
import { PartialSweep } from '../dist/sweep/sweep-partial.js';
import { runPoints } from '../dist/sweep/sweep-run.js';
import { daysPerRow, PointRunner } from '../dist/sweep/worker-runner.js';

const DAYS = 365;
const ROUNDS = 3;
/** Points move a little, so that none finds its own candles and branches just used. */
const SETTINGS = [
  {
    name: 'few fills', set: { anchor: 'trailing', stopLoss: 6 },
    multiplier: '5.5:7.05:0.05', takeProfit: '5,5.5', sweptTakeProfit: '4.5:6.25:0.25',
  },
  {
    name: 'many fills', set: { anchor: 'trailing', stopLoss: 2 },
    multiplier: '1.4:2.95:0.05', takeProfit: '1,1.1', sweptTakeProfit: '0.8:1.5:0.1',
  },
];

const home = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
const say = (text) => process.stdout.write(`${text}\n`);

await makeYear();
const began = performance.now();
await prepareRun(specOf({}));
say(`a year of minutes from the .bin cache, checked: ${(performance.now() - began).toFixed(0)} ms`);
for (const setting of SETTINGS) await measure(setting);
say(`peak memory, threads included: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);

async function makeYear() {
  const { instrument } = loadInstrument({ symbol: 'BTCUSD', dataDir: home });
  const fromMs = Date.UTC(2024, 0, 1);
  const options = { instrument, intervalMs: 60_000, fromMs, toMs: fromMs + DAYS * 86_400_000, seed: 1 };
  await new DataStore(home).putSynthetic(
    { kind: 'candles', category: 'inverse', symbol: 'BTCUSD', interval: '1m', origin: 'synthetic' },
    instrument, synthesise(options), { seed: 1, recipe: synthRecipe(options) },
  );
}

function specOf(params, execution = 'home') {
  return {
    dataDir: home, symbol: 'BTCUSD', category: undefined, instrumentFile: undefined, interval: '1m',
    origin: undefined, fromMs: undefined, toMs: undefined, warmupMs: 0, strategy: 'atr-grid', params,
    path: 'direction', execution: loadProfile(execution).profile, seed: 1, capital: undefined,
    leverage: undefined,
  };
}

async function measure({ name, set, multiplier, takeProfit, sweptTakeProfit }) {
  const strategy = findStrategy('atr-grid');
  const prepared = await prepareRun(specOf(set));
  const grid = (exits) => gridPoints([
    parseAxis(strategy, 'multiplier', multiplier), parseAxis(strategy, 'takeProfit', exits),
  ]);
  const points = grid(takeProfit);
  const swept = grid(sweptTakeProfit);
  const candles = prepared.tape.count - prepared.firstRow;
  say(`${name} (${points.count} points x ${candles} candles):`);
  const ideal = kernel(await prepareRun(specOf(set, 'ideal')), points, false);
  sayKernel('the walk alone, execution ideal', ideal, candles);
  const walk = kernel(prepared, points, false);
  sayKernel('the walk alone, execution home', walk, candles);
  const whole = kernel(prepared, points, true);
  sayKernel('with all metrics, execution home', whole, candles);
  say(`  metrics: ${(100 * (1 - walk.microseconds / whole.microseconds)).toFixed(0)} % of a point's time`);
  const one = await wholeSweep(prepared, swept, 1);
  const two = await wholeSweep(prepared, swept, 2);
  const text = ({ ms, cpuMs }) => `${ms.toFixed(0)} ms (${cpuMs.toFixed(0)} ms of processor)`;
  say(`  sweep of ${swept.count} points, starting its threads: 1 worker ${text(one)}, ` +
    `2 workers ${text(two)}, ratio ${(one.ms / two.ms).toFixed(2)} (${availableParallelism()} cores, ` +
    `load ${loadavg()[0].toFixed(1)})`);
}

function sayKernel(what, { microseconds, fills }, candles) {
  say(`  ${what}: ${(candles / microseconds).toFixed(1)} million candles x points per second per core, ` +
    `${((microseconds * 1_000) / candles).toFixed(2)} ns per candle and point, ` +
    `${(microseconds / 1_000).toFixed(2)} ms per point at ${fills.toFixed(0)} fills a year`);
}

/** Best round: the one least disturbed. The first warms up and is not counted. */
function kernel(prepared, points, withMetrics) {
  const runner = new PointRunner(prepared);
  const row = new Float64Array(METRIC_COUNT);
  const daily = new Float32Array(daysPerRow(prepared));
  let best = Infinity;
  let fills = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const before = process.cpuUsage();
    fills = 0;
    for (let id = 0; id < points.count; id += 1) {
      if (withMetrics) runner.measure(pointParams(points, id), row, 0, daily, 0);
      fills += withMetrics ? row[METRIC_COLUMN.fillsPerYear] : runner.run(pointParams(points, id)).fills.count;
    }
    const { user, system } = process.cpuUsage(before);
    if (round > 0) best = Math.min(best, (user + system) / points.count);
  }
  return { microseconds: best, fills: fills / points.count };
}

async function wholeSweep(prepared, points, workers) {
  const dir = mkdtempSync(join(home, 'sweep-'));
  const partial = new PartialSweep(dir, points.count, daysPerRow(prepared));
  const before = performance.now();
  const cpuBefore = process.cpuUsage();
  await runPoints(prepared, points, checkPoints(prepared, points), partial, { workers });
  partial.close();
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ms: performance.now() - before, cpuMs: (user + system) / 1_000 };
}
