import { describe, expect, it } from 'vitest';
import type { Candle } from '../fixtures/tapes.ts';
import { makeTape } from '../fixtures/tapes.ts';
import { fillsOf, profile, simulate } from '../fixtures/simulations.ts';

const MINUTE = 60_000;
const THIRD = 20_000;

/** Three candles of range 100 about 10,000 make ATR(2) = 100 known at 3 min; the close is 10,000. */
const WARM: Candle[] = [
  { open: 10_000, high: 10_050, low: 9_950, close: 10_000 },
  { open: 10_000, high: 10_050, low: 9_950, close: 10_000 },
  { open: 10_000, high: 10_050, low: 9_950, close: 10_000 },
];
const GRID = { atrPeriod: 2, atrInterval: '1m', multiplier: 1, takeProfit: 0.5, qty: 0.01 };

describe('atr-grid by hand', () => {
  it('R-MAT-2 buys one tick through its level at the crossing ms, and sells half an ATR above', () => {
    // Level 9,900; reached on the way down to 9,880 in the rising candle's first third.
    const tape = makeTape(
      [...WARM, { open: 10_000, high: 10_000, low: 9_880, close: 9_990 }],
      MINUTE,
    );
    const fills = fillsOf(simulate({ tape, params: GRID }));
    // close < open: high (= open) comes first, the low at 40,000 ms: 101/120 of the middle third.
    const down = 3 * MINUTE + THIRD + Math.ceil((101 * THIRD) / 120);
    // From 9,880 at 40,000 to 9,990 at 59,999: the exit at 9,950 is crossed at 9,951.
    const up = 3 * MINUTE + 2 * THIRD + Math.ceil((71 * 19_999) / 110);
    expect(fills).toEqual([
      { timeMs: down, slot: 0, role: 'entry', side: 1, price: 9_900, qty: 10, maker: true },
      { timeMs: up, slot: 0, role: 'exit', side: -1, price: 9_950, qty: 10, maker: true },
    ]);
  });

  it('does not fill at a touch unless throughTicks is 0', () => {
    const tape = makeTape(
      [...WARM, { open: 10_000, high: 10_000, low: 9_900, close: 9_990 }],
      MINUTE,
    );
    expect(fillsOf(simulate({ tape, params: GRID }))).toEqual([]);
    const touch = simulate({ tape, params: GRID, execution: profile({ throughTicks: 0 }) });
    expect(fillsOf(touch)[0]).toMatchObject({ role: 'entry', price: 9_900 });
  });

  it('R-MAT-1 fills a resting order at its limit when a jump carries the price past it', () => {
    const tape = makeTape(
      [...WARM, { open: 9_700, high: 9_700, low: 9_690, close: 9_695 }],
      MINUTE,
    );
    // The entry request and the jump fall into the same ms: the path goes first, so it is taken.
    expect(fillsOf(simulate({ tape, params: GRID }))[0]).toMatchObject({
      timeMs: 3 * MINUTE,
      price: 9_701,
      maker: false,
    });
    const later = makeTape(
      [...WARM, WARM[0] as Candle, { open: 9_700, high: 9_700, low: 9_690, close: 9_695 }],
      MINUTE,
    );
    expect(fillsOf(simulate({ tape: later, params: GRID }))[0]).toMatchObject({
      timeMs: 4 * MINUTE,
      price: 9_900,
      maker: true,
    });
  });

  it('measures the next level from the exit, the new last fill', () => {
    const dip: Candle = { open: 10_000, high: 10_000, low: 9_880, close: 9_990 };
    const run = simulate({ tape: makeTape([...WARM, dip], MINUTE), params: GRID });
    const entryKey = 0;
    expect(run.engine.view.lastFillTicks).toBe(9_950);
    expect(run.engine.orders.askedTicks[entryKey]).toBe(9_850);
  });

  it('R-MAT-5 triggers a stop at the level, takes at the path price and cancels the exit', () => {
    const crash: Candle = { open: 10_000, high: 10_000, low: 9_700, close: 9_750 };
    const run = simulate({
      tape: makeTape([...WARM, crash], MINUTE),
      params: { ...GRID, stopLoss: 1 },
    });
    const fills = fillsOf(run);
    expect(fills.map((fill) => fill.role)).toEqual(['entry', 'stop']);
    // The path at the trigger's ms is at or just below 9,800; a sell takes floor(p - 0.5).
    expect(fills[1]).toMatchObject({ price: 9_799, maker: false, side: -1 });
    expect(run.venue.book.count).toBe(1);
    expect(run.engine.view.lastStopMs).toBe(fills[1]?.timeMs);
  });

  it('R-MAT-4 closes at market when maxHold is over, after the exit is gone', () => {
    const flat: Candle = { open: 9_900, high: 9_901, low: 9_890, close: 9_895 };
    const tape = makeTape(
      [...WARM, { open: 10_000, high: 10_000, low: 9_890, close: 9_900 }, flat, flat, flat],
      MINUTE,
    );
    const fills = fillsOf(simulate({ tape, params: { ...GRID, maxHoldHours: 1 / 60 } }));
    expect(fills.map((fill) => fill.role)).toEqual(['entry', 'timeout']);
    expect((fills[1]?.timeMs ?? 0) - (fills[0]?.timeMs ?? 0)).toBe(MINUTE);
  });

  it('R-ENG-1 knows an execution only when it has arrived, and sends the exit then', () => {
    const tape = makeTape(
      [...WARM, { open: 10_000, high: 10_000, low: 9_880, close: 9_990 }, ...WARM],
      MINUTE,
    );
    const late = simulate({ tape, params: GRID, execution: profile({}, { wsExecution: 25_000 }) });
    const fills = fillsOf(late);
    // Known 25 s after the fill, in the next candle, where 9,950 lies below the price: it is taken.
    expect(fills[1]).toMatchObject({
      role: 'exit',
      maker: false,
      timeMs: (fills[0]?.timeMs ?? 0) + 25_000,
    });
    expect(fills[1]?.price).toBeGreaterThan(9_950);
  });

  it('R-MAT-8 fills partly when volume is short, resizes the exit, and goes on in the next candle', () => {
    const thin: Candle = { open: 10_000, high: 10_000, low: 9_850, close: 9_870, volume: 40 };
    const next: Candle = { open: 9_870, high: 9_872, low: 9_860, close: 9_871, volume: 1_000 };
    const run = simulate({
      tape: makeTape([...WARM, thin, next], MINUTE),
      params: GRID,
      execution: profile({ participation: 0.1 }),
    });
    const fills = fillsOf(run);
    expect(fills.map((fill) => [fill.role, fill.qty, fill.price])).toEqual([
      ['entry', 4, 9_900],
      ['entry', 6, 9_900],
    ]);
    expect(fills[1]?.timeMs).toBe(4 * MINUTE);
    expect(run.engine.orders.askedSteps[1]).toBe(10);
  });

  it('R-MAT-6 waits for the next indicator close after a post-only entry would have taken', () => {
    const jump: Candle = { open: 9_700, high: 9_710, low: 9_690, close: 9_700 };
    const run = simulate({
      tape: makeTape([...WARM, jump], MINUTE),
      params: { ...GRID, postOnly: true },
    });
    expect(fillsOf(run)).toEqual([]);
    expect(run.engine.view.slotPostOnlyWait[0]).toBe(1);
  });

  it('R-PTH-4 holds orders through a closed market and takes at the first price after it', () => {
    // The close of minute 2 is known inside the gap; the entry waits there for minute 10.
    const tape = makeTape(
      [...WARM, { open: 9_500, high: 9_510, low: 9_490, close: 9_500, at: 10 }],
      MINUTE,
    );
    const run = simulate({ tape, params: GRID, execution: profile({}, { market: 500 }) });
    expect(fillsOf(run)[0]).toMatchObject({ timeMs: 10 * MINUTE, price: 9_501, maker: false });
  });

  it('R-MON-4 liquidates at the price the formula gives, books the margin and ends', () => {
    const crash: Candle = { open: 10_000, high: 10_000, low: 5_000, close: 5_100 };
    const run = simulate({
      tape: makeTape([...WARM, crash, ...WARM], MINUTE),
      params: GRID,
      leverage: 10,
    });
    const fills = fillsOf(run);
    expect(fills.map((fill) => fill.role)).toEqual(['entry', 'liquidation']);
    expect(fills[1]).toMatchObject({ slot: -1, price: 8_910, qty: 10 });
    const margin = (9_900 * 10 * 10_000) / 10;
    expect(run.venue.ledger.realised).toBe(-margin);
    expect(run.engine.halted).toBe(true);
    expect(run.liquidatedAtMs()).toBe(fills[1]?.timeMs);
  });
});

