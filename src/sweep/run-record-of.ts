import type { Simulation } from '../brokers/simulated/simulation.ts';
import type { World } from '../brokers/simulated/world.ts';
import { PathPoint } from '../market/exact.ts';
import type { PreparedRun } from './prepare.ts';
import type { RunRecord } from './run-record.ts';

const lastClose = new PathPoint();

/**
 * What a finished run leaves behind. Its columns are the simulation's own: valid until the
 * simulation runs again. Nothing is copied, so that a sweep may call it once a point.
 */
export function recordOf(simulation: Simulation, prepared: PreparedRun, world: World): RunRecord {
  const { tape, firstRow, startMs, endMs, instrument, funding, leverage } = prepared;
  lastClose.set(tape.close[tape.count - 1] ?? 0, 1);
  return {
    tape,
    firstRow,
    endRow: tape.count,
    startMs,
    endMs,
    instrument,
    fills: simulation.fills,
    fundingIndex: funding,
    fundingPaid: simulation.venue.ledger.funding,
    liquidatedAtMs: simulation.liquidatedAtMs(),
    stateMs: simulation.engine.slots.stateMs,
    slotCount: simulation.engine.view.slotCount,
    capital: prepared.capitalMoney,
    leverage,
    closeLongTicks: world.taker.takerTicks(-1, lastClose),
    closeShortTicks: world.taker.takerTicks(1, lastClose),
  };
}
