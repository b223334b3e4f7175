import type { CloseWindows } from './close-windows.ts';
import type { IndicatorSeries } from './indicator-series.ts';
import type { LeapLimits } from './leap-limits.ts';
import { sharedFloat64 } from './shared-columns.ts';
import type { Tape } from './tape.ts';

const BITS = 3;
const FAN = 1 << BITS;
/** One run's cells, side by side so that a look at a run is a look at one place of memory. */
const LOW = 0;
const HIGH = 1;
const CLOSE_LOW = 2;
const CLOSE_HIGH = 3;
/** Then least and most value of every indicator. */
const VALUES = 4;

/**
 * Per candle close, and per runs of 8, 64, 512 ... closes: the lowest low and highest high of its
 * window, the extremes of the closes, and those of the indicators in force in it (its own and,
 * until amends have arrived, those of the close before). Tells in a few steps which is the next
 * close in whose window anything can happen, also to levels that move with an indicator.
 */
export class CloseIndex {
  readonly count: number;
  /** Of the closes last asked for. */
  highestClose = NaN;
  lowestClose = NaN;
  readonly #windows: CloseWindows;
  readonly #tape: Tape;
  readonly #stride: number;
  /** Level l's run r is at (starts[l] + r) x stride. */
  readonly #starts: Int32Array;
  readonly #cells: Float64Array;

  constructor(
    tape: Tape,
    series: IndicatorSeries,
    windows: CloseWindows,
    cells = closeCells(tape, series, windows),
  ) {
    this.count = series.count;
    this.#windows = windows;
    this.#tape = tape;
    this.#stride = strideOf(series);
    this.#starts = Int32Array.from(levelStarts(this.count).starts);
    this.#cells = cells;
  }

  /**
   * First close in [from, end) in whose window a limit may be met; end if none. Leaves in the
   * limits what the closes before it have come to.
   */
  nextNear(from: number, end: number, limits: LeapLimits): number {
    const starts = this.#starts;
    const cells = this.#cells;
    const stride = this.#stride;
    const top = starts.length - 1;
    let close = from;
    let level = 0;
    while (close < end) {
      const at = ((starts[level] as number) + (close >> (BITS * level))) * stride;
      const span = 1 << (BITS * level);
      const isWhole = level === 0 || close + span <= end;
      if (
        !isWhole ||
        this.#meets(at, cells[at + LOW] as number, cells[at + HIGH] as number, limits)
      ) {
        if (level === 0) return close;
        level -= 1;
        continue;
      }
      if (limits.trails) this.#passCloses(at, limits);
      close += span;
      while (level < top && (close & ((1 << (BITS * (level + 1))) - 1)) === 0) level += 1;
    }
    return end;
  }

  /** Nothing is met while close k's news and the amends it causes are under way. */
  isQuietWhileSettling(k: number, limits: LeapLimits): boolean {
    const { low, high } = this.#tape;
    const until = this.#windows.settledRow[k] ?? 0;
    let lowest = Infinity;
    let highest = -Infinity;
    for (let row = this.#windows.firstRow[k] ?? 0; row < until; row += 1) {
      const bottom = low[row] as number;
      const top = high[row] as number;
      if (bottom < lowest) lowest = bottom;
      if (top > highest) highest = top;
    }
    return !this.#meets(k * this.#stride, lowest, highest, limits);
  }

  /** Finds the highest and the lowest close of [from, last], for the two fields. */
  findExtremes(from: number, last: number): void {
    const starts = this.#starts;
    const cells = this.#cells;
    const top = starts.length - 1;
    let highest = -Infinity;
    let lowest = Infinity;
    let level = 0;
    for (let close = from; close <= last;) {
      while (level < top && (close & ((1 << (BITS * (level + 1))) - 1)) === 0) level += 1;
      while (level > 0 && close + (1 << (BITS * level)) > last + 1) level -= 1;
      const at = ((starts[level] as number) + (close >> (BITS * level))) * this.#stride;
      const high = cells[at + CLOSE_HIGH] as number;
      const low = cells[at + CLOSE_LOW] as number;
      if (high > highest) highest = high;
      if (low < lowest) lowest = low;
      close += 1 << (BITS * level);
    }
    this.highestClose = highest;
    this.lowestClose = lowest;
  }

  /** The path stays in (floor, ceil) from when close k is known until the next one has settled. */
  staysInside(k: number, floor: number, ceil: number): boolean {
    const at = k * this.#stride;
    return (this.#cells[at + LOW] ?? NaN) > floor && (this.#cells[at + HIGH] ?? NaN) < ceil;
  }

  /** The first row that may matter to close k; the tape's end for one that never comes. */
  firstRow(k: number): number {
    const rows = this.#windows.firstRow;
    return k < rows.length ? (rows[k] as number) : this.#tape.count;
  }

  /** The first row that is still to be looked at once close k's amends have arrived. */
  settledRow(k: number): number {
    return this.#windows.settledRow[k] ?? 0;
  }

  #passCloses(at: number, limits: LeapLimits): void {
    const highest = this.#cells[at + CLOSE_HIGH] as number;
    const lowest = this.#cells[at + CLOSE_LOW] as number;
    if (highest > limits.highestClose) limits.highestClose = highest;
    if (lowest < limits.lowestClose) limits.lowestClose = lowest;
  }

