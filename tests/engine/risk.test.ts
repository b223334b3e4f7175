import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Walk } from '../../src/brokers/simulated/row-search.ts';
import type { Simulation } from '../../src/brokers/simulated/simulation.ts';
import {
  KIND_LIMIT,
  KIND_MARKET,
  ORDER_NONE,
  ROLE_ENTRY,
  ROLES_PER_SLOT,
} from '../../src/engine/codes.ts';
import { CommandSink } from '../../src/engine/commands.ts';
import type { Command } from '../../src/engine/commands.ts';
import { Engine } from '../../src/engine/engine.ts';
import { EventRegister, writeEvent } from '../../src/engine/events.ts';
import type { EngineEvent } from '../../src/engine/events.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import type { Plan } from '../../src/engine/plan.ts';
import { REASON, reasonName } from '../../src/engine/reasons.ts';
import { NO_RISK_LIMITS } from '../../src/engine/risk.ts';
import type { RiskLimits } from '../../src/engine/risk.ts';
import type { AnyStrategy, Strategy } from '../../src/engine/strategy.ts';
import { MS_PER_DAY } from '../../src/engine/units.ts';
import type { View } from '../../src/engine/view.ts';
import { fillsOf, PLAIN, simulate } from '../fixtures/simulations.ts';
import { makeTape } from '../fixtures/tapes.ts';
import type { Candle } from '../fixtures/tapes.ts';

/** Wants one entry and, for what its slot holds, one exit; the test says which. */
type Wish = { kind: number; side: number; ticks: number; qty: number };
const SLOTS = 3;

class Bench {
  readonly sink = new CommandSink();
  readonly engine: Engine;
  readonly wishes: Wish[] = Array.from({ length: SLOTS }, () => {
    return { kind: KIND_LIMIT, side: 1, ticks: 9_900, qty: 10 };
  });
  readonly #register = new EventRegister();

  constructor(risk: Partial<RiskLimits>, priceSeenMs = 0) {
    const strategy: Strategy<unknown> = {
      name: 'wishes',
      summary: '',
      parameters: [],
      setup: () => ({
        compiled: undefined,
        slotCount: SLOTS,
        indicators: [],
        watchesPrice: false,
        needsCapital: false,
      }),
      plan: (view: View, _compiled: unknown, plan: Plan) => this.#plan(view, plan),
    };
    const limits = { ...NO_RISK_LIMITS, ...risk };
    const instrument = new Instrument(PLAIN);
    const any = strategy as AnyStrategy;
    this.engine = new Engine(any, undefined, instrument, SLOTS, 0, this.sink, limits, false);
    this.step({ kind: 'start', timeMs: 0, walletMoney: NaN }, priceSeenMs);
  }

  step(event: EngineEvent, priceSeenMs = event.timeMs): Command[] {
    const register = writeEvent(this.#register, event);
    register.priceSeenMs = priceSeenMs;
    this.engine.step(register);
    const commands = this.sink.list();
    this.sink.clear();
    return commands;
  }

  close(timeMs: number, closeTicks: number): Command[] {
    return this.step({ kind: 'candleClose', timeMs, closeTicks, indicators: [] });
  }

  fill(orderId: number, qtySteps: number, priceTicks: number, timeMs: number): Command[] {
    return this.step({ kind: 'fill', timeMs, orderId, priceTicks, qtySteps, fee: 0, funding: 0 });
  }

  reason(slot = 0): string {
    return reasonName(this.engine.slots.slotReason[slot] ?? 0);
  }

  #plan(view: View, plan: Plan): void {
    plan.wakeOnClose = true;
    this.wishes.forEach(({ kind, side, ticks, qty }, slot) => {
      const key = slot * ROLES_PER_SLOT;
      const held = view.slotQty[slot] ?? 0;
      if (held < qty) plan.order(key, kind, side, ticks, qty - held, false);
      if (held > 0) plan.order(key + 1, KIND_LIMIT, -side, ticks + side * 100, held, true);
    });
  }
}

