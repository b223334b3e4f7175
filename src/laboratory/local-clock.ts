import type { Chance } from '../venue/chance.ts';

const MOST_SKEW_MS = 8_000;
const MOST_DRIFT = 200e-6;

/** The clock on the process's wall: off, drifting, and set anew now and then. */
export class LocalClock {
  #skewMs = 0;
  #driftPerMs = 0;
  #sinceMs = 0;

  /** Whole ms that the process reads when it is `worldMs`. */
  read(worldMs: number): number {
    return Math.round(worldMs + this.offsetMs(worldMs));
  }

  offsetMs(worldMs: number): number {
    return this.#skewMs + this.#driftPerMs * (worldMs - this.#sinceMs);
  }

  step(worldMs: number, chance: Chance): void {
    this.#skewMs = chance.between(-MOST_SKEW_MS, MOST_SKEW_MS);
    this.#sinceMs = worldMs;
  }

  drift(worldMs: number, chance: Chance): void {
    this.#skewMs = this.offsetMs(worldMs);
    this.#sinceMs = worldMs;
    this.#driftPerMs = (2 * chance.unit() - 1) * MOST_DRIFT;
  }

  /** A person has set it right. */
  mend(worldMs: number): void {
    this.#skewMs = 0;
    this.#driftPerMs = 0;
    this.#sinceMs = worldMs;
  }
}
