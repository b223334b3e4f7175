import { describe, expect, it } from 'vitest';
import { AUDIT_BOOKED, AUDIT_SENT } from '../../src/brokers/simulated/audit-log.ts';
import { REASON } from '../../src/engine/reasons.ts';
import { anyStrategy } from '../../src/engine/strategy.ts';
import type { Strategy } from '../../src/engine/strategy.ts';
import { fillsOf, PLAIN, profile, simulate, simulateStrategy } from '../fixtures/simulations.ts';
import type { Candle } from '../fixtures/tapes.ts';
import { makeTape } from '../fixtures/tapes.ts';

const MINUTE = 60_000;
/** Three candles of range 100 about 10,000: ATR(2) = 100 is known at 3 min, the close is 10,000. */
const still: Candle = { open: 10_000, high: 10_050, low: 9_950, close: 10_000 };
const WARM = [still, still, still];
const GRID = { atrPeriod: 2, atrInterval: '1m', multiplier: 1, takeProfit: 0.5, qty: 0.01 };
const dip: Candle = { open: 10_000, high: 10_000, low: 9_880, close: 9_990 };

describe('path', () => {
  it('R-PTH-3 adverse keeps, candle by candle, the order that leaves less', () => {
    // Low first: bought at 9,900 and sold at 9,950. High first: bought on the way down, still held.
    const both: Candle = { open: 9_960, high: 9_980, low: 9_880, close: 9_890 };
    const tape = makeTape([...WARM, both], MINUTE);
    const roles = (path: 'low-first' | 'high-first' | 'adverse'): string[] =>
      fillsOf(simulate({ tape, params: GRID, path })).map((fill) => fill.role);
    expect(roles('low-first')).toEqual(['entry', 'exit']);
    expect(roles('high-first')).toEqual(['entry']);
    expect(roles('adverse')).toEqual(['entry']);
  });

  it('R-PTH-5 does nothing at or after the end of the last candle', () => {
    const tape = makeTape([...WARM, dip], MINUTE);
    const execution = profile({}, { submit: MINUTE });
    const run = simulate({ tape, params: GRID, execution });
    const types = run.audit.list().map((row) => row.type);
    expect(types).toContain(AUDIT_SENT);
    expect(types).not.toContain(AUDIT_BOOKED);
  });
});

describe('order of events', () => {
  it('R-TIM-1 lets the path fill what rests before a request of the same ms arrives', () => {
    const jump: Candle = { open: 9_700, high: 9_710, low: 9_690, close: 9_700 };
    const tape = makeTape([...WARM, still, jump], MINUTE);
    // Every close asks for the same price, so no request but the path is due at the jump.
    const [first, second] = fillsOf(simulate({ tape, params: GRID }));
    expect(first).toMatchObject({ timeMs: 4 * MINUTE, price: 9_900, maker: true });
    // The exit it causes is a request of that ms, so it arrives after the fill.
    expect(second?.timeMs ?? Infinity).toBeGreaterThanOrEqual(4 * MINUTE);
  });

  it('R-TIM-2 halts a run that loops within one ms', () => {
    const tape = makeTape([...WARM, ...WARM], MINUTE);
    const restless: Strategy<null> = {
      name: 'restless',
      summary: 'asks to be asked again at once',
      parameters: [],
      setup: () => ({
        compiled: null,
        slotCount: 1,
        indicators: [],
        watchesPrice: false,
        needsCapital: false,
      }),
      plan: (view, _compiled, plan) => plan.wakeAt(view.nowMs),
    };
    expect(() => simulateStrategy(tape, anyStrategy(restless))).toThrow(
      /more than 1000 deliveries at 0 ms/,
    );
  });

  it('R-TIM-4 posts executions before the answer to the request that caused them', () => {
    const low: Candle = { open: 9_700, high: 9_710, low: 9_690, close: 9_700 };
    const tape = makeTape([...WARM, low], MINUTE);
    const run = simulate({ tape, params: GRID });
    const [entry] = fillsOf(run);
    expect(entry).toMatchObject({ timeMs: 3 * MINUTE, maker: false });
    // The execution was delivered first, so the exit left before the entry's own answer came.
    const sent = run.audit.list().filter((row) => row.type === AUDIT_SENT);
    expect(sent.slice(0, 2).map((row) => row.timeMs)).toEqual([3 * MINUTE, 3 * MINUTE]);
  });

  it('R-LAT-3 lets no request overtake another', () => {
    const tape = makeTape([...WARM, dip, ...WARM], MINUTE);
    const legs = { submit: 5_000, amend: 1, cancel: 1 };
    const run = simulate({ tape, params: { ...GRID, stopLoss: 3 }, execution: profile({}, legs) });
    const arrivals = run.audit
      .list()
      .filter((row) => row.type >= AUDIT_BOOKED)
      .map((row) => row.timeMs);
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
    expect(arrivals.length).toBeGreaterThan(2);
  });
});

describe("the engine's part", () => {
  it('R-ENG-3 sends market orders of a slot and role 100 ms apart', () => {
    const steep: Candle = { open: 10_000, high: 10_000, low: 9_000, close: 9_050 };
    const tape = makeTape([...WARM, steep, steep], MINUTE);
    // Each fill moves the level a little down, and the falling price is already beyond it.
    const tiny = { multiplier: 0.001, takeProfit: 5, maxLevels: 1, stopLoss: 0.001 };
    const params = { ...GRID, ...tiny, entryStyle: 'on-signal', exitStyle: 'on-signal' };
    const run = simulate({ tape, params });
    const sent = run.audit.list().filter((row) => row.type === AUDIT_SENT);
    const byRole = new Map<number, number[]>();
    for (const row of sent) {
      const role = row.orderId % 4;
      byRole.set(role, [...(byRole.get(role) ?? []), row.timeMs]);
    }
    const gaps = [...byRole.values()].flatMap((times) =>
      times.slice(1).map((time, i) => time - (times[i] ?? 0)),
    );
    expect(gaps.length).toBeGreaterThan(3);
    expect(Math.min(...gaps)).toBe(100);
  });

  it('R-ENG-8 does not send what is below the minimum, and says why', () => {
    const tape = makeTape([...WARM, dip], MINUTE);
    const spec = { ...PLAIN, minNotional: '50' };
    const run = simulate({ tape, params: GRID, spec });
    expect(run.audit.list()).toEqual([]);
    expect(run.engine.slots.slotReason[0]).toBe(REASON['below-minimum']);
  });

  it('R-ENG-9 gives every order an id of its own that names its slot and role', () => {
    const tape = makeTape([...WARM, dip, dip, dip], MINUTE);
    const run = simulate({ tape, params: { ...GRID, maxLevels: 2 } });
    const sent = run.audit.list().filter((row) => row.type === AUDIT_SENT);
    const ids = sent.map((row) => row.orderId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.map((id) => Math.floor(id / 8))).toEqual(ids.map((_, i) => i + 1));
    expect(fillsOf(run).map((fill) => fill.role)).toContain('exit');
  });
});
