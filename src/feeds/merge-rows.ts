import { InputError } from '../engine/invariant.ts';
import { candleRows, trimmedRows } from './candle-rows.ts';
import type { CandleRows, FundingRows } from './candle-rows.ts';
import { isoTime } from './csv-time.ts';

/** How a conflict is told: in what file, and how its prices are written. */
export type MergeContext = {
  readonly file: string;
  readonly series: string;
  readonly fileRow: (index: number) => number;
  readonly formatPrice: (ticks: number) => string;
};

const PRICE_COLUMNS = ['open', 'high', 'low', 'close'] as const;

/** The union of two series; rows of the same time must agree to the last digit. */
export function mergeCandles(
  stored: CandleRows | undefined,
  added: CandleRows,
  context: MergeContext,
): CandleRows {
  if (stored === undefined) return added;
  if (stored.hasVolume !== added.hasVolume) {
    const [has, hasNot] = stored.hasVolume ? ['stored', 'file'] : ['file', 'stored'];
    throw new InputError(
      `${context.file}: the ${has} rows of ${context.series} have volume, the ${hasNot} rows ` +
        `have none; import them into another --data-dir`,
    );
  }
  const merged = candleRows(stored.count + added.count, added.hasVolume);
  const count = zip(stored.openTimeMs, added.openTimeMs, (left, right, at) => {
    if (left >= 0 && right >= 0) refuseConflict(stored, left, added, right, context);
    const [source, row] = left >= 0 ? [stored, left] : [added, right];
    merged.openTimeMs[at] = source.openTimeMs[row] ?? NaN;
    merged.volume[at] = source.volume[row] ?? NaN;
    for (const column of PRICE_COLUMNS) merged[column][at] = source[column][row] ?? 0;
  });
  return trimmedRows(merged, count);
}

/** The union of two funding histories. */
export function mergeFunding(
  stored: FundingRows | undefined,
  added: FundingRows,
  context: Omit<MergeContext, 'formatPrice'>,
): FundingRows {
  if (stored === undefined) return added;
  const timeMs = new Float64Array(stored.count + added.count);
  const rate = new Float64Array(stored.count + added.count);
  const count = zip(stored.timeMs, added.timeMs, (left, right, at) => {
    const before = stored.rate[left];
    const after = added.rate[right];
    if (before !== undefined && after !== undefined && before !== after) {
      const time = isoTime(added.timeMs[right] ?? NaN);
      throw conflict(
        context,
        right,
        time,
        `funding rate ${before} is stored, the file says ${after}`,
      );
    }
    timeMs[at] = (left >= 0 ? stored.timeMs[left] : added.timeMs[right]) ?? NaN;
    rate[at] = before ?? after ?? NaN;
  });
  return { count, timeMs: timeMs.subarray(0, count), rate: rate.subarray(0, count) };
}

/** Walks two ascending columns at once; an index of -1 means "not on this side". */
function zip(
  left: Float64Array,
  right: Float64Array,
  visit: (leftIndex: number, rightIndex: number, at: number) => void,
): number {
  let [i, j, at] = [0, 0, 0];
  while (i < left.length || j < right.length) {
    const leftTime = left[i] ?? Infinity;
    const rightTime = right[j] ?? Infinity;
    visit(leftTime <= rightTime ? i : -1, rightTime <= leftTime ? j : -1, at);
    if (leftTime <= rightTime) i += 1;
    if (rightTime <= leftTime) j += 1;
    at += 1;
  }
  return at;
}

function refuseConflict(
  stored: CandleRows,
  left: number,
  added: CandleRows,
  right: number,
  context: MergeContext,
): void {
  for (const column of [...PRICE_COLUMNS, 'volume'] as const) {
    const before = stored[column][left] ?? NaN;
    const after = added[column][right] ?? NaN;
    if (before === after) continue;
    const show = column === 'volume' ? String : context.formatPrice;
    const time = isoTime(added.openTimeMs[right] ?? NaN);
    throw conflict(
      context,
      right,
      time,
      `${column} ${show(before)} is stored, the file says ${show(after)}`,
    );
  }
}

function conflict(
  context: Omit<MergeContext, 'formatPrice'>,
  index: number,
  time: string,
  what: string,
): InputError {
  return new InputError(
    `${context.file} row ${context.fileRow(index)}: conflict with ${context.series} at ${time}: ` +
      `${what}; nothing was imported`,
  );
}
