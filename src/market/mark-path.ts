import { crossingIndexOf } from './crossing-index.ts';
import type { CrossingIndex } from './crossing-index.ts';
import { PATH_DIRECTION } from './path.ts';
import { TapePath } from './tape-path.ts';
import { lowerBound } from './tape.ts';
import type { Tape } from './tape.ts';

/** The mark price as a path of its own candles (model `direction`, whatever the run's model). */
export class MarkPath {
  readonly #path: TapePath;
  readonly #index: CrossingIndex;

  constructor(tape: Tape) {
    this.#path = new TapePath(tape, PATH_DIRECTION);
    this.#index = crossingIndexOf(tape);
  }

  /** First ms >= fromMs at which the mark is at or below / at or above the level; Infinity if never. */
  firstReachedMs(fromMs: number, level: number, below: boolean): number {
    const { tape } = this.#path;
    const floor = below ? level : -Infinity;
    const ceil = below ? Infinity : level;
    let row = Math.max(0, lowerBound(tape.openTimeMs, fromMs + 1) - 1);
    for (;;) {
      row = this.#index.nextOutside(row, tape.count, floor, ceil);
      if (row >= tape.count) return Infinity;
      const endMs = this.#path.waypointMs(row, 3);
      const reachedMs = this.#path.firstOutside(
        row,
        Math.max(fromMs, this.#path.waypointMs(row, 0)) - 1,
        endMs,
        floor,
        ceil,
      );
      if (reachedMs < Infinity) return reachedMs;
      row += 1;
    }
  }
}
