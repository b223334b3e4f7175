/** What an order asks for beyond kind, side, price and quantity, as bits of one column. */
export const TERM_IOC = 1;
export const TERM_FOK = 2;
/** A conditional order that the path meets where it gains: a sell above, a buy below. */
export const TERM_TURNED = 4;
/** Triggered by the mark price, or by the index price, instead of the last price. */
export const TERM_ON_MARK = 8;
export const TERM_ON_INDEX = 16;

export const TERMS_IMMEDIATE = TERM_IOC | TERM_FOK;
export const TERMS_NOT_ON_LAST = TERM_ON_MARK | TERM_ON_INDEX;

/** The reference prices of conditional orders that do not look at the last price. */
export class ReferencePrices {
  markTicks = NaN;
  indexTicks = NaN;

  /** The price these terms look at; NaN = the last price. */
  ticksFor(terms: number): number {
    if ((terms & TERM_ON_MARK) !== 0) return this.markTicks;
    return (terms & TERM_ON_INDEX) !== 0 ? this.indexTicks : NaN;
  }
}
