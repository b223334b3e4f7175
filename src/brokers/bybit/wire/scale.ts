import type { Instrument } from '../../../engine/instrument.ts';
import { exactDecimal, roundedDecimal } from './decimal.ts';

/** Turns decimal strings of one instrument into ticks, steps and money units; NaN if they are not. */
export class Scale {
  readonly instrument: Instrument;
  readonly #priceDigits: number;
  readonly #unitsPerTick: number;
  readonly #qtyDigits: number;
  readonly #unitsPerStep: number;

  constructor(instrument: Instrument) {
    this.instrument = instrument;
    this.#priceDigits = instrument.priceDigits;
    this.#unitsPerTick = Math.round(instrument.tickSize * 10 ** instrument.priceDigits);
    this.#qtyDigits = instrument.qtyDigits;
    this.#unitsPerStep = Math.round(instrument.qtyStep * 10 ** instrument.qtyDigits);
  }

  /** NaN off the tick. */
  ticks(text: string): number {
    return wholeQuotient(exactDecimal(text, this.#priceDigits), this.#unitsPerTick);
  }

  /** NaN off the step. */
  steps(text: string): number {
    return wholeQuotient(exactDecimal(text, this.#qtyDigits), this.#unitsPerStep);
  }

  /** Settle money; digits below the money unit are rounded once. */
  money(text: string): number {
    return roundedDecimal(text, this.instrument.moneyDigits);
  }
}

function wholeQuotient(units: number, per: number): number {
  const count = units / per;
  return Number.isInteger(count) ? count : NaN;
}

const scales = new WeakMap<Instrument, Scale>();

/** One scale an instrument, worked out once. */
export function scaleOf(instrument: Instrument): Scale {
  const known = scales.get(instrument);
  if (known !== undefined) return known;
  const scale = new Scale(instrument);
  scales.set(instrument, scale);
  return scale;
}
