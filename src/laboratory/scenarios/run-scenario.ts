import { Instrument } from '../../engine/instrument.ts';
import { Coverage } from '../coverage.ts';
import type { FaultPlan } from '../fault-plan.ts';
import { INVERSE, caseOf } from '../grid-case.ts';
import type { GridCase } from '../grid-case.ts';
import { START_MS, runSeed } from '../run-seed.ts';
import type { MakeBot, SeedResult } from '../run-seed.ts';
import type { Scenario } from './scenario.ts';
import { Timeline } from './timeline.ts';

const SEED = 20_260_212;
const CALM_MS = 20 * 60_000;

export type ScenarioResult = {
  readonly result: SeedResult;
  readonly timeline: Timeline;
  /** The scenario's faults have struck, and something was traded: else it shows nothing. */
  readonly happened: boolean;
};

export function runScenario(scenario: Scenario, makeBot: MakeBot): ScenarioResult {
  const plan: FaultPlan = {
    seed: SEED,
    chaosMs: scenario.chaosMinutes * 60_000,
    rates: {},
    script: scenario.script,
    timed: scenario.timed,
  };
  const coverage = new Coverage();
  const timeline = new Timeline();
  const result = runSeed({
    plan,
    calmMs: CALM_MS,
    keepsTrace: false,
    makeBot,
    coverage,
    grid: gridOf(scenario),
    observer: timeline,
  });
  const expected = scenario.script.length + scenario.timed.length;
  const struck = expected === 0 || coverage.total > 0;
  return { result, timeline, happened: struck && result.counts.fills > 0 };
}

export function timelineLines(timeline: Timeline, most: number): readonly string[] {
  return timeline.lines(START_MS, most);
}

export const SCENARIO_LEVELS = 2;

/** Contracts a level: in a thin market enough to be filled in parts. */
export function scenarioQty({ isThin }: Scenario): number {
  return isThin ? 5 : 1;
}

/** Of atr-grid, wherever the incident is played: close levels, so that much happens. */
export function scenarioParams(scenario: Scenario): GridCase['params'] {
  return {
    multiplier: 0.5,
    takeProfit: 0.4,
    stopLoss: scenario.isAttached ? 0.6 : scenario.hasStops ? 2 : 0,
    protect: scenario.isAttached ? 'attached' : 'own',
    atrPeriod: 3,
    atrInterval: '1m',
    qty: scenarioQty(scenario),
    maxLevels: SCENARIO_LEVELS,
    direction: 'long',
    initialEntry: 'immediate',
  };
}

function gridOf(scenario: Scenario): GridCase {
  return caseOf(new Instrument(INVERSE), scenarioParams(scenario), {
    levels: SCENARIO_LEVELS,
    qtySteps: scenarioQty(scenario),
    hasStops: scenario.hasStops,
    startTicks: 600_000,
    volatility: 0.0005,
    meanGapMs: 5_000,
    volumeSteps: scenario.isThin ? 1 : Infinity,
  });
}
