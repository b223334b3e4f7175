import type { Tape } from './tape.ts';

const BITS = 4;
const FAN = 1 << BITS;

/**
 * Lowest low and highest high of runs of 16, 256, 4,096 ... rows: finds the next row that reaches
 * a level in a few steps instead of visiting every row.
 */
export class CrossingIndex {
  readonly tape: Tape;
  readonly #lows: Int32Array[];
  readonly #highs: Int32Array[];

  constructor(tape: Tape) {
    this.tape = tape;
    this.#lows = levels(tape.low, tape.count, Math.min, 0x7fffffff);
    this.#highs = levels(tape.high, tape.count, Math.max, -0x80000000);
  }

  /** First row >= from whose low is <= floor or whose high is >= ceil; the tape's count if none. */
  nextOutside(from: number, floor: number, ceil: number): number {
    const count = this.tape.count;
    let row = from;
    let level = 0;
    while (row < count) {
      if (this.#outside(level, row >>> (level * BITS), floor, ceil)) {
        if (level === 0) return row;
        level -= 1;
        continue;
      }
      row += 1 << (level * BITS);
      // Climb while the next run starts here: it may be passed over whole.
      while (level + 1 < this.#lows.length && (row & ((1 << ((level + 1) * BITS)) - 1)) === 0)
        level += 1;
    }
    return count;
  }

  #outside(level: number, at: number, floor: number, ceil: number): boolean {
    const low = this.#lows[level]?.[at];
    const high = this.#highs[level]?.[at];
    return low === undefined || high === undefined || low <= floor || high >= ceil;
  }
}

/** The column itself, then runs of 16 of it, and so on. */
function levels(
  column: Int32Array,
  count: number,
  pick: (a: number, b: number) => number,
  start: number,
): Int32Array[] {
  const all = [column.subarray(0, count)];
  for (let below = all[0]; below !== undefined && below.length > FAN; below = all[all.length - 1]) {
    const above = new Int32Array(Math.ceil(below.length / FAN)).fill(start);
    below.forEach((value, i) => {
      above[i >>> BITS] = pick(above[i >>> BITS] ?? start, value);
    });
    all.push(above);
  }
  return all;
}
