/**
 * What metrics ask of single rows, side by side: a fill lies anywhere in the tape, and what costs
 * is the memory fetched for its row. 24 bytes a row: the sum of the closes before it, then the two
 * pairs of the range tree.
 */
export type RowTable = { readonly floats: Float64Array; readonly ints: Int32Array };

export const ROW_FLOATS = 3;
export const ROW_INTS = 6;
/** Where in a row's ints the pairs are. */
export const ROW_SINCE = 2;
export const ROW_UNTIL = 4;

/** One row more than candles: the last one holds the sum of all. */
export function newRowTable(candles: number): RowTable {
  const buffer = new SharedArrayBuffer((candles + 1) * ROW_FLOATS * 8);
  return { floats: new Float64Array(buffer), ints: new Int32Array(buffer) };
}
