import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROLE_EXIT, ROLE_STOP, ROLES_PER_SLOT, SLOT_STATE_WORDS } from '../../src/engine/codes.ts';
import { CommandSink } from '../../src/engine/commands.ts';
import type { Command } from '../../src/engine/commands.ts';
import { Engine } from '../../src/engine/engine.ts';
import { EventRegister, writeEvent } from '../../src/engine/events.ts';
import type { EngineEvent } from '../../src/engine/events.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import { resolveParameters } from '../../src/engine/parameters.ts';
import { NO_RISK_LIMITS } from '../../src/engine/risk.ts';
import type { RiskLimits } from '../../src/engine/risk.ts';
import { SLOT_TRANSITIONS, assertTransition, slotState } from '../../src/engine/slot-machine.ts';
import { copyState } from '../../src/engine/state-copy.ts';
import { findStrategy } from '../../src/strategies/registry.ts';
import { PLAIN } from '../fixtures/simulations.ts';

class Bench {
  readonly sink = new CommandSink();
  readonly engine: Engine;
  readonly register = new EventRegister();

  constructor(
    params: Record<string, string | number | boolean>,
    risk: RiskLimits = NO_RISK_LIMITS,
  ) {
    const strategy = findStrategy('atr-grid');
    const instrument = new Instrument(PLAIN);
    const setup = strategy.setup(
      resolveParameters('atr-grid', strategy.parameters, params),
      instrument,
    );
    this.engine = new Engine(
      strategy,
      setup.compiled,
      instrument,
      setup.slotCount,
      1,
      this.sink,
      risk,
      true,
    );
  }

  step(event: EngineEvent): Command[] {
    this.engine.step(writeEvent(this.register, event));
    const commands = this.sink.list();
    this.sink.clear();
    return commands;
  }

  state(slot = 0): string {
    return SLOT_STATE_WORDS[this.engine.slots.slotState[slot] ?? 0] ?? '';
  }
}

const GRID = { multiplier: 1, takeProfit: 0.5, qty: 0.01 };
const start: EngineEvent = { kind: 'start', timeMs: 0, walletMoney: NaN };
const close = (timeMs: number, closeTicks: number, atr: number): EngineEvent => ({
  kind: 'candleClose',
  timeMs,
  closeTicks,
  indicators: [atr],
});

function started(
  params: Record<string, string | number | boolean> = GRID,
  risk = NO_RISK_LIMITS,
): { bench: Bench; entry: Extract<Command, { kind: 'place' }> } {
  const bench = new Bench(params, risk);
  bench.step(start);
  const [entry] = bench.step(close(1, 10_000, 100));
  if (entry?.kind !== 'place') throw new Error('no entry was placed');
  return { bench, entry };
}

const fill = (orderId: number, qtySteps: number, priceTicks: number, timeMs = 5): EngineEvent => ({
  kind: 'fill',
  timeMs,
  orderId,
  priceTicks,
  qtySteps,
  fee: 1,
  funding: 0,
});

