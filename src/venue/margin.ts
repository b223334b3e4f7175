/**
 * Isolated-margin prices, one-way mode, first risk tier, no extra margin.
 * Source: Bybit's published isolated-margin formulas (inverse; linear as its mark-based analogue).
 * Prices are floats in ticks; NaN or Infinity means "never".
 */
export type MarginTerms = {
  readonly inverse: boolean;
  leverage: number;
  readonly maintenanceMarginRate: number;
  /** The whole wallet stands behind the position, not its own margin alone. */
  cross?: boolean;
};

export function liquidationTicks(terms: MarginTerms, long: boolean, entryTicks: number): number {
  const { inverse, leverage, maintenanceMarginRate: mmr } = terms;
  if (inverse) {
    return long
      ? (entryTicks * (1 + mmr)) / (1 + 1 / leverage)
      : (entryTicks * (1 - mmr)) / (1 - 1 / leverage);
  }
  return long
    ? (entryTicks * (1 - 1 / leverage)) / (1 - mmr)
    : (entryTicks * (1 + 1 / leverage)) / (1 + mmr);
}

/**
 * Cross margin: where what is left of the wallet (`walletMoney` + unrealised PnL) meets `rate` of
 * the position's value at mark. With rate 0, where nothing is left. Infinite or negative = never.
 */
export function crossTicks(
  inverse: boolean,
  long: boolean,
  valueAtOneTick: number,
  entryValue: number,
  walletMoney: number,
  rate: number,
): number {
  if (!inverse) {
    return long
      ? (entryValue - walletMoney) / (valueAtOneTick * (1 - rate))
      : (entryValue + walletMoney) / (valueAtOneTick * (1 + rate));
  }
  return long
    ? (valueAtOneTick * (1 + rate)) / (entryValue + walletMoney)
    : (valueAtOneTick * (1 - rate)) / (entryValue - walletMoney);
}

/** The price at which the position's margin is used up: a liquidation is booked there. */
export function bankruptcyTicks(terms: MarginTerms, long: boolean, entryTicks: number): number {
  const { inverse, leverage } = terms;
  if (inverse) return long ? entryTicks / (1 + 1 / leverage) : entryTicks / (1 - 1 / leverage);
  return long ? entryTicks * (1 - 1 / leverage) : entryTicks * (1 + 1 / leverage);
}

/** Fee of closing at the bankruptcy price, as a share of the position's value at entry. */
export function bankruptcyFeeRate(terms: MarginTerms, long: boolean, takerFeeRate: number): number {
  const { inverse, leverage } = terms;
  return long === inverse ? (1 + 1 / leverage) * takerFeeRate : (1 - 1 / leverage) * takerFeeRate;
}
