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

  it('R-RSK-4 withdraws the entries of a day whose loss has reached its limit, and keeps exits', () => {
    // 0.01 at 50,000: 500 dollars; the first fills cost their fees, the third also what the others lost.
    const world = limited({ maxDailyLossMoney: 3e8 });
    world.begin();
    for (const ticks of [START_TICKS - 1_100, START_TICKS - 2_200]) {
      world.price(ticks);
      world.wait(1_000);
      expect(sides(world)).toContain(1);
    }
    world.candle(START_TICKS - 40_000, 1_000);
    world.price(START_TICKS - 3_300);
    world.wait(1_000);
    expect(sides(world)).toEqual([-1, -1, -1]);
    expect(reasons(world)).not.toContain('entry-resting');
  });

  it('R-RSK-5 sends no limit entry that lies too far beyond the last price', () => {
    const world = limited({ collarShare: 0.001 });
    world.begin();
    expect(sides(world)).toEqual([1]);
    // The close fell far below the level at which the grid would buy.
    world.candle(START_TICKS - 20_000, 900);
    world.wait(1_000);
    expect(world.open().map(({ priceTicks }) => priceTicks)).toEqual([START_TICKS - 1_000]);
    expect(reasons(world)).toContain('price-collar');
  });

  it('R-RSK-6 sends no entry while the public stream is silent, and one with its next price', () => {
    const world = limited({ maxPriceAgeMs: 5_000 });
    world.begin();
    expect(sides(world)).toEqual([]);
    expect(reasons(world)).toContain('stale-price');
    world.hearPrice(START_TICKS);
    world.wait(1_000);
    expect(sides(world)).toEqual([1]);
    world.wait(30_000);
    world.price(START_TICKS - 1_100);
    world.wait(1_000);
    expect(sides(world)).toEqual([-1]);
    expect(reasons(world)).toContain('stale-price');
    world.hearPrice(START_TICKS - 1_100);
    world.wait(1_000);
    expect(sides(world)).toEqual([-1, 1]);
  });
});