const placed = (commands: readonly Command[]): Extract<Command, { kind: 'place' }>[] =>
  commands.filter((command) => command.kind === 'place');

describe('risk limits', () => {
  it('R-RSK-7 hold back entries only: whatever happens, every wanted exit is sent', () => {
    const tight = fc.record({
      maxPositionSteps: fc.constantFrom(5, 10, 25, Infinity),
      maxOpenOrders: fc.constantFrom(1, 2, Infinity),
      maxOrdersPerMinute: fc.constantFrom(1, 2, Infinity),
      collarShare: fc.constantFrom(0.001, 0.05, Infinity),
      maxDailyLossMoney: fc.constantFrom(1, 1e8, Infinity),
      maxPriceAgeMs: fc.constantFrom(1_000, Infinity),
    });
    const happening = fc.record({
      what: fc.constantFrom('close', 'ack', 'fill', 'wish', 'timer'),
      which: fc.nat(20),
      size: fc.integer({ min: 1, max: 12 }),
      afterMs: fc.constantFrom(0, 1, 700, 61_000, MS_PER_DAY),
      silentMs: fc.constantFrom(0, 5_000),
    });
    fc.assert(
      fc.property(tight, fc.array(happening, { minLength: 5, maxLength: 60 }), (risk, list) => {
        const bench = new Bench(risk);
        const { orders, plan, view } = bench.engine;
        let timeMs = 1;
        for (const { what, which, size, afterMs, silentMs } of list) {
          timeMs += afterMs;
          const alive = [...orders.state.keys()].filter((key) => orders.isAlive(key));
          const key = alive[which % Math.max(1, alive.length)] ?? -1;
          const orderId = orders.id[key] ?? NaN;
          const wish = bench.wishes[which % SLOTS];
          let event: EngineEvent = { kind: 'timer', timeMs };
          if (what === 'wish' && wish !== undefined) {
            const [ticks, kind] = [9_900 - 20 * size, size === 7 ? KIND_MARKET : KIND_LIMIT];
            Object.assign(wish, { ticks, kind, qty: size });
          } else if (what === 'close') {
            const closeTicks = 9_000 + 100 * size;
            event = { kind: 'candleClose', timeMs, closeTicks, indicators: [] };
          } else if (key >= 0 && what === 'ack') event = { kind: 'ack', timeMs, orderId };
          else if (key >= 0 && what === 'fill') {
            const left = (orders.askedSteps[key] ?? 0) - (orders.filledSteps[key] ?? 0);
            const held = view.slotQty[Math.floor(key / ROLES_PER_SLOT)] ?? 0;
            const most = key % ROLES_PER_SLOT === ROLE_ENTRY ? left : Math.min(left, held);
            const qtySteps = Math.min(size, most);
            const priceTicks = 9_000 + 100 * size;
            if (qtySteps > 0)
              event = { kind: 'fill', timeMs, orderId, priceTicks, qtySteps, fee: 1, funding: 0 };
          }
          bench.step(event, timeMs - silentMs);
          for (let exit = 1; exit < orders.keyCount; exit += ROLES_PER_SLOT)
            if (plan.isWanted(exit)) expect(orders.state[exit]).not.toBe(ORDER_NONE);
          let most = view.positionSteps;
          for (let entry = 0; entry < orders.keyCount; entry += ROLES_PER_SLOT)
            if (orders.isAlive(entry))
              most += (orders.askedSteps[entry] ?? 0) - (orders.filledSteps[entry] ?? 0);
          expect(most).toBeLessThanOrEqual(risk.maxPositionSteps);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('R-RSK-1 an amend that enlarges a standing entry counts with all of it', () => {
    const bench = new Bench({ maxPositionSteps: 30 });
    bench.step({ kind: 'ack', timeMs: 2, orderId: bench.engine.orders.id[0] ?? 0 });
    Object.assign(bench.wishes[0] ?? {}, { qty: 11 });
    expect(bench.close(3, 10_000)).toEqual([]);
    expect(bench.reason()).toBe('risk-limit');
    Object.assign(bench.wishes[0] ?? {}, { qty: 9 });
    expect(bench.close(4, 10_000)).toMatchObject([{ kind: 'amend', qtySteps: 9 }]);
  });

  it('R-RSK-5 a limit entry further beyond the known price than its collar is not sent', () => {
    const bench = new Bench({ collarShare: 0.01 });
    Object.assign(bench.wishes[0] ?? {}, { ticks: 10_101 });
    Object.assign(bench.wishes[1] ?? {}, { ticks: 10_100 });
    Object.assign(bench.wishes[2] ?? {}, { ticks: 5_000 });
    expect(placed(bench.close(1, 10_000)).map(({ priceTicks }) => priceTicks)).toEqual([
      10_100, 5_000,
    ]);
    expect(bench.reason()).toBe('price-collar');
    // Nor is one moved there; a market order has no price of its own to go astray.
    bench.step({ kind: 'ack', timeMs: 2, orderId: bench.engine.orders.id[4] ?? 0 });
    Object.assign(bench.wishes[0] ?? {}, { kind: KIND_MARKET, ticks: 10_050 });
    Object.assign(bench.wishes[1] ?? {}, { ticks: 10_102 });
    expect(placed(bench.close(3, 10_000))).toMatchObject([{ orderKind: KIND_MARKET }]);
    expect(bench.reason(1)).toBe('price-collar');
  });

  it('R-RSK-5 without any known price no limit entry is near it', () => {
    const bench = new Bench({ collarShare: 1 });
    expect(bench.step({ kind: 'timer', timeMs: 1 })).toEqual([]);
    expect(bench.reason()).toBe('price-collar');
  });

  it('R-RSK-6 an entry waits for a price that is young enough, and asks again in time', () => {
    const bench = new Bench({ maxPriceAgeMs: 1_000 }, NaN);
    const { guard, orders } = bench.engine;
    expect([orders.attempts, bench.reason(), guard.awaitsPrice]).toEqual([0, 'stale-price', true]);
    expect(bench.engine.timerMs).toBe(1_000);
    expect(bench.step({ kind: 'timer', timeMs: 1_000 }, -1)).toEqual([]);
    expect(bench.engine.timerMs).toBe(2_000);
    expect(placed(bench.step({ kind: 'timer', timeMs: 2_000 }, 1_000)).length).toBe(SLOTS);
    expect(guard.awaitsPrice).toBe(false);
    bench.step({ kind: 'ack', timeMs: 2_001, orderId: orders.id[0] ?? 0 });
    Object.assign(bench.wishes[0] ?? {}, { ticks: 9_800 });
    const close: EngineEvent = {
      kind: 'candleClose',
      timeMs: 4_000,
      closeTicks: 1,
      indicators: [],
    };
    expect(bench.step(close, 2_999)).toEqual([]);
    expect(bench.step({ ...close, timeMs: 4_001 }, 4_000)).toMatchObject([{ kind: 'amend' }]);
  });

  it("R-RSK-4 the loss of a day ends with the day, by the engine's own timer", () => {
    const bench = new Bench({ maxDailyLossMoney: 1e6 });
    bench.close(1, 10_000);
    const sent = bench.fill(bench.engine.orders.id[0] ?? 0, 10, 9_900, 2);
    expect(bench.engine.timerMs).toBe(MS_PER_DAY);
    expect(placed(sent)).toMatchObject([{ reduceOnly: true }]);
    const [other, third] = [bench.engine.orders.id[4] ?? 0, bench.engine.orders.id[8] ?? 0];
    bench.step({ kind: 'ack', timeMs: 3, orderId: other });
    bench.step({ kind: 'ack', timeMs: 3, orderId: third });
    // Ten steps fall by 900 ticks when the next entry fills: the rest are withdrawn.
    expect(bench.fill(other, 10, 9_000, 4)).toMatchObject([
      { kind: 'cancel', orderId: third },
      { kind: 'place', reduceOnly: true },
    ]);
    expect(bench.reason(2)).toBe('daily-loss');
    bench.step({ kind: 'orderEnded', timeMs: 5, orderId: third, end: 1, filledSteps: 0 });
    expect(placed(bench.close(MS_PER_DAY, 9_000))).toEqual([]);
    expect(placed(bench.step({ kind: 'timer', timeMs: MS_PER_DAY }))).toMatchObject([
      { reduceOnly: false },
    ]);
  });
});

/** The gap begins inside an indicator candle, so one closes while the market is shut. */
const GAP_ROW = 100;

/** Falls by a hundredth an hour for two days, back and forth inside every hour. */
function fallingTape(gapRows = 0): ReturnType<typeof makeTape> {
  const candles: Candle[] = Array.from({ length: 48 * 12 }, (_, i) => {
    const open = Math.round(60_000 - i * 40 + 300 * Math.sin(i / 3));
    const close = Math.round(60_000 - (i + 1) * 40 + 300 * Math.sin((i + 1) / 3));
    const at = i < GAP_ROW ? i : i + gapRows;
    return { open, high: Math.max(open, close) + 60, low: Math.min(open, close) - 60, close, at };
  });
  return makeTape(candles, 300_000, 20_000 * MS_PER_DAY);
}

const GRID = {
  multiplier: 0.5,
  takeProfit: 0.5,
  qty: 0.01,
  maxLevels: 30,
  atrInterval: '15m',
};
const WALKS: readonly Walk[] = ['every-waypoint', 'every-candle', 'skip'];
const entries = (simulation: Simulation): number[] =>
  fillsOf(simulation)
    .filter(({ role }) => role === 'entry')
    .map(({ timeMs }) => timeMs);

describe('risk limits in a simulation', () => {
  const run = (risk: Partial<RiskLimits>, walk: Walk = 'skip', gapRows = 0): Simulation =>
    simulate({
      tape: fallingTape(gapRows),
      params: GRID,
      walk,
      risk: { ...NO_RISK_LIMITS, ...risk },
    });

  it('R-RSK-4 stop the entries of each day at its loss, in every walk alike', () => {
    const free = entries(run({}));
    const money = 4e8;
    const limited = WALKS.map((walk) => run({ maxDailyLossMoney: money }, walk));
    const [first, ...others] = limited.map((each) => fillsOf(each));
    for (const other of others) expect(other).toEqual(first);
    const times = entries(limited[0] as Simulation);
    expect(times.length).toBeLessThan(free.length);
    const days = times.map((timeMs) => Math.floor(timeMs / MS_PER_DAY) - 20_000);
    expect([...new Set(days)]).toEqual([0, 1]);
    const lastOfFirst = Math.max(...times.filter((_, i) => days[i] === 0));
    expect(free.some((timeMs) => timeMs > lastOfFirst && timeMs < 20_001 * MS_PER_DAY)).toBe(true);
  });

  it('R-RSK-6 send and move no entry in a gap whose last price has grown old', () => {
    const runs = WALKS.map((walk) => run({ maxPriceAgeMs: 60_000 }, walk, 100));
    const [first, ...others] = runs.map((each) => fillsOf(each));
    for (const other of others) expect(other).toEqual(first);
    const stale = (each: Simulation): number =>
      each.engine.reasons.totalMs[REASON['stale-price']] ?? 0;
    const [limited] = runs;
    if (limited === undefined) throw new Error('no run');
    expect(stale(limited)).toBeGreaterThan(90 * 300_000);
    expect(stale(limited)).toBeLessThan(101 * 300_000);
    expect(stale(run({}, 'skip', 100))).toBe(0);
    const gapEndMs = 20_000 * MS_PER_DAY + (GAP_ROW + 100) * 300_000;
    expect(entries(limited).some((timeMs) => timeMs > gapEndMs)).toBe(true);
  });
});