  /** Written so that a NaN meets everything. */
  #meets(at: number, low: number, high: number, limits: LeapLimits): boolean {
    if (!(low > limits.floor && high < limits.ceil)) return true;
    const cells = this.#cells;
    for (let i = 0; i < limits.count; i += 1) {
      const value = at + VALUES + 2 * (limits.indicator[i] as number);
      const coef = limits.coef[i] as number;
      const falls = coef < 0 ? 1 : 0;
      const least = this.#leastAnchor(at, i, limits) + coef * (cells[value + falls] as number);
      const most = this.#mostAnchor(at, i, limits) + coef * (cells[value + 1 - falls] as number);
      if (limits.mustBePrice[i] === 1 && !(least >= 1)) return true;
      if ((limits.direction[i] as number) < 0 ? !(low > most + 1) : !(high < least - 1))
        return true;
    }
    return false;
  }

  /** A base that trails the highest close is least before the run's closes, most after them. */
  #leastAnchor(at: number, i: number, limits: LeapLimits): number {
    const trail = limits.trail[i] as number;
    const base = limits.base[i] as number;
    if (trail === 0) return base;
    if (trail > 0) return Math.max(base, limits.highestClose);
    return Math.min(base, limits.lowestClose, this.#cells[at + CLOSE_LOW] as number);
  }

  #mostAnchor(at: number, i: number, limits: LeapLimits): number {
    const trail = limits.trail[i] as number;
    const base = limits.base[i] as number;
    if (trail === 0) return base;
    if (trail < 0) return Math.min(base, limits.lowestClose);
    return Math.max(base, limits.highestClose, this.#cells[at + CLOSE_HIGH] as number);
  }
}

/** What the index consists of: nothing but these cells depends on prices and indicators. */
export function closeCells(
  tape: Tape,
  series: IndicatorSeries,
  windows: CloseWindows,
): Float64Array {
  const { starts, total } = levelStarts(series.count);
  const stride = strideOf(series);
  const cells = sharedFloat64(total * stride);
  if (series.count === 0) return cells;
  fillCloses(cells, tape, series, windows);
  for (let level = 1; level < starts.length; level += 1)
    joinRuns(cells, stride, starts[level - 1] ?? 0, starts[level] ?? 0);
  return cells;
}

function strideOf({ needs }: IndicatorSeries): number {
  return VALUES + 2 * needs.length;
}

/** The first run of each level, and how many runs there are in all. */
function levelStarts(count: number): { starts: number[]; total: number } {
  const starts = [0];
  let total = 0;
  for (let runs = Math.max(1, count); ; runs = Math.ceil(runs / FAN)) {
    total += runs;
    if (runs === 1) return { starts, total };
    starts.push(total);
  }
}

function fillCloses(
  cells: Float64Array,
  { low, high, count: rows }: Tape,
  { count, close, values, needs: { length: needs } }: IndicatorSeries,
  { firstRow, settledRow }: CloseWindows,
): void {
  const stride = VALUES + 2 * needs;
  for (let k = 0; k < count; k += 1) {
    const until = k + 1 < count ? (settledRow[k + 1] as number) : rows;
    let lowest = Infinity;
    let highest = -Infinity;
    for (let row = firstRow[k] as number; row < until; row += 1) {
      const bottom = low[row] as number;
      const top = high[row] as number;
      if (bottom < lowest) lowest = bottom;
      if (top > highest) highest = top;
    }
    const at = k * stride;
    cells[at + LOW] = lowest;
    cells[at + HIGH] = highest;
    cells[at + CLOSE_LOW] = cells[at + CLOSE_HIGH] = close[k] ?? NaN;
    for (let i = 0; i < needs; i += 1) {
      const now = values[k * needs + i] ?? NaN;
      const before = values[(k - 1) * needs + i] ?? NaN;
      cells[at + VALUES + 2 * i] = Math.min(now, before);
      cells[at + VALUES + 2 * i + 1] = Math.max(now, before);
    }
  }
}

/**
 * The runs from `into` on, of those in [from, into). Minima are in even cells, maxima in odd ones.
 * A NaN of the warm-up stays one: looked into.
 */
function joinRuns(cells: Float64Array, stride: number, from: number, into: number): void {
  for (let below = from; below < into; below += 1) {
    const at = (into + ((below - from) >> BITS)) * stride;
    const isFirst = ((below - from) & (FAN - 1)) === 0;
    for (let cell = 0; cell < stride; cell += 1) {
      const value = cells[below * stride + cell] as number;
      const best = cells[at + cell] as number;
      if (isFirst) cells[at + cell] = value;
      else cells[at + cell] = cell % 2 === 0 ? Math.min(best, value) : Math.max(best, value);
    }
  }
}
