import { Exchange } from '../venue/exchange/exchange.ts';
import type { SurfaceDelays } from '../venue/exchange/options.ts';
import type { Distribution } from '../venue/latency.ts';
import type { BotMaker } from './bot.ts';
import { Chance } from '../venue/chance.ts';
import { Coverage } from './coverage.ts';
import { FaultDice } from './fault-dice.ts';
import { planHash } from './fault-plan.ts';
import type { FaultPlan } from './fault-plan.ts';
import { FaultWorld } from './fault-world.ts';
import type { WorldOptions } from './fault-world.ts';
import type { GridCase } from './grid-case.ts';
import { drawGridCase } from './grid-case.ts';
import { hashWord } from '../venue/hash.ts';
import type { Observer } from './observer.ts';
import { priceWalk } from './price-walk.ts';
import { Trace } from './trace.ts';
import { Violation } from './violation.ts';
import type { Rule } from './violation.ts';

/** 2026-01-05 09:00 UTC: the same for every run. */
export const START_MS = 1_767_603_600_000;
export const CALM_MS = 45 * 60_000;
/** The longest that effects of faults outlast chaos: a ban, seen at its end. */
const TAIL_MS = 25 * 60_000;
const FUNDING_EVERY_MS = 3_600_000;

export type MakeBot = (grid: GridCase, seed: number) => BotMaker;

export type SeedOptions = {
  readonly plan: FaultPlan;
  readonly calmMs: number;
  readonly keepsTrace: boolean;
  readonly makeBot: MakeBot;
  /** Instead of what the seed draws. */
  readonly grid?: GridCase;
  readonly coverage?: Coverage;
  readonly observer?: Observer;
  /** Given the journal as it is at the end. */
  readonly keepJournal?: (bytes: Uint8Array) => void;
};

export type SeedCounts = {
  readonly simulatedMs: number;
  readonly crashes: number;
  readonly faults: number;
  readonly fills: number;
  readonly orders: number;
  readonly alarms: number;
};

export type SeedResult = {
  readonly seed: number;
  readonly broken: { readonly rule: Rule; readonly text: string } | undefined;
  /** Of everything that left the process: equal runs have equal hashes. */
  readonly hash: string;
  readonly configHash: string;
  readonly counts: SeedCounts;
  readonly trace: readonly string[];
};

/** One seed: chaos, calm, checks. A broken rule is a result, not an error. */
export function runSeed(options: SeedOptions): SeedResult {
  const { plan, calmMs } = options;
  const { seed } = plan;
  const grid = options.grid ?? drawGridCase(seed);
  const coverage = new Coverage();
  const trace = new Trace(options.keepsTrace, START_MS);
  const world = makeWorld(options, grid, coverage, trace);
  const broken = brokenBy(world, trace);
  options.coverage?.add(coverage);
  options.keepJournal?.(world.process.disk.read());
  let alarms = 0;
  for (const times of world.auditor.alarms.values()) alarms += times;
  return {
    seed,
    broken,
    hash: hashWord(world.stage.hash),
    configHash: planHash(plan, JSON.stringify([grid.instrument.symbol, grid.params, calmMs])),
    counts: {
      simulatedMs: world.stage.nowMs - START_MS,
      crashes: world.process.crashes,
      faults: coverage.total,
      fills: world.books.fills,
      orders: world.books.orders,
      alarms,
    },
    trace: broken !== undefined || options.keepsTrace ? trace.lines() : [],
  };
}

function brokenBy(world: FaultWorld, trace: Trace): SeedResult['broken'] {
  try {
    world.run();
    return undefined;
  } catch (error) {
    const rule = error instanceof Violation ? error.rule : 'CRASH';
    const said = error instanceof Error ? error.message : String(error);
    const text = error instanceof Violation ? said : `CRASH: ${said}`;
    trace.note(world.stage.nowMs, `BROKEN ${rule}`, text);
    if (!(error instanceof Violation) && error instanceof Error) {
      trace.note(world.stage.nowMs, 'at', error.stack?.split('\n').slice(1, 6).join(' '));
    }
    return { rule, text };
  }
}

function makeWorld(
  options: SeedOptions,
  grid: GridCase,
  coverage: Coverage,
  trace: Trace,
): FaultWorld {
  const { plan, calmMs } = options;
  const { seed, chaosMs } = plan;
  const dice = new FaultDice(plan, coverage);
  const walk = priceWalk({
    seed,
    startMs: START_MS,
    endMs: START_MS + chaosMs + TAIL_MS + calmMs,
    startTicks: grid.startTicks,
    volatility: grid.volatility,
    meanGapMs: grid.meanGapMs,
    gapsPerHour: plan.rates.priceGap ?? 0,
    gapsEndMs: START_MS + chaosMs,
  });
  const exchange = new Exchange({
    instrument: grid.instrument,
    seed,
    startMs: START_MS,
    priceTicks: grid.startTicks,
    leverage: 1,
    capitalMoney: 1e15,
    marginMode: 'isolated',
    funding: { everyMs: FUNDING_EVERY_MS, rate: '0.0001' },
    delays: drawDelays(seed),
    execution: {
      halfSpreadTicks: 0.5,
      slippageBps: 1,
      throughTicks: 1,
      ...(grid.volumeSteps < Infinity ? { participation: 1 } : {}),
    },
  });
  const world: WorldOptions = {
    seed,
    startMs: START_MS,
    chaosMs,
    calmMs,
    grid,
    walk,
    timed: plan.timed,
  };
  return new FaultWorld(
    world,
    exchange,
    options.makeBot(grid, seed),
    dice,
    trace,
    options.observer,
  );
}

/** Ranges of what has been reported of Bybit; a slow seed is three times as slow. */
function drawDelays(seed: number): SurfaceDelays {
  const chance = new Chance(seed, 'surface delays');
  const slow = chance.hits(0.3) ? 3 : 1;
  const upTo = (mostMs: number): Distribution => {
    const most = Math.round(chance.logUniform(mostMs / 10, mostMs)) * slow;
    return { type: 'uniform', fromMs: 0, toMs: most };
  };
  return {
    wsOrder: upTo(50),
    wsExecution: upTo(50),
    wsPosition: upTo(50),
    wsWallet: upTo(50),
    restOpenOrders: upTo(200),
    restOrderHistory: upTo(5_000),
    restExecutions: upTo(1_000),
    restPosition: upTo(1_000),
    restWallet: upTo(1_000),
    restTransactionLog: upTo(1_000),
  };
}
