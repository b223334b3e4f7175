/** Plays what lies inside a candle, whatever its path is made of. */
export type CandleWalk = {
  /** The row walked last. */
  row: number;
  walk(row: number): void;
  /** A closed market: messages, closes and timers go on, nothing fills. */
  drainBefore(untilMs: number): void;
};
