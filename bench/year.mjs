/** The bench's candles, and runs over them. */
import { loadInstrument } from '../dist/feeds/instruments.js';
import { loadProfile } from '../dist/feeds/profiles.js';
import { DataStore } from '../dist/feeds/store.js';
import { synthesise, synthRecipe } from '../dist/feeds/synthetic.js';
import { findStrategy } from '../dist/strategies/registry.js';
import { gridPoints } from '../dist/sweep/points.js';
import { prepareRun } from '../dist/sweep/prepare.js';
import { parseAxis } from '../dist/sweep/sweep-axes.js';
import { DAYS, FROM_MS, PARAMS, SEED, SETTINGS, STRATEGY } from './settings.mjs';

const SYMBOL = 'BTCUSD';

export async function makeYear(dataDir) {
  const { instrument } = loadInstrument({ symbol: SYMBOL, dataDir });
  const toMs = FROM_MS + DAYS * 86_400_000;
  const options = { instrument, intervalMs: 60_000, fromMs: FROM_MS, toMs, seed: SEED };
  const key = {
    kind: 'candles',
    category: 'inverse',
    symbol: SYMBOL,
    interval: '1m',
    origin: 'synthetic',
  };
  const origin = { seed: SEED, recipe: synthRecipe(options) };
  await new DataStore(dataDir).putSynthetic(key, instrument, synthesise(options), origin);
}

export function prepareYear(dataDir, execution) {
  return prepareRun({
    dataDir,
    symbol: SYMBOL,
    category: undefined,
    instrumentFile: undefined,
    interval: '1m',
    origin: undefined,
    fromMs: undefined,
    toMs: undefined,
    warmupMs: 0,
    strategy: STRATEGY,
    params: PARAMS,
    path: 'direction',
    execution: loadProfile(execution).profile,
    seed: 1,
    capital: undefined,
    leverage: undefined,
    risk: {},
  });
}

/** A setting's points; `refinement`: how many times finer the steps of its first axis. */
export function pointsOf(setting, refinement = 1) {
  const strategy = findStrategy(STRATEGY);
  const axes = Object.entries(SETTINGS[setting].grid).map(([name, range], axis) => {
    const [from, to, step] = range.split(':').map(Number);
    const finer = axis === 0 ? Number((step / refinement).toFixed(10)) : step;
    return parseAxis(strategy, name, `${from}:${to}:${finer}`);
  });
  return gridPoints(axes);
}
