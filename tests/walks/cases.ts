import { makeWorld } from '../../src/brokers/simulated/world.ts';
import type { World } from '../../src/brokers/simulated/world.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import type { InstrumentSpec } from '../../src/engine/instrument.ts';
import { NO_RISK_LIMITS } from '../../src/engine/risk.ts';
import type { RiskLimits } from '../../src/engine/risk.ts';
import { fundingIndex } from '../../src/market/funding-index.ts';
import { indicatorSeries } from '../../src/market/indicator-series.ts';
import type { IndicatorSeries } from '../../src/market/indicator-series.ts';
import { CANDLE_PATH_MODELS, pathCode } from '../../src/market/path.ts';
import type { PathModel } from '../../src/market/path.ts';
import type { FundingHistory, Tape } from '../../src/market/tape.ts';
import { makeTape } from '../fixtures/tapes.ts';
import { randomFrom } from '../reference/random.ts';
import type { Random } from '../reference/random.ts';
import { randomExecution, randomInstrument } from './random-execution.ts';
import { randomStrategy } from './random-strategy.ts';
import type { StrategyChoice } from './random-strategy.ts';
import { randomMark, randomTape } from './random-tape.ts';

/** One run, ready to be walked. */
export type WalkCase = {
  readonly name: string;
  readonly world: World;
  readonly series: IndicatorSeries;
  readonly choice: StrategyChoice;
  /** Another run the same object makes first, so that what it leaves behind would show. */
  readonly before: StrategyChoice | undefined;
  /** What was drawn, for people who look at one case. */
  readonly drawn: Readonly<Record<string, unknown>>;
};

const MINUTE = 60_000;
/** Tape interval, indicator interval and its name where the shipped strategies have one. */
const INTERVALS: readonly (readonly [number, number, string | undefined])[] = [
  [1, 1, '1m'],
  [1, 5, '5m'],
  [1, 15, '15m'],
  [1, 30, '30m'],
  [1, 60, '1h'],
  [1, 60, '1h'],
  [1, 60, '1h'],
  [1, 120, '2h'],
  [1, 7, undefined],
  [3, 15, '15m'],
  [5, 5, '5m'],
  [5, 15, '15m'],
  [5, 60, '1h'],
  [5, 60, '1h'],
  [15, 60, '1h'],
  [15, 45, undefined],
  [60, 60, '1h'],
  [60, 240, '4h'],
];

/** Case N is a function of N alone. */
export function makeCase(number: number): WalkCase {
  const random = randomFrom(number);
  const [tapeMinutes, indicatorMinutes, intervalName] = random.pick(INTERVALS);
  const [tapeMs, indicatorMs] = [tapeMinutes * MINUTE, indicatorMinutes * MINUTE];
  const ratio = indicatorMinutes / tapeMinutes;
  const path = random.pick([...CANDLE_PATH_MODELS, 'direction' as const]);
  const spec = randomInstrument(random);
  const qtySteps = 1 + random.below(spec.category === 'inverse' ? 1_000 : 300);
  const base = random.pick([300, 5_000, 60_000, 600_000]);
  const tape = drawTape(random, { spec, tapeMs, indicatorMs, ratio, base, qtySteps, path });
  const startRow = random.chance(0.6) ? 0 : random.below(Math.min(tape.count >> 1, 8 * ratio));
  // At times the run starts where a candle is missing, or before the tape does.
  const startMs =
    (tape.openTimeMs[startRow] ?? 0) - tapeMs * random.pick([0, 0, 0, 0, 1, 1 + random.below(9)]);
  const wish = {
    spec,
    tapeMs,
    indicatorMs,
    intervalName,
    qtySteps,
    base: tape.open[startRow] ?? base,
    range: Math.max(1, meanRange(tape)),
  };
  const choice = randomStrategy(random, wish);
  const leverage = random.pick([1, 1, 1, 2, 2, 2, 2, 5, 5, 10, 10, 40]);
  const input = { spec, qtySteps, base, leverage };
  const funding = random.chance(0.5) ? randomFunding(random, tape) : undefined;
  const markTape = random.chance(0.2) ? drawMark(random, tape) : undefined;
  const execution = randomExecution(random, indicatorMs);
  const capitalMoney =
    choice.setup.needsCapital || random.chance(0.3) ? randomCapital(random, input) : NaN;
  const instrument = new Instrument(spec);
  const endMs = (tape.openTimeMs[tape.count - 1] ?? 0) + tapeMs;
  const risk = random.chance(0.2)
    ? randomRisk(random, qtySteps, qtySteps * instrument.valuePerStep(base))
    : NO_RISK_LIMITS;
  const world = makeWorld({
    tape,
    instrument,
    funding: fundingIndex(tape, instrument, funding, startMs, endMs, markTape),
    execution,
    path: pathCode(path),
    seed: number,
    startMs,
    endMs,
    leverage,
    capitalMoney,
    risk,
    markTape,
  });
  const { setup } = choice;
  return {
    name: `case ${number}`,
    world,
    series: indicatorSeries(tape, setup.indicators),
    choice,
    before: random.chance(0.15) ? sameShape(random, wish, choice) : undefined,
    drawn: {
      ...{ tapeMinutes, indicatorMinutes, candles: tape.count, base, path, qtySteps, leverage },
      ...{
        startMs,
        startRow,
        capitalMoney,
        risk,
        settlements: world.funding.count,
        history: funding !== undefined,
      },
      ...{ mark: markTape?.count, spec, execution },
      ...{ strategy: choice.strategy.name, params: choice.params },
    },
  };
}

