import { lowerBound } from './tape.ts';

/**
 * The exchange's public trades as columns over shared memory, in the order they happened: by time,
 * and within one time as their file had them. Prices are whole ticks, sizes whole quantity steps.
 */
export type TradeTape = {
  readonly symbol: string;
  readonly category: 'linear' | 'inverse';
  readonly count: number;
  readonly timeMs: Float64Array;
  readonly sizeSteps: Float64Array;
  readonly priceTicks: Int32Array;
  /** The side that took: 1 bought, -1 sold. */
  readonly takerSide: Int8Array;
};

/** Bytes of a trade tape's columns in their order in shared memory: time, size, price, side. */
export function tradeTapeBytes(count: number): number {
  return count * (8 + 8 + 4 + 1);
}

/** A tape over one SharedArrayBuffer, to be filled or mapped. */
export function tradeTapeOver(
  buffer: SharedArrayBuffer,
  count: number,
  head: Pick<TradeTape, 'symbol' | 'category'>,
): TradeTape {
  return {
    ...head,
    count,
    timeMs: new Float64Array(buffer, 0, count),
    sizeSteps: new Float64Array(buffer, 8 * count, count),
    priceTicks: new Int32Array(buffer, 16 * count, count),
    takerSide: new Int8Array(buffer, 20 * count, count),
  };
}

/** The trades in [fromMs, toMs), sharing the memory. */
export function sliceTrades(trades: TradeTape, fromMs: number, toMs: number): TradeTape {
  const first = lowerBound(trades.timeMs, fromMs);
  const last = lowerBound(trades.timeMs, toMs);
  return {
    ...trades,
    count: last - first,
    timeMs: trades.timeMs.subarray(first, last),
    sizeSteps: trades.sizeSteps.subarray(first, last),
    priceTicks: trades.priceTicks.subarray(first, last),
    takerSide: trades.takerSide.subarray(first, last),
  };
}
