const DIGIT_BITS = 16;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Places of the known values (not NaN), smallest first or largest first, equal ones by place: a
 * radix sort, since a page of a large sweep orders every metric of every point.
 */
export function orderByValue(values: Float64Array, largestFirst = false): Uint32Array {
  const number = new Float64Array(1);
  const words = new Uint32Array(number.buffer);
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  let known = 0;
  let places = new Uint32Array(values.length);
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    if (Number.isNaN(value)) continue;
    // Both make -0 a 0: they are equal.
    number[0] = largestFirst ? 0 - value : value + 0;
    const [lower, upper] = [words[LOW] as number, words[1 - LOW] as number];
    // As whole numbers, negative ones turned round: then they rise with the value.
    const negative = upper >= 0x80000000;
    low[at] = negative ? ~lower : lower;
    high[at] = negative ? ~upper : upper ^ 0x80000000;
    places[known++] = at;
  }
  places = places.subarray(0, known);
  let other = new Uint32Array(known);
  for (const [key, shift] of [[low, 0], [low, DIGIT_BITS], [high, 0], [high, DIGIT_BITS]] as const) {
    if (!sortByDigit(places, other, key, shift)) continue;
    [places, other] = [other, places];
  }
  return places;
}

/** Which word of a number is the lower one on this machine. */
const LOW = new Uint32Array(Float64Array.of(1).buffer)[0] === 0 ? 0 : 1;

/** Fills `to` in the order of one digit, else as before; false when all have the same digit. */
function sortByDigit(
  from: Uint32Array, to: Uint32Array, key: Uint32Array, shift: number,
): boolean {
  const starts = new Uint32Array(DIGITS + 1);
  const digit = (place: number): number => ((key[place] as number) >>> shift) & (DIGITS - 1);
  for (let i = 0; i < from.length; i += 1) {
    const at = digit(from[i] as number) + 1;
    starts[at] = (starts[at] as number) + 1;
  }
  if (from.length === 0 || starts[digit(from[0] as number) + 1] === from.length) return false;
  for (let at = 0; at < DIGITS; at += 1) {
    starts[at + 1] = (starts[at + 1] as number) + (starts[at] as number);
  }
  for (let i = 0; i < from.length; i += 1) {
    const place = from[i] as number;
    const at = digit(place);
    to[starts[at] as number] = place;
    starts[at] = (starts[at] as number) + 1;
  }
  return true;
}
