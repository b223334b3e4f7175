import { intervalName } from '../market/tape.ts';

const MS_PER_WEEK = 604_800_000;
/** Weeks open on Mondays, and 1970-01-05 was the first. */
const FIRST_MONDAY_MS = 4 * 86_400_000;

/** This many equal steps in a row are another interval, not missing candles. */
const RUN_OF_ANOTHER_INTERVAL = 12;

export function isAligned(timeMs: number, intervalMs: number): boolean {
  return (timeMs - anchorMs(intervalMs)) % intervalMs === 0;
}

export function floorToInterval(timeMs: number, intervalMs: number): number {
  const anchor = anchorMs(intervalMs);
  return Math.floor((timeMs - anchor) / intervalMs) * intervalMs + anchor;
}

function anchorMs(intervalMs: number): number {
  return intervalMs === MS_PER_WEEK ? FIRST_MONDAY_MS : 0;
}

/** Tells missing candles from candles of another interval. */
export class IntervalCheck {
  readonly #intervalMs: number;
  #lastStepMs = 0;
  #run = 0;
  #steps = 0;
  #smallestMs = Infinity;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  misaligned(timeMs: number): string | undefined {
    if (isAligned(timeMs, this.#intervalMs)) return undefined;
    const name = intervalName(this.#intervalMs);
    return (
      `time ${new Date(timeMs).toISOString()} does not open a ${name} candle (UTC); ` +
      `check --interval and the time zone`
    );
  }

  /** A problem when the file has gone over to a coarser interval. */
  step(stepMs: number): string | undefined {
    this.#steps += 1;
    if (stepMs < this.#smallestMs) this.#smallestMs = stepMs;
    if (stepMs === this.#intervalMs) {
      this.#run = 0;
      return undefined;
    }
    this.#run = stepMs === this.#lastStepMs ? this.#run + 1 : 1;
    this.#lastStepMs = stepMs;
    if (this.#run < RUN_OF_ANOTHER_INTERVAL) return undefined;
    return (
      `${this.#run} rows in a row are ${stepMs / 60_000} minutes apart, not ` +
      `${intervalName(this.#intervalMs)}; check --interval, or split a file of mixed intervals`
    );
  }

  /** A problem when no two rows were one interval apart. */
  coarse(): string | undefined {
    if (this.#steps < 3 || this.#smallestMs <= this.#intervalMs) return undefined;
    return (
      `no two rows are ${intervalName(this.#intervalMs)} apart, ` +
      `the closest are ${this.#smallestMs / 60_000} minutes; check --interval`
    );
  }
}
