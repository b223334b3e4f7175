import { describe, expect, it } from 'vitest';
import { NO_RISK_LIMITS } from '../../src/engine/risk.ts';
import type { RiskLimits } from '../../src/engine/risk.ts';
import { reasonName } from '../../src/engine/reasons.ts';
import { SmallWorld, START_TICKS } from './support/small-world.ts';

const limited = (limits: Partial<RiskLimits>): SmallWorld =>
  new SmallWorld({ maxLevels: 3 }, {}, { risk: { ...NO_RISK_LIMITS, ...limits } });
const sides = (world: SmallWorld): number[] =>
  world
    .open()
    .map(({ side }) => side)
    .sort();
const reasons = (world: SmallWorld): string[] =>
  Array.from(world.session.engine.slots.slotReason, (code) => reasonName(code));

describe('risk limits', () => {
  it('R-RSK-1 counts an entry whose outcome is unknown as one that may still fill', () => {
    const world = limited({ maxPositionSteps: 10 });
    world.fate = ({ path }) => (path === '/v5/order/create' ? 'request-lost' : undefined);
    world.begin();
    world.wait(20_000);
    expect(world.creates().length).toBe(1);
  });

  it('R-RSK-2 stops entries at the largest position, and keeps the exits', () => {
    const world = limited({ maxPositionSteps: 10 });
    world.begin();
    world.price(START_TICKS - 1_100);
    world.wait(1_000);
    expect(sides(world)).toEqual([-1]);
    expect(reasons(world)).toContain('risk-limit');
  });

  it('R-RSK-3 lets entries wait when too many orders went out in a minute', () => {
    const world = limited({ maxOrdersPerMinute: 2 });
    world.begin();
    world.price(START_TICKS - 1_100);
    world.wait(2_000);
    expect(sides(world)).toEqual([-1]);
    expect(reasons(world)).toContain('order-rate');
    world.wait(61_000);
    expect(sides(world)).toEqual([-1, 1]);
  });

  it('R-RSK-4 sends no entry after the largest loss of a day, until the next one', () => {
    const world = limited({ maxDailyLossMoney: 1 });
    world.begin();
    world.price(START_TICKS - 1_100);
    world.wait(1_000);
    world.candle(START_TICKS - 1_900, 1_000);
    world.wait(1_000);
    world.price(START_TICKS - 2_200);
    world.wait(1_000);
    expect(sides(world)).toEqual([-1, -1]);
    expect(reasons(world)).toContain('daily-loss');
  });
});
