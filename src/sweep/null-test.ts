import { makeWorld } from '../brokers/simulated/world.ts';
import { Simulation } from '../brokers/simulated/simulation.ts';
import { Instrument } from '../engine/instrument.ts';
import { resolveParameters } from '../engine/parameters.ts';
import type { ParameterValues } from '../engine/parameters.ts';
import { SynthRandom } from '../feeds/synth-random.ts';
import { fundingIndex } from '../market/funding-index.ts';
import { indicatorSeries } from '../market/indicator-series.ts';
import { CANDLE_PATH_MODELS, pathCode } from '../market/path.ts';
import type { PathModel } from '../market/path.ts';
import { intervalMs, tapeBytes, tapeOver } from '../market/tape.ts';
import type { Tape } from '../market/tape.ts';
import { findStrategy } from '../strategies/registry.ts';
import type { ExecutionProfile } from '../venue/execution-profile.ts';

export type NullTestOptions = {
  readonly tapes: number;
  readonly daysPerTape: number;
  readonly seed: number;
  readonly intervals: readonly string[];
  readonly multiplier: number;
  readonly takeProfit: number;
  readonly onTape?: (done: number) => void;
};

/** What a path model earned beyond the true path, paired tape by tape, in ATRs a month. */
export type NullTestRow = {
  readonly interval: string;
  readonly path: PathModel;
  readonly meanGain: number;
  readonly standardError: number;
  /** meanGain in standard errors. */
  readonly t: number;
  readonly fillsPerMonth: number;
  readonly trueFillsPerMonth: number;
};

const SECOND_MS = 1_000;
const DAYS_PER_MONTH = 30;
const START_PRICE_TICKS = 600_000;
/** About 55 % a year at one-second steps. */
const STEP_TICKS = 60;

/** No fees, no funding, no spread: whatever is earned is earned by the path. */
const FRICTIONLESS = new Instrument({
  symbol: 'NULL',
  category: 'linear',
  baseCurrency: 'XXX',
  quoteCurrency: 'USD',
  tickSize: '0.1',
  qtyStep: '1',
  minQty: '1',
  takerFeeRate: '0',
  makerFeeRate: '0',
  leverage: '1',
  maxLeverage: '1',
  maintenanceMarginRate: '0',
});
const AT_ONCE = { type: 'constant', ms: 0 } as const;
const FREE: ExecutionProfile = {
  name: 'free',
  description: 'no delay and no cost',
  halfSpreadTicks: 0,
  slippageBps: 0,
  throughTicks: 0,
  legs: {
    market: AT_ONCE,
    submit: AT_ONCE,
    amend: AT_ONCE,
    cancel: AT_ONCE,
    ack: AT_ONCE,
    wsOrder: AT_ONCE,
    wsExecution: AT_ONCE,
  },
};

/**
 * Driftless one-second walks, and the candles made from them. On the walk itself a grid earns
 * nothing on average; what it earns more on the candles is an artefact of the path model.
 */
export function runNullTest(options: NullTestOptions): NullTestRow[] {
  const cells = options.intervals.flatMap((interval) =>
    CANDLE_PATH_MODELS.map((path) => ({ interval, path, gains: [] as number[], fills: 0 })),
  );
  let trueFills = 0;
  for (let i = 0; i < options.tapes; i += 1) {
    const seconds = walk(options.seed + i, options.daysPerTape);
    const truth = gridProfit(seconds, 'direction', options);
    trueFills += truth.fills;
    for (const cell of cells) {
      const candles = aggregate(seconds, intervalMs(cell.interval) ?? SECOND_MS);
      const model = gridProfit(candles, cell.path, options);
      cell.gains.push((model.atrs - truth.atrs) * (DAYS_PER_MONTH / options.daysPerTape));
      cell.fills += model.fills;
    }
    options.onTape?.(i + 1);
  }
  const months = (options.tapes * options.daysPerTape) / DAYS_PER_MONTH;
  return cells.map(({ interval, path, gains, fills }) => {
    const { mean, standardError } = meanOf(gains);
    return {
      interval,
      path,
      meanGain: mean,
      standardError,
      t: standardError > 0 ? mean / standardError : 0,
      fillsPerMonth: fills / months,
      trueFillsPerMonth: trueFills / months,
    };
  });
}

