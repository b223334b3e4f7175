import { InputError } from '../engine/invariant.ts';
import { toUnits } from '../engine/rational.ts';
import { MS_PER_DAY } from '../engine/units.ts';
import { DataStore } from '../feeds/store.ts';
import { sliceTape } from '../market/tape.ts';
import type { FundingHistory, Tape } from '../market/tape.ts';
import { pathCode } from '../market/path.ts';
import { prepareRun } from '../sweep/prepare.ts';
import type { PreparedRun } from '../sweep/prepare.ts';
import type { RunSpec } from '../sweep/run-spec.ts';
import type { HostOptions } from '../venue/host/options.ts';
import { runRequestOf } from './run-options.ts';
import type { RunArguments } from './run-options.ts';
import { wholeValue } from './run-values.ts';
import { USUAL_CAPITAL } from './usual-capital.ts';

/** Options of a run that say what an emulated market is. */
export const EMULATED_OPTIONS = [
  'symbol',
  'category',
  'interval',
  'from',
  'to',
  'warmup',
  'path',
  'execution',
  'through',
  'half-spread',
  'slippage',
  'participation',
  'seed',
  'capital',
  'leverage',
  'instrument',
  'data-dir',
] as const;

export type EmulatedMarket = { readonly host: HostOptions; readonly prepared: PreparedRun };

/** The market of a run's data, for a venue. `asNow`: its dates moved so that its clock is ours. */
export async function loadMarket(
  spec: RunSpec,
  marginMode: 'isolated' | 'cross',
  tickEveryMs: number,
  asNowMs: number | undefined,
): Promise<EmulatedMarket> {
  const prepared = await prepareRun(spec);
  const { category, symbol, origin } = prepared.series.key;
  const store = new DataStore(spec.dataDir);
  const funding = await store.loadFunding(category, symbol, origin);
  const tape = await withPast(store, spec, prepared);
  const shiftMs = asNowMs === undefined ? 0 : shiftTo(asNowMs, prepared);
  const { instrument, markTape } = prepared;
  return {
    prepared,
    host: {
      tape: movedTape(tape, shiftMs),
      path: pathCode(spec.path),
      startMs: asNowMs ?? prepared.startMs,
      endMs: prepared.endMs + shiftMs,
      instrument,
      execution: spec.execution,
      seed: spec.seed,
      leverage: prepared.leverage,
      capitalMoney: capitalOf(prepared),
      marginMode,
      markTape: markTape === undefined ? undefined : movedTape(markTape, shiftMs),
      funding: funding === undefined ? undefined : movedFunding(funding, shiftMs),
      tickEveryMs,
    },
  };
}

/** As a command line asks for it, at its own dates. */
export function emulatedMarket(
  args: RunArguments,
  marginMode: 'isolated' | 'cross',
  tick: string,
): Promise<EmulatedMarket> {
  const { spec } = runRequestOf(args);
  return loadMarket(spec, marginMode, wholeValue('--tick', tick, 1, 60_000), undefined);
}

/** An exchange has all of its past to show, unless --warmup says how much of it. */
async function withPast(store: DataStore, spec: RunSpec, prepared: PreparedRun): Promise<Tape> {
  if (spec.warmupMs > 0) return prepared.tape;
  const whole = await store.loadTape(prepared.series.key, prepared.instrument);
  return sliceTape(whole, -Infinity, prepared.endMs);
}

/** Whole days, so that candles and funding keep their times of day. */
function shiftTo(nowMs: number, { startMs, endMs }: PreparedRun): number {
  const shiftMs = Math.floor((nowMs - startMs) / MS_PER_DAY) * MS_PER_DAY;
  if (nowMs < endMs + shiftMs) return shiftMs;
  throw new InputError(
    '--as-now: the period must cover this time of day: give one of at least a day with --from/--to',
  );
}

function movedTape(tape: Tape, byMs: number): Tape {
  return byMs === 0 ? tape : { ...tape, openTimeMs: tape.openTimeMs.map((ms) => ms + byMs) };
}

function movedFunding(funding: FundingHistory, byMs: number): FundingHistory {
  return byMs === 0 ? funding : { ...funding, timeMs: funding.timeMs.map((ms) => ms + byMs) };
}

function capitalOf({ capitalMoney, instrument }: PreparedRun): number {
  if (!Number.isNaN(capitalMoney)) return capitalMoney;
  const unit = `0.${'0'.repeat(instrument.moneyDigits - 1)}1`;
  return toUnits(USUAL_CAPITAL[instrument.spec.category], unit) ?? NaN;
}
