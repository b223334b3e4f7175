/**
 * The year as a CSV file, read by csv-parse into the same columns (no checks, fastest options), read by
 * ours (every row checked), and imported whole: read, merged, stored as Parquet and cache.
 */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { readCandleCsv } from '../dist/feeds/csv-candles.js';
import { readInputFile } from '../dist/feeds/input-file.js';
import { DataStore } from '../dist/feeds/store.js';
import { best } from './rounds.mjs';
import { prepareYear } from './year.mjs';

const ROUNDS = 3;
const [dataDir, workDir] = process.argv.slice(2);
const { tape, instrument } = await prepareYear(dataDir, 'ideal');
const { tickSize } = instrument.spec;
const file = join(workDir, 'year.csv');
writeFileSync(file, csvOf(tape));

const times = { library: [], read: [], imported: [] };
for (let round = 0; round < ROUNDS; round += 1) {
  times.library.push(await seconds(() => readByLibrary()));
  times.read.push(await seconds(() => readOurs()));
  times.imported.push(await seconds(() => importOurs(join(workDir, `store-${round}`))));
}
const result = Object.fromEntries(Object.entries(times).map(([name, all]) => [name, best(all)]));
process.stdout.write(
  JSON.stringify({ ...result, rows: tape.count, mb: statSync(file).size / 1e6 }),
);

/** Processor time, of all threads: storing uses more than one. */
async function seconds(run) {
  globalThis.gc?.();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function csvOf({ openTimeMs, open, high, low, close, volumeSteps, count }) {
  const price = (ticks) => instrument.formatPrice(ticks);
  const lines = ['start_at,open,high,low,close,volume'];
  for (let row = 0; row < count; row += 1) {
    const prices = [open, high, low, close].map((column) => price(column[row]));
    lines.push(`${openTimeMs[row]},${prices.join(',')},${instrument.formatQty(volumeSteps[row])}`);
  }
  return `${lines.join('\n')}\n`;
}

function readByLibrary() {
  const rows = parse(readFileSync(file), { from_line: 2 });
  const columns = Array.from({ length: 6 }, () => new Float64Array(rows.length));
  const tick = Number(tickSize);
  for (let row = 0; row < rows.length; row += 1) {
    const cells = rows[row];
    columns[0][row] = Number(cells[0]);
    for (let column = 1; column <= 4; column += 1)
      columns[column][row] = Math.round(Number(cells[column]) / tick);
    columns[5][row] = Number(cells[5]);
  }
  mustEqual(columns[4]);
}

function readOurs() {
  const options = { tickSize, intervalMs: 60_000, roundToTick: false, withVolume: true };
  mustEqual(readCandleCsv(readInputFile(file), options).rows.close);
}

async function importOurs(dir) {
  const key = {
    kind: 'candles',
    category: 'inverse',
    symbol: 'BTCUSD',
    interval: '1m',
    origin: 'real',
  };
  await new DataStore(dir).importCandles(file, { key, instrument });
  rmSync(dir, { recursive: true });
}

function mustEqual(close) {
  for (let row = 0; row < tape.count; row += 1) {
    if (close[row] !== tape.close[row]) throw new Error(`row ${row}: close ${close[row]}`);
  }
}
