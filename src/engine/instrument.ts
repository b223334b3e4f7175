import { InputError, InvariantError } from './invariant.ts';
import {
  checkedMoney,
  decimalDigits,
  formatUnits,
  mulDivRound,
  rationalProduct,
  toUnits,
} from './rational.ts';
import type { Rational } from './rational.ts';

/** An instrument as its file says it. Decimals stay strings, as on the wire. */
export type InstrumentSpec = {
  readonly symbol: string;
  readonly category: 'linear' | 'inverse';
  readonly baseCurrency: string;
  readonly quoteCurrency: string;
  readonly tickSize: string;
  readonly qtyStep: string;
  readonly minQty: string;
  readonly maxQty?: string | undefined;
  readonly maxMarketQty?: string | undefined;
  /** In quote currency for linear, in contracts (USD) for inverse; absent = not enforced. */
  readonly minNotional?: string | undefined;
  readonly takerFeeRate: string;
  readonly makerFeeRate: string;
  /** Default leverage of a run; `--leverage` overrides it. */
  readonly leverage: string;
  readonly maxLeverage: string;
  /** First risk tier: maintenance margin rate of the position's value. */
  readonly maintenanceMarginRate: string;
  /** Minutes between settlements; absent = no funding. */
  readonly fundingIntervalMinutes?: number | undefined;
  /** Charged to longs, never credited to shorts, where no funding history covers the run. */
  readonly fallbackFundingRate?: string | undefined;
};

/** Digits of the money unit: BTC and other coins 1e-12, dollars and their like 1e-8. */
export function moneyDigits(currency: string): number {
  return ['USD', 'USDT', 'USDC', 'EUR', 'GBP', 'JPY', 'CHF'].includes(currency) ? 8 : 12;
}

/**
 * An instrument compiled for integer arithmetic.
 *
 * value(qty, price): linear `qty x price` in quote money, inverse `qty / price` in base money.
 * Each result is rounded once, half away from zero, from the exact fraction.
 */
export class Instrument {
  readonly spec: InstrumentSpec;
  readonly symbol: string;
  readonly inverse: boolean;
  readonly settleCurrency: string;
  readonly moneyDigits: number;
  readonly moneyPerUnit: number;
  readonly tickSize: number;
  readonly qtyStep: number;
  readonly priceDigits: number;
  readonly qtyDigits: number;
  readonly minQtySteps: number;
  readonly maxQtySteps: number;
  readonly maxMarketQtySteps: number;
  /** 0 = not enforced. */
  readonly minNotional: number;
  readonly takerFeeRate: number;
  readonly makerFeeRate: number;
  readonly leverage: number;
  readonly maintenanceMarginRate: number;
  readonly fundingIntervalMs: number;
  readonly fallbackFundingRate: number;
  readonly #value: Rational;
  readonly #takerFee: Rational;
  readonly #makerFee: Rational;

  constructor(spec: InstrumentSpec) {
    this.spec = spec;
    this.symbol = spec.symbol;
    this.inverse = spec.category === 'inverse';
    this.settleCurrency = this.inverse ? spec.baseCurrency : spec.quoteCurrency;
    this.moneyDigits = moneyDigits(this.settleCurrency);
    this.moneyPerUnit = 10 ** this.moneyDigits;
    this.tickSize = Number(spec.tickSize);
    this.qtyStep = Number(spec.qtyStep);
    this.priceDigits = decimalDigits(spec.tickSize);
    this.qtyDigits = decimalDigits(spec.qtyStep);
    this.minQtySteps = this.#steps('minQty', spec.minQty);
    this.maxQtySteps = this.#steps('maxQty', spec.maxQty);
    this.maxMarketQtySteps = this.#steps('maxMarketQty', spec.maxMarketQty);
    this.minNotional = spec.minNotional === undefined ? 0 : Number(spec.minNotional);
    this.takerFeeRate = Number(spec.takerFeeRate);
    this.makerFeeRate = Number(spec.makerFeeRate);
    this.leverage = Number(spec.leverage);
    this.maintenanceMarginRate = Number(spec.maintenanceMarginRate);
    this.fundingIntervalMs = (spec.fundingIntervalMinutes ?? 0) * 60_000;
    this.fallbackFundingRate = Number(spec.fallbackFundingRate ?? '0');
    const unit = `1${'0'.repeat(this.moneyDigits)}`;
    const per = this.inverse
      ? { times: [spec.qtyStep, unit], over: [spec.tickSize] }
      : { times: [spec.qtyStep, spec.tickSize, unit], over: [] };
    const fraction = (rate: string): Rational =>
      rationalProduct(`${spec.symbol} value`, [...per.times, rate], per.over);
    this.#value = fraction('1');
    this.#takerFee = fraction(spec.takerFeeRate);
    this.#makerFee = fraction(spec.makerFeeRate);
  }