describe('one entrance', () => {
  it('places the entry when the warm-up completes', () => {
    const { bench, entry } = started();
    expect(entry).toMatchObject({ side: 1, priceTicks: 9_900, qtySteps: 10, reduceOnly: false });
    expect(bench.state()).toBe('ENTRY_PENDING');
  });

  it('R-TIM-3 amends once per change of the wanted price, with one request in flight', () => {
    const { bench, entry } = started();
    expect(bench.step(close(2, 10_000, 120))).toEqual([]);
    expect(bench.step({ kind: 'ack', timeMs: 3, orderId: entry.orderId })).toEqual([
      { kind: 'amend', orderId: entry.orderId, priceTicks: 9_880, qtySteps: 10 },
    ]);
    expect(bench.step(close(4, 10_000, 150))).toEqual([]);
    expect(bench.step(close(5, 10_000, 120))).toEqual([]);
    expect(bench.step({ kind: 'ack', timeMs: 6, orderId: entry.orderId })).toEqual([]);
  });

  it('takes a fill that comes before the answer to its order', () => {
    const { bench, entry } = started();
    const commands = bench.step(fill(entry.orderId, 10, 9_900));
    expect(commands).toMatchObject([
      { kind: 'place', side: -1, priceTicks: 9_950, reduceOnly: true },
    ]);
    expect(bench.state()).toBe('IN_POSITION');
  });

  it('R-ENG-2 R-ENG-7 is EXIT_PENDING only once the exit is accepted, and IN_POSITION again when it is refused', () => {
    const { bench, entry } = started();
    const [exit] = bench.step(fill(entry.orderId, 10, 9_900));
    const orderId = exit?.orderId ?? 0;
    bench.step({ kind: 'orderEnded', timeMs: 5, orderId: entry.orderId, end: 0, filledSteps: 10 });
    expect(bench.step({ kind: 'refusal', timeMs: 6, orderId, retCode: 110017 })).toEqual([]);
    expect(bench.state()).toBe('IN_POSITION');
    expect(bench.engine.timerMs).toBe(1_006);
    const [again] = bench.step({ kind: 'timer', timeMs: 1_006 });
    expect(again).toMatchObject({ kind: 'place', reduceOnly: true, priceTicks: 9_950 });
    expect(again?.orderId).not.toBe(orderId);
    bench.step({ kind: 'ack', timeMs: 1_007, orderId: again?.orderId ?? 0 });
    expect(bench.state()).toBe('EXIT_PENDING');
  });

  it('R-ENG-5 waits for the fills the venue has counted before it calls an order closed', () => {
    const { bench, entry } = started();
    bench.step({ kind: 'ack', timeMs: 2, orderId: entry.orderId });
    bench.step({ kind: 'orderEnded', timeMs: 3, orderId: entry.orderId, end: 1, filledSteps: 4 });
    expect(bench.state()).toBe('ENTRY_PENDING');
    bench.step(fill(entry.orderId, 4, 9_900, 9));
    expect(bench.state()).toBe('IN_POSITION');
    expect(bench.engine.view.orderAlive[0]).toBe(0);
  });

  it('R-ENG-6 keeps what was accepted last when an amend is refused, and waits', () => {
    const { bench, entry } = started();
    const { orderId } = entry;
    bench.step({ kind: 'ack', timeMs: 2, orderId });
    expect(bench.step(close(3, 10_000, 120))).toMatchObject([{ kind: 'amend', priceTicks: 9_880 }]);
    expect(bench.step({ kind: 'refusal', timeMs: 4, orderId, retCode: 110007 })).toEqual([]);
    expect(bench.engine.orders.askedTicks[0]).toBe(9_900);
    expect(bench.engine.timerMs).toBe(1_004);
    expect(bench.step({ kind: 'timer', timeMs: 1_004 })).toMatchObject([
      { kind: 'amend', orderId, priceTicks: 9_880 },
    ]);
  });

  it('R-ENG-6 waits for the end of an order whose amend came too late', () => {
    const { bench, entry } = started();
    const { orderId } = entry;
    bench.step({ kind: 'ack', timeMs: 2, orderId });
    bench.step(close(3, 10_000, 120));
    expect(bench.step({ kind: 'refusal', timeMs: 4, orderId, retCode: 110001 })).toEqual([]);
    expect(bench.step(close(5, 10_000, 150))).toEqual([]);
    expect(bench.step(fill(orderId, 10, 9_900, 6))).toMatchObject([{ kind: 'place', side: -1 }]);
  });

  it('R-ENG-4 takes what a slot no longer holds from the lowest-numbered open slot', () => {
    const { bench, entry } = started({ ...GRID, maxLevels: 3, stopLoss: 5 });
    const filled = [entry];
    for (const level of [9_900, 9_800, 9_700]) {
      const order = filled.at(-1);
      const sent = bench.step(fill(order?.orderId ?? 0, 10, level, filled.length));
      for (const command of sent) {
        bench.step({ kind: 'ack', timeMs: filled.length, orderId: command.orderId });
        if (command.kind === 'place' && !command.reduceOnly) filled.push(command);
      }
    }
    const { view, orders } = bench.engine;
    expect([...view.slotQty]).toEqual([10, 10, 10]);
    const [exitKey, stopKey] = [2 * ROLES_PER_SLOT + ROLE_EXIT, 2 * ROLES_PER_SLOT + ROLE_STOP];
    bench.step(fill(orders.id[exitKey] ?? 0, 10, 9_750, 8));
    bench.step(fill(orders.id[stopKey] ?? 0, 10, 9_200, 9));
    expect([...view.slotQty]).toEqual([0, 10, 0]);
    expect(view.positionSteps).toBe(10);
  });

  it('blocks an order beyond a risk limit and says why', () => {
    const bench = new Bench(GRID, { ...NO_RISK_LIMITS, maxPositionSteps: 5, maxOpenOrders: 10 });
    bench.step(start);
    expect(bench.step(close(1, 10_000, 100))).toEqual([]);
    bench.engine.finish(10);
    expect(bench.engine.reasons.list().at(-1)).toMatchObject({
      code: bench.engine.slots.slotReason[0],
      fromMs: 1,
      untilMs: 10,
    });
    expect(bench.engine.reasons.list().length).toBe(2);
  });

  it('is a function of state and event: a copy given the same event does the same', () => {
    const events = fc.array(
      fc.oneof(
        fc.record({
          kind: fc.constant('close' as const),
          value: fc.integer({ min: 20, max: 400 }),
        }),
        fc.record({ kind: fc.constant('answer' as const), value: fc.integer({ min: 0, max: 3 }) }),
        fc.record({ kind: fc.constant('fill' as const), value: fc.integer({ min: 1, max: 10 }) }),
      ),
      { minLength: 3, maxLength: 40 },
    );
    fc.assert(
      fc.property(events, (list) => {
        const params = { ...GRID, maxLevels: 3, stopLoss: 2 };
        const bench = new Bench(params);
        const copy = new Bench(params);
        const live = new Map<number, number>();
        bench.step(start);
        let timeMs = 0;
        for (const each of list) {
          timeMs += 1;
          const [orderId, leaves] = [...live][each.value % Math.max(1, live.size)] ?? [0, 0];
          const event: EngineEvent | undefined =
            each.kind === 'close'
              ? close(timeMs, 10_000, each.value)
              : leaves === 0
                ? undefined
                : each.kind === 'answer'
                  ? { kind: 'ack', timeMs, orderId }
                  : bench.engine.orders.kind[bench.engine.orders.keyOf(orderId)] === 2
                    ? undefined
                    : fill(orderId, Math.min(each.value, leaves), 9_000, timeMs);
          if (event === undefined) continue;
          copyState(copy.engine, bench.engine, new Set());
          const commands = bench.step(event);
          expect(copy.step(event)).toEqual(commands);
          for (const command of commands)
            if (command.kind === 'place') live.set(command.orderId, command.qtySteps);
          if (event.kind === 'fill') {
            live.set(orderId, leaves - event.qtySteps);
            if (leaves === event.qtySteps) {
              bench.step({
                kind: 'orderEnded',
                timeMs,
                orderId,
                end: 0,
                filledSteps: bench.engine.view.orderFilled[bench.engine.orders.keyOf(orderId)] ?? 0,
              });
              live.delete(orderId);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('slot machine', () => {
  it('reaches every state from FLAT and names every transition between known states', () => {
    const reached = new Set(['FLAT']);
    for (let round = 0; round < SLOT_STATE_WORDS.length; round += 1) {
      for (const from of [...reached])
        for (const to of SLOT_TRANSITIONS[from as 'FLAT']) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...SLOT_STATE_WORDS].sort());
  });

  it('refuses what is not a transition', () => {
    expect(() => assertTransition(3, 0, 3)).toThrow(/slot 3: FLAT -> EXIT_PENDING/);
  });

  it('follows from the known facts', () => {
    expect(slotState(0, false, false)).toBe(0);
    expect(slotState(0, true, false)).toBe(1);
    expect(slotState(5, true, false)).toBe(2);
    expect(slotState(5, false, true)).toBe(3);
  });
});
