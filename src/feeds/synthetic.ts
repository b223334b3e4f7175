import type { Instrument } from '../engine/instrument.ts';
import { InputError } from '../engine/invariant.ts';
import { tapeOver } from '../market/tape.ts';
import type { Tape } from '../market/tape.ts';
import { candleRows } from './candle-rows.ts';
import type { CandleRows } from './candle-rows.ts';
import { isAligned } from './interval-check.ts';
import { candleColumns } from './series-columns.ts';
import type { SynthRecipe } from './series-info.ts';
import { SynthPath } from './synth-path.ts';

const MS_PER_MINUTE = 60_000;
/** Raised whenever the same seed begins to give other candles. */
const SYNTH_VERSION = 1;
const MAX_MINUTES = 20 * 525_600;

export type SynthOptions = {
  readonly instrument: Instrument;
  readonly intervalMs: number;
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly seed: number;
  readonly startPrice?: number | undefined;
  /** Percent a year; 0 = a martingale. */
  readonly driftPercent?: number | undefined;
  /** Percent a year; 55 is bitcoin's usual. */
  readonly volatilityPercent?: number | undefined;
};

/** Made-up candles with the habits of a real market; the same options give the same bytes. */
export function synthesise(options: SynthOptions): CandleRows {
  checkSynthOptions(options);
  const { instrument, intervalMs, fromMs, toMs, seed } = options;
  const recipe = synthRecipe(options);
  const startTicks = Math.max(1, Math.round(recipe.startPrice / instrument.tickSize));
  const path = new SynthPath({ ...recipe, seed, startTicks });
  const count = (toMs - fromMs) / intervalMs;
  const rows = { ...candleRows(count, true), count };
  const volume = volumeScale(instrument, recipe.startPrice);
  for (let index = 0; index < count; index += 1) {
    const openTimeMs = fromMs + index * intervalMs;
    rows.openTimeMs[index] = openTimeMs;
    rows.open[index] = path.close;
    fillCandle(rows, index, path, openTimeMs, openTimeMs + intervalMs);
    const steps = Math.floor(((rows.volume[index] ?? 0) * volume.perMinute) / instrument.qtyStep);
    rows.volume[index] = (steps * volume.stepUnits) / volume.unitsPerOne;
  }
  return rows;
}

/** The same as a tape in memory. */
export function syntheticTape(options: SynthOptions): Tape {
  const rows = synthesise(options);
  const { body } = candleColumns(rows, options.instrument.qtyStep);
  const { symbol, category } = options.instrument.spec;
  const head = { symbol, category, intervalMs: options.intervalMs, hasVolume: true };
  return tapeOver(body, rows.count, head);
}

/** What the manifest keeps, with all defaults filled in. */
export function synthRecipe(options: SynthOptions): SynthRecipe {
  return {
    version: SYNTH_VERSION,
    startPrice: options.startPrice ?? usualPrice(options.instrument.spec.baseCurrency),
    driftPercent: options.driftPercent ?? 0,
    volatilityPercent: options.volatilityPercent ?? 55,
  };
}

/** One candle from the minutes inside it; leaves the sum of their turnover in `volume`. */
function fillCandle(
  rows: CandleRows,
  index: number,
  path: SynthPath,
  fromMs: number,
  toMs: number,
): void {
  let [high, low, turnover] = [path.close, path.close, 0];
  for (let timeMs = fromMs; timeMs < toMs; timeMs += MS_PER_MINUTE) {
    path.nextMinute(timeMs);
    if (path.high > high) high = path.high;
    if (path.low < low) low = path.low;
    turnover += path.turnover;
  }
  rows.high[index] = high;
  rows.low[index] = low;
  rows.close[index] = path.close;
  rows.volume[index] = turnover;
}

function usualPrice(baseCurrency: string): number {
  if (baseCurrency === 'BTC') return 60_000;
  return baseCurrency === 'ETH' ? 3_000 : 100;
}

/** An average minute trades 400,000 contracts (inverse) or 1.5 million of quote money (linear). */
export function volumeScale(
  instrument: Instrument,
  startPrice: number,
): { perMinute: number; stepUnits: number; unitsPerOne: number } {
  const unitsPerOne = 10 ** instrument.qtyDigits;
  const stepUnits = Math.round(instrument.qtyStep * unitsPerOne);
  return {
    perMinute: instrument.inverse ? 400_000 : 1_500_000 / startPrice,
    stepUnits,
    unitsPerOne,
  };
}

export function checkSynthOptions(options: SynthOptions): void {
  const { intervalMs, fromMs, toMs, seed } = options;
  const refuse = (holds: boolean, problem: string): void => {
    if (!holds) throw new InputError(`synthetic data: ${problem}`);
  };
  const { startPrice, driftPercent, volatilityPercent } = synthRecipe(options);
  refuse(intervalMs % MS_PER_MINUTE === 0, 'the interval must be 1m or longer');
  refuse(
    isAligned(fromMs, intervalMs) && isAligned(toMs, intervalMs),
    'from and to must open a candle of the interval (UTC)',
  );
  refuse(fromMs < toMs, 'from must lie before to (exclusive)');
  refuse((toMs - fromMs) / MS_PER_MINUTE <= MAX_MINUTES, 'at most 20 years at a time');
  refuse(Number.isSafeInteger(seed) && seed >= 0, 'the seed must be a whole number from 0 to 2^53');
  refuse(startPrice > 0 && startPrice < Infinity, 'the start price must be above zero');
  refuse(Math.abs(driftPercent) <= 1_000, 'drift must be from -1000 to 1000 percent a year');
  refuse(
    volatilityPercent >= 0 && volatilityPercent <= 500,
    'volatility must be from 0 to 500 percent a year',
  );
}