  /** Unsigned value of a fill in settle money units. */
  value(qtySteps: number, priceTicks: number): number {
    return this.#scaled(this.#value, qtySteps, priceTicks);
  }

  /** Fee in settle money units; positive is a cost. */
  fee(qtySteps: number, priceTicks: number, maker: boolean): number {
    return this.#scaled(maker ? this.#makerFee : this.#takerFee, qtySteps, priceTicks);
  }

  /** Unrounded value of one step at a (possibly fractional) price, for marks and statistics. */
  valuePerStep(priceTicks: number): number {
    const { num, den } = this.#value;
    return this.inverse ? num / den / priceTicks : (num / den) * priceTicks;
  }

  /** Money units as a plain decimal in the settle currency. */
  formatMoney(units: number): string {
    return formatUnits(units, this.moneyDigits);
  }

  /** Money units as a float in the settle currency, for display and statistics. */
  moneyToNumber(units: number): number {
    return units / this.moneyPerUnit;
  }

  /** Ticks as the decimal string the exchange would show. */
  formatPrice(ticks: number): string {
    return formatMultiple(ticks, this.spec.tickSize);
  }

  formatQty(steps: number): string {
    return formatMultiple(steps, this.spec.qtyStep);
  }

  /** A decimal price as ticks; refused when it is off the tick. */
  parsePrice(text: string): number {
    const ticks = toUnits(text, this.spec.tickSize);
    if (ticks === undefined) {
      throw new InputError(
        `price ${text} is not a multiple of ${this.symbol}'s tick ${this.spec.tickSize}`,
      );
    }
    return ticks;
  }

  /** A decimal quantity as steps; refused when it is off the step. */
  parseQty(text: string): number {
    const steps = toUnits(text, this.spec.qtyStep);
    if (steps === undefined) {
      throw new InputError(
        `quantity ${text} is not a multiple of ${this.symbol}'s quantity step ${this.spec.qtyStep}`,
      );
    }
    return steps;
  }

  #steps(name: string, text: string | undefined): number {
    if (text === undefined) return Number.MAX_SAFE_INTEGER;
    const steps = toUnits(text, this.spec.qtyStep);
    if (steps === undefined) {
      throw new InputError(
        `${this.symbol}: ${name} ${text} is not a multiple of qtyStep ${this.spec.qtyStep}`,
      );
    }
    return steps;
  }

  #scaled(factor: Rational, qtySteps: number, priceTicks: number): number {
    if (this.inverse) {
      if (!(priceTicks > 0)) throw new InvariantError(`inverse value at price ${priceTicks} ticks`);
      return checkedMoney(mulDivRound(qtySteps, factor.num, factor.den * priceTicks));
    }
    return checkedMoney(mulDivRound(qtySteps * priceTicks, factor.num, factor.den));
  }
}

/** `count x step` as a decimal with the step's own digits. */
function formatMultiple(count: number, step: string): string {
  const digits = decimalDigits(step);
  const unitsPerStep = Math.round(Number(step) * 10 ** digits);
  return formatUnits(count * unitsPerStep, digits);
}
