/**
 * The path inside a candle: straight segments through four waypoints at t0, t0 + floor(D/3),
 * t0 + floor(2D/3) and t0 + D - 1 ms. The path model says which of high and low comes first.
 * Rules: docs/simulation.md, section "Path".
 */
export const CANDLE_PATH_MODELS = ['direction', 'high-first', 'low-first', 'adverse'] as const;
/** `trades` is no path through candles: it is the recorded trades themselves. */
export const PATH_MODELS = [...CANDLE_PATH_MODELS, 'trades'] as const;
export type PathModel = (typeof PATH_MODELS)[number];

export const PATH_DIRECTION = 0;
export const PATH_HIGH_FIRST = 1;
export const PATH_LOW_FIRST = 2;
export const PATH_ADVERSE = 3;
export const PATH_TRADES = 4;

export function pathCode(model: PathModel): number {
  return PATH_MODELS.indexOf(model);
}

/** `direction`: a rising (or unchanged) candle visits its low first. */
export function directionHighFirst(open: number, close: number): boolean {
  return close < open;
}

/** Offsets of the two middle waypoints from the open time. */
export function firstThirdMs(intervalMs: number): number {
  return Math.floor(intervalMs / 3);
}

export function secondThirdMs(intervalMs: number): number {
  return Math.floor((2 * intervalMs) / 3);
}

/**
 * First whole ms at which the segment (fromMs, fromTicks)-(toMs, toTicks) is at or beyond `level`,
 * which must lie beyond fromTicks in the segment's direction and not beyond toTicks.
 *
 * The quotient's distance to an integer is at least 1 / |toTicks - fromTicks|, far above the
 * rounding of one float division, so `ceil` is exact.
 */
export function crossingMs(
  fromMs: number,
  fromTicks: number,
  toMs: number,
  toTicks: number,
  level: number,
): number {
  return fromMs + Math.ceil(((level - fromTicks) * (toMs - fromMs)) / (toTicks - fromTicks));
}