type TapeInput = {
  readonly spec: InstrumentSpec;
  readonly tapeMs: number;
  readonly indicatorMs: number;
  readonly ratio: number;
  readonly base: number;
  readonly qtySteps: number;
  readonly path: PathModel;
};

function drawTape(random: Random, input: TapeInput): Tape {
  const { tapeMs, indicatorMs, ratio, base, qtySteps } = input;
  // The adverse model walks every candle twice and copies the state three times.
  const most = input.path === 'adverse' ? 500 : 1_800;
  const count = random.chance(0.015)
    ? 4_500 + random.below(3_000)
    : 400 + random.below(most) + 8 * ratio;
  const firstIndex = random.chance(0.5) ? 0 : random.below(ratio);
  const boundary = Math.floor(1_700_000_000_000 / indicatorMs) + random.below(50);
  const candles = randomTape(random, {
    count,
    base,
    ratio,
    firstIndex,
    volume: qtySteps * random.pick([1, 4, 30]),
  });
  const startMs = boundary * indicatorMs + firstIndex * tapeMs;
  return makeTape(candles, tapeMs, startMs, input.spec.category);
}

function meanRange({ high, low, count }: Tape): number {
  let sum = 0;
  for (let row = 0; row < count; row += 1) sum += (high[row] ?? 0) - (low[row] ?? 0);
  return sum / count;
}

/** Candles of the mark price, as long as the tape's or longer; they cover the whole run. */
function drawMark(random: Random, tape: Tape): Tape {
  const perMark = random.pick([1, 1, 4]);
  const first = tape.openTimeMs[0] ?? 0;
  const rows = Array.from({ length: tape.count }, (_, i) => ({
    open: tape.open[i] ?? 0,
    high: tape.high[i] ?? 0,
    low: tape.low[i] ?? 0,
    close: tape.close[i] ?? 0,
    at: ((tape.openTimeMs[i] ?? 0) - first) / tape.intervalMs,
  }));
  const marks = randomMark(random, rows, perMark);
  return makeTape(marks, tape.intervalMs * perMark, first, tape.category);
}

type MoneyInput = {
  readonly spec: InstrumentSpec;
  readonly qtySteps: number;
  readonly base: number;
  readonly leverage: number;
};

/** Money units for about a few orders' margin. */
function randomCapital(random: Random, input: MoneyInput): number {
  const instrument = new Instrument(input.spec);
  const value = input.qtySteps * instrument.valuePerStep(input.base);
  return Math.round((value / input.leverage) * random.pick([1.02, 1.2, 1.4, 1.7, 3, 10, 100]));
}

/** One to all of the limits, each as tight as it takes to be met now and then. */
function randomRisk(random: Random, qtySteps: number, orderMoney: number): RiskLimits {
  const some = (limit: number): number => (random.chance(0.4) ? limit : Infinity);
  return {
    maxPositionSteps: some(qtySteps * random.pick([1, 2, 3])),
    maxOpenOrders: some(random.pick([1, 2, 3])),
    maxOrdersPerMinute: some(random.pick([1, 2, 5])),
    collarShare: some(random.pick([0, 0.0001, 0.001, 0.01])),
    maxDailyLossMoney: some(
      Math.max(1, Math.round(orderMoney * random.pick([0.0005, 0.01, 0.05]))),
    ),
    maxPriceAgeMs: some(random.pick([1_000, 60_000, 600_000])),
  };
}

/** Settlements over a part of the tape or all of it. */
function randomFunding(random: Random, tape: Tape): FundingHistory {
  const first = tape.openTimeMs[0] ?? 0;
  const last = tape.openTimeMs[tape.count - 1] ?? 0;
  const every = random.pick([1, 4, 8]) * 60 * MINUTE;
  const until = first + (last - first) * random.pick([0.5, 1, 2]);
  const rows: { timeMs: number; rate: number }[] = [];
  for (let at = Math.ceil(first / every) * every; at < until && rows.length < 500; at += every)
    rows.push({ timeMs: at, rate: (random.below(2001) - 1000) / 1e6 });
  return {
    count: rows.length,
    timeMs: Float64Array.from(rows, (row) => row.timeMs),
    rate: Float64Array.from(rows, (row) => row.rate),
  };
}

/** Another set of parameters that the same Simulation can run: same strategy and indicators. */
function sameShape(
  random: Random,
  wish: Parameters<typeof randomStrategy>[1],
  choice: StrategyChoice,
): StrategyChoice | undefined {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const other = randomStrategy(random, wish);
    const { indicators } = other.setup;
    const fits =
      other.strategy === choice.strategy && indicators.length === choice.setup.indicators.length;
    if (fits && !other.setup.needsCapital) return other;
  }
  return undefined;
}
