import { invariant } from '../engine/invariant.ts';
import { draw } from './philox.ts';
import { hashText } from './hash.ts';

const WORD_RANGE = 0x100000000;

/**
 * One named stream of chance. Each fault draws from a stream of its own name, so that a new fault,
 * or one that is switched off, shifts no other.
 */
export class Chance {
  readonly #seed: number;
  readonly #stream: number;
  #drawn = 0;

  constructor(seed: number, name: string) {
    invariant(Number.isSafeInteger(seed) && seed >= 0, 'chance: a seed is a whole number');
    this.#seed = seed;
    this.#stream = hashText(name) | 0;
  }

  /** A number in [0, 1). */
  unit(): number {
    this.#drawn += 1;
    return (draw(this.#seed, this.#stream, 0, this.#drawn) >>> 0) / WORD_RANGE;
  }

  /** Draws nothing where the answer is known. */
  hits(probability: number): boolean {
    if (probability <= 0) return false;
    return probability >= 1 || this.unit() < probability;
  }

  /** A whole number from low to high, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  pick<T>(choices: readonly T[]): T {
    const chosen = choices[Math.floor(this.unit() * choices.length)];
    if (chosen === undefined) throw new RangeError('chance: nothing to pick from');
    return chosen;
  }

  /** Equally likely on a scale of factors: small values are as much looked at as large ones. */
  logUniform(low: number, high: number): number {
    return low * (high / low) ** this.unit();
  }

  /** Whole ms until the next of events that come `perHour` times an hour, at least 1. */
  waitMs(perHour: number): number {
    return Math.max(1, Math.round((-Math.log(1 - this.unit()) * 3_600_000) / perHour));
  }
}