function meanOf(values: readonly number[]): { mean: number; standardError: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    standardError: Math.sqrt(squares / Math.max(1, values.length - 1) / values.length),
  };
}

/** One-second candles of a symmetric walk; each opens at the close before. */
function walk(seed: number, days: number): Tape {
  const count = days * 86_400;
  const tape = emptyTape(count, SECOND_MS);
  const random = new SynthRandom(seed);
  let price = START_PRICE_TICKS;
  for (let i = 0; i < count; i += 1) {
    const unit = random.unit() + random.unit() + random.unit() - 1.5;
    const next = Math.max(1, price + Math.round(unit * 2 * STEP_TICKS));
    setCandle(tape, i, i * SECOND_MS, price, Math.max(price, next), Math.min(price, next), next);
    price = next;
  }
  return tape;
}

function aggregate(seconds: Tape, length: number): Tape {
  const per = length / SECOND_MS;
  const count = Math.floor(seconds.count / per);
  const tape = emptyTape(count, length);
  for (let i = 0; i < count; i += 1) {
    const first = i * per;
    let high = -Infinity;
    let low = Infinity;
    for (let k = first; k < first + per; k += 1) {
      high = Math.max(high, seconds.high[k] ?? high);
      low = Math.min(low, seconds.low[k] ?? low);
    }
    setCandle(
      tape,
      i,
      i * length,
      seconds.open[first] ?? 0,
      high,
      low,
      seconds.close[first + per - 1] ?? 0,
    );
  }
  return tape;
}

function emptyTape(count: number, length: number): Tape {
  const head = {
    symbol: 'NULL',
    category: 'linear',
    intervalMs: length,
    hasVolume: false,
  } as const;
  return tapeOver(new SharedArrayBuffer(tapeBytes(count)), count, head);
}

function setCandle(
  tape: Tape,
  i: number,
  timeMs: number,
  open: number,
  high: number,
  low: number,
  close: number,
): void {
  tape.openTimeMs[i] = timeMs;
  tape.open[i] = open;
  tape.high[i] = high;
  tape.low[i] = low;
  tape.close[i] = close;
}

/** Profit of a tight grid, open position marked at the last close, in mean ATRs. */
function gridProfit(
  tape: Tape,
  path: PathModel,
  options: NullTestOptions,
): { atrs: number; fills: number } {
  const strategy = findStrategy('atr-grid');
  const params: ParameterValues = resolveParameters('atr-grid', strategy.parameters, {
    multiplier: options.multiplier,
    takeProfit: options.takeProfit,
  });
  const setup = strategy.setup(params, FRICTIONLESS);
  const series = indicatorSeries(tape, setup.indicators);
  const startMs = tape.openTimeMs[0] ?? 0;
  const endMs = (tape.openTimeMs[tape.count - 1] ?? 0) + tape.intervalMs;
  const world = makeWorld({
    tape,
    instrument: FRICTIONLESS,
    funding: fundingIndex(tape, FRICTIONLESS, undefined, startMs, endMs),
    execution: FREE,
    path: pathCode(path),
    seed: options.seed,
    startMs,
    endMs,
    leverage: 1,
    capitalMoney: NaN,
  });
  const simulation = new Simulation(world, series, strategy, setup, { keepsRows: false });
  simulation.run(setup);
  const profit = simulation.venue.account.equityMoney(tape.close[tape.count - 1] ?? 0);
  const perTick = FRICTIONLESS.valuePerStep(1) * FRICTIONLESS.parseQty('1');
  return { atrs: profit / perTick / meanAtr(series.values), fills: simulation.fills.count };
}

function meanAtr(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return sum / count;
}
