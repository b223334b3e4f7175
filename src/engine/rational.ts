import { InputError, InvariantError } from './invariant.ts';

/** An exact fraction of two integers below 2^53, in lowest terms. */
export type Rational = { readonly num: number; readonly den: number };

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$|^([+-]?)\.(\d+)$/;

type BigRational = { num: bigint; den: bigint };

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** Reads a decimal as written ("0.10", "5e-4"), exactly. */
export function parseDecimal(text: string): BigRational {
  const match = DECIMAL.exec(text.trim());
  if (match === null) throw new InputError(`"${text}" is not a decimal number`);
  const sign = (match[1] ?? match[5] ?? '') === '-' ? -1n : 1n;
  const whole = match[2] ?? '0';
  const fraction = match[3] ?? match[6] ?? '';
  const exponent = Number(match[4] ?? 0) - fraction.length;
  const digits = BigInt(whole + fraction) * sign;
  return exponent >= 0
    ? { num: digits * 10n ** BigInt(exponent), den: 1n }
    : { num: digits, den: 10n ** BigInt(-exponent) };
}

function reduce(value: BigRational, what: string): Rational {
  const divisor = gcd(value.num, value.den) || 1n;
  const num = Number(value.num / divisor);
  const den = Number(value.den / divisor);
  if (!Number.isSafeInteger(num) || !Number.isSafeInteger(den)) {
    throw new InputError(`${what} needs more digits than 2^53 holds`);
  }
  return { num, den };
}

/** The product of decimals, each optionally inverted, as one exact fraction. */
export function rationalProduct(
  what: string,
  times: readonly string[],
  over: readonly string[] = [],
): Rational {
  let num = 1n;
  let den = 1n;
  for (const text of times) {
    const part = parseDecimal(text);
    num *= part.num;
    den *= part.den;
  }
  for (const text of over) {
    const part = parseDecimal(text);
    if (part.num === 0n) throw new InputError(`${what}: division by zero`);
    num *= part.den;
    den *= part.num;
  }
  if (den < 0n) [num, den] = [-num, -den];
  return reduce({ num, den }, what);
}

/** A product and a quotient, each rounded once, are off by less than this part of the result. */
const FLOAT_ERROR = 2 ** -51;

/**
 * `round(a x b / c)`, half away from zero, exact. All integers, a and b of any sign, c > 0.
 * Where the float quotient is too close to a half to tell, integers decide.
 */
export function mulDivRound(a: number, b: number, c: number): number {
  const quotient = (a * b) / c;
  const magnitude = Math.abs(quotient);
  const fromHalf = Math.abs(magnitude - Math.floor(magnitude) - 0.5);
  if (!(fromHalf > magnitude * FLOAT_ERROR)) return mulDivRoundExact(a, b, c);
  // Not a choice of two: the processor would guess wrong every other time.
  const rounded = Math.floor(magnitude + 0.5);
  return quotient < 0 ? -rounded : rounded;
}

/** Products beyond 2^53 are split by division first; what still overflows goes through BigInt. */
function mulDivRoundExact(a: number, b: number, c: number): number {
  const product = a * b;
  if (Math.abs(product) <= Number.MAX_SAFE_INTEGER) return divRound(product, c);
  const whole = Math.trunc(b / c);
  const rest = b - whole * c;
  const left = a * whole;
  const right = a * rest;
  if (Math.abs(left) <= Number.MAX_SAFE_INTEGER && Math.abs(right) <= Number.MAX_SAFE_INTEGER) {
    // left is an integer, so rounding the sum is rounding right (both carry the sign of a x b).
    return checkedMoney(left + divRound(right, c));
  }
  return mulDivRoundBig(BigInt(a), BigInt(b), BigInt(c));
}

function mulDivRoundBig(a: bigint, b: bigint, c: bigint): number {
  const product = a * b;
  const magnitude = product < 0n ? -product : product;
  const rounded = (2n * magnitude + c) / (2n * c);
  return checkedMoney(Number(product < 0n ? -rounded : rounded));
}

function divRound(value: number, by: number): number {
  const magnitude = Math.abs(value);
  const quotient = Math.floor(magnitude / by);
  const rest = magnitude - quotient * by;
  const rounded = rest * 2 >= by ? quotient + 1 : quotient;
  return value < 0 ? -rounded : rounded;
}

/** Money outside 2^53 is never rounded silently. */
export function checkedMoney(units: number): number {
  if (!Number.isSafeInteger(units))
    throw new InvariantError(`money overflow: ${units} is beyond 2^53 units`);
  return units === 0 ? 0 : units;
}

/** Writes an integer count of 10^-digits units as a plain decimal, without rounding. */
export function formatUnits(units: number, digits: number): string {
  if (!Number.isSafeInteger(units))
    throw new InvariantError(`formatUnits: ${units} is not a safe integer`);
  const text = String(Math.abs(units)).padStart(digits + 1, '0');
  const split = text.length - digits;
  const fraction = digits === 0 ? '' : `.${text.slice(split)}`;
  return `${units < 0 ? '-' : ''}${text.slice(0, split)}${fraction}`;
}

/** Digits after the point of a decimal as written ("0.10" has 2). */
export function decimalDigits(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

/** Reads a decimal as a count of `unitText` steps; undefined when it is not a whole count. */
export function toUnits(text: string, unitText: string): number | undefined {
  const value = parseDecimal(text);
  const step = parseDecimal(unitText);
  const num = value.num * step.den;
  const den = value.den * step.num;
  if (num % den !== 0n) return undefined;
  const units = Number(num / den);
  return Number.isSafeInteger(units) ? units : undefined;
}

/** Greatest common divisor of two whole numbers; 1 where both are zero. */
export function gcdOf(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x === 0 ? 1 : x;
}
