import type { Tape } from './tape.ts';

const BITS = 4;
const FAN = 1 << BITS;

/**
 * Lowest low and highest high of runs of 16, 256, 4,096 ... rows: finds the next row that reaches
 * a level in a few steps instead of visiting every row.
 */
export class CrossingIndex {
  readonly tape: Tape;
  readonly #low: RunExtremes;
  readonly #high: RunExtremes;

  constructor(tape: Tape) {
    this.tape = tape;
    this.#low = runExtremes(tape.low, tape.count, -1);
    this.#high = runExtremes(tape.high, tape.count, 1);
  }

  /** First row in [from, end) whose low is <= floor or whose high is >= ceil; end if none. */
  nextOutside(from: number, end: number, floor: number, ceil: number): number {
    const { low, high } = this.tape;
    const lows = this.#low.values;
    const highs = this.#high.values;
    const starts = this.#low.starts;
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
        const at = (starts[level] as number) + (row >> (BITS * (level + 1)));
        if ((lows[at] as number) > floor && (highs[at] as number) < ceil) {
          row += 1 << (BITS * (level + 1));
          if (row >= end) return end;
          continue;
        }
        while (level > 0) {
          level -= 1;
          let below = (starts[level] as number) + (row >> (BITS * (level + 1)));
          while ((lows[below] as number) > floor && (highs[below] as number) < ceil) {
            below += 1;
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

/** The index of a tape, built when it is first asked for. */
export function crossingIndexOf(tape: Tape): CrossingIndex {
  const found = known.get(tape) ?? new CrossingIndex(tape);
  known.set(tape, found);
  return found;
}

/** All levels in one column: runs of 16 rows from starts[0] on, of 256 from starts[1] on, ... */
type RunExtremes = { readonly values: Int32Array; readonly starts: Int32Array };

/** Minima (sign -1) or maxima (sign 1) of runs; at least one level, the last of one run. */
function runExtremes(column: Int32Array, count: number, sign: number): RunExtremes {
  const starts = [0];
  let total = 0;
  for (let runs = Math.ceil(Math.max(1, count) / FAN); ; runs = Math.ceil(runs / FAN)) {
    total += runs;
    if (runs === 1) break;
    starts.push(total);
  }
  const values = new Int32Array(total);
  let [from, fromStart, length] = [column, 0, count];
  for (const start of starts) {
    fillRuns(values, start, from, fromStart, length, sign);
    [from, fromStart, length] = [values, start, Math.ceil(length / FAN)];
  }
  return { values, starts: Int32Array.from(starts) };
}

function fillRuns(
  into: Int32Array,
  intoStart: number,
  from: Int32Array,
  fromStart: number,
  length: number,
  sign: number,
): void {
  for (let first = 0; first < length; first += FAN) {
    const end = Math.min(length, first + FAN);
    let best = from[fromStart + first] ?? 0;
    for (let i = first + 1; i < end; i += 1) {
      const value = from[fromStart + i] ?? 0;
      if (sign * value > sign * best) best = value;
    }
    into[intoStart + (first >> BITS)] = best;
  }
}
