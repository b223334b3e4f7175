/**
 * Units. Prices are integer ticks, quantities integer steps, money integer units of its currency,
 * times integer epoch milliseconds (UTC). All are held in float64 below 2^53.
 */
declare const unit: unique symbol;
type Branded<Name extends string> = number & { readonly [unit]: Name };

export type TimeMs = Branded<'TimeMs'>;
export type DurationMs = Branded<'DurationMs'>;
export type Price = Branded<'PriceTicks'>;
export type Qty = Branded<'QtySteps'>;
export type Money = Branded<'MoneyUnits'>;

export const timeMs = (value: number): TimeMs => value as TimeMs;
export const durationMs = (value: number): DurationMs => value as DurationMs;
export const price = (ticks: number): Price => ticks as Price;
export const qty = (steps: number): Qty => steps as Qty;
export const money = (units: number): Money => units as Money;

/** Sides as signs, so that they multiply: a buy adds to the position. */
export const BUY = 1;
export const SELL = -1;
export type Side = typeof BUY | typeof SELL;

export const MS_PER_HOUR = 3_600_000;
export const MS_PER_DAY = 86_400_000;
