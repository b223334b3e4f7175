import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ROLE_EXIT } from '../../src/engine/codes.ts';
import { CommandSink } from '../../src/engine/commands.ts';
import type { Command } from '../../src/engine/commands.ts';
import { Engine } from '../../src/engine/engine.ts';
import { EventRegister, writeEvent } from '../../src/engine/events.ts';
import type { EngineEvent } from '../../src/engine/events.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import { resolveParameters } from '../../src/engine/parameters.ts';
import { NO_RISK_LIMITS } from '../../src/engine/risk.ts';
import { findStrategy } from '../../src/strategies/registry.ts';
import { PLAIN } from '../fixtures/simulations.ts';

/** No opening order below five steps. */
const instrument = new Instrument({ ...PLAIN, minQty: '0.005' });
const ENTRY_STEPS = 20;

function startedEngine(): { step: (event: EngineEvent) => Command[]; engine: Engine } {
  const strategy = findStrategy('atr-grid');
  const params = { multiplier: 1, takeProfit: 0.5, qty: 0.02, maxLevels: 1 };
  const resolved = resolveParameters('atr-grid', strategy.parameters, params);
  const { compiled, slotCount } = strategy.setup(resolved, instrument);
  const sink = new CommandSink();
  const register = new EventRegister();
  const engine = new Engine(
    strategy,
    compiled,
    instrument,
    slotCount,
    1,
    sink,
    NO_RISK_LIMITS,
    false,
  );
  const step = (event: EngineEvent): Command[] => {
    engine.step(writeEvent(register, event));
    const commands = sink.list();
    sink.clear();
    return commands;
  };
  step({ kind: 'start', timeMs: 0, walletMoney: NaN });
  step({ kind: 'candleClose', timeMs: 1, closeTicks: 10_000, indicators: [100] });
  return { step, engine };
}

it('R-ENG-8 R11: parts of an entry below the minimum quantity have their exit, and join the next', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(parts, fc.integer({ min: 0, max: 4 }), (fills, closedSteps) => {
      const { step, engine } = startedEngine();
      const { orders, view } = engine;
      const entryId = orders.id[0] ?? 0;
      let timeMs = 2;
      let held = 0;
      const fill = (orderId: number, qtySteps: number, priceTicks: number): void => {
        step({ kind: 'fill', timeMs, orderId, priceTicks, qtySteps, fee: 0, funding: 0 });
      };
      for (const part of fills) {
        const qtySteps = Math.min(part, ENTRY_STEPS - held);
        if (qtySteps === 0) break;
        timeMs += 1;
        held += qtySteps;
        fill(entryId, qtySteps, 9_900);
        const exitId = orders.id[ROLE_EXIT] ?? 0;
        // The first answer lets a wish that has grown since go out as an amend, the next one too.
        for (let answer = 0; answer < 2; answer += 1)
          step({ kind: 'ack', timeMs, orderId: exitId });
        expect(orders.askedSteps[ROLE_EXIT]).toBe(held);
      }
      // The venue ends the exit early: what it leaves, however little, is in the next one.
      const exitId = orders.id[ROLE_EXIT] ?? 0;
      const closed = Math.min(closedSteps, held - 1);
      if (closed > 0) fill(exitId, closed, 9_950);
      step({ kind: 'orderEnded', timeMs, orderId: exitId, end: 4, filledSteps: closed });
      step({ kind: 'timer', timeMs: timeMs + 61_000 });
      expect(orders.id[ROLE_EXIT]).not.toBe(exitId);
      expect(orders.askedSteps[ROLE_EXIT]).toBe(held - closed);
      expect(view.slotQty[0]).toBe(held - closed);
    }),
    { numRuns: 200 },
  );
});
