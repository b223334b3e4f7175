/** A closed candle of the strategy's interval, with its indicators. */
export type ClosedCandle = {
  readonly closeMs: number;
  readonly closeTicks: number;
  readonly indicators: readonly number[];
};

/** History first, then what closes: each candle once, and in order. */
export interface CandleFeed {
  start(sink: (candle: ClosedCandle) => void): void;
  close(): Promise<void>;
}

/** All that a feed knows of time. */
export interface FeedClock {
  nowMs(): number;
  timer(): {
    /** Replaces the earlier wish. Infinity: not at all. */
    wakeAt(atMs: number, then: () => void): void;
  };
}