describe('on-signal', () => {
  const SIGNAL = { ...GRID, entryStyle: 'on-signal', exitStyle: 'on-signal' };
  const dip: Candle = { open: 10_000, high: 10_000, low: 9_880, close: 9_990 };

  it('sends a market order when the known price touches the level', () => {
    const fills = fillsOf(simulate({ tape: makeTape([...WARM, dip], MINUTE), params: SIGNAL }));
    const touch = 3 * MINUTE + THIRD + Math.ceil((100 * THIRD) / 120);
    expect(fills[0]).toMatchObject({ timeMs: touch, role: 'entry', maker: false });
    expect(fills[0]?.price).toBe(9_901);
  });

  it('R-LAT-4 sees the price one market leg late', () => {
    const late = simulate({
      tape: makeTape([...WARM, dip], MINUTE),
      params: SIGNAL,
      execution: profile({}, { market: 700 }),
    });
    const close = 3 * MINUTE + THIRD + Math.ceil((100 * THIRD) / 120) + 700;
    expect(fillsOf(late)[0]?.timeMs).toBe(close);
  });

  it('enters on either side when flat, one direction at a time', () => {
    const up: Candle = { open: 10_000, high: 10_120, low: 10_000, close: 10_110 };
    const fills = fillsOf(
      simulate({ tape: makeTape([...WARM, up], MINUTE), params: { ...SIGNAL, direction: 'both' } }),
    );
    expect(fills[0]).toMatchObject({ side: -1, role: 'entry' });
  });

  it('refuses both sides at rest', () => {
    const tape = makeTape(WARM, MINUTE);
    expect(() => simulate({ tape, params: { ...GRID, direction: 'both' } })).toThrow(/on-signal/);
  });
});

