import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AUDIT_ATTACHED } from '../../src/brokers/simulated/audit-log.ts';
import type { Simulation } from '../../src/brokers/simulated/simulation.ts';
import { fillsOf, profile, simulate } from '../fixtures/simulations.ts';
import type { Case, Fill } from '../fixtures/simulations.ts';
import type { Candle } from '../fixtures/tapes.ts';
import { makeTape } from '../fixtures/tapes.ts';

const MINUTE = 60_000;

/** Candles that begin where the one before ended: no price is jumped over. */
const walks = fc
  .array(fc.tuple(fc.integer({ min: -60, max: 60 }), fc.nat(40), fc.nat(40)), {
    minLength: 60,
    maxLength: 200,
  })
  .map((steps) => {
    let open = 10_000;
    const candles: Candle[] = steps.map(([step, above, below]) => {
      const close = Math.max(2_000, open + step);
      const candle = {
        open,
        high: Math.max(open, close) + above,
        low: Math.max(1_000, Math.min(open, close) - below),
        close,
      };
      open = close;
      return candle;
    });
    return makeTape(candles, MINUTE);
  });

const settings = fc.record({
  atrPeriod: fc.integer({ min: 2, max: 4 }),
  atrInterval: fc.constant('1m'),
  multiplier: fc.double({ min: 0.3, max: 1.5, noNaN: true }),
  takeProfit: fc.double({ min: 0.2, max: 1.2, noNaN: true }),
  stopLoss: fc.oneof(fc.constant(0), fc.double({ min: 0.5, max: 3, noNaN: true })),
  maxHoldHours: fc.constantFrom(0, 0.2),
  qty: fc.constant(0.01),
  direction: fc.constantFrom('long', 'short'),
  anchor: fc.constantFrom('last-fill', 'trailing'),
  initialEntry: fc.constantFrom('wait', 'immediate'),
});

const lateness = fc.record({
  market: fc.nat(3_000),
  submit: fc.nat(20_000),
  amend: fc.nat(20_000),
  cancel: fc.nat(60_000),
  ack: fc.nat(5_000),
  wsOrder: fc.nat(20_000),
  wsExecution: fc.nat(20_000),
});

/** How often a closing fill took more than its slot held. */
function slotsOverdrawn(run: readonly Fill[]): number {
  const held = new Map<number, number>();
  let times = 0;
  for (const { slot, role, side, qty } of run) {
    const before = held.get(slot) ?? 0;
    const after = before + side * qty;
    held.set(slot, after);
    if (role !== 'entry' && before * after <= 0 && after !== 0) times += 1;
  }
  return times;
}

function fills(given: Case, protect: string): readonly Fill[] {
  const params = { ...given.params, protect };
  return fillsOf(simulate({ ...given, params }));
}

/** ATR(2) = 100 about 10,000, then a dip to the level at 9,900 and below. */
const still: Candle = { open: 10_000, high: 10_050, low: 9_950, close: 10_000 };
const dip: Candle = { open: 10_000, high: 10_000, low: 9_880, close: 9_890 };
const GRID = {
  atrPeriod: 2,
  atrInterval: '1m',
  multiplier: 1,
  takeProfit: 0.5,
  stopLoss: 1,
  qty: 0.01,
  protect: 'attached',
};

function attachedIn(run: Simulation): readonly (readonly number[])[] {
  const rows = run.audit.list().filter(({ type }) => type === AUDIT_ATTACHED);
  return rows.map(({ timeMs, orderId, values }) => [timeMs, orderId, values[0] ?? 0]);
}

describe('attached exits', () => {
  it('R-PRO-1 are measured from where the entry will fill', () => {
    const tape = makeTape([still, still, still, dip], MINUTE);
    const prices = attachedIn(simulate({ tape, params: GRID })).map(([, , ticks]) => ticks);
    expect(prices).toEqual([9_950, 9_800]);
    const atMarket = simulate({ tape, params: { ...GRID, initialEntry: 'immediate' } });
    const first = attachedIn(atMarket).map(([, , ticks]) => ticks);
    expect(first.slice(0, 2)).toEqual([10_050, 9_900]);
  });

  it('R-PRO-2 are made in the ms of the fill, under ids that follow from the entry', () => {
    const tape = makeTape([still, still, still, dip], MINUTE);
    const run = simulate({ tape, params: GRID, execution: profile({}, { wsExecution: 9_000 }) });
    const [entry] = fillsOf(run);
    // The first order of one slot with four roles is number 4; 4 x slots + 1 = 5.
    expect(attachedIn(run).map((row) => row.slice(0, 2))).toEqual([
      [entry?.timeMs, 4 + 5],
      [entry?.timeMs, 4 + 2 * 5],
    ]);
  });

  it('R-PRO-4 stand while the fill they belong to is not known', () => {
    const tape = makeTape([still, still, still, dip, { ...dip, open: 9_890, high: 9_960 }], MINUTE);
    const late = profile({}, { wsExecution: 10 * MINUTE });
    const run = fillsOf(simulate({ tape, params: GRID, execution: late }));
    expect(run.map(({ role }) => role)).toEqual(['entry', 'exit']);
  });

  it('R-PRO-5 fill as own ones do where no price is jumped over and nothing is late', () => {
    let traded = 0;
    // After a stop an own exit waits its second (R-ENG-2): its order ended with the position.
    const untilStop = (run: readonly { role: string }[]): readonly object[] => {
      const at = run.findIndex(({ role }) => role === 'stop');
      return at < 0 ? run : run.slice(0, at + 1);
    };
    fc.assert(
      fc.property(walks, settings, (tape, params) => {
        const given = { tape, params, execution: profile() };
        const own = untilStop(fills(given, 'own'));
        expect(untilStop(fills(given, 'attached'))).toEqual(own);
        traded += own.length;
      }),
      { numRuns: 100, seed: 1 },
    );
    expect(traded).toBeGreaterThan(500);
  });

  it('R-PRO-3 never close more than their entry filled, however late everything is', () => {
    const overdrawn = { own: 0, attached: 0 };
    fc.assert(
      fc.property(walks, settings, lateness, fc.nat(3), (tape, params, legs, volume) => {
        const participation = volume === 0 ? undefined : 0.000_01 * volume;
        const execution = profile(participation === undefined ? {} : { participation }, legs);
        const grid = { ...params, maxLevels: 3, stopLoss: Math.max(0.5, params.stopLoss) };
        for (const protect of ['own', 'attached'] as const) {
          const run = fills({ tape, params: { ...grid, maxHoldHours: 0 }, execution }, protect);
          overdrawn[protect] += slotsOverdrawn(run);
        }
        expect(overdrawn.attached).toBe(0);
      }),
      { numRuns: 150, seed: 3 },
    );
    // Own stops do, now and then, while their cancel is under way (R-ENG-4): the test can fail.
    expect(overdrawn.own).toBeGreaterThan(0);
  });

  it('are the same however the path is walked', () => {
    fc.assert(
      fc.property(walks, settings, lateness, (tape, params, legs) => {
        const given = { tape, params: { ...params, maxLevels: 2 }, execution: profile({}, legs) };
        const slow = fills({ ...given, walk: 'every-waypoint' }, 'attached');
        expect(fills({ ...given, walk: 'skip' }, 'attached')).toEqual(slow);
      }),
      { numRuns: 60, seed: 4 },
    );
  });
});
