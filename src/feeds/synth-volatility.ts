import type { SynthRandom } from './synth-random.ts';

const MINUTES_PER_DAY = 1440;
const MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY;

/** Share of each UTC hour: quiet before Asia opens, busy while London and New York overlap. */
const HOURS = [
  0.95, 0.95, 0.9, 0.85, 0.8, 0.78, 0.8, 0.88, 0.95, 0.95, 0.93, 0.95, 1.05, 1.3, 1.5, 1.45, 1.35,
  1.2, 1.1, 1.05, 1.0, 0.98, 0.95, 0.95,
];
/** From Sunday to Saturday. */
const WEEKDAYS = [0.72, 1.05, 1.08, 1.1, 1.08, 1.05, 0.65];
/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 4;

/** States in a row; each minute a chain may step to a neighbour. */
type Chain = {
  readonly level: readonly number[];
  readonly up: readonly number[];
  readonly down: readonly number[];
};

/** Calm, normal, busy, storm: from hours down to three quarters of an hour. */
const REGIMES: Chain = {
  level: [0.45, 0.9, 1.6, 3.4],
  up: [1 / 600, 1 / 700, 1 / 900, 0],
  down: [0, 1 / 500, 1 / 240, 1 / 45],
};

/** Quiet, usual and wild weeks. */
const SEASONS: Chain = {
  level: [0.7, 1, 1.45],
  up: [1 / 20_000, 1 / 25_000, 0],
  down: [0, 1 / 22_000, 1 / 10_000],
};

/** How busy each minute is, relative to the long run: the mean of the squares is 1. */
export class SynthActivity {
  readonly #random: SynthRandom;
  readonly #rhythm = weekRhythm();
  readonly #regimeScale = rmsScale(REGIMES);
  readonly #seasonScale = rmsScale(SEASONS);
  #regime: number;
  #season: number;

  constructor(random: SynthRandom) {
    this.#random = random;
    this.#regime = drawState(REGIMES, random);
    this.#season = drawState(SEASONS, random);
  }

  /** Moves on by one minute. */
  next(timeMs: number): number {
    this.#regime = stepState(REGIMES, this.#regime, this.#random);
    this.#season = stepState(SEASONS, this.#season, this.#random);
    const regime = (REGIMES.level[this.#regime] ?? 1) * this.#regimeScale;
    const season = (SEASONS.level[this.#season] ?? 1) * this.#seasonScale;
    const minute = (timeMs / 60_000) % MINUTES_PER_WEEK;
    return regime * season * (this.#rhythm[minute] ?? 1);
  }
}

/** The long-run share of each state: flows between neighbours balance. */
function shares(chain: Chain): number[] {
  const weights = [1];
  for (let state = 1; state < chain.level.length; state += 1) {
    const before = weights[state - 1] ?? 0;
    weights.push((before * (chain.up[state - 1] ?? 0)) / (chain.down[state] ?? 1));
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function rmsScale(chain: Chain): number {
  let square = 0;
  shares(chain).forEach((share, state) => {
    square += share * (chain.level[state] ?? 0) ** 2;
  });
  return 1 / Math.sqrt(square);
}

function drawState(chain: Chain, random: SynthRandom): number {
  let left = random.unit();
  const state = shares(chain).findIndex((share) => (left -= share) < 0);
  return state < 0 ? 0 : state;
}

function stepState(chain: Chain, state: number, random: SynthRandom): number {
  const u = random.unit();
  const up = chain.up[state] ?? 0;
  if (u < up) return state + 1;
  return u < up + (chain.down[state] ?? 0) ? state - 1 : state;
}

function weekRhythm(): Float64Array {
  const rhythm = new Float64Array(MINUTES_PER_WEEK);
  let squares = 0;
  for (let minute = 0; minute < MINUTES_PER_WEEK; minute += 1) {
    const hour = Math.floor(minute / 60) % 24;
    const part = (minute % 60) / 60;
    const daily = (HOURS[hour] ?? 1) * (1 - part) + (HOURS[(hour + 1) % 24] ?? 1) * part;
    const weekday = (Math.floor(minute / MINUTES_PER_DAY) + EPOCH_WEEKDAY) % 7;
    const value = daily * (WEEKDAYS[weekday] ?? 1);
    rhythm[minute] = value;
    squares += value * value;
  }
  const scale = 1 / Math.sqrt(squares / MINUTES_PER_WEEK);
  return rhythm.map((value) => value * scale);
}