describe('mark price', () => {
  const crash: Candle = { open: 10_000, high: 10_000, low: 5_000, close: 9_950 };
  const calm: Candle = { open: 9_990, high: 9_995, low: 9_960, close: 9_990 };

  it('decides over liquidation where there is a mark series, whatever the last price did', () => {
    const tape = makeTape([...WARM, crash, ...WARM], MINUTE);
    const markTape = makeTape(
      Array.from({ length: 7 }, () => calm),
      MINUTE,
    );
    const run = simulate({ tape, params: { ...GRID, takeProfit: 9 }, leverage: 10, markTape });
    expect(fillsOf(run).map((fill) => fill.role)).toEqual(['entry']);
  });

  it('liquidates at the ms the mark reaches the level', () => {
    const dip: Candle = { open: 10_000, high: 10_000, low: 9_880, close: 9_900 };
    const tape = makeTape([...WARM, dip, calm, calm, calm], MINUTE);
    const fall: Candle = { open: 9_900, high: 9_900, low: 8_000, close: 8_000 };
    const markTape = makeTape([...WARM, calm, calm, fall], MINUTE);
    const run = simulate({ tape, params: { ...GRID, takeProfit: 9 }, leverage: 10, markTape });
    // e(1 - 1/10)/(1 - 0.005) = 8,954.77: 8,955; the falling candle goes there in its middle third.
    const reached = 5 * MINUTE + THIRD + Math.ceil(((9_900 - 8_955) * THIRD) / 1_900);
    expect(run.liquidatedAtMs()).toBe(reached);
  });
});
