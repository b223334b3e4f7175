import { InputError } from '../engine/invariant.ts';
import { isoTime } from './csv-time.ts';
import { appendTrade, sameId, sameTrade, tradeRows, tradeSlice } from './trade-rows.ts';
import type { TradeRows } from './trade-rows.ts';

export type OrderedTrades = {
  readonly rows: TradeRows;
  /** Row of the file each of them came from. */
  readonly lines: Uint32Array;
  /** Rows left out because their trade was there already. */
  readonly duplicates: number;
};

/**
 * The rows of a file oldest first, each trade once. Within one time they keep the file's order; in
 * a file that runs backwards (its first row is younger than its last) that order is turned round.
 */
export function inOrderOnce(file: string, rows: TradeRows, lines: Uint32Array): OrderedTrades {
  const order = orderOf(rows);
  const kept = tradeRows(rows.count);
  const keptLines = new Uint32Array(rows.count);
  for (const row of order) {
    const twin = twinOf(kept, rows, row);
    if (twin >= 0) {
      if (sameTrade(kept, twin, rows, row)) continue;
      throw new InputError(
        `${file} row ${lines[row]}: the trade of row ${keptLines[twin]} once more, with another ` +
          `price, size or side (${isoTime((rows.timeUs[row] ?? NaN) / 1000)}); keep one row`,
      );
    }
    keptLines[kept.count] = lines[row] ?? 0;
    appendTrade(kept, rows, row);
  }
  const { count } = kept;
  return {
    rows: tradeSlice(kept, 0, count),
    lines: keptLines.subarray(0, count),
    duplicates: rows.count - count,
  };
}

function orderOf({ timeUs, count }: TradeRows): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, row) => row);
  if ((timeUs[0] ?? 0) > (timeUs[count - 1] ?? 0)) order.reverse();
  const ascending = order.every(
    (row, at) => at === 0 || (timeUs[order[at - 1] ?? 0] ?? 0) <= (timeUs[row] ?? 0),
  );
  // A typed array's sort is stable, so what has one time keeps its order.
  return ascending ? order : order.sort((a, b) => (timeUs[a] ?? 0) - (timeUs[b] ?? 0));
}

/** The row of the same id among the last rows of the same time; -1 if there is none. */
function twinOf(kept: TradeRows, rows: TradeRows, row: number): number {
  const timeUs = rows.timeUs[row];
  for (let at = kept.count - 1; at >= 0 && kept.timeUs[at] === timeUs; at -= 1) {
    if (sameId(kept, at, rows, row)) return at;
  }
  return -1;
}
