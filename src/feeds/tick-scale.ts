import { InputError } from '../engine/invariant.ts';
import { parseDecimal } from '../engine/rational.ts';

/** Fraction digits the fast path knows; 10^15 still leaves a 53-bit mantissa exact. */
const FAST_DIGITS = 15;

/**
 * Decimals to whole ticks, exactly. A cell arrives as `mantissa x 10^-fraction`; the tick as
 * `unit x 10^-digits`. Both sides are scaled to the same power of ten, then divided as integers.
 */
export class TickScale {
  /** Cells that were off the tick and have been rounded. */
  roundedCells = 0;
  readonly #times = new Float64Array(FAST_DIGITS + 1);
  readonly #over = new Float64Array(FAST_DIGITS + 1);
  readonly #tick: { readonly num: bigint; readonly den: bigint };
  readonly #round: boolean;
  readonly tickSize: string;

  constructor(tickSize: string, round: boolean) {
    this.tickSize = tickSize;
    this.#round = round;
    this.#tick = parseDecimal(tickSize);
    let digits = 0;
    let unit = Number(this.#tick.num);
    for (let den = Number(this.#tick.den); den > 1; den /= 10) digits += 1;
    for (; unit % 10 === 0 && digits > 0; unit /= 10) digits -= 1;
    for (let fraction = 0; fraction <= FAST_DIGITS; fraction += 1) {
      this.#times[fraction] = 10 ** Math.max(0, digits - fraction);
      this.#over[fraction] = unit * 10 ** Math.max(0, fraction - digits);
    }
  }

  /** Ticks of a plain decimal; NaN when it is off the tick and may not be rounded. */
  ofDigits(mantissa: number, fraction: number): number {
    if (fraction > FAST_DIGITS) return this.ofText(`${mantissa}e-${fraction}`);
    const scaled = mantissa * (this.#times[fraction] ?? NaN);
    const over = this.#over[fraction] ?? NaN;
    if (over === 1 && scaled <= Number.MAX_SAFE_INTEGER) return scaled;
    if (scaled > Number.MAX_SAFE_INTEGER || over > Number.MAX_SAFE_INTEGER) {
      return this.ofText(`${mantissa}e-${fraction}`);
    }
    // Not %, which is a slow call on doubles. Below 2^53 the quotient is further from the next
    // whole number than a division can err, so its floor is exact, and so is the rest.
    const whole = Math.floor(scaled / over);
    const rest = scaled - whole * over;
    if (rest === 0) return whole;
    if (!this.#round) return NaN;
    this.roundedCells += 1;
    return rest * 2 >= over ? whole + 1 : whole;
  }

  /** The slow exact path: any decimal as written, exponents too. */
  ofText(text: string): number {
    const value = parseDecimal(text);
    if (value.num < 0n) return -1;
    const num = value.num * this.#tick.den;
    const den = value.den * this.#tick.num;
    const whole = num / den;
    const rest = num - whole * den;
    if (rest === 0n) return Number(whole);
    if (!this.#round) return NaN;
    this.roundedCells += 1;
    return Number(rest * 2n >= den ? whole + 1n : whole);
  }
}

/** Largest price a tape holds: its columns are 32-bit. */
export const MAX_PRICE_TICKS = 2 ** 31 - 1;

/**
 * Volume as whole quantity steps. A decimal such as 412467.948 has a binary tail, and its quotient
 * by 0.001 a longer one: 1e-9 forgives it up to a million steps, 1e-15 of the count beyond.
 */
export function volumeStepsOf(volume: number, qtyStep: number): number {
  const steps = volume / qtyStep;
  return Math.floor(steps + Math.max(1e-9, steps * 1e-15));
}

/** A decimal of any notation as the nearest double. */
export function exactNumber(text: string): number {
  const trimmed = text.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(trimmed)) {
    throw new InputError(`"${trimmed}" is not a decimal number`);
  }
  return Number(trimmed);
}
