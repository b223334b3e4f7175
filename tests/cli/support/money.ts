/** Decimals as exact fractions of a power of ten: tests do not share the program's arithmetic. */
export function units(text: string, digits: number): bigint {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text) ?? [];
  if (whole === '' || fraction.length > digits) throw new Error(`"${text}" at ${digits} digits`);
  return BigInt(`${sign}${whole}${fraction.padEnd(digits, '0')}`);
}

/** a / b, half away from zero. */
export function divideRounded(a: bigint, b: bigint): bigint {
  const negative = a < 0n !== b < 0n;
  const [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const rounded = (2n * x + y) / (2n * y);
  return negative ? -rounded : rounded;
}
