import { sharedInt32 } from '../../market/shared-columns.ts';
import type { Tape } from '../../market/tape.ts';
import { ROW_INTS, ROW_SINCE, ROW_UNTIL } from './row-table.ts';
import type { RowTable } from './row-table.ts';

const BLOCK_BITS = 6;
const BLOCK = 1 << BLOCK_BITS;

/**
 * One level of lows and highs in blocks of 64. Next to each entry lies the range from its block's
 * start to it and from it to its block's end, so that a stretch of any length takes one look at
 * either end and then the whole blocks between, which are the entries of the next level.
 */
type RangeLevel = {
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** `stride` numbers an entry, among them the two pairs (lowest, highest). */
  readonly pairs: Int32Array;
  readonly stride: number;
  /** Where in an entry the pair from its block's start up to it is. */
  readonly sinceStart: number;
  /** Where the pair from it to its block's end is. */
  readonly untilEnd: number;
};

/** Lowest low and highest high of any stretch of candles; levels[L] holds blocks of 64^L rows. */
export type RangeTree = { readonly levels: readonly RangeLevel[] };

/** Answer of rangeOf, reused. Ticks. */
export type PriceRange = { lowTicks: number; highTicks: number };

/** The pairs of single rows are written into the table. */
export function buildRangeTree(tape: Tape, { ints }: RowTable): RangeTree {
  const { low, high } = tape;
  const inRows = { pairs: ints, stride: ROW_INTS, sinceStart: ROW_SINCE, untilEnd: ROW_UNTIL };
  let level: RangeLevel = { low, high, ...inRows };
  const levels: RangeLevel[] = [];
  for (;;) {
    fill(level);
    levels.push(level);
    if (level.low.length <= BLOCK) return { levels };
    level = blocksOf(level);
  }
}

function fill(level: RangeLevel): void {
  const count = level.low.length;
  for (let begin = 0; begin < count; begin += BLOCK) {
    const end = Math.min(count, begin + BLOCK);
    spread(level, level.sinceStart, begin, end, 1);
    spread(level, level.untilEnd, end - 1, begin - 1, -1);
  }
}

/** Pairs of the entries from `first` on up to each one before `end`, in steps of 1 or -1. */
function spread(
  { low, high, pairs, stride }: RangeLevel,
  place: number,
  first: number,
  end: number,
  step: 1 | -1,
): void {
  let lowest = low[first] as number;
  let highest = high[first] as number;
  for (let i = first; i !== end; i += step) {
    const bottom = low[i] as number;
    const top = high[i] as number;
    if (bottom < lowest) lowest = bottom;
    if (top > highest) highest = top;
    pairs[i * stride + place] = lowest;
    pairs[i * stride + place + 1] = highest;
  }
}

function blocksOf({ low: rows, pairs, stride, untilEnd }: RangeLevel): RangeLevel {
  const count = Math.ceil(rows.length / BLOCK);
  const low = sharedInt32(count);
  const high = sharedInt32(count);
  for (let block = 0; block < count; block += 1) {
    low[block] = pairs[block * BLOCK * stride + untilEnd] as number;
    high[block] = pairs[block * BLOCK * stride + untilEnd + 1] as number;
  }
  return { low, high, pairs: sharedInt32(count * 4), stride: 4, sinceStart: 0, untilEnd: 2 };
}

/**
 * The range of rows [begin, end), at least one, written into `range`. The whole blocks come first:
 * their entries are few and stay in the cache. An end is looked at only when its block exceeds them.
 */
export function rangeOf(tree: RangeTree, begin: number, end: number, range: PriceRange): void {
  range.lowTicks = 0x7fffffff;
  range.highTicks = -0x7fffffff;
  const last = end - 1;
  const firstBlock = begin >>> BLOCK_BITS;
  const lastBlock = last >>> BLOCK_BITS;
  const rows = tree.levels[0] as RangeLevel;
  const blocks = tree.levels[1];
  if (firstBlock === lastBlock || blocks === undefined) return scan(rows, begin, last, range);
  rangeOfBlocks(tree, firstBlock + 1, lastBlock - 1, range);
  if (exceeds(blocks, firstBlock, range)) include(rows, begin, rows.untilEnd, range);
  if (exceeds(blocks, lastBlock, range)) include(rows, last, rows.sinceStart, range);
}

/** Takes in blocks of 64 rows, from the first to the last. */
function rangeOfBlocks(tree: RangeTree, from: number, to: number, range: PriceRange): void {
  let first = from;
  let last = to;
  for (let depth = 1; first <= last; depth += 1) {
    const level = tree.levels[depth] as RangeLevel;
    const firstBlock = first >>> BLOCK_BITS;
    const lastBlock = last >>> BLOCK_BITS;
    if (firstBlock === lastBlock) return scan(level, first, last, range);
    include(level, first, level.untilEnd, range);
    include(level, last, level.sinceStart, range);
    first = firstBlock + 1;
    last = lastBlock - 1;
  }
}

function exceeds(level: RangeLevel, at: number, range: PriceRange): boolean {
  return (level.low[at] as number) < range.lowTicks || (level.high[at] as number) > range.highTicks;
}

function include(level: RangeLevel, entry: number, place: number, range: PriceRange): void {
  const { pairs } = level;
  const at = entry * level.stride + place;
  const low = pairs[at] as number;
  const high = pairs[at + 1] as number;
  if (low < range.lowTicks) range.lowTicks = low;
  if (high > range.highTicks) range.highTicks = high;
}

function scan(level: RangeLevel, first: number, last: number, range: PriceRange): void {
  let lowest = range.lowTicks;
  let highest = range.highTicks;
  for (let i = first; i <= last; i += 1) {
    const low = level.low[i] as number;
    const high = level.high[i] as number;
    if (low < lowest) lowest = low;
    if (high > highest) highest = high;
  }
  range.lowTicks = lowest;
  range.highTicks = highest;
}
