import type { Instrument } from '../../engine/instrument.ts';
import { invariant } from '../../engine/invariant.ts';
import { NO_RISK_LIMITS } from '../../engine/risk.ts';
import type { RiskLimits } from '../../engine/risk.ts';
import type { FundingIndex } from '../../market/funding-index.ts';
import { MarkPath } from '../../market/mark-path.ts';
import type { IndicatorSeries } from '../../market/indicator-series.ts';
import { PATH_TRADES } from '../../market/path.ts';
import { sharedFloat64 } from '../../market/shared-columns.ts';
import { lowerBound } from '../../market/tape.ts';
import type { Tape } from '../../market/tape.ts';
import { TakerTerms } from '../../market/exact.ts';
import type { TradeTape } from '../../market/trade-tape.ts';
import { volatileCandles } from '../../market/volatility.ts';
import { AssumedQueue, DEFAULT_QUEUE_AHEAD } from '../../venue/assumed-queue.ts';
import type { ExecutionProfile } from '../../venue/execution-profile.ts';
import { LEG_MARKET, Latency } from '../../venue/latency.ts';

/** What a set of runs has in common: the tape, the venue's terms, how news travels. */
export type World = {
  readonly tape: Tape;
  readonly instrument: Instrument;
  readonly funding: FundingIndex;
  readonly execution: ExecutionProfile;
  readonly latency: Latency;
  readonly taker: TakerTerms;
  /** Empty when the profile has no volatility rule. */
  readonly volatile: Uint8Array;
  /** Liquidation looks at the mark price where there is one, else at the last price. */
  readonly mark: MarkPath | undefined;
  /** Code of the path model. */
  readonly path: number;
  /** Trading starts here; rows before are warm-up. */
  readonly startMs: number;
  readonly endMs: number;
  readonly firstRow: number;
  readonly leverage: number;
  /** Money units; NaN = not given. */
  readonly capitalMoney: number;
  readonly risk: RiskLimits;
  /** The path `trades` walks these; `tape` is then their candles. */
  readonly trades: TradeTape | undefined;
  readonly queue: AssumedQueue | undefined;
};

export type WorldInput = {
  readonly tape: Tape;
  readonly instrument: Instrument;
  readonly funding: FundingIndex;
  readonly execution: ExecutionProfile;
  readonly path: number;
  readonly seed: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly leverage: number;
  readonly capitalMoney: number;
  readonly risk?: RiskLimits;
  readonly markTape?: Tape | undefined;
  /** Needed by the path `trades`, and looked at by no other. */
  readonly trades?: TradeTape | undefined;
  /** Which candles are volatile under the execution's rule, where that is known already. */
  readonly volatile?: Uint8Array | undefined;
};

export function makeWorld(input: WorldInput): World {
  const { tape, execution, seed } = input;
  const rule = execution.volatility;
  const trades = tradesOf(input);
  return {
    ...input,
    latency: new Latency(execution.legs, rule, seed),
    taker: new TakerTerms(execution.halfSpreadTicks, execution.slippageBps),
    volatile: input.volatile ?? volatileUnder(execution, tape),
    firstRow: lowerBound(tape.openTimeMs, input.startMs),
    risk: input.risk ?? NO_RISK_LIMITS,
    trades,
    queue: trades && queueOf(input, trades),
    mark: input.markTape === undefined ? undefined : new MarkPath(input.markTape),
  };
}

function tradesOf({ path, trades }: WorldInput): TradeTape | undefined {
  if (path !== PATH_TRADES) return undefined;
  invariant(trades !== undefined, 'the path `trades` without trades');
  return trades;
}

function queueOf({ execution, instrument }: WorldInput, trades: TradeTape): AssumedQueue {
  const ahead = execution.queueAhead ?? DEFAULT_QUEUE_AHEAD;
  return new AssumedQueue(trades, ahead, instrument.qtyStep);
}

/** Empty without a volatility rule. */
export function volatileUnder({ volatility }: ExecutionProfile, tape: Tape): Uint8Array {
  return volatility === undefined ? new Uint8Array(0) : volatileCandles(tape, volatility.rangeAtrs);
}

/** When each closed indicator candle becomes known: its close plus the market leg, in order. */
export function knownCloseTimes(world: World, series: IndicatorSeries): Float64Array {
  const known = sharedFloat64(series.count);
  let previous = -Infinity;
  for (let row = 0; row < series.count; row += 1) {
    const closeMs = series.closeTimeMs[row] ?? 0;
    const volatile = isVolatileAt(
      world,
      lowerBound(world.tape.openTimeMs, closeMs + 1) - 1,
      closeMs,
    );
    previous = Math.max(
      previous,
      closeMs + world.latency.delayMs(LEG_MARKET, closeMs, 0, volatile),
    );
    known[row] = previous;
  }
  return known;
}

/** Whether a time lies in a volatile candle, `row` being the last that opened by then. */
export function isVolatileAt(world: World, row: number, timeMs: number): boolean {
  if (world.volatile[row] !== 1) return false;
  return timeMs < (world.tape.openTimeMs[row] ?? 0) + world.tape.intervalMs;
}
