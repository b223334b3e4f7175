import type { Instrument } from '../../engine/instrument.ts';
import type { ReasonInterval, ReasonLog } from '../../engine/reason-log.ts';
import { reasonName } from '../../engine/reasons.ts';
import { ticksText } from './csv-text.ts';

export const REASON_CSV_COLUMNS = [
  'from_ms', 'until_ms', 'slot', 'code', 'price', 'last_fill', 'spacing', 'level', 'distance',
] as const;

/** By start, then slot. */
export function reasonIntervals(log: ReasonLog): ReasonInterval[] {
  return log.list().sort((a, b) => a.fromMs - b.fromMs || a.slot - b.slot);
}

/** The numbers are those of the interval's start; distance = level - price. */
export function* reasonCsvLines(
  intervals: readonly ReasonInterval[], instrument: Instrument,
): Generator<string> {
  yield REASON_CSV_COLUMNS.join(',');
  for (const each of intervals) {
    yield [
      each.fromMs, each.untilMs, each.slot, reasonName(each.code),
      ...[
        each.priceTicks, each.lastFillTicks, each.spacingTicks, each.levelTicks,
        each.levelTicks - each.priceTicks,
      ].map((ticks) => ticksText(ticks, instrument)),
    ].join(',');
  }
}
