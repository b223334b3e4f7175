const SIGNED = /profit|return|pnl|unrealised|sharpe|sortino|cagr|calmar|expectancy|alpha|score/i;
/** Ratios and counts that are never below zero, whatever their name says. */
const UNSIGNED = /factor|count|days|share/i;

/** A metric whose sign is good or bad news in itself: its colours part at zero. */
export function isSigned(metricName: string): boolean {
  return SIGNED.test(metricName) && !UNSIGNED.test(metricName);
}
