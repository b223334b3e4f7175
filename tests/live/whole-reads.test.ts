import { describe, expect, it } from 'vitest';
import { SmallWorld, START_TICKS } from './support/small-world.ts';

const DAY_MS = 86_400_000;
const FILL = START_TICKS - 1_100;
const sides = (world: SmallWorld): number[] =>
  world
    .open()
    .map(({ side }) => side)
    .sort();
const ledger = (world: SmallWorld): number => world.session.engine.ledger.positionSteps;
const filled = (maxLevels = 2): SmallWorld => {
  const world = new SmallWorld({ maxLevels });
  world.begin();
  world.price(FILL);
  world.wait(1_000);
  expect(sides(world)).toEqual([-1, 1]);
  return world;
};

/** The first row of a list loses a field that every row has. */
function withHole(body: unknown): unknown {
  const copy = structuredClone(body) as { result: { list: Record<string, unknown>[] } };
  const [row] = copy.result.list;
  if (row !== undefined) row['side'] = 'Sideways';
  return copy;
}

describe('a whole read', () => {
  it('R-SAF-4 is what entries wait for when somebody closes our lots, and it begins at once', () => {
    const world = filled();
    world.hears = (topic) => topic === 'execution';
    world.calls.length = 0;
    const before = world.nowMs;
    world.exchange.tradeByHand(world.nowMs, -1, 4);
    world.wait(3);
    expect(ledger(world)).toBe(6);
    expect(world.calls.map(({ path }) => path)).toContain('/v5/order/realtime');
    world.wait(2);
    const cancels = world.calls.filter(({ path }) => path === '/v5/order/cancel');
    expect(cancels.length).toBe(1);
    world.hears = () => true;
    world.wait(3_000);
    expect(world.nowMs - before).toBeLessThan(5_000);
    expect(sides(world)).toEqual([-1, 1]);
    expect(world.session.engine.caution?.gate.bits).toBe(0);
  });

  it.each([
    ['AdlTrade', 'forced-fill'],
    ['BustTrade', 'forced-fill'],
    ['Settle', 'forced-fill'],
    ['BlockTrade', 'foreign-fill'],
  ])('an execution of type %s of the exchange’s own accord calls a person as %s', (type, code) => {
    const world = filled();
    world.exchange.injectExecution(world.nowMs, type, 4);
    world.wait(1_000);
    expect(world.alarms.filter((each) => each.endsWith('-fill'))).toEqual([code]);
  });

  it('R-SAF-4 that differs keeps entries stopped after a stranger has traded', () => {
    const world = filled();
    world.mangle = (call, body) => {
      if (call.path !== '/v5/position/list') return body;
      const copy = structuredClone(body) as { result: { list: Record<string, unknown>[] } };
      for (const row of copy.result.list) row['size'] = '0.009';
      return copy;
    };
    world.exchange.tradeByHand(world.nowMs, -1, 4);
    world.wait(60_000);
    expect(sides(world)).toEqual([-1]);
    expect(world.alarms).toContain('position-differs');
  });

  it('R-REC-5 with a row that cannot be read ends the recovery: exits go on, entries wait', () => {
    for (const path of ['/v5/order/realtime', '/v5/execution/list', '/v5/position/list']) {
      const world = filled(3);
      world.crash();
      world.price(START_TICKS - 2_200);
      expect(world.exchange.truth.positionSteps).toBe(20);
      world.mangle = (call, body) => (call.path === path ? withHole(body) : body);
      world.boot();
      world.wait(60_000);
      const { engine } = world.session;
      expect([path, engine.caution?.recovering]).toEqual([path, false]);
      expect(world.alarms).toContain('quarantine');
      // The second fill is known where its own row can be read.
      expect([path, sides(world)]).toEqual([path, path.includes('execution') ? [-1] : [-1, -1]]);
      world.mangle = (_call, body) => body;
      world.control('resume');
      world.wait(60_000);
      expect([ledger(world), engine.caution?.gate.bits]).toEqual([20, 0]);
      expect(sides(world)).toEqual([-1, -1, 1]);
    }
  });

  it('R-REC-6 of executions goes back to the watermark, however long the process was away', () => {
    const world = filled();
    world.crash();
    world.wait(2 * DAY_MS);
    world.price(START_TICKS - 2_100);
    world.wait(18 * DAY_MS);
    expect(world.exchange.truth.positionSteps).toBe(20);
    world.boot();
    world.wait(5_000);
    expect(ledger(world)).toBe(20);
    expect(world.alarms).not.toContain('position-differs');
    const reads = world.calls.filter(({ path, params }) => {
      return path === '/v5/execution/list' && params['orderLinkId'] === undefined;
    });
    for (const { params } of reads)
      expect(Number(params['endTime']) - Number(params['startTime'])).toBeLessThan(7 * DAY_MS);
  });

  it('R-REC-7 lets the ids of executions go that no read can bring again', () => {
    const world = new SmallWorld({ maxLevels: 2 });
    world.begin();
    for (let round = 0; round < 30; round += 1) {
      const next = world.open().at(-1);
      world.price((next?.priceTicks ?? 0) - 10 * (next?.side ?? 0));
      world.wait(120_000);
    }
    const { session, exchange } = world;
    expect(exchange.truth.executions.length).toBeGreaterThan(25);
    expect(session.executionCount).toBeLessThan(10);
    expect(ledger(world)).toBe(exchange.truth.positionSteps);
    expect(session.engine.ledger.fees).toBe(exchange.truth.feesMoney);
  });
});
