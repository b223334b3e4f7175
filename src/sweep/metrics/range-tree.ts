import type { Tape } from '../../market/tape.ts';
import { FAN_BITS } from './close-tree.ts';

const FAN = 1 << FAN_BITS;

/** Lowest low and highest high of any stretch of candles, in whole blocks of 8, 64, 512... rows. */
export type RangeTree = {
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** levels[L - 1] holds (lowest low, highest high) pairs of 8^L rows, in ticks. */
  readonly levels: readonly Int32Array[];
};

/** Answer of rangeOf, reused. Ticks. */
export type PriceRange = { lowTicks: number; highTicks: number };

export function buildRangeTree(tape: Tape): RangeTree {
  const levels: Int32Array[] = [];
  let count = Math.floor(tape.count / FAN);
  if (count > 0) levels.push(pairs(count, (row) => tape.low[row], (row) => tape.high[row]));
  while (count >= FAN) {
    count = Math.floor(count / FAN);
    const below = levels[levels.length - 1] as Int32Array;
    levels.push(pairs(count, (node) => below[node * 2], (node) => below[node * 2 + 1]));
  }
  return { low: tape.low, high: tape.high, levels };
}

type Column = (index: number) => number | undefined;

function pairs(count: number, low: Column, high: Column): Int32Array {
  const nodes = new Int32Array(count * 2);
  for (let node = 0; node < count; node += 1) {
    let [lowest, highest] = [Infinity, -Infinity];
    for (let child = node * FAN; child < (node + 1) * FAN; child += 1) {
      lowest = Math.min(lowest, low(child) as number);
      highest = Math.max(highest, high(child) as number);
    }
    nodes[node * 2] = lowest;
    nodes[node * 2 + 1] = highest;
  }
  return nodes;
}

/** The range of rows [begin, end), written into `range`; at least one row. */
export function rangeOf(tree: RangeTree, begin: number, end: number, range: PriceRange): void {
  let [lowest, highest] = [Infinity, -Infinity];
  let row = begin;
  let level = 0;
  while (row < end) {
    while (level < tree.levels.length && fits(row, level + 1, end)) level += 1;
    while (level > 0 && row + (1 << (FAN_BITS * level)) > end) level -= 1;
    const nodes = level > 0 ? (tree.levels[level - 1] as Int32Array) : undefined;
    const node = (row >>> (FAN_BITS * level)) * 2;
    const low = (nodes === undefined ? tree.low[row] : nodes[node]) as number;
    const high = (nodes === undefined ? tree.high[row] : nodes[node + 1]) as number;
    if (low < lowest) lowest = low;
    if (high > highest) highest = high;
    row += 1 << (FAN_BITS * level);
  }
  range.lowTicks = lowest;
  range.highTicks = highest;
}

function fits(row: number, level: number, end: number): boolean {
  const size = 1 << (FAN_BITS * level);
  return (row & (size - 1)) === 0 && row + size <= end;
}
