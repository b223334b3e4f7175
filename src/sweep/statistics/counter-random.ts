/**
 * Uniform numbers in [0, 1) by position: the i-th number of a seed needs none before it, so any
 * worker draws the same. A 32-bit counter is mixed with the seed by two rounds of an avalanche
 * hash (constants of C. Wellons' "lowbias32"); good for resampling, not for secrets.
 */
export function uniformAt(seed: number, counter: number): number {
  return mix(mix(seed | 0) ^ (counter | 0)) / 2 ** 32;
}

function mix(value: number): number {
  let bits = (value + 0x9e3779b9) | 0;
  bits ^= bits >>> 16;
  bits = Math.imul(bits, 0x21f0aaad);
  bits ^= bits >>> 15;
  bits = Math.imul(bits, 0x735a2d97);
  bits ^= bits >>> 15;
  return bits >>> 0;
}
