import type { CloseWindows } from './close-windows.ts';
import type { IndicatorSeries } from './indicator-series.ts';
import type { Tape } from './tape.ts';

const BITS = 3;
const FAN = 1 << BITS;
/** Below every price: a window that must always be looked into. */
const ALWAYS = -0x80000000;

/** What would end a leap over candle closes. Registers, reused; prices in ticks. */
export class LeapLimits {
  /** A path in (floor, ceil) reaches nothing that stays where it is. */
  floor = -Infinity;
  ceil = Infinity;
  /** Of the closes since the last fill, up to the first close that is not yet passed over. */
  highestClose = -Infinity;
  lowestClose = Infinity;
  /** Some level trails the closes. */
  trails = false;
  /** Levels `anchor + coef x indicator`, reached by a falling (-1) or a rising (+1) path. */
  count = 0;
  direction = new Int8Array(8);
  base = new Float64Array(8);
  /** The anchor is the base, or where it is further the highest (1) or lowest (-1) close. */
  trail = new Int8Array(8);
  coef = new Float64Array(8);
  indicator = new Int32Array(8);
  /** A level at or below zero is no price: the leap ends there. */
  mustBePrice = new Uint8Array(8);

  clear(): void {
    this.floor = -Infinity;
    this.ceil = Infinity;
    this.trails = false;
    this.count = 0;
  }

  add(
    direction: number,
    base: number,
    trail: number,
    coef: number,
    indicator: number,
    mustBePrice: boolean,
  ): void {
    const at = this.count;
    if (at === this.base.length) this.#grow();
    this.count = at + 1;
    this.direction[at] = direction;
    this.base[at] = base;
    this.trail[at] = trail;
    if (trail !== 0) this.trails = true;
    this.coef[at] = coef;
    this.indicator[at] = indicator;
    this.mustBePrice[at] = mustBePrice ? 1 : 0;
  }

  #grow(): void {
    const length = this.base.length * 2;
    const grown = <T extends Int8Array | Float64Array | Int32Array | Uint8Array>(
      larger: T,
      old: T,
    ): T => {
      larger.set(old);
      return larger;
    };
    this.direction = grown(new Int8Array(length), this.direction);
    this.base = grown(new Float64Array(length), this.base);
    this.trail = grown(new Int8Array(length), this.trail);
    this.coef = grown(new Float64Array(length), this.coef);
    this.indicator = grown(new Int32Array(length), this.indicator);
    this.mustBePrice = grown(new Uint8Array(length), this.mustBePrice);
  }
}

/**
 * Per candle close, and per runs of 8, 64, 512 ... closes: the lowest low and highest high of its
 * window, the extremes of the indicators in force in it (its own and, until amends have arrived,
 * those of the close before) and of the closes. Tells in a few steps which is the next close in
 * whose window anything can happen, also to levels that move with an indicator.
 */
export class CloseIndex {
  readonly count: number;
  readonly #windows: CloseWindows;
  readonly #tape: Tape;
  readonly #values: Float64Array;
  readonly #needs: number;
  /** Level l, run r is at starts[l] + r. */
  readonly #starts: Int32Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #closeLow: Float64Array;
  readonly #closeHigh: Float64Array;
  /** [run x needs + indicator] */
  readonly #least: Float64Array;
  readonly #most: Float64Array;

  constructor(tape: Tape, series: IndicatorSeries, windows: CloseWindows) {
    this.count = series.count;
    this.#windows = windows;
    this.#tape = tape;
    this.#values = series.values;
    this.#needs = series.needs.length;
    const starts = [0];
    let total = 0;
    for (let runs = Math.max(1, this.count); ; runs = Math.ceil(runs / FAN)) {
      total += runs;
      if (runs === 1) break;
      starts.push(total);
    }
    this.#starts = Int32Array.from(starts);
    this.#low = new Float64Array(total);
    this.#high = new Float64Array(total);
    this.#closeLow = new Float64Array(total);
    this.#closeHigh = new Float64Array(total);
    this.#least = new Float64Array(total * this.#needs);
    this.#most = new Float64Array(total * this.#needs);
    if (this.count === 0) return;
    for (let k = 0; k < this.count; k += 1) this.#fillClose(k, series);
    for (let level = 1; level < starts.length; level += 1) this.#fillLevel(level);
  }

