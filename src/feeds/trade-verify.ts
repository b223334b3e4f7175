import { isoTime } from './csv-time.ts';
import { repeatedId } from './trade-id.ts';
import type { TradeRows } from './trade-rows.ts';
import { dayOf } from './trade-store.ts';

/** The first row of a stored tape that is no trade of its day, in its place. */
export function badTrade(rows: TradeRows, day: string | undefined): string | undefined {
  for (let row = 0; row < rows.count; row += 1) {
    const timeUs = rows.timeUs[row] ?? NaN;
    const where = `row ${row + 1} (${isoTime(timeUs / 1000)})`;
    if (dayOf(timeUs) !== day) return `${where} is not of the day ${day ?? ''}`;
    if (row > 0 && timeUs < (rows.timeUs[row - 1] ?? NaN)) return `${where} breaks the order`;
    const isTrade =
      (rows.priceTicks[row] ?? 0) > 0 &&
      (rows.sizeSteps[row] ?? 0) > 0 &&
      Math.abs(rows.takerSide[row] ?? 0) === 1;
    if (!isTrade) return `${where} is not a trade: price, size or side is none`;
  }
  const repeated = repeatedId(rows);
  if (repeated === undefined) return undefined;
  return `rows ${repeated[0] + 1} and ${repeated[1] + 1} have one trade id`;
}
