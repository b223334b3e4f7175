import { InputError } from '../engine/invariant.ts';
import { draw } from './philox.ts';

/** Legs in the order of their codes; the code is part of every draw's key. */
export const LEGS = [
  'market',
  'submit',
  'amend',
  'cancel',
  'ack',
  'wsOrder',
  'wsExecution',
] as const;
export type Leg = (typeof LEGS)[number];
export const LEG_MARKET = 0;
export const LEG_SUBMIT = 1;
export const LEG_AMEND = 2;
export const LEG_CANCEL = 3;
export const LEG_ACK = 4;
export const LEG_WS_ORDER = 5;
export const LEG_WS_EXECUTION = 6;

export type Distribution =
  | { readonly type: 'constant'; readonly ms: number }
  | { readonly type: 'uniform'; readonly fromMs: number; readonly toMs: number }
  | { readonly type: 'lognormal'; readonly medianMs: number; readonly p99Ms: number }
  /** Quantiles at equal steps from 0 to 1, ascending; between them linear. */
  | { readonly type: 'empirical'; readonly quantilesMs: readonly number[] };

const QUANTILES = 1024;
/** The standard normal's 99th percentile. */
const Z_99 = 2.3263478740408408;

/** A distribution as 1,024 whole-ms quantiles at (k + 0.5) / 1024. */
export function compileQuantiles(distribution: Distribution): Int32Array {
  const table = new Int32Array(QUANTILES);
  for (let k = 0; k < QUANTILES; k += 1) {
    const ms = Math.round(quantile(distribution, (k + 0.5) / QUANTILES));
    if (!(ms >= 0 && ms <= 0x7fffffff))
      throw new InputError(`latency quantile ${ms} ms is not in 0 .. 2^31`);
    table[k] = ms;
  }
  return table;
}

function quantile(distribution: Distribution, share: number): number {
  switch (distribution.type) {
    case 'constant':
      return distribution.ms;
    case 'uniform':
      return distribution.fromMs + (distribution.toMs - distribution.fromMs) * share;
    case 'lognormal': {
      const sigma = Math.log(distribution.p99Ms / distribution.medianMs) / Z_99;
      return distribution.medianMs * Math.exp(sigma * inverseNormal(share));
    }
    case 'empirical': {
      const list = distribution.quantilesMs;
      const at = share * (list.length - 1);
      const low = list[Math.floor(at)] ?? 0;
      const high = list[Math.ceil(at)] ?? low;
      return low + (high - low) * (at - Math.floor(at));
    }
  }
}

/** Inverse of the standard normal distribution (P. J. Acklam's approximation, |error| < 1.2e-9). */
export function inverseNormal(p: number): number {
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ];
  const b = [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972,
    -13.28068155288572,
  ];
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734,
    4.374664141464968, 2.938163982698783,
  ];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];
  const low = 0.02425;
  if (p < low || p > 1 - low) {
    const q = Math.sqrt(-2 * Math.log(p < low ? p : 1 - p));
    const tail = polynomial(c, q) / polynomial([...d, 1], q);
    return p < low ? tail : -tail;
  }
  const q = p - 0.5;
  const r = q * q;
  return (polynomial(a, r) * q) / polynomial([...b, 1], r);
}

/** Horner, highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

export type VolatilityRule = {
  /** Delays are multiplied by this in a volatile candle. */
  readonly factor: number;
  /** A candle is volatile when its range exceeds this many ATR(14) of the tape's own candles. */
  readonly rangeAtrs: number;
};

/** All legs of a profile, ready to draw. */
export class Latency {
  readonly seed: number;
  readonly factor: number;
  readonly #tables: Int32Array[];
  /** The constant of a leg, or -1 when it must be drawn. */
  readonly #constants: Int32Array;

  constructor(
    legs: Readonly<Record<Leg, Distribution>>,
    volatility: VolatilityRule | undefined,
    seed: number,
  ) {
    this.seed = seed;
    this.factor = volatility?.factor ?? 1;
    this.#tables = LEGS.map((leg) => compileQuantiles(legs[leg]));
    this.#constants = Int32Array.from(this.#tables, (table) =>
      table[0] === table[QUANTILES - 1] ? (table[0] ?? 0) : -1,
    );
  }

  /** Delay in ms of the n-th message on a leg at sendMs. */
  delayMs(leg: number, sendMs: number, n: number, volatile: boolean): number {
    const constant = this.#constants[leg] ?? 0;
    const base = constant >= 0 ? constant : this.#drawn(leg, sendMs, n);
    return volatile ? Math.round(base * this.factor) : base;
  }

  /** The longest delay the leg can have, volatile candles included. */
  longestMs(leg: number): number {
    const longest = this.#tables[leg]?.[QUANTILES - 1] ?? 0;
    return Math.max(longest, Math.round(longest * this.factor));
  }

  /** Always the same delay on this leg, volatile candles included. */
  isConstant(leg: number): boolean {
    const constant = this.#constants[leg] ?? -1;
    return constant === 0 || (constant > 0 && this.factor === 1);
  }

  /** Never any delay on this leg. */
  isZero(leg: number): boolean {
    return this.#constants[leg] === 0;
  }

  #drawn(leg: number, sendMs: number, n: number): number {
    const table = this.#tables[leg];
    return table === undefined ? 0 : (table[draw(this.seed, leg, sendMs, n) >>> 22] ?? 0);
  }
}
