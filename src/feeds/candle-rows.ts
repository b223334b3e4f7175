/** Candles as columns with the volume as it was read: what the store keeps and merges. */
export type CandleRows = {
  readonly count: number;
  readonly openTimeMs: Float64Array;
  readonly open: Int32Array;
  readonly high: Int32Array;
  readonly low: Int32Array;
  readonly close: Int32Array;
  readonly volume: Float64Array;
  readonly hasVolume: boolean;
};

/** Funding settlements as columns. */
export type FundingRows = {
  readonly count: number;
  readonly timeMs: Float64Array;
  readonly rate: Float64Array;
};

export type MutableCandleRows = { -readonly [Key in keyof CandleRows]: CandleRows[Key] };

export function candleRows(capacity: number, hasVolume: boolean): MutableCandleRows {
  return {
    count: 0,
    openTimeMs: new Float64Array(capacity),
    open: new Int32Array(capacity),
    high: new Int32Array(capacity),
    low: new Int32Array(capacity),
    close: new Int32Array(capacity),
    volume: new Float64Array(capacity),
    hasVolume,
  };
}

/** The first `count` rows, sharing the memory. */
export function trimmedRows(rows: CandleRows, count: number): CandleRows {
  return {
    count,
    openTimeMs: rows.openTimeMs.subarray(0, count),
    open: rows.open.subarray(0, count),
    high: rows.high.subarray(0, count),
    low: rows.low.subarray(0, count),
    close: rows.close.subarray(0, count),
    volume: rows.volume.subarray(0, count),
    hasVolume: rows.hasVolume,
  };
}

/** Newest first becomes oldest first, in place. */
export function reverseRows(rows: CandleRows): void {
  rows.openTimeMs.reverse();
  rows.open.reverse();
  rows.high.reverse();
  rows.low.reverse();
  rows.close.reverse();
  rows.volume.reverse();
}
