export type MonthlyReturn = { readonly month: string; readonly returnPct: number };

/**
 * Profit of each UTC month as percent of the capital, so that months add up to the run's return.
 *
 * Plain code: a data frame's groupby would cost a second of import and float conversions to sum
 * at most a few hundred days.
 */
export function monthlyReturns(
  daily: readonly { readonly timeMs: number; readonly profit: number }[],
  startMs: number,
  capital: number,
): MonthlyReturn[] {
  if (!(capital > 0)) return [];
  const months = new Map<string, number>();
  let before = 0;
  let fromMs = startMs;
  for (const { timeMs, profit } of daily) {
    // A day belongs to the month it begins in: its end is the next day's midnight.
    const month = new Date(fromMs).toISOString().slice(0, 7);
    months.set(month, (months.get(month) ?? 0) + profit - before);
    before = profit;
    fromMs = timeMs;
  }
  return [...months].map(([month, gain]) => ({ month, returnPct: (100 * gain) / capital }));
}
