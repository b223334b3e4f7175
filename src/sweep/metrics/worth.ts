/**
 * What a price does to one step held long, up to a constant factor: the price itself for linear
 * contracts, -1/price for inverse ones. Both rise with the price, so one law serves both:
 * equity = cash + net x scale x worth(mark), with scale = instrument.valuePerStep(1).
 */
export function worthOf(inverse: boolean, priceTicks: number): number {
  return inverse ? -1 / priceTicks : priceTicks;
}

/** +1 when a buy spends settle money (linear), -1 when it brings some in (inverse). */
export function flowSign(inverse: boolean): 1 | -1 {
  return inverse ? -1 : 1;
}
