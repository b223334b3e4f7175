const ZERO = 48;
const NINE = 57;
const POINT = 46;
const MINUS = 45;
/** Below this, one more digit keeps the count under 2^53. */
const ROOM = 900_719_925_474_098;

/**
 * A plain decimal as a count of 10^-digits, exactly; NaN where the text is no plain decimal, has
 * a digit that does not fit, or is beyond 2^53. Zeros past the last place are allowed.
 */
export function exactDecimal(text: string, digits: number): number {
  return scan(text, digits, false);
}

/** The same, but what does not fit is rounded once, half away from zero, as bookings are. */
export function roundedDecimal(text: string, digits: number): number {
  return scan(text, digits, true);
}

function scan(text: string, digits: number, round: boolean): number {
  const negative = text.charCodeAt(0) === MINUS;
  const first = negative ? 1 : 0;
  let units = 0;
  let places = -1;
  let fits = true;
  let up = false;
  for (let at = first; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === POINT && places < 0 && at > first) {
      places = 0;
      continue;
    }
    if (code < ZERO || code > NINE) return expanded(text, digits, round);
    if (places >= digits) {
      if (code !== ZERO) fits = false;
      if (places === digits) up = code >= ZERO + 5;
      places += 1;
      continue;
    }
    if (units > ROOM) return NaN;
    units = units * 10 + (code - ZERO);
    if (places >= 0) places += 1;
  }
  if (text.length === first || !(fits || round)) return NaN;
  for (let place = Math.max(places, 0); place < digits; place += 1) {
    if (units > ROOM) return NaN;
    units *= 10;
  }
  if (up) units += 1;
  return negative && units !== 0 ? -units : units;
}

const SCIENTIFIC = /^(-?)(\d+)(?:\.(\d*))?[eE]([+-]?\d{1,2})$/;

/** Small numbers, and zeros of a scale, may be written "1E-8" or "0E-8". */
function expanded(text: string, digits: number, round: boolean): number {
  const match = SCIENTIFIC.exec(text);
  if (match === null) return NaN;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const shift = Number(exponent);
  const left = `${'0'.repeat(Math.max(0, -shift))}${whole}`;
  const right = `${fraction}${'0'.repeat(Math.max(0, shift))}`;
  const all = left + right;
  const point = left.length + shift;
  return scan(`${sign}${all.slice(0, point)}.${all.slice(point)}`, digits, round);
}

const WHOLE = /^\d{1,15}$/;

/** Whole epoch milliseconds, as the strings of `createdTime` and `execTime`; NaN if not. */
export function wholeNumber(text: string): number {
  return WHOLE.test(text) ? Number(text) : NaN;
}
