import fc from 'fast-check';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ORDER_NONE } from '../../src/engine/codes.ts';
import { loadProfile } from '../../src/feeds/profiles.ts';
import { runBacktest } from '../../src/sweep/backtest.ts';
import type { BacktestOutcome } from '../../src/sweep/backtest.ts';
import { matchFills } from '../../src/sweep/latency-twin.ts';
import type { OrderFill } from '../../src/sweep/latency-twin.ts';
import { unionMs } from '../../src/sweep/latency-unknown.ts';
import { withDelaysOf } from '../../src/sweep/latency-variants.ts';
import { OrderBelief } from '../../src/sweep/outputs/order-belief.ts';
import { marketDir, specOf } from './support/market.ts';

const DENSE = { multiplier: 0.8, takeProfit: 0.4, maxLevels: 3, stopLoss: 2, anchor: 'trailing' };
const seedDay = loadProfile('seed-2026-02-12').profile;
let dir = '';
let outcome: BacktestOutcome;
beforeAll(async () => {
  dir = await marketDir(40);
  outcome = await runBacktest(specOf(dir, { params: DENSE, execution: seedDay }));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('what latency costs', () => {
  it('is what the run without delays earns more, and legs with their remainder add up to it', () => {
    const { latency, metrics } = outcome.result;
    expect(latency).not.toBeNull();
    if (latency === null) return;
    expect(latency.lost).toBeCloseTo(latency.twin.netProfit - (metrics['netProfit'] ?? NaN), 12);
    for (const of of ['marginal', 'alone'] as const) {
      const sum = latency.legs.reduce((total, leg) => total + leg[of], latency.remainder[of]);
      expect(sum).toBeCloseTo(latency.lost, 11);
    }
  });

  it('accounts for every fill of the run and of its twin', () => {
    const fills = outcome.result.latency?.fills;
    expect(fills?.run).toBeGreaterThan(50);
    const pairs = (fills?.run ?? 0) - (fills?.extra ?? 0);
    expect((fills?.twin ?? 0) - (fills?.missed ?? 0)).toBe(pairs);
    expect(fills?.same).toBeLessThan(pairs + (fills?.extra ?? 0) + (fills?.missed ?? 0));
  });

  it('is the net profit of the same run under the profile with all delays taken out', async () => {
    const still = withDelaysOf(seedDay, []);
    const { result } = await runBacktest(specOf(dir, { params: DENSE, execution: still }));
    expect(result.latency).toBeNull();
    expect(outcome.result.latency?.twin.netProfit).toBe(result.metrics['netProfit']);
    expect(result.orderLife.unknown.fillSlotMs).toBe(0);
    expect(result.orderLife.unknown.states.every(({ totalMs }) => totalMs === 0)).toBe(true);
  });

  it('names no leg that has no delay', async () => {
    const spec = specOf(dir, { params: DENSE, execution: withDelaysOf(seedDay, ['wsExecution']) });
    const { result } = await runBacktest(spec);
    expect(result.latency?.legs.map(({ leg }) => leg)).toEqual(['wsExecution']);
    expect(result.latency?.legs[0]?.marginal).toBe(result.latency?.lost);
    expect(result.latency?.remainder.alone).toBe(0);
  });
});

describe('what the engine believed of its orders', () => {
  it('is at the end of the run what the engine itself believes', () => {
    const { simulation } = outcome;
    const belief = new OrderBelief(simulation.fills.qtySteps);
    const ids = new Set<number>();
    for (const row of simulation.audit.list()) {
      belief.add(row);
      if (row.orderId >= 0) ids.add(row.orderId);
    }
    const { orders } = simulation.engine;
    for (const id of ids) {
      const key = orders.keyOf(id);
      expect(belief.stateOf(id)).toBe(orders.id[key] === id ? orders.state[key] : ORDER_NONE);
    }
  });

  it('leaves no time between an order being sent and closed unaccounted for', () => {
    const byOrder = new Map<number, number>();
    for (const { orderId, fromMs, untilMs } of outcome.history.stays) {
      const reached = byOrder.get(orderId);
      if (reached !== undefined) expect(fromMs).toBe(reached);
      byOrder.set(orderId, untilMs);
    }
    expect(byOrder.size).toBe(outcome.history.orders.length);
  });

  it('counts fills that nobody knew of by slot, as long as the slowest message took', () => {
    const { steps, unknown } = outcome.result.orderLife;
    const known = steps.find(({ step }) => step === 'filled -> execution known');
    expect(unknown.fillSlotMs).toBeGreaterThanOrEqual(known?.max ?? Infinity);
    expect(unknown.fillSlotMs).toBeLessThanOrEqual(known?.totalMs ?? 0);
  });
});

describe('twins of fills', () => {
  const fill = fc.record({
    side: fc.constantFrom(1, -1),
    role: fc.constantFrom(0, 1),
    timeMs: fc.integer({ min: 0, max: 5_000 }),
    value: fc.integer({ min: 1, max: 50 }),
  });
  const fills = fc
    .array(fill, { maxLength: 40 })
    .map((list): OrderFill[] =>
      list
        .sort((a, b) => a.timeMs - b.timeMs)
        .map((each, at) => ({ ...each, orderId: at, slot: 0, qtySteps: 1, takerSteps: 0 })),
    );

  it('are of one side and role, within the window, and each is taken once', () => {
    fc.assert(
      fc.property(fills, fills, (run, twin) => {
        const { pairs, missed, extra } = matchFills(run, twin, 500);
        for (const pair of pairs) {
          expect([pair.run.side, pair.run.role]).toEqual([pair.twin.side, pair.twin.role]);
          expect(Math.abs(pair.run.timeMs - pair.twin.timeMs)).toBeLessThanOrEqual(500);
        }
        expect(new Set([...pairs.map(({ run: own }) => own), ...extra]).size).toBe(run.length);
        expect(new Set([...pairs.map(({ twin: own }) => own), ...missed]).size).toBe(twin.length);
      }),
    );
  });

  it('are the fills themselves when nothing differs', () => {
    fc.assert(
      fc.property(fills, (run) => {
        const { pairs, missed, extra } = matchFills(run, run, 500);
        expect([pairs.length, missed.length, extra.length]).toEqual([run.length, 0, 0]);
        for (const pair of pairs) expect(pair.run.timeMs).toBe(pair.twin.timeMs);
      }),
    );
  });

  it('overlapping spans count once', () => {
    expect(
      unionMs([
        [5, 9],
        [0, 3],
        [2, 6],
        [20, 21],
      ]),
    ).toBe(10);
  });
});
