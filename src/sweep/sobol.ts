/**
 * Sobol's low-discrepancy sequence with the direction numbers of Joe & Kuo (2008),
 * new-joe-kuo-6, for up to ten dimensions: points fill every box of the space evenly.
 */
export const SOBOL_DIMENSIONS = 10;

const BITS = 32;
const SCALE = 2 ** -BITS;

/** Per dimension from the second on: degree s, coefficients a, initial numbers m. */
const PRIMITIVES: readonly { readonly s: number; readonly a: number; readonly m: number[] }[] = [
  { s: 1, a: 0, m: [1] },
  { s: 2, a: 1, m: [1, 3] },
  { s: 3, a: 1, m: [1, 3, 1] },
  { s: 3, a: 2, m: [1, 1, 1] },
  { s: 4, a: 1, m: [1, 1, 3, 3] },
  { s: 4, a: 4, m: [1, 3, 5, 13] },
  { s: 5, a: 2, m: [1, 1, 5, 5, 17] },
  { s: 5, a: 4, m: [1, 1, 5, 5, 5] },
  { s: 5, a: 7, m: [1, 1, 7, 11, 19] },
];

/** Points in Gray-code order, the origin first. `next` fills and returns the same array. */
export class SobolSequence {
  readonly #directions: readonly Uint32Array[];
  readonly #state: Uint32Array;
  readonly #point: Float64Array;
  #index = 0;

  constructor(dimensions: number) {
    this.#directions = Array.from({ length: dimensions }, (_, i) => directionsOf(i));
    this.#state = new Uint32Array(dimensions);
    this.#point = new Float64Array(dimensions);
  }

  /** The next point, each coordinate in [0, 1). */
  next(): Float64Array {
    if (this.#index > 0) this.#advance(lowestZeroBit(this.#index - 1));
    this.#index += 1;
    return this.#point;
  }

  #advance(bit: number): void {
    this.#directions.forEach((directions, i) => {
      const bits = ((this.#state[i] ?? 0) ^ (directions[bit] ?? 0)) >>> 0;
      this.#state[i] = bits;
      this.#point[i] = bits * SCALE;
    });
  }
}

function lowestZeroBit(value: number): number {
  let bit = 0;
  for (let rest = value; rest % 2 === 1; rest = Math.floor(rest / 2)) bit += 1;
  return bit;
}

function directionsOf(dimension: number): Uint32Array {
  const v = new Uint32Array(BITS);
  const primitive = PRIMITIVES[dimension - 1];
  if (primitive === undefined) {
    for (let i = 0; i < BITS; i += 1) v[i] = 2 ** (BITS - 1 - i);
    return v;
  }
  const { s, a, m } = primitive;
  for (let i = 0; i < BITS; i += 1) {
    if (i < s) {
      v[i] = (m[i] ?? 0) * 2 ** (BITS - 1 - i);
      continue;
    }
    const before = v[i - s] ?? 0;
    let bits = before ^ (before >>> s);
    for (let k = 1; k < s; k += 1) {
      if (((a >>> (s - 1 - k)) & 1) === 1) bits ^= v[i - k] ?? 0;
    }
    v[i] = bits >>> 0;
  }
  return v;
}
