/** Exact fractions over BigInt; the denominator is always positive. */
export type Fraction = { readonly n: bigint; readonly d: bigint };

export function fraction(n: bigint, d: bigint): Fraction {
  if (d === 0n) throw new Error('division by zero');
  return d < 0n ? { n: -n, d: -d } : { n, d };
}

export function whole(value: number | bigint): Fraction {
  return { n: BigInt(value), d: 1n };
}

const DECIMALS = new Map<string | number, Fraction>();

/** A decimal number or text, exactly as it is written. */
export function decimal(text: string | number): Fraction {
  const known = DECIMALS.get(text);
  if (known !== undefined) return known;
  const parsed = parseDecimal(text);
  if (DECIMALS.size < 1_000) DECIMALS.set(text, parsed);
  return parsed;
}

function parseDecimal(text: string | number): Fraction {
  const [mantissa = '0', exponent = '0'] = String(text).toLowerCase().split('e');
  const [before = '0', after = ''] = mantissa.split('.');
  const power = Number(exponent) - after.length;
  const digits = BigInt(before + after);
  return power >= 0 ? { n: digits * 10n ** BigInt(power), d: 1n } : { n: digits, d: 10n ** BigInt(-power) };
}

export const add = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
export const sub = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d - b.n * a.d, d: a.d * b.d });
export const mul = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d });
export const div = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d, a.d * b.n);

/** Negative, zero or positive as a is below, at or above b. */
export function compare(a: Fraction, b: Fraction): number {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function floor(a: Fraction): number {
  const quotient = a.n / a.d;
  return Number(a.n % a.d !== 0n && a.n < 0n ? quotient - 1n : quotient);
}

export function ceil(a: Fraction): number {
  return -floor({ n: -a.n, d: a.d });
}

/** Exactly the value that a float64 holds. */
export function float(value: number): Fraction {
  let n = value;
  let d = 1n;
  while (!Number.isInteger(n)) {
    n *= 2;
    d *= 2n;
  }
  return { n: BigInt(n), d };
}

/** To a whole number, half away from zero. */
export function rounded(a: Fraction): bigint {
  const magnitude = a.n < 0n ? -a.n : a.n;
  const up = (2n * magnitude + a.d) / (2n * a.d);
  return a.n < 0n ? -up : up;
}

export function toNumber(a: Fraction): number {
  return Number(a.n) / Number(a.d);
}
