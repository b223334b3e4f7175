import type { ParameterValues } from '../engine/parameters.ts';
import { MS_PER_DAY } from '../engine/units.ts';
import { isoTime } from '../feeds/csv-time.ts';
import { DEFAULT_QUEUE_AHEAD } from '../venue/assumed-queue.ts';
import type { ExecutionProfile } from '../venue/execution-profile.ts';
import { lockstepVersion } from './version.ts';
import type { PreparedRun } from './prepare.ts';
import type { Gap, RunHeader } from './results.ts';
import type { RunRecord } from './run-record.ts';

/** What was run, on what, and how. Without a record (a sweep) no gap is known to be held over. */
export function headerOf(
  prepared: PreparedRun, params: ParameterValues, record?: RunRecord,
): RunHeader {
  const { spec, instrument, instrumentSpec, tape, firstRow, startMs, endMs, series } = prepared;
  return {
    lockstepVersion: lockstepVersion(),
    symbol: instrument.symbol,
    category: instrumentSpec.category,
    interval: spec.interval,
    baseCurrency: instrumentSpec.baseCurrency,
    quoteCurrency: instrumentSpec.quoteCurrency,
    settleCurrency: instrument.settleCurrency,
    tickSize: instrumentSpec.tickSize,
    from: isoTime(startMs),
    to: isoTime(endMs),
    days: (endMs - startMs) / MS_PER_DAY,
    candles: tape.count - firstRow,
    gaps: gapsOf(prepared, record),
    synthetic: series.synthetic,
    strategy: spec.strategy,
    params,
    path: spec.path,
    execution: spec.execution.name,
    frictions: frictionsOf(prepared),
    seed: spec.seed,
    leverage: prepared.leverage,
    capital: spec.capital === undefined ? null : Number(spec.capital),
    risk: spec.risk,
    indicatorStart: isoTime(tape.openTimeMs[0] ?? startMs),
    dataHash: series.hash,
  };
}

function frictionsOf({ spec, instrument, fundingSource }: PreparedRun): RunHeader['frictions'] {
  const { execution } = spec;
  return {
    takerFeeRate: instrument.takerFeeRate,
    makerFeeRate: instrument.makerFeeRate,
    halfSpreadTicks: execution.halfSpreadTicks,
    slippageBps: execution.slippageBps,
    throughTicks: execution.throughTicks,
    participation: execution.participation ?? 'off',
    ...(spec.path === 'trades' ? { queueAhead: queueText(execution) } : {}),
    volatilityFactor: execution.volatility?.factor ?? 1,
    funding: fundingSource,
  };
}

/** As --queue takes it. */
function queueText({ queueAhead = DEFAULT_QUEUE_AHEAD }: ExecutionProfile): string {
  if (queueAhead.type === 'never') return 'never';
  return queueAhead.type === 'traded' ? `${queueAhead.seconds}s` : String(queueAhead.qty);
}

/** Closed markets inside the period, found in the tape itself. */
function gapsOf(prepared: PreparedRun, record: RunRecord | undefined): Gap[] {
  const { tape, firstRow, startMs } = prepared;
  const gaps: Gap[] = [];
  const positions = record === undefined ? undefined : positionWalk(record);
  let expectedMs = startMs;
  for (let row = firstRow; row < tape.count; row += 1) {
    const openMs = tape.openTimeMs[row] ?? expectedMs;
    if (openMs > expectedMs) {
      gaps.push({
        from: isoTime(expectedMs),
        to: isoTime(openMs),
        missingCandles: (openMs - expectedMs) / tape.intervalMs,
        positionHeld: positions !== undefined && positions(expectedMs) !== 0,
      });
    }
    expectedMs = openMs + tape.intervalMs;
  }
  return gaps;
}

/** The net position at ascending times. */
function positionWalk({ fills }: RunRecord): (timeMs: number) => number {
  let at = 0;
  let position = 0;
  return (timeMs) => {
    for (; at < fills.count && (fills.timeMs[at] ?? Infinity) < timeMs; at += 1) {
      position += (fills.qtySteps[at] ?? 0) * (fills.side[at] ?? 0);
    }
    return position;
  };
}
