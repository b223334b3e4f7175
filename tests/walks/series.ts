import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeWorld } from '../../src/brokers/simulated/world.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import { resolveParameters } from '../../src/engine/parameters.ts';
import type { ParameterValue } from '../../src/engine/parameters.ts';
import { readCandleCsv } from '../../src/feeds/csv-candles.ts';
import { readFundingCsv } from '../../src/feeds/csv-funding.ts';
import { readInputFile } from '../../src/feeds/input-file.ts';
import { candleColumns } from '../../src/feeds/series-columns.ts';
import { fundingIndex } from '../../src/market/funding-index.ts';
import { indicatorSeries } from '../../src/market/indicator-series.ts';
import { pathCode } from '../../src/market/path.ts';
import type { PathModel } from '../../src/market/path.ts';
import { intervalMs, tapeOver } from '../../src/market/tape.ts';
import type { FundingHistory, Tape } from '../../src/market/tape.ts';
import { findStrategy } from '../../src/strategies/registry.ts';
import { LEGS } from '../../src/venue/latency.ts';
import { BTCUSDT } from '../fixtures/instruments.ts';
import { profile } from '../fixtures/simulations.ts';
import type { WalkCase } from './cases.ts';
import { compareWalks } from './compare.ts';

/** Runs long on a real series, so a case is a part of it. */
const MOST_ROWS = 60_000;

type Setting = {
  readonly strategy: string;
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly path?: PathModel;
  readonly latencyMs?: number;
  readonly participation?: number;
  readonly leverage?: number;
  readonly capital?: number;
};

const GRID = { qty: 0.01, atrInterval: '1h', anchor: 'trailing' };
const SETTINGS: readonly Setting[] = [
  { strategy: 'atr-grid', params: { ...GRID, multiplier: 1, takeProfit: 1 } },
  { strategy: 'atr-grid', params: { ...GRID, multiplier: 4, takeProfit: 4, stopLoss: 6 } },
  {
    strategy: 'atr-grid',
    params: { ...GRID, multiplier: 2, anchor: 'last-fill', maxLevels: 3 },
    latencyMs: 250,
  },
  {
    strategy: 'atr-grid',
    params: { ...GRID, multiplier: 0.7, direction: 'short', stopLoss: 2, cooldownHours: 6 },
    path: 'adverse',
    latencyMs: 40,
  },
  {
    strategy: 'atr-grid',
    params: { ...GRID, entryStyle: 'on-signal', exitStyle: 'on-signal', direction: 'both' },
    latencyMs: 3_000,
  },
  {
    strategy: 'atr-grid',
    params: { ...GRID, entryStyle: 'on-signal', signalOrder: 'limit', maxLevels: 4 },
    path: 'high-first',
  },
  {
    strategy: 'atr-grid',
    params: { ...GRID, multiplier: 1.5, postOnly: true, maxHoldHours: 30, maxLevels: 2 },
    participation: 0.0002,
    latencyMs: 90_000,
  },
  {
    strategy: 'atr-grid',
    params: { ...GRID, multiplier: 3, initialEntry: 'immediate', maxLevels: 5 },
    path: 'low-first',
    leverage: 8,
  },
  {
    strategy: 'atr-grid',
    params: { ...GRID, multiplier: 1, maxLevels: 5 },
    capital: 1_500,
    leverage: 2,
  },
  { strategy: 'sma-cross', params: { qty: 0.01, interval: '4h', fast: 5, slow: 20 } },
  { strategy: 'ladder-grid', params: { qty: 0.01, cells: 30, lower: 15_000, upper: 120_000 } },
  { strategy: 'buy-and-hold', params: { qty: 0.01 }, leverage: 25 },
];

