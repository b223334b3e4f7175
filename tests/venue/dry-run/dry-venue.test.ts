import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hostOf,
  limit,
  playTo,
  profile,
  MINUTE_MS,
  START_MS,
  tapeOf,
  wanderingTape,
} from '../host/rig.ts';
import { Follower, dryOptions, instrument } from './rig.ts';

const CREATE = '/v5/order/create';
const price = (ticks: number): string => instrument.formatPrice(ticks);

/** A ladder of resting orders about the start of a wandering tape. */
function ladder(seed: number): readonly object[] {
  return Array.from({ length: 8 }, (_, rung) => {
    const below = rung % 2 === 0;
    const ticks = 500_000 + (below ? -1 : 1) * (60 + 70 * rung + (seed % 60));
    return limit(`o-${rung}`, below ? 'Buy' : 'Sell', price(ticks), '0.01');
  });
}

function start(tape: ReturnType<typeof wanderingTape>, orders: readonly object[]): Follower {
  const follower = new Follower(tape);
  for (const order of orders) follower.post(CREATE, order);
  follower.venue.advanceTo(START_MS + 1);
  return follower;
}

describe('a venue under live prices', () => {
  it('R-DRY-2 fills a resting order whose level was passed while the process was away: when and where it was', () => {
    const flat = [500_000, 500_010, 499_990, 500_000] as const;
    const tape = tapeOf([flat, flat, [500_000, 500_000, 499_000, 500_000], flat, flat]);
    const order = limit('away', 'Buy', price(499_500), '0.01');
    const follower = start(tape, [order]);
    follower.lookUntil(START_MS + MINUTE_MS + 20_000);
    follower.restart();
    const untilMs = START_MS + 4 * MINUTE_MS + 10_000;
    follower.catchUp(follower.venue.livedMs, untilMs);
    const host = hostOf(tape);
    host.request(1, START_MS, 'POST', CREATE, order as Record<string, unknown>);
    playTo(host, untilMs);
    const [execution] = host.truth.executions;
    expect(follower.fills).toEqual([['away', 10, 499_500, execution?.timeMs]]);
    expect(follower.venue.truth.positionSteps).toBe(10);
  });

  it('R-DRY-3 does not fill what was placed after its level had been seen in the same minute', () => {
    const tape = tapeOf([
      [500_000, 500_000, 499_000, 500_000],
      [500_000, 500_100, 499_900, 500_000],
    ]);
    const follower = start(tape, []);
    follower.lookUntil(START_MS + 45_000);
    follower.post(CREATE, limit('late', 'Buy', price(499_500), '0.01'));
    follower.venue.advanceTo(START_MS + 45_001);
    follower.restart();
    follower.catchUp(follower.venue.livedMs, START_MS + 2 * MINUTE_MS - 1);
    expect(follower.fills).toEqual([]);
    expect(follower.venue.truth.orders).toMatchObject([{ status: 'New' }]);
  });

  it('stands after a restart where its book says, to the byte', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 5_000, max: 400_000 }),
        (seed, ranMs) => {
          const follower = start(wanderingTape(8, seed), ladder(seed));
          follower.lookUntil(START_MS + ranMs);
          const { orders, executions, cashMoney } = follower.venue.truth;
          const before = JSON.stringify([
            orders,
            executions.map((each) => ({ ...each, order: 0 })),
            cashMoney,
          ]);
          follower.restart();
          const after = follower.venue.truth;
          expect(
            JSON.stringify([
              after.orders,
              after.executions.map((each) => ({ ...each, order: 0 })),
              after.cashMoney,
            ]),
          ).toBe(before);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('with any silences ends with the fills of one that never looked away, within their minute', () => {
    const gap = fc.record({
      fromMs: fc.integer({ min: 1_000, max: 800_000 }),
      forMs: fc.integer({ min: 1, max: 300_000 }),
      dies: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.array(gap, { minLength: 1, maxLength: 4 }),
        (seed, gaps) => {
          const tape = wanderingTape(14, seed);
          const watched = start(tape, ladder(seed));
          watched.lookUntil(watched.lastMs);
          const absent = start(tape, ladder(seed));
          for (const { fromMs, forMs, dies } of [...gaps].sort((a, b) => a.fromMs - b.fromMs)) {
            absent.lookUntil(START_MS + fromMs);
            const sinceMs = absent.venue.livedMs;
            if (dies) absent.restart();
            else absent.venue.hold();
            absent.catchUp(
              sinceMs,
              Math.min(Math.max(START_MS + fromMs, sinceMs) + forMs, absent.lastMs),
            );
          }
          absent.lookUntil(absent.lastMs);
          const bare = (follower: Follower): unknown =>
            follower.fills.map(([id, qty, ticks]) => `${id} ${qty} ${ticks}`).sort();
          expect(bare(absent)).toEqual(bare(watched));
          const times = new Map(watched.fills.map(([id, , , atMs]) => [id, atMs]));
          for (const [id, , , atMs] of absent.fills)
            expect(Math.floor(atMs / MINUTE_MS)).toBe(Math.floor((times.get(id) ?? 0) / MINUTE_MS));
        },
      ),
      { numRuns: 60 },
    );
  }, 30_000);

  it('R-DRY-1 fills as the venue on the tape does, but for the half second between two looks', () => {
    for (const seed of [3, 4, 5]) {
      const tape = wanderingTape(10, seed);
      const follower = start(tape, ladder(seed));
      follower.lookUntil(follower.lastMs);
      const host = hostOf(tape);
      ladder(seed).forEach((order, at) =>
        host.request(at, START_MS, 'POST', CREATE, order as Record<string, unknown>),
      );
      playTo(host, follower.lastMs);
      const fills = host.truth.executions.map((each) => [
        each.orderLinkId,
        each.qtySteps,
        each.priceTicks,
      ]);
      expect(follower.fills.map((fill) => fill.slice(0, 3))).toEqual(fills);
      host.truth.executions.forEach(({ timeMs }, at) =>
        expect(Math.abs((follower.fills[at]?.[3] ?? 0) - timeMs)).toBeLessThanOrEqual(500),
      );
    }
  });

  it('R-DRY-5 books funding that fell due while away at the rate of the history, once', () => {
    const flat = [500_000, 500_010, 499_990, 500_000] as const;
    const tape = tapeOf(Array.from({ length: 6 }, () => flat));
    const dueMs = START_MS + 3 * MINUTE_MS;
    const spec = { ...instrument.spec, fundingIntervalMinutes: 3 };
    const options = dryOptions({
      instrument: new (instrument.constructor as typeof Object)(spec) as never,
    });
    const follower = new Follower(tape, options);
    follower.post(CREATE, { ...limit('in', 'Buy', price(500_000), '1'), orderType: 'Market' });
    follower.lookUntil(START_MS + MINUTE_MS);
    follower.restart();
    follower.venue.rate(dueMs, '-0.002');
    follower.catchUp(follower.venue.livedMs, START_MS + 5 * MINUTE_MS);
    follower.restart();
    follower.catchUp(follower.venue.livedMs, START_MS + 5 * MINUTE_MS + 10_000);
    const funding = follower.venue.truth.executions.filter(
      ({ execType }) => execType === 'Funding',
    );
    expect(funding).toMatchObject([{ timeMs: dueMs, feeRate: '-0.002' }]);
    expect(follower.venue.truth.fundingMoney).toBeLessThan(0);
  });

  it('R-DRY-4 meets an extreme late that only the closed candle tells of', () => {
    const tape = tapeOf([
      [500_000, 500_010, 499_990, 500_000],
      [500_000, 500_010, 499_990, 500_000],
    ]);
    const follower = start(tape, [limit('thin', 'Buy', price(499_500), '0.01')]);
    follower.lookUntil(START_MS + MINUTE_MS);
    const told = { ...follower.candleAt(START_MS, START_MS + MINUTE_MS), low: 499_400 };
    follower.venue.mend(told);
    expect(follower.fills).toEqual([['thin', 10, 499_500, START_MS + MINUTE_MS]]);
    follower.venue.mend(told);
    expect(follower.fills).toHaveLength(1);
  });

  it('R-DRY-7 gives orders no more than their share of the minute before', () => {
    const tape = tapeOf([
      [500_000, 500_010, 499_990, 500_000],
      [500_000, 500_010, 499_000, 499_200],
    ]);
    const execution = { ...profile('ideal'), participation: 0.001 };
    const follower = new Follower(tape, dryOptions({ execution }));
    follower.post(CREATE, limit('big', 'Buy', price(499_500), '1'));
    follower.lookUntil(START_MS + MINUTE_MS);
    follower.venue.volume(40_000);
    follower.lookUntil(follower.lastMs);
    expect(follower.fills.reduce((sum, [, qty]) => sum + qty, 0)).toBe(40);
  });

  it('R-DRY-6 holds a request until it knows where the price went, and carries it out when it arrived', () => {
    const tape = tapeOf([
      [500_000, 500_010, 499_990, 500_000],
      [500_000, 500_010, 499_000, 499_200],
      [499_200, 499_300, 499_100, 499_200],
    ]);
    const follower = start(tape, []);
    follower.lookUntil(START_MS + MINUTE_MS);
    follower.venue.hold();
    follower.venue.advanceTo(START_MS + MINUTE_MS + 30_000);
    follower.post(CREATE, limit('held', 'Buy', price(499_050), '0.01'));
    follower.venue.advanceTo(START_MS + MINUTE_MS + 90_000);
    expect(follower.venue.take()).toBeUndefined();
    follower.catchUp(START_MS + MINUTE_MS, START_MS + MINUTE_MS + 90_000);
    expect(follower.venue.truth.orders).toMatchObject([
      { orderLinkId: 'held', createdMs: START_MS + MINUTE_MS + 30_000 },
    ]);
    expect(follower.fills).toEqual([['held', 10, 499_050, START_MS + MINUTE_MS + 39_030]]);
  });
});
