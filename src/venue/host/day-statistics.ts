import { MS_PER_DAY } from '../../engine/units.ts';
import { lowerBound } from '../../market/tape.ts';
import type { Tape } from '../../market/tape.ts';

export type DayStatistics = {
  readonly previousTicks: number;
  readonly previousHourTicks: number;
  readonly high: number;
  readonly low: number;
  readonly volumeSteps: number;
};

const HOUR_MS = 3_600_000;

/** The last 24 hours of whole candles before the row that is open: they change once a candle. */
export class LastDay {
  readonly #tape: Tape;
  #row = NaN;
  #known: DayStatistics | undefined;

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  before(row: number): DayStatistics {
    if (this.#known === undefined || row !== this.#row) {
      this.#known = this.#measure(row);
      this.#row = row;
    }
    return this.#known;
  }

  #measure(row: number): DayStatistics {
    const { openTimeMs, open, high, low, volumeSteps } = this.#tape;
    const openMs = openTimeMs[row] ?? 0;
    const first = Math.min(row, lowerBound(openTimeMs, openMs - MS_PER_DAY));
    const hour = Math.min(row, lowerBound(openTimeMs, openMs - HOUR_MS));
    let [top, bottom, volume] = [open[row] ?? 0, open[row] ?? 0, 0];
    for (let at = first; at < row; at += 1) {
      top = Math.max(top, high[at] ?? 0);
      bottom = Math.min(bottom, low[at] ?? 0);
      volume += volumeSteps[at] ?? 0;
    }
    return {
      previousTicks: open[first] ?? 0,
      previousHourTicks: open[hour] ?? 0,
      high: top,
      low: bottom,
      volumeSteps: volume,
    };
  }
}
