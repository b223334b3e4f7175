import type { PathPoint } from './exact.ts';

/** The last price at any time, in the terms of a tape's rows: through candles, or of trades. */
export type PricePath = {
  /** The last row opened at or before the time, looking back from `row`; -1 before the tape. */
  rowAt(row: number, timeMs: number): number;
  /** How long before a past or present time the last price was; 0 while a candle is open. */
  closedForMs(row: number, timeMs: number): number;
  /** The price at a past or present time (in a gap: the last one). False before the first. */
  priceAt(row: number, timeMs: number, point: PathPoint): boolean;
  /** First ms in (afterMs, untilMs] at which the price is <= low or >= high; Infinity if none. */
  firstOutside(row: number, afterMs: number, untilMs: number, low: number, high: number): number;
};
