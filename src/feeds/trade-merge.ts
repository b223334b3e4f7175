import { InputError } from '../engine/invariant.ts';
import { isoTime } from './csv-time.ts';
import { repeatedId } from './trade-id.ts';
import { appendTrade, sameTrade, tradeRows, tradeSlice } from './trade-rows.ts';
import type { TradeRows } from './trade-rows.ts';

/** How a conflict is told. */
export type TradeMergeContext = {
  readonly file: string;
  readonly series: string;
  /** Row of the file an added trade came from. */
  readonly fileRow: (row: number) => number;
};

/**
 * The union of two tapes. A time that both hold must hold the same trades in the same order in
 * both: only then does the order of the imports not matter.
 */
export function mergeTrades(
  stored: TradeRows | undefined,
  added: TradeRows,
  context: TradeMergeContext,
): TradeRows {
  const merged = stored === undefined ? added : union(stored, added, context);
  const repeated = repeatedId(merged);
  if (repeated === undefined) return merged;
  const [first, second] = repeated.map((row) => timeOf(merged, row));
  throw new InputError(
    `${context.file}: one trade id is there at ${first} and at ${second} in ${context.series}; ` +
      `nothing was imported`,
  );
}

function union(stored: TradeRows, added: TradeRows, context: TradeMergeContext): TradeRows {
  const merged = tradeRows(stored.count + added.count);
  let [left, right] = [0, 0];
  while (left < stored.count || right < added.count) {
    const leftUs = stored.timeUs[left] ?? Infinity;
    const rightUs = added.timeUs[right] ?? Infinity;
    const leftEnd = leftUs <= rightUs ? endOfTime(stored, left) : left;
    const rightEnd = rightUs <= leftUs ? endOfTime(added, right) : right;
    if (leftUs === rightUs) {
      refuseConflict(tradeSlice(stored, left, leftEnd), added, right, rightEnd, context);
    }
    const [source, from, to] =
      leftUs <= rightUs ? [stored, left, leftEnd] : [added, right, rightEnd];
    for (let row = from; row < to; row += 1) appendTrade(merged, source, row);
    [left, right] = [leftEnd, rightEnd];
  }
  return tradeSlice(merged, 0, merged.count);
}

/** The first row after those that have this row's time. */
function endOfTime({ timeUs, count }: TradeRows, row: number): number {
  let end = row + 1;
  while (end < count && timeUs[end] === timeUs[row]) end += 1;
  return end;
}

function refuseConflict(
  stored: TradeRows,
  added: TradeRows,
  from: number,
  to: number,
  context: TradeMergeContext,
): void {
  let row = 0;
  while (row < stored.count && from + row < to && sameTrade(stored, row, added, from + row))
    row += 1;
  if (row === stored.count && from + row === to) return;
  throw new InputError(
    `${context.file} row ${context.fileRow(Math.min(from + row, to - 1))}: conflict with ` +
      `${context.series} at ${timeOf(added, from)}: ${stored.count} trades of this time are ` +
      `stored, the file has ${to - from}, not the same or not in the same order; ` +
      `cut files only between two times; nothing was imported`,
  );
}

function timeOf(rows: TradeRows, row: number): string {
  return isoTime((rows.timeUs[row] ?? NaN) / 1000);
}
