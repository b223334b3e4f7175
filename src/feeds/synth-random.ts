/**
 * xoshiro128** with 32-bit operations only, so that every platform draws the same numbers. No
 * function here or in the synthesis uses exp, log or cos: their last bit is not promised anywhere.
 */
export class SynthRandom {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: number) {
    let state = (seed ^ Math.floor(seed / 2 ** 32)) | 0;
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return mixed ^ (mixed >>> 15);
    };
    this.#a = next();
    this.#b = next();
    // The high half of the seed goes in by itself: seeds that fold alike must not run alike.
    this.#c = next() ^ Math.imul(Math.floor(seed / 2 ** 32) | 0, 0x85ebca6b);
    this.#d = next() | 1;
    for (let warm = 0; warm < 8; warm += 1) this.unit();
  }

  /** Uniform in (0, 1), symmetric: u and 1 - u are equally likely and both exact. */
  unit(): number {
    const b5 = Math.imul(this.#b, 5);
    const result = Math.imul((b5 << 7) | (b5 >>> 25), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return ((result >>> 0) + 0.5) / 4_294_967_296;
  }
}

/** Beyond this many scale units a shock is cut, on both sides alike. */
const LARGEST_T = 30;
/** Variance of Student's t with 4 degrees of freedom, less what the cut takes away. */
const T4_DEVIATION = Math.sqrt(2 - 12 / (LARGEST_T * LARGEST_T));

/**
 * A draw of Student's t with 4 degrees of freedom, scaled to variance 1 and exactly symmetric.
 * Its quantile needs c = cos(arccos(s) / 3), the root of 4c^3 - 3c = s: three Newton steps.
 */
export function fatShock(random: SynthRandom): number {
  const u = random.unit();
  const s = Math.sqrt(4 * u * (1 - u));
  let c = 0.866 + 0.134 * s;
  c -= (4 * c * c * c - 3 * c - s) / (12 * c * c - 3);
  c -= (4 * c * c * c - 3 * c - s) / (12 * c * c - 3);
  c -= (4 * c * c * c - 3 * c - s) / (12 * c * c - 3);
  const size = Math.min(LARGEST_T, 2 * Math.sqrt(Math.max(0, c / s - 1))) / T4_DEVIATION;
  return u < 0.5 ? -size : size;
}
