import type { Tape } from '../../market/tape.ts';
import { FAN_BITS } from './close-tree.ts';

const FAN = 1 << FAN_BITS;

/**
 * Lowest low and highest high of any stretch of candles. levels[L] holds (lowest, highest) pairs
 * of 8^L rows in ticks, side by side so that eight siblings fill one cache line; levels[0] is the
 * candles themselves.
 */
export type RangeTree = { readonly levels: readonly Int32Array[] };

/** Answer of rangeOf, reused. Ticks. */
export type PriceRange = { lowTicks: number; highTicks: number };

export function buildRangeTree(tape: Tape): RangeTree {
  const rows = new Int32Array(tape.count * 2);
  for (let row = 0; row < tape.count; row += 1) {
    rows[row * 2] = tape.low[row] as number;
    rows[row * 2 + 1] = tape.high[row] as number;
  }
  const levels: Int32Array[] = [rows];
  let below: Int32Array = rows;
  while (below.length >= FAN * 2) {
    below = parents(below);
    levels.push(below);
  }
  return { levels };
}

/** Whole blocks only. */
function parents(below: Int32Array): Int32Array {
  const nodes = new Int32Array(Math.floor(below.length / 2 / FAN) * 2);
  for (let node = 0; node < nodes.length; node += 2) {
    let [lowest, highest] = [Infinity, -Infinity];
    for (let child = node * FAN; child < (node + 2) * FAN; child += 2) {
      lowest = Math.min(lowest, below[child] as number);
      highest = Math.max(highest, below[child + 1] as number);
    }
    nodes[node] = lowest;
    nodes[node + 1] = highest;
  }
  return nodes;
}

/**
 * The range of rows [begin, end), at least one, written into `range`. Climbs from both ends: on
 * each level it takes the nodes that stick out of the parents that lie wholly inside.
 */
export function rangeOf(tree: RangeTree, begin: number, end: number, range: PriceRange): void {
  const levels = tree.levels;
  let [lowest, highest] = [0x7fffffff, -0x7fffffff];
  let [first, last] = [begin, end];
  for (let level = 0; first < last; level += 1) {
    const nodes = levels[level] as Int32Array;
    const innerFirst = (first + FAN - 1) >>> FAN_BITS;
    const innerLast = last >>> FAN_BITS;
    const whole = innerFirst < innerLast && level + 1 < levels.length;
    const leftEnd = whole ? innerFirst * FAN : last;
    for (let node = first; node < leftEnd; node += 1) {
      const low = nodes[node * 2] as number;
      const high = nodes[node * 2 + 1] as number;
      if (low < lowest) lowest = low;
      if (high > highest) highest = high;
    }
    if (!whole) break;
    for (let node = innerLast * FAN; node < last; node += 1) {
      const low = nodes[node * 2] as number;
      const high = nodes[node * 2 + 1] as number;
      if (low < lowest) lowest = low;
      if (high > highest) highest = high;
    }
    [first, last] = [innerFirst, innerLast];
  }
  range.lowTicks = lowest;
  range.highTicks = highest;
}
