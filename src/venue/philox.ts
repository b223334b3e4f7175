/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel Random Numbers: As Easy as 1, 2, 3", 2011):
 * a counter in, four uint32 out, no state. Draws can be made lazily and out of order.
 */
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** High 32 bits of a x b, both uint32 (the result's sign bit is its top bit). */
function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  // 16 x 16 bits and a carry of 16 bits stay below 2^32, so 32-bit operations are exact.
  const middle1 = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const middle2 = (Math.imul(aLow, bHigh) + (middle1 & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle1 >>> 16) + (middle2 >>> 16)) | 0;
}

/** All four words, for the published test vectors. */
export function philox4x32(counter: readonly number[], key: readonly number[]): number[] {
  const words = new Uint32Array(4);
  philoxInto(
    words,
    counter[0] ?? 0,
    counter[1] ?? 0,
    counter[2] ?? 0,
    counter[3] ?? 0,
    key[0] ?? 0,
    key[1] ?? 0,
  );
  return [...words];
}

function philoxInto(
  out: Uint32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  let x0 = c0 | 0;
  let x1 = c1 | 0;
  let x2 = c2 | 0;
  let x3 = c3 | 0;
  let key0 = k0 | 0;
  let key1 = k1 | 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const high0 = mulHigh(MULTIPLIER_0, x0);
    const low0 = Math.imul(MULTIPLIER_0, x0);
    const high1 = mulHigh(MULTIPLIER_1, x2);
    const low1 = Math.imul(MULTIPLIER_1, x2);
    x0 = high1 ^ x1 ^ key0;
    x1 = low1;
    x2 = high0 ^ x3 ^ key1;
    x3 = low0;
    key0 = (key0 + WEYL_0) | 0;
    key1 = (key1 + WEYL_1) | 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

const scratch = new Uint32Array(4);

/** The draw of (seed, leg, send time, n-th of that leg in that ms): the first word. */
export function draw(seed: number, leg: number, sendMs: number, n: number): number {
  const timeLow = sendMs >>> 0;
  const timeHigh = Math.floor(sendMs / 0x100000000) >>> 0;
  philoxInto(scratch, leg, n, timeLow, timeHigh, seed >>> 0, Math.floor(seed / 0x100000000) >>> 0);
  return scratch[0] ?? 0;
}
