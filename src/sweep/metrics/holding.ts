import type { RunRecord } from '../run-record.ts';
import type { MetricsIndex } from './metrics-index.ts';
import { closeSumBefore } from './metrics-index.ts';
import type { MetricsScratch } from './scratch.ts';

/** How long and how much a run held; after readLedger and readTrades. */
export type Holding = {
  readonly inMarketMs: number;
  readonly longestFlatMs: number;
  /** Sums over the run's closes of the slots' sizes, and of the net, valued: money units. */
  readonly grossValueRows: number;
  readonly netValueRows: number;
};

export function readHolding(
  record: RunRecord,
  index: MetricsIndex,
  scratch: MetricsScratch,
): Holding {
  const { states } = scratch;
  const { timeMs } = record.fills;
  let inMarketMs = 0;
  let longestFlatMs = 0;
  let grossSum = 0;
  let netSum = 0;
  let flatSinceMs = record.startMs;
  for (let k = 0; k < states.count; k += 1) {
    const gross = states.gross[k] as number;
    const fromMs = timeMs[k] as number;
    if (fromMs - flatSinceMs > longestFlatMs) longestFlatMs = fromMs - flatSinceMs;
    const last = k + 1 === states.count;
    flatSinceMs = gross === 0 ? fromMs : last ? record.endMs : (timeMs[k + 1] as number);
    if (gross === 0) continue;
    inMarketMs += flatSinceMs - fromMs;
    const begin = Math.max(record.firstRow, states.row[k] as number);
    const end = Math.min(record.endRow, last ? record.endRow : (states.row[k + 1] as number));
    if (end <= begin) continue;
    const closes = closeSumBefore(index, end) - closeSumBefore(index, begin);
    grossSum += gross * closes;
    netSum += (states.net[k] as number) * closes;
  }
  longestFlatMs = Math.max(longestFlatMs, record.endMs - flatSinceMs);
  const scale = record.instrument.valuePerStep(1);
  return {
    inMarketMs, longestFlatMs, grossValueRows: grossSum * scale, netValueRows: netSum * scale,
  };
}
