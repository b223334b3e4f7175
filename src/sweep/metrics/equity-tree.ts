import { sharedFloat64, sharedInt32 } from '../../market/shared-columns.ts';
import type { Tape } from '../../market/tape.ts';
import type { Settlements } from './settlements.ts';
import { worthOf } from './worth.ts';

/** Children per node, as a shift: a node of level L covers 8^L rows. */
export const FAN_BITS = 3;
const FAN = 1 << FAN_BITS;

/**
 * What drawdown needs to know of stretches of closes. A position held through them gains and loses
 * with the worth of the close less the funding paid so far, so both are one curve, in worth
 * (worth.ts): equity = base + net x scale x curve. It has no gaps at settlements, and is the same
 * for every point of a sweep. Bounds lie apart: mostly they are all that is asked for, and cache
 * misses are what a point costs.
 */
export type EquityNodes = {
  /** Lowest and highest of the curve, a pair a node. */
  readonly bounds: Float64Array;
  /** Largest drop and largest rise, a pair a node. */
  readonly swings: Float64Array;
  /** Rows of the lowest and of the highest, a pair a node. */
  readonly rows: Int32Array;
};

/** levels[L - 1] holds the nodes of 8^L rows, the last one cut off by the tape's end. */
export type EquityTree = {
  readonly levels: readonly EquityNodes[];
  /** What the curve has lost to settlements before entry i, in worth. */
  readonly paid: Float64Array;
  /** Largest |curve| or |paid|: what floats are off by goes with it. */
  readonly largest: number;
};

/** Long and short pay different funding; where one pays what the other receives both are one. */
export type EquityTrees = {
  /** Value of one step at a worth of 1, money units. */
  readonly scale: number;
  readonly long: EquityTree;
  readonly short: EquityTree;
};

export function buildEquityTrees(
  tape: Tape,
  settlements: Settlements,
  scale: number,
): EquityTrees {
  const { longCost, shortCost } = settlements;
  const long = buildTree(tape, settlements, longCost, scale);
  const mirrored = shortCost.every((cost, i) => cost === -(longCost[i] as number));
  const short = mirrored ? long : buildTree(tape, settlements, shortCost, -scale);
  return { scale, long, short };
}

function buildTree(
  tape: Tape,
  settlements: Settlements,
  cost: Float64Array,
  perWorth: number,
): EquityTree {
  const paid = sharedFloat64(cost.length);
  for (let i = 0; i < cost.length; i += 1) paid[i] = (cost[i] as number) / perWorth;
  const curve = curveOf(tape, settlements, paid);
  let nodes = leafNodes(curve);
  const levels = [nodes];
  while (nodes.rows.length > 2) {
    nodes = parentNodes(nodes);
    levels.push(nodes);
  }
  return { levels, paid, largest: largestOf(paid, largestOf(curve, 0)) };
}

function curveOf(tape: Tape, settlements: Settlements, paid: Float64Array): Float64Array {
  const inverse = tape.category === 'inverse';
  const { row: settledRow, count } = settlements;
  const curve = new Float64Array(tape.count);
  let settled = 0;
  for (let row = 0; row < curve.length; row += 1) {
    while (settled < count && (settledRow[settled] as number) <= row) settled += 1;
    curve[row] = worthOf(inverse, tape.close[row] as number) - (paid[settled] as number);
  }
  return curve;
}

function largestOf(values: Float64Array, from: number): number {
  let largest = from;
  for (let i = 0; i < values.length; i += 1) {
    largest = Math.max(largest, Math.abs(values[i] as number));
  }
  return largest;
}

function newNodes(count: number): EquityNodes {
  return {
    bounds: sharedFloat64(count * 2),
    swings: sharedFloat64(count * 2),
    rows: sharedInt32(count * 2),
  };
}

function leafNodes(curve: Float64Array): EquityNodes {
  const count = Math.ceil(curve.length / FAN);
  const nodes = newNodes(count);
  for (let node = 0; node < count; node += 1) {
    const end = Math.min(curve.length, (node + 1) * FAN);
    let low = Infinity;
    let high = -Infinity;
    let lowRow = 0;
    let highRow = 0;
    let drop = 0;
    let rise = 0;
    for (let row = node * FAN; row < end; row += 1) {
      const value = curve[row] as number;
      drop = Math.max(drop, high - value);
      rise = Math.max(rise, value - low);
      if (value < low) {
        low = value;
        lowRow = row;
      }
      if (value > high) {
        high = value;
        highRow = row;
      }
    }
    write(nodes, node, low, high, lowRow, highRow, drop, rise);
  }
  return nodes;
}

/** A drop across children starts at the highest so far and ends at a later child's lowest. */
function parentNodes({ bounds, swings, rows }: EquityNodes): EquityNodes {
  const count = Math.ceil(rows.length / 2 / FAN);
  const nodes = newNodes(count);
  for (let node = 0; node < count; node += 1) {
    const end = Math.min(rows.length, (node + 1) * FAN * 2);
    let low = Infinity;
    let high = -Infinity;
    let lowRow = 0;
    let highRow = 0;
    let drop = 0;
    let rise = 0;
    for (let child = node * FAN * 2; child < end; child += 2) {
      const childLow = bounds[child] as number;
      const childHigh = bounds[child + 1] as number;
      drop = Math.max(drop, swings[child] as number, high - childLow);
      rise = Math.max(rise, swings[child + 1] as number, childHigh - low);
      if (childLow < low) {
        low = childLow;
        lowRow = rows[child] as number;
      }
      if (childHigh > high) {
        high = childHigh;
        highRow = rows[child + 1] as number;
      }
    }
    write(nodes, node, low, high, lowRow, highRow, drop, rise);
  }
  return nodes;
}

function write(
  nodes: EquityNodes,
  node: number,
  low: number,
  high: number,
  lowRow: number,
  highRow: number,
  drop: number,
  rise: number,
): void {
  const at = node * 2;
  nodes.bounds[at] = low;
  nodes.bounds[at + 1] = high;
  nodes.swings[at] = drop;
  nodes.swings[at + 1] = rise;
  nodes.rows[at] = lowRow;
  nodes.rows[at + 1] = highRow;
}
