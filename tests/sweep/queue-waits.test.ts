import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KIND_LIMIT, KIND_STOP_MARKET } from '../../src/engine/codes.ts';
import { candlesFromTrades } from '../../src/market/trade-candles.ts';
import type { OrderHistory, OrderLevel, OrderLife } from '../../src/sweep/outputs/order-lives.ts';
import { firstReachedMs, queueWaits, standsOf } from '../../src/sweep/queue-waits.ts';
import type { FillColumns } from '../../src/sweep/run-record.ts';
import { makeTrades } from '../fixtures/tapes.ts';

const NEVER = { sentMs: 0, venueMs: NaN, retCode: 0, amends: 0, end: -1, endMs: NaN };
const UNSEEN = { answerKnownMs: NaN, endKnownMs: NaN, firstFillMs: NaN, lastFillMs: NaN };

function order(orderId: number, side: number, kind = KIND_LIMIT): OrderLife {
  const what = { orderId, linkId: `o-${orderId}`, slot: 0, role: 0, kind, side };
  const size = { priceTicks: 0, qtySteps: 1, filledSteps: 0 };
  const flags = { reduceOnly: false, postOnly: false, fillsKnownMs: NaN };
  return { ...what, ...size, ...flags, ...NEVER, ...UNSEEN };
}

function level(timeMs: number, of: OrderLife, priceTicks: number, qtySteps = 1): OrderLevel {
  return { timeMs, order: of, priceTicks, qtySteps };
}

/** Maker fills of one step at these times. */
function makerFills(rows: readonly (readonly [orderId: number, timeMs: number])[]): FillColumns {
  const same = (value: number): number[] => rows.map(() => value);
  return {
    count: rows.length,
    timeMs: Float64Array.from(rows, ([, timeMs]) => timeMs),
    knownMs: Float64Array.from(same(NaN)),
    orderId: Float64Array.from(rows, ([orderId]) => orderId),
    slot: Int32Array.from(same(0)),
    role: Uint8Array.from(same(0)),
    side: Int8Array.from(same(1)),
    priceTicks: Float64Array.from(same(100)),
    qtySteps: Float64Array.from(same(1)),
    maker: Uint8Array.from(same(1)),
    fee: Float64Array.from(same(0)),
  };
}

const anyTrades = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 400 }),
      ticks: fc.integer({ min: 90, max: 110 }),
      side: fc.constantFrom(1, -1),
    }),
    { minLength: 1, maxLength: 80 },
  )
  .map((rows) => {
    let ms = 0;
    return rows.map(({ gap, ticks, side }) => ({ ms: (ms += gap), ticks, side, size: 1 }));
  });

describe('when trades first reach a resting order', () => {
  const anyStand = fc.record({
    orderId: fc.constant(1),
    side: fc.constantFrom(1, -1),
    priceTicks: fc.integer({ min: 90, max: 110 }),
    fromMs: fc.integer({ min: 0, max: 8_000 }),
    untilMs: fc.integer({ min: 0, max: 12_000 }),
  });

  it('is the first one after its arrival that the other side took at its price or beyond', () => {
    fc.assert(
      fc.property(anyTrades, anyStand, (rows, stand) => {
        const trades = makeTrades(rows);
        const tape = candlesFromTrades(trades, 1_000);
        const { side, priceTicks, fromMs, untilMs } = stand;
        const first = rows.find(
          (trade) =>
            trade.ms > fromMs &&
            trade.ms <= untilMs &&
            trade.side === -side &&
            (side > 0 ? trade.ticks <= priceTicks : trade.ticks >= priceTicks),
        );
        expect(firstReachedMs(stand, trades, tape, untilMs)).toBe(first?.ms ?? Infinity);
      }),
      { numRuns: 400 },
    );
  });
});

describe('where resting orders stand', () => {
  it('begins anew with a new price, not with a new quantity, and stops are none', () => {
    const [limit, stop] = [order(1, 1), order(2, -1, KIND_STOP_MARKET)];
    const levels = [
      level(10, limit, 100, 5),
      level(11, stop, 90),
      level(20, limit, 100, 3),
      level(30, limit, 101, 3),
      level(40, limit, NaN),
    ];
    const stand = { orderId: 1, side: 1 };
    expect(standsOf(levels, 99)).toEqual([
      { ...stand, priceTicks: 100, fromMs: 10, untilMs: 30 },
      { ...stand, priceTicks: 101, fromMs: 30, untilMs: 40 },
    ]);
  });

  it('lasts to the end of the run', () => {
    expect(standsOf([level(10, order(1, 1), 100)], 99)).toMatchObject([{ untilMs: 99 }]);
  });
});

describe('waits in the queue', () => {
  const trades = makeTrades([
    { ms: 5, ticks: 100, size: 1, side: -1 },
    { ms: 9, ticks: 100, size: 1, side: -1 },
    { ms: 20, ticks: 98, size: 1, side: -1 },
    { ms: 30, ticks: 105, size: 1, side: 1 },
  ]);
  const tape = candlesFromTrades(trades, 1_000);
  const [waited, moved, atOnce, far] = [order(1, 1), order(2, 1), order(3, 1), order(4, -1)];
  const levels = [
    level(1, waited, 100),
    level(2, moved, 100),
    level(2, far, 106),
    level(7, moved, 97),
    level(9, waited, NaN),
    level(10, atOnce, 99),
    level(20, atOnce, NaN),
  ];
  const history: OrderHistory = {
    orders: [waited, moved, atOnce, far],
    byId: new Map(),
    levels,
    knownMs: new Float64Array(0),
    stays: [],
  };

  it('run from the first trade that reached the order; reached and moved away is in vain', () => {
    const fills = makerFills([
      [1, 9],
      [3, 20],
    ]);
    const { waits, atOnce: immediate, inVain } = queueWaits(history, fills, trades, tape, 99);
    expect([waits.count, waits.max, waits.totalMs]).toEqual([2, 4, 4]);
    expect([immediate, inVain]).toEqual([1, 1]);
  });
});
