import { sharedInt32 } from '../../market/shared-columns.ts';
import type { Tape } from '../../market/tape.ts';

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
  /** Pairs (lowest, highest) of the entries from the block's start up to this one. */
  readonly sinceStart: Int32Array;
  /** Pairs of the entries from this one to the block's end. */
  readonly untilEnd: Int32Array;
};

/** Lowest low and highest high of any stretch of candles; levels[L] holds blocks of 64^L rows. */
export type RangeTree = { readonly levels: readonly RangeLevel[] };

/** Answer of rangeOf, reused. Ticks. */
export type PriceRange = { lowTicks: number; highTicks: number };

export function buildRangeTree(tape: Tape): RangeTree {
  const levels: RangeLevel[] = [];
  let [low, high] = [tape.low, tape.high];
  for (;;) {
    const level = levelOf(low, high);
    levels.push(level);
    if (low.length <= BLOCK) return { levels };
    [low, high] = blocksOf(level);
  }
}

function levelOf(low: Int32Array, high: Int32Array): RangeLevel {
  const count = low.length;
  const sinceStart = sharedInt32(count * 2);
  const untilEnd = sharedInt32(count * 2);
  for (let begin = 0; begin < count; begin += BLOCK) {
    const end = Math.min(count, begin + BLOCK);
    spread(low, high, sinceStart, begin, end, 1);
    spread(low, high, untilEnd, end - 1, begin - 1, -1);
  }
  return { low, high, sinceStart, untilEnd };
}

/** Pairs of the entries from `first` on up to each one before `end`, in steps of 1 or -1. */
function spread(
  low: Int32Array,
  high: Int32Array,
  pairs: Int32Array,
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
    pairs[i * 2] = lowest;
    pairs[i * 2 + 1] = highest;
  }
}

function blocksOf({ low, untilEnd }: RangeLevel): [Int32Array, Int32Array] {
  const count = Math.ceil(low.length / BLOCK);
  const lows = sharedInt32(count);
  const highs = sharedInt32(count);
  for (let block = 0; block < count; block += 1) {
    lows[block] = untilEnd[block * BLOCK * 2] as number;
    highs[block] = untilEnd[block * BLOCK * 2 + 1] as number;
  }
  return [lows, highs];
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
  if (exceeds(blocks, firstBlock, range)) include(rows.untilEnd, begin * 2, range);
  if (exceeds(blocks, lastBlock, range)) include(rows.sinceStart, last * 2, range);
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
    include(level.untilEnd, first * 2, range);
    include(level.sinceStart, last * 2, range);
    first = firstBlock + 1;
    last = lastBlock - 1;
  }
}

function exceeds(level: RangeLevel, at: number, range: PriceRange): boolean {
  return (level.low[at] as number) < range.lowTicks || (level.high[at] as number) > range.highTicks;
}

function include(pairs: Int32Array, at: number, range: PriceRange): void {
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
