import { makeWorld, volatileUnder } from '../brokers/simulated/world.ts';
import type { World } from '../brokers/simulated/world.ts';
import { pathCode } from '../market/path.ts';
import type { PathModel } from '../market/path.ts';
import type { ExecutionProfile } from '../venue/execution-profile.ts';
import type { PreparedRun } from './prepared-run.ts';

/** The world of a prepared run, under its own or another path model and execution profile. */
export function worldOf(
  run: PreparedRun,
  path: PathModel = run.spec.path,
  execution: ExecutionProfile = run.spec.execution,
  volatile: Uint8Array = volatileUnder(execution, run.tape),
): World {
  return makeWorld({
    tape: run.tape,
    instrument: run.instrument,
    funding: run.funding,
    execution,
    path: pathCode(path),
    seed: run.spec.seed,
    startMs: run.startMs,
    endMs: run.endMs,
    leverage: run.leverage,
    capitalMoney: run.capitalMoney,
    risk: run.risk,
    markTape: run.markTape,
    trades: run.trades,
    volatile,
  });
}
