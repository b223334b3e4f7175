import { MS_PER_HOUR } from '../../engine/units.ts';
import type { RunRecord } from '../run-record.ts';

export const EQUITY_CSV_COLUMNS = ['time_ms', 'equity'] as const;

/**
 * Profit since the start, in the settle coin: 0 at the start, then at the last candle close of
 * every UTC hour that has one. The last row is the net profit.
 */
export function* equityCsvLines(record: RunRecord, profit: Float64Array): Generator<string> {
  const { tape, firstRow, startMs, instrument } = record;
  yield EQUITY_CSV_COLUMNS.join(',');
  yield `${startMs},${instrument.formatMoney(0)}`;
  const closeMs = (i: number): number => (tape.openTimeMs[firstRow + i] ?? 0) + tape.intervalMs;
  for (let i = 0; i < profit.length; i += 1) {
    const hour = Math.ceil(closeMs(i) / MS_PER_HOUR);
    const isLast = i + 1 === profit.length || Math.ceil(closeMs(i + 1) / MS_PER_HOUR) > hour;
    if (isLast) yield `${closeMs(i)},${instrument.formatMoney(Math.round(profit[i] ?? 0))}`;
  }
}
