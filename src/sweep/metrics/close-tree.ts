import type { Tape } from '../../market/tape.ts';
import { worthOf } from './worth.ts';

/** Children per node, as a shift: a node of level L covers 8^L rows. */
export const FAN_BITS = 3;
const FAN = 1 << FAN_BITS;

/** Columns of one node: lowest, highest, largest drop, largest rise of the closes' worth. */
export const NODE_WIDTH = 4;
export const NODE_MIN = 0;
export const NODE_MAX = 1;
export const NODE_DROP = 2;
export const NODE_RISE = 3;

/**
 * What drawdown needs to know of any stretch of closes, in whole blocks of 8, 64, 512... rows.
 * Built once per tape and shared by all points. Heights are in worth (worth.ts), so that a
 * position of either sign on either contract type scales them.
 */
export type CloseTree = {
  readonly close: Int32Array;
  readonly inverse: boolean;
  /** levels[L - 1] holds the nodes of 8^L rows, NODE_WIDTH numbers each; whole blocks only. */
  readonly levels: readonly Float64Array[];
};

export function buildCloseTree(tape: Tape): CloseTree {
  const inverse = tape.category === 'inverse';
  const levels: Float64Array[] = [];
  let count = Math.floor(tape.count / FAN);
  if (count > 0) levels.push(leafNodes(tape.close, inverse, count));
  while (count >= FAN) {
    count = Math.floor(count / FAN);
    levels.push(parentNodes(levels[levels.length - 1] as Float64Array, count));
  }
  return { close: tape.close, inverse, levels };
}

function leafNodes(close: Int32Array, inverse: boolean, count: number): Float64Array {
  const nodes = new Float64Array(count * NODE_WIDTH);
  for (let node = 0; node < count; node += 1) {
    describeRows(close, inverse, node * FAN, (node + 1) * FAN, nodes, node * NODE_WIDTH);
  }
  return nodes;
}

/** Writes the node of rows [begin, end); an empty stretch has min Infinity and max -Infinity. */
export function describeRows(
  close: Int32Array,
  inverse: boolean,
  begin: number,
  end: number,
  nodes: Float64Array,
  at: number,
): void {
  let [min, max, drop, rise] = [Infinity, -Infinity, 0, 0];
  for (let row = begin; row < end; row += 1) {
    const worth = worthOf(inverse, close[row] as number);
    if (worth < min) min = worth;
    if (worth > max) max = worth;
    if (max - worth > drop) drop = max - worth;
    if (worth - min > rise) rise = worth - min;
  }
  nodes[at + NODE_MIN] = min;
  nodes[at + NODE_MAX] = max;
  nodes[at + NODE_DROP] = drop;
  nodes[at + NODE_RISE] = rise;
}

function parentNodes(children: Float64Array, count: number): Float64Array {
  const nodes = new Float64Array(count * NODE_WIDTH);
  for (let node = 0; node < count; node += 1) {
    joinChildren(children, node * FAN * NODE_WIDTH, nodes, node * NODE_WIDTH);
  }
  return nodes;
}

/** A drop across children starts at the highest so far and ends at a later child's lowest. */
function joinChildren(children: Float64Array, from: number, nodes: Float64Array, at: number): void {
  let [min, max, drop, rise] = [Infinity, -Infinity, 0, 0];
  for (let child = from; child < from + FAN * NODE_WIDTH; child += NODE_WIDTH) {
    const childMin = children[child + NODE_MIN] as number;
    const childMax = children[child + NODE_MAX] as number;
    drop = Math.max(drop, children[child + NODE_DROP] as number, max - childMin);
    rise = Math.max(rise, children[child + NODE_RISE] as number, childMax - min);
    min = Math.min(min, childMin);
    max = Math.max(max, childMax);
  }
  nodes[at + NODE_MIN] = min;
  nodes[at + NODE_MAX] = max;
  nodes[at + NODE_DROP] = drop;
  nodes[at + NODE_RISE] = rise;
}
