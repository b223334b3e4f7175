import { sharedFloat64, sharedInt32 } from '../../market/shared-columns.ts';
import type { Tape } from '../../market/tape.ts';
import { worthOf } from './worth.ts';

/** Children per node, as a shift: a node of level L covers 8^L rows. */
export const FAN_BITS = 3;
const FAN = 1 << FAN_BITS;

/**
 * What drawdown needs to know of stretches of closes, two numbers a node in each column.
 * Bounds and swings lie apart because swings are seldom asked for: eight siblings' bounds fill
 * one cache line, and cache misses are what a point costs.
 */
export type CloseNodes = {
  /** Lowest and highest close, ticks. An empty stretch has the lowest above the highest. */
  readonly bounds: Int32Array;
  /** Largest drop and largest rise, in worth (worth.ts), so that either contract scales them. */
  readonly swings: Float64Array;
};

/** Closes in whole blocks of 8, 64, 512... rows, built once per tape and shared by all points. */
export type CloseTree = {
  readonly close: Int32Array;
  readonly inverse: boolean;
  /** levels[L - 1] holds the nodes of 8^L rows; whole blocks only. */
  readonly levels: readonly CloseNodes[];
};

export function buildCloseTree(tape: Tape): CloseTree {
  const inverse = tape.category === 'inverse';
  const levels: CloseNodes[] = [];
  let count = Math.floor(tape.count / FAN);
  if (count > 0) levels.push(leafNodes(tape.close, inverse, count));
  while (count >= FAN) {
    count = Math.floor(count / FAN);
    levels.push(parentNodes(levels[levels.length - 1] as CloseNodes, inverse, count));
  }
  return { close: tape.close, inverse, levels };
}

export function newCloseNodes(count: number): CloseNodes {
  return { bounds: sharedInt32(count * 2), swings: sharedFloat64(count * 2) };
}

function leafNodes(close: Int32Array, inverse: boolean, count: number): CloseNodes {
  const nodes = newCloseNodes(count);
  for (let node = 0; node < count; node += 1) {
    describeRows(close, inverse, node * FAN, (node + 1) * FAN, nodes, node);
  }
  return nodes;
}

/** Writes the node of rows [begin, end). */
export function describeRows(
  close: Int32Array,
  inverse: boolean,
  begin: number,
  end: number,
  nodes: CloseNodes,
  node: number,
): void {
  let low = 2 ** 31 - 1;
  let high = -(2 ** 31);
  let min = Infinity;
  let max = -Infinity;
  let drop = 0;
  let rise = 0;
  for (let row = begin; row < end; row += 1) {
    const ticks = close[row] as number;
    const worth = worthOf(inverse, ticks);
    if (ticks < low) {
      low = ticks;
      min = worth;
    }
    if (ticks > high) {
      high = ticks;
      max = worth;
    }
    if (max - worth > drop) drop = max - worth;
    if (worth - min > rise) rise = worth - min;
  }
  nodes.bounds[node * 2] = low;
  nodes.bounds[node * 2 + 1] = high;
  nodes.swings[node * 2] = drop;
  nodes.swings[node * 2 + 1] = rise;
}

function parentNodes(children: CloseNodes, inverse: boolean, count: number): CloseNodes {
  const nodes = newCloseNodes(count);
  for (let node = 0; node < count; node += 1) joinChildren(children, inverse, nodes, node);
  return nodes;
}

/** A drop across children starts at the highest so far and ends at a later child's lowest. */
function joinChildren(
  children: CloseNodes,
  inverse: boolean,
  nodes: CloseNodes,
  node: number,
): void {
  let low = 2 ** 31 - 1;
  let high = -(2 ** 31);
  let min = Infinity;
  let max = -Infinity;
  let drop = 0;
  let rise = 0;
  for (let child = node * FAN * 2; child < (node + 1) * FAN * 2; child += 2) {
    const childLow = children.bounds[child] as number;
    const childHigh = children.bounds[child + 1] as number;
    const childMin = worthOf(inverse, childLow);
    const childMax = worthOf(inverse, childHigh);
    drop = Math.max(drop, children.swings[child] as number, max - childMin);
    rise = Math.max(rise, children.swings[child + 1] as number, childMax - min);
    if (childLow < low) {
      low = childLow;
      min = childMin;
    }
    if (childHigh > high) {
      high = childHigh;
      max = childMax;
    }
  }
  nodes.bounds[node * 2] = low;
  nodes.bounds[node * 2 + 1] = high;
  nodes.swings[node * 2] = drop;
  nodes.swings[node * 2 + 1] = rise;
}
