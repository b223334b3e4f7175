import type { Simulation } from '../../src/brokers/simulated/simulation.ts';
import { REASON } from '../../src/engine/reasons.ts';
import type { AnyStrategy } from '../../src/engine/strategy.ts';
import { randomFrom } from '../reference/random.ts';
import type { WalkCase } from './cases.ts';
import { firstDifference } from './compare.ts';
import { outcomeOf, simulationOf, walk, withoutAmends } from './outcome.ts';
import type { Outcome } from './outcome.ts';

const RANDOM_WAKES = 300;
const HELD_BACK = [
  REASON['retry-wait'],
  REASON['risk-limit'],
  REASON['below-minimum'],
  REASON['level-below-zero'],
  REASON['daily-loss'],
  REASON['price-collar'],
  REASON['order-rate'],
  REASON['stale-price'],
];

/**
 * The run without further questions against one that is asked at many moments more. Undefined:
 * nothing changed, or the case says nothing.
 */
export function spuriousDifference(test: WalkCase, number: number): string | undefined {
  const plain = walk(test, 'every-candle');
  if (plain.outcome.error !== undefined || !isFair(test, plain.simulation)) return undefined;
  const times = wakeTimes(test, number, plain.outcome);
  const name = number % 2 === 0 ? 'every-candle' : 'skip';
  const simulation = simulationOf(test, name, askedMore(test.choice.strategy, times));
  simulation.run(test.choice.setup);
  if (!isFair(test, simulation)) return undefined;
  return firstDifference(comparable(plain.outcome), comparable(outcomeOf(simulation, undefined)));
}

/**
 * A strategy that does not watch the price is always asked more; one that does, unless
 * - the market leg is drawn, or longer in volatile candles: a delivery at t has seen the path up to
 *   t - delay(t), so one more may honestly see a price earlier than its message would show it;
 * - it sets an edge beyond which it does nothing: outside its band it is not asked again;
 * - a signal was held back: it stays wanted until the next event, though the price may be gone;
 * - its level fell below zero, which a strategy that is not asked at closes notices when asked.
 */
function isFair({ world, choice }: WalkCase, { engine }: Simulation): boolean {
  if (!choice.setup.watchesPrice) return true;
  const { execution } = world;
  if (execution.legs.market.type !== 'constant' || execution.volatility !== undefined) return false;
  if ((choice.setup.compiled as { bothEdges?: boolean }).bothEdges === true) return false;
  return HELD_BACK.every((code) => engine.reasons.totalMs[code] === 0);
}

/** Asks at these times too, whatever else the strategy waits for. */
function askedMore(strategy: AnyStrategy, times: readonly number[]): AnyStrategy {
  return {
    ...strategy,
    plan(view, compiled, plan) {
      strategy.plan(view, compiled, plan);
      const next = times.findIndex((timeMs) => timeMs > view.nowMs);
      if (next >= 0) plan.wakeAt(times[next] ?? Infinity);
    },
  };
}

/** Random moments, and those about fills, candle opens and indicator closes. */
function wakeTimes(test: WalkCase, number: number, outcome: Outcome): number[] {
  const random = randomFrom(number);
  const { startMs, endMs, tape } = test.world;
  const times: number[] = [];
  for (let i = 0; i < RANDOM_WAKES; i += 1) times.push(startMs + random.below(endMs - startMs));
  for (const [timeMs] of outcome.tables[0]?.rows ?? [])
    times.push((timeMs ?? NaN) + random.pick([-1, 0, 1, 30]));
  for (const timeMs of test.series.closeTimeMs) times.push(timeMs + random.pick([-1, 0, 1, 700]));
  for (let i = 0; i < 50; i += 1) times.push(tape.openTimeMs[random.below(tape.count)] ?? NaN);
  return times.filter((timeMs) => timeMs > startMs).sort((a, b) => a - b);
}

/** Equity is marked when the strategy is asked, so the last mark is another one. */
function comparable(outcome: Outcome): Outcome {
  const { tables, error } = withoutAmends(outcome);
  return { tables: tables.filter((table) => table.name !== 'view'), error };
}
