import { gcdOf } from '../engine/rational.ts';

/**
 * A point of the path as an exact fraction of ticks, `num / den`. At waypoints den is 1; inside a
 * segment den is the segment's length in ms.
 */
export class PathPoint {
  num = NaN;
  den = 1;

  set(num: number, den: number): void {
    this.num = num;
    this.den = den;
  }

  /** The price as a float, for display and strategies; comparisons with whole ticks stay exact. */
  ticks(): number {
    return this.num / this.den;
  }

  atOrBelow(level: number): boolean {
    return this.num <= level * this.den;
  }

  atOrAbove(level: number): boolean {
    return this.num >= level * this.den;
  }
}

/** Half spread in ticks and slippage as a share of price, as exact fractions. */
export class TakerTerms {
  readonly halfSpreadNum: number;
  readonly halfSpreadDen: number;
  readonly slippageNum: number;
  readonly slippageDen: number;

  constructor(halfSpreadTicks: number, slippageBps: number) {
    [this.halfSpreadNum, this.halfSpreadDen] = fraction(halfSpreadTicks, 1_000);
    const [num, den] = fraction(slippageBps, 1_000);
    const divisor = gcdOf(num, den * 10_000);
    this.slippageNum = num / divisor;
    this.slippageDen = (den * 10_000) / divisor;
  }

  /** A limit order at `limit` arriving at the path price p: is `limit` at or through p + half spread? */
  isMarketable(side: number, limit: number, point: PathPoint): boolean {
    // buy: limit >= p + h; sell: limit <= p - h.
    const gap = side * (limit * point.den - point.num);
    const left = gap * this.halfSpreadDen;
    const right = this.halfSpreadNum * point.den;
    if (Math.abs(left) <= Number.MAX_SAFE_INTEGER && right <= Number.MAX_SAFE_INTEGER)
      return left >= right;
    return (
      BigInt(gap) * BigInt(this.halfSpreadDen) >= BigInt(this.halfSpreadNum) * BigInt(point.den)
    );
  }

  /** What a taker pays at the path price p: buy ceil(p + h + s p), sell floor(p - h - s p). */
  takerTicks(side: number, point: PathPoint): number {
    const scale = this.slippageDen * this.halfSpreadDen;
    const slipped = this.slippageDen + side * this.slippageNum;
    const a = point.num * slipped * this.halfSpreadDen;
    const b = side * this.halfSpreadNum * this.slippageDen * point.den;
    const by = point.den * scale;
    if (Math.abs(a) + Math.abs(b) <= Number.MAX_SAFE_INTEGER && by <= Number.MAX_SAFE_INTEGER) {
      return side > 0 ? ceilDiv(a + b, by) : floorDiv(a + b, by);
    }
    return this.#takerTicksBig(side, point, slipped);
  }

  #takerTicksBig(side: number, point: PathPoint, slipped: number): number {
    const sum =
      BigInt(point.num) * BigInt(slipped) * BigInt(this.halfSpreadDen) +
      BigInt(side * this.halfSpreadNum) * BigInt(this.slippageDen) * BigInt(point.den);
    const by = BigInt(point.den) * BigInt(this.slippageDen) * BigInt(this.halfSpreadDen);
    const whole = sum / by;
    const rest = sum - whole * by;
    if (side > 0) return Number(rest > 0n ? whole + 1n : whole);
    return Number(rest < 0n ? whole - 1n : whole);
  }
}

/** value as num / den with den a divisor of `grain`; value must have no finer digits. */
function fraction(value: number, grain: number): [number, number] {
  const num = Math.round(value * grain);
  const divisor = gcdOf(num, grain);
  return [num / divisor, grain / divisor];
}

/** Exact for |a| <= 2^53: the remainder decides, not the rounded quotient. */
function floorDiv(a: number, b: number): number {
  const quotient = Math.floor(a / b);
  const rest = a - quotient * b;
  if (rest < 0) return quotient - 1;
  return rest >= b ? quotient + 1 : quotient;
}

function ceilDiv(a: number, b: number): number {
  return -floorDiv(-a, b);
}
