/** What the bench runs and what it should reach. Everything else in bench/ is how. */

/** A year of synthetic minutes, seeded: the same candles on every machine. */
export const DAYS = 365;
export const FROM_MS = Date.UTC(2024, 0, 1);
/** Its price comes back often, so that fills lie in half of the weeks and not in the first three. */
export const SEED = 69;

/** atr-grid as it comes: one level, long, resting entry and exit, anchor last-fill, ATR of hours. */
export const STRATEGY = 'atr-grid';
/** Dollars a level: in a quiet minute more than `home` lets an order take, so some fills are partial. */
export const PARAMS = { qty: 5_000 };

/** 40 x 25 points each, all different: none finds its own candles and branches just used. */
export const SETTINGS = {
  few: { grid: { multiplier: '1.06:1.45:0.01', takeProfit: '1.06:1.3:0.01' } },
  many: { grid: { multiplier: '0.06:0.138:0.002', takeProfit: '0.06:0.084:0.001' } },
};
/**
 * Threads are compared on the same grids with so many times finer steps of the multiplier (48,775,
 * 19,525 or 12,200 points): the finest that one worker should be through with in SWEEP_SECONDS.
 */
export const SWEEP_REFINEMENTS = [50, 20, 12.5];
export const SWEEP_SECONDS = 4;

/** Programs take turns of at least one pass over the points, so that a disturbance meets all. */
export const TURNS = 6;
export const TURN_MS = 300;
/** Slow ones stop after this long, with at least two warm passes. */
export const ENOUGH_MS = 4_000;
/** The naive engine takes a fifth of a second a point. */
export const NAIVE_POINTS = 4;

/** Points whose fills are compared one by one, by who is compared with the hand loop. */
export const CHECKED = { skip: 1_000, 'every-candle': 200, floor: 1_000, plain: 100, naive: 2 };

/** The table's promises: at least, or at most. */
export const TARGETS = {
  fewFills: 15,
  manyFills: 3,
  home: 2,
  everyCandleNs: 15,
  naive: 300,
  workers: 1.7,
  metricsPercent: 25,
  csv: 5,
  coldSweepSeconds: 1,
  handOverC: 1.5,
};