/** The settings on every candle series of a folder. Without a folder there is nothing to compare. */
export function compareSeries(folder: string): boolean {
  if (folder === '' || statSync(folder, { throwIfNoEntry: false }) === undefined) {
    console.log('no folder of series: nothing is compared');
    return true;
  }
  const names = readdirSync(folder).filter((name) => name.endsWith('.csv.gz'));
  const fundingName = names.find((name) => name.includes('_funding'));
  const funding = fundingName === undefined ? undefined : readFunding(join(folder, fundingName));
  let same = true;
  for (const name of names) {
    const interval = /_(\d+[mhd])(_\d{4})?\.csv\.gz$/.exec(name)?.[1];
    const tapeMs = interval === undefined ? undefined : intervalMs(interval);
    if (tapeMs === undefined || name.includes('_mark')) continue;
    const tape = readTape(join(folder, name), tapeMs);
    for (const [i, setting] of SETTINGS.entries()) {
      const began = Date.now();
      const { reference, amendsPassed, difference } = compareWalks(
        seriesCase(name, partOf(tape, i), setting, funding),
      );
      const { fills } = reference.simulation;
      const verdict = difference === undefined ? 'same' : `DIFFERENT: ${difference}`;
      console.log(
        `${name} ${i} ${setting.strategy} ${setting.path ?? 'direction'}: ${fills.count} fills, ` +
          `${amendsPassed} amends passed over, ${Date.now() - began} ms: ${verdict}`,
      );
      if (difference !== undefined) same = false;
    }
  }
  return same;
}

function readTape(path: string, tapeMs: number): Tape {
  const options = { tickSize: '0.01', intervalMs: tapeMs, roundToTick: true, withVolume: true };
  const { rows } = readCandleCsv(readInputFile(path), options);
  const { body, count } = candleColumns(rows, Number(BTCUSDT.qtyStep));
  const head = { symbol: 'TEST', category: 'linear', intervalMs: tapeMs } as const;
  return tapeOver(body, count, { ...head, hasVolume: true });
}

function readFunding(path: string): FundingHistory {
  return readFundingCsv(readInputFile(path)).rows;
}

/** A part that starts and ends inside an hour: each setting looks at another one. */
function partOf(tape: Tape, i: number): Tape {
  const spare = Math.max(0, tape.count - MOST_ROWS);
  const first = Math.floor((spare * i) / SETTINGS.length);
  const last = Math.min(tape.count, first + MOST_ROWS) - (i % 7);
  return {
    ...tape,
    count: last - first,
    openTimeMs: tape.openTimeMs.subarray(first, last),
    volumeSteps: tape.volumeSteps.subarray(first, last),
    open: tape.open.subarray(first, last),
    high: tape.high.subarray(first, last),
    low: tape.low.subarray(first, last),
    close: tape.close.subarray(first, last),
  };
}

function seriesCase(
  name: string,
  tape: Tape,
  setting: Setting,
  funding: FundingHistory | undefined,
): WalkCase {
  const spec = { ...BTCUSDT, tickSize: '0.01' };
  const instrument = new Instrument(spec);
  const strategy = findStrategy(setting.strategy);
  const params = resolveParameters(strategy.name, strategy.parameters, setting.params);
  const setup = strategy.setup(params, instrument);
  const startMs = tape.openTimeMs[0] ?? 0;
  const endMs = (tape.openTimeMs[tape.count - 1] ?? 0) + tape.intervalMs;
  const delays = Object.fromEntries(LEGS.map((leg) => [leg, setting.latencyMs ?? 0]));
  const { participation } = setting;
  const changes = participation === undefined ? {} : { participation };
  const world = makeWorld({
    tape,
    instrument,
    funding: fundingIndex(tape, instrument, funding, startMs, endMs),
    execution: profile(changes, delays),
    path: pathCode(setting.path ?? 'direction'),
    seed: 1,
    startMs,
    endMs,
    leverage: setting.leverage ?? 1,
    capitalMoney:
      setting.capital === undefined ? NaN : setting.capital * 10 ** instrument.moneyDigits,
  });
  return {
    name,
    world,
    series: indicatorSeries(tape, setup.indicators),
    choice: { strategy, setup, params },
    before: undefined,
    drawn: {},
  };
}
