import type { Walk } from '../../src/brokers/simulated/row-search.ts';
import { pathCode } from '../../src/market/path.ts';
import { fundingIndex } from '../../src/market/funding-index.ts';
import { indicatorSeries } from '../../src/market/indicator-series.ts';
import { intervalMs, tapeBytes, tapeOver } from '../../src/market/tape.ts';
import type { FundingHistory, Tape } from '../../src/market/tape.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import { resolveParameters } from '../../src/engine/parameters.ts';
import { findStrategy } from '../../src/strategies/registry.ts';
import { makeWorld } from '../../src/brokers/simulated/world.ts';
import { Simulation } from '../../src/brokers/simulated/simulation.ts';
import { atrGrid } from './atr-grid.ts';
import { buyAndHold } from './hold.ts';
import { ladder } from './ladder.ts';
import type { RandomCase } from './random-case.ts';
import { runReference } from './run.ts';
import { makeReferenceWorld } from './setup.ts';
import { smaCross } from './sma-cross.ts';
import type { Params, Strategy } from './strategy.ts';
import type { Candle, Fill, State } from './world.ts';

export type Outcome = {
  readonly fills: readonly Fill[];
  readonly ledger: Readonly<Record<'position' | 'realised' | 'fees' | 'funding', number>>;
  readonly liquidatedAt: number | undefined;
};

export function referenceOutcome(test: RandomCase): Outcome & { features: Readonly<Record<string, number>> } {
  const strategy = referenceStrategy(test);
  const capital = Number.isNaN(test.capital) ? undefined : BigInt(test.capital);
  const world = makeReferenceWorld({ ...test, capital }, strategy);
  const state: State = runReference(world, strategy);
  const { position, realised, fees, funding } = state.ledger;
  return {
    fills: state.fills, features: state.seenFeatures, liquidatedAt: state.liquidatedAt,
    ledger: { position, realised: Number(realised), fees: Number(fees), funding: Number(funding) },
  };
}

function referenceStrategy(test: RandomCase): Strategy {
  const params: Params = resolveParameters(test.strategy, findStrategy(test.strategy).parameters, test.params);
  const n = (name: string): number => Number(params[name]);
  const s = (name: string): string => String(params[name]);
  const qty = Math.round(n('qty') / Number(test.spec.qtyStep));
  if (test.strategy === 'atr-grid') {
    return atrGrid({
      multiplier: n('multiplier'), takeProfit: n('takeProfit'), stopLoss: n('stopLoss'), atrPeriod: n('atrPeriod'),
      atrIntervalMs: intervalMs(s('atrInterval')) ?? NaN, qty, maxLevels: n('maxLevels'),
      maxHoldMs: n('maxHoldHours') * 3_600_000, cooldownMs: n('cooldownHours') * 3_600_000, direction: s('direction'),
      anchor: s('anchor'), initialEntry: s('initialEntry'), entryStyle: s('entryStyle'), exitStyle: s('exitStyle'),
      signalOrder: s('signalOrder'), pendingTimeoutMs: n('pendingTimeoutMs'), postOnly: params.postOnly === true,
    });
  }
  if (test.strategy === 'ladder-grid') {
    return ladder({
      lower: n('lower'), upper: n('upper'), tickSize: Number(test.spec.tickSize), cells: n('cells'),
      spacing: s('spacing'), direction: s('direction'), qty,
    });
  }
  if (test.strategy === 'sma-cross') {
    return smaCross({
      fast: n('fast'), slow: n('slow'), intervalMs: intervalMs(s('interval')) ?? NaN, direction: s('direction'),
      sizing: s('sizing'), qty, equityFraction: n('equityFraction'),
    });
  }
  return buyAndHold(qty, s('direction'));
}

export function simulatedOutcome(test: RandomCase, walk: Walk): Outcome {
  const instrument = new Instrument(test.spec);
  const tape = tapeOf(test, test.candles);
  const markTape = test.mark === undefined ? undefined : tapeOf(test, test.mark);
  const strategy = findStrategy(test.strategy);
  const setup = strategy.setup(resolveParameters(test.strategy, strategy.parameters, test.params), instrument);
  const endMs = (test.candles.at(-1)?.t ?? 0) + test.intervalMs;
  const world = makeWorld({
    tape, instrument, funding: fundingIndex(tape, instrument, historyOf(test), test.startMs, endMs, markTape), markTape,
    execution: test.profile, path: pathCode(test.path), seed: test.seed, startMs: test.startMs, endMs,
    leverage: test.leverage, capitalMoney: test.capital,
  });
  const simulation = new Simulation(world, indicatorSeries(tape, setup.indicators), strategy, setup, { keepsRows: true, walk });
  simulation.run(setup);
  const log = simulation.fills;
  const fills = Array.from({ length: log.count }, (_, i) => ({
    t: log.timeMs[i] ?? NaN, id: log.orderId[i] ?? NaN, slot: log.slot[i] ?? NaN, role: log.role[i] ?? NaN,
    side: log.side[i] ?? NaN, price: log.priceTicks[i] ?? NaN, qty: log.qtySteps[i] ?? NaN,
    maker: log.maker[i] === 1, fee: log.fee[i] ?? NaN,
  }));
  const { positionSteps, realised, fees, funding } = simulation.venue.ledger;
  const liquidatedAt = simulation.liquidatedAtMs();
  return {
    fills, ledger: { position: positionSteps, realised, fees, funding },
    liquidatedAt: Number.isNaN(liquidatedAt) ? undefined : liquidatedAt,
  };
}

function tapeOf(test: RandomCase, candles: readonly Candle[]): Tape {
  const count = candles.length;
  const { symbol, category } = test.spec;
  const tape = tapeOver(new SharedArrayBuffer(tapeBytes(count)), count, { symbol, category, intervalMs: test.intervalMs, hasVolume: true });
  candles.forEach((c, i) => {
    tape.openTimeMs[i] = c.t;
    tape.open[i] = c.open;
    tape.high[i] = c.high;
    tape.low[i] = c.low;
    tape.close[i] = c.close;
    tape.volumeSteps[i] = c.volume;
  });
  return tape;
}

function historyOf(test: RandomCase): FundingHistory | undefined {
  if (test.funding === undefined) return undefined;
  return {
    count: test.funding.length,
    timeMs: Float64Array.from(test.funding, (row) => row.t),
    rate: Float64Array.from(test.funding, (row) => row.rate),
  };
}

/** The first thing in which two outcomes differ; undefined when they are equal. */
export function firstDifference(expected: Outcome, got: Outcome): string | undefined {
  const count = Math.max(expected.fills.length, got.fills.length);
  for (let i = 0; i < count; i += 1) {
    const [a, b] = [JSON.stringify(expected.fills[i]), JSON.stringify(got.fills[i])];
    if (a !== b) {
      const before = JSON.stringify(expected.fills[i - 1]);
      return `fill ${i} of ${expected.fills.length} / ${got.fills.length}\n  before    ${before}\n  reference ${a}\n  lockstep  ${b}`;
    }
  }
  const [a, b] = [JSON.stringify([expected.ledger, expected.liquidatedAt]), JSON.stringify([got.ledger, got.liquidatedAt])];
  return a === b ? undefined : `end of run\n  reference ${a}\n  lockstep  ${b}`;
}
