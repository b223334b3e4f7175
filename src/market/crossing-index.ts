import { sharedInt32 } from './shared-columns.ts';
import type { Tape } from './tape.ts';

const BITS = 4;
const FAN = 1 << BITS;

/**
 * Lowest low and highest high of runs of 16, 256, 4,096 ... rows: finds the next row that reaches
 * a level in a few steps instead of visiting every row.
 */
export class CrossingIndex {
  readonly tape: Tape;
  /** Level l's run r is at starts[l] + r: of 16 rows from starts[0] on, of 256 from starts[1], ... */
  readonly #starts: Int32Array;
  /** Two cells a run, its low and its high, so that a look at a run is a look at one place. */
  readonly #cells: Int32Array;

  constructor(tape: Tape, cells = crossingCells(tape)) {
    this.tape = tape;
    this.#starts = Int32Array.from(levelStarts(tape).starts);
    this.#cells = cells;
  }

  /** First row in [from, end) whose low is <= floor or whose high is >= ceil; end if none. */
  nextOutside(from: number, end: number, floor: number, ceil: number): number {
    const { low, high } = this.tape;
    const cells = this.#cells;
    const starts = this.#starts;
    const top = starts.length - 1;
    let row = from;
    for (;;) {
      // Single rows up to the next run's edge.
      const edge = Math.min(end, (row + FAN) & -FAN);
      while (row < edge && (low[row] as number) > floor && (high[row] as number) < ceil) row += 1;
      if (row < edge || row >= end) return row < end ? row : end;
      // Whole runs, climbing while the edge is one of a larger run too, then down into the hit.
      let level = 0;
      for (;;) {
        while (level < top && (row & ((1 << (BITS * (level + 2))) - 1)) === 0) level += 1;
        const at = 2 * ((starts[level] as number) + (row >> (BITS * (level + 1))));
        if ((cells[at] as number) > floor && (cells[at + 1] as number) < ceil) {
          row += 1 << (BITS * (level + 1));
          if (row >= end) return end;
          continue;
        }
        while (level > 0) {
          level -= 1;
          let below = 2 * ((starts[level] as number) + (row >> (BITS * (level + 1))));
          while ((cells[below] as number) > floor && (cells[below + 1] as number) < ceil) {
            below += 2;
            row += 1 << (BITS * (level + 1));
          }
        }
        break;
      }
      if (row >= end) return end;
    }
  }
}

const known = new WeakMap<Tape, CrossingIndex>();

/** Uses cells of the same tape that another thread has built. */
export function adoptCrossingCells(tape: Tape, cells: Int32Array): void {
  known.set(tape, new CrossingIndex(tape, cells));
}

/** The index of a tape, built when it is first asked for. */
export function crossingIndexOf(tape: Tape): CrossingIndex {
  const found = known.get(tape) ?? new CrossingIndex(tape);
  known.set(tape, found);
  return found;
}

/** What the index consists of: nothing but these cells depends on the prices. */
export function crossingCells(tape: Tape): Int32Array {
  const { starts, total } = levelStarts(tape);
  const cells = sharedInt32(2 * total);
  fillRuns(tape, cells);
  for (let level = 1; level < starts.length; level += 1)
    joinRuns(cells, starts[level - 1] ?? 0, starts[level] ?? 0);
  return cells;
}

/** The first run of each level, and how many runs there are in all. */
function levelStarts({ count }: Tape): { starts: number[]; total: number } {
  const starts = [0];
  let total = 0;
  for (let runs = Math.ceil(Math.max(1, count) / FAN); ; runs = Math.ceil(runs / FAN)) {
    total += runs;
    if (runs === 1) return { starts, total };
    starts.push(total);
  }
}

/** Runs of rows. */
function fillRuns({ low, high, count }: Tape, cells: Int32Array): void {
  for (let first = 0, at = 0; first < count; first += FAN, at += 2) {
    const end = Math.min(count, first + FAN);
    let lowest = low[first] as number;
    let highest = high[first] as number;
    for (let row = first + 1; row < end; row += 1) {
      const bottom = low[row] as number;
      const top = high[row] as number;
      if (bottom < lowest) lowest = bottom;
      if (top > highest) highest = top;
    }
    cells[at] = lowest;
    cells[at + 1] = highest;
  }
}

/** The runs from `into` on, of those in [from, into). */
function joinRuns(cells: Int32Array, from: number, into: number): void {
  for (let first = from, run = into; first < into; first += FAN, run += 1) {
    const end = Math.min(into, first + FAN);
    let lowest = cells[2 * first] as number;
    let highest = cells[2 * first + 1] as number;
    for (let below = first + 1; below < end; below += 1) {
      const bottom = cells[2 * below] as number;
      const top = cells[2 * below + 1] as number;
      if (bottom < lowest) lowest = bottom;
      if (top > highest) highest = top;
    }
    cells[2 * run] = lowest;
    cells[2 * run + 1] = highest;
  }
}