  /**
   * First close in [from, end) in whose window a limit may be met; end if none. Leaves in the
   * limits what the closes before it have come to.
   */
  nextNear(from: number, end: number, limits: LeapLimits): number {
    const starts = this.#starts;
    const top = starts.length - 1;
    let close = from;
    let level = 0;
    while (close < end) {
      const at = (starts[level] ?? 0) + (close >> (BITS * level));
      const span = 1 << (BITS * level);
      const isWhole = level === 0 || close + span <= end;
      if (
        !isWhole ||
        this.#meets(at, this.#low[at] ?? ALWAYS, this.#high[at] ?? Infinity, limits)
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

  /** The first row that may matter to close k; the tape's end for one that never comes. */
  firstRow(k: number): number {
    return this.#windows.firstRow[k] ?? this.#tape.count;
  }

  /** Nothing is met while close k's news and the amends it causes are under way. */
  isQuietWhileSettling(k: number, limits: LeapLimits): boolean {
    const { low, high } = this.#tape;
    const until = this.#windows.settledRow[k] ?? 0;
    let lowest = Infinity;
    let highest = -Infinity;
    for (let row = this.#windows.firstRow[k] ?? 0; row < until; row += 1) {
      lowest = Math.min(lowest, low[row] ?? ALWAYS);
      highest = Math.max(highest, high[row] ?? Infinity);
    }
    return !this.#meets(k, lowest, highest, limits);
  }

  /** The first row that is still to be looked at once close k's amends have arrived. */
  settledRow(k: number): number {
    return this.#windows.settledRow[k] ?? 0;
  }

  #passCloses(at: number, limits: LeapLimits): void {
    const highest = this.#closeHigh[at] ?? NaN;
    const lowest = this.#closeLow[at] ?? NaN;
    if (highest > limits.highestClose) limits.highestClose = highest;
    if (lowest < limits.lowestClose) limits.lowestClose = lowest;
  }

  /** Written so that a NaN meets everything. */
  #meets(at: number, low: number, high: number, limits: LeapLimits): boolean {
    if (!(low > limits.floor && high < limits.ceil)) return true;
    const needs = this.#needs;
    for (let i = 0; i < limits.count; i += 1) {
      const cell = at * needs + (limits.indicator[i] ?? 0);
      const coef = limits.coef[i] ?? 0;
      const least =
        this.#leastAnchor(at, i, limits) + coef * (this.#extreme(cell, coef < 0) ?? NaN);
      const most = this.#mostAnchor(at, i, limits) + coef * (this.#extreme(cell, coef >= 0) ?? NaN);
      if (limits.mustBePrice[i] === 1 && !(least >= 1)) return true;
      if ((limits.direction[i] ?? 0) < 0 ? !(low > most) : !(high < least)) return true;
    }
    return false;
  }

  #extreme(cell: number, most: boolean): number | undefined {
    return most ? this.#most[cell] : this.#least[cell];
  }

  /** A base that trails the highest close is least before the run's closes, most after them. */
  #leastAnchor(at: number, i: number, limits: LeapLimits): number {
    const trail = limits.trail[i] ?? 0;
    const base = limits.base[i] ?? NaN;
    if (trail > 0) return Math.max(base, limits.highestClose);
    if (trail < 0) return Math.min(base, limits.lowestClose, this.#closeLow[at] ?? NaN);
    return base;
  }

  #mostAnchor(at: number, i: number, limits: LeapLimits): number {
    const trail = limits.trail[i] ?? 0;
    const base = limits.base[i] ?? NaN;
    if (trail > 0) return Math.max(base, limits.highestClose, this.#closeHigh[at] ?? NaN);
    if (trail < 0) return Math.min(base, limits.lowestClose);
    return base;
  }

  #fillClose(k: number, series: IndicatorSeries): void {
    const { low, high, count } = this.#tape;
    const { firstRow, settledRow } = this.#windows;
    const until = k + 1 < this.count ? (settledRow[k + 1] ?? 0) : count;
    let lowest = Infinity;
    let highest = -Infinity;
    for (let row = firstRow[k] ?? 0; row < until; row += 1) {
      const [bottom, top] = [low[row] ?? 0, high[row] ?? 0];
      if (bottom < lowest) lowest = bottom;
      if (top > highest) highest = top;
    }
    this.#low[k] = lowest;
    this.#high[k] = highest;
    this.#closeLow[k] = series.close[k] ?? NaN;
    this.#closeHigh[k] = series.close[k] ?? NaN;
    for (let i = 0; i < this.#needs; i += 1) {
      const now = this.#values[k * this.#needs + i] ?? NaN;
      const before = this.#values[(k - 1) * this.#needs + i] ?? NaN;
      this.#least[k * this.#needs + i] = Math.min(now, before);
      this.#most[k * this.#needs + i] = Math.max(now, before);
    }
  }

  /** A NaN of the warm-up stays NaN in every run that holds it: such a run is looked into. */
  #fillLevel(level: number): void {
    const from = this.#starts[level - 1] ?? 0;
    const into = this.#starts[level] ?? 0;
    for (let below = from; below < into; below += 1) {
      const at = into + ((below - from) >> BITS);
      const first = ((below - from) & (FAN - 1)) === 0;
      fold(this.#low, at, this.#low, below, first, Math.min);
      fold(this.#high, at, this.#high, below, first, Math.max);
      fold(this.#closeLow, at, this.#closeLow, below, first, Math.min);
      fold(this.#closeHigh, at, this.#closeHigh, below, first, Math.max);
      const needs = this.#needs;
      for (let i = 0; i < needs; i += 1) {
        fold(this.#least, at * needs + i, this.#least, below * needs + i, first, Math.min);
        fold(this.#most, at * needs + i, this.#most, below * needs + i, first, Math.max);
      }
    }
  }
}

function fold(
  into: Float64Array,
  at: number,
  from: Float64Array,
  below: number,
  first: boolean,
  pick: (a: number, b: number) => number,
): void {
  const value = from[below] ?? NaN;
  into[at] = first ? value : pick(into[at] ?? NaN, value);
}
