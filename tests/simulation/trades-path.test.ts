import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Walk } from '../../src/brokers/simulated/row-search.ts';
import { candlesFromTrades } from '../../src/market/trade-candles.ts';
import type { QueueAhead } from '../../src/venue/execution-profile.ts';
import { fillsOf, profile, simulate } from '../fixtures/simulations.ts';
import { makeTape, makeTrades } from '../fixtures/tapes.ts';
import type { Candle, Trade } from '../fixtures/tapes.ts';

const D = 1_000;
/** Waypoints of a candle of 1,000 ms are 333 ms apart: prices that move by multiples of it. */
const STEP = 333;

const STRATEGIES = [
  {
    strategy: 'atr-grid',
    params: {
      atrInterval: '1m',
      atrPeriod: 1,
      maxLevels: 3,
      qty: 0.02,
     
      multiplier: 0.3,
      takeProfit: 0.2,
      stopLoss: 0.7,
    },
  },
  { strategy: 'ladder-grid', params: { lower: 1_900, upper: 2_100, cells: 20, qty: 0.02 } },
  { strategy: 'ladder-grid', params: { lower: 25_000, upper: 41_000, cells: 90, qty: 0.02 } },
  { strategy: 'sma-cross', params: { fast: 2, slow: 4, interval: '1m', qty: 0.02 } },
] as const;

/** Candles whose path, direction, is at a whole tick at every ms; most do not move. */
const candles = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant([0, 0, 0, 0] as const) },
      {
        weight: 1,
        arbitrary: fc.tuple(
          fc.integer({ min: -3, max: 3 }),
          fc.nat(3),
          fc.nat(3),
          fc.integer({ min: -3, max: 3 }),
        ),
      },
    ),
    { minLength: 300, maxLength: 600, size: 'max' },
  )
  .map((rows) => {
    let last = 1_000;
    return rows.map(([jump, up, down, move]): Candle => {
      const open = Math.max(10, last + jump);
      const close = Math.max(10, open + move);
      last = close;
      const [high, low] = [Math.max(open, close) + up, Math.min(open, close) - down];
      return { open: open * STEP, high: high * STEP, low: low * STEP, close: close * STEP };
    });
  });

/** A trade at every ms in which the path `direction` has a new price, and at every open. */
function tradesAlong(rows: readonly Candle[]): Trade[] {
  const trades: Trade[] = [];
  rows.forEach(({ open, high, low, close }, row) => {
    const [first, second] = close >= open ? [low, high] : [high, low];
    const points = [open, first, second, close];
    for (let ms = 0; ms < D; ms += 1) {
      const leg = Math.min(2, Math.floor(ms / STEP));
      const from = points[leg] ?? NaN;
      const ticks = from + (((points[leg + 1] ?? NaN) - from) / STEP) * (ms - leg * STEP);
      if (ms > 0 && ticks === trades.at(-1)?.ticks) continue;
      trades.push({ ms: row * D + ms, ticks, size: 1_000_000, side: ms % 2 === 0 ? 1 : -1 });
    }
  });
  return trades;
}

const anyTrades = fc
  .array(
    fc.record({
      wait: fc.oneof(
        { weight: 4, arbitrary: fc.constant(0) },
        { weight: 8, arbitrary: fc.integer({ min: 1, max: 20_000 }) },
        { weight: 1, arbitrary: fc.integer({ min: 60_000, max: 400_000 }) },
      ),
      move: fc.integer({ min: -60, max: 60 }),
      size: fc.integer({ min: 1, max: 60 }),
      side: fc.constantFrom(1, -1),
    }),
    { minLength: 200, maxLength: 600, size: 'max' },
  )
  .map((rows) => {
    let [ms, ticks] = [0, 20_000];
    return rows.map(({ wait, move, size, side }): Trade => {
      ms += wait;
      ticks = Math.max(100, ticks + move);
      return { ms, ticks, size, side };
    });
  });

const anyQueue = fc.oneof(
  fc.constant<QueueAhead>({ type: 'never' }),
  fc.constant<QueueAhead>({ type: 'traded', seconds: 2 }),
  fc.nat(200).map((steps): QueueAhead => ({ type: 'quantity', qty: steps / 1_000 })),
);

describe('the path of trades', () => {
  it('R-TRD-1 R-QUE-3 gives the fills of the candle path whose prices its trades repeat', () => {
    let fills = 0;
    fc.assert(
      fc.property(
        candles,
        fc.constantFrom(...STRATEGIES),
        fc.constantFrom(0, 1),
        fc.constantFrom(0, 1, 40),
        (rows, { strategy, params }, throughTicks, delay) => {
          const legs = { market: delay, submit: delay, amend: delay, cancel: delay, ack: delay };
          // Touch fills without a queue; through fills where nothing at the price ever does.
          const queueAhead = { type: 'never' } as const;
          const execution = profile({ throughTicks, queueAhead }, legs);
          const tape = makeTape(rows, D);
          const shared = { tape, strategy, params, execution };
          const trades = makeTrades(tradesAlong(rows));
          const own = fillsOf(simulate({ ...shared, path: 'trades', trades }));
          expect(own).toEqual(fillsOf(simulate(shared)));
          fills += own.length;
        },
      ),
      { numRuns: 25 },
    );
    expect(fills).toBeGreaterThan(100);
  });

  it('R-TRD-5 skip, every-candle and every-waypoint give the same runs', () => {
    let fills = 0;
    fc.assert(
      fc.property(
        anyTrades,
        anyQueue,
        fc.constantFrom(undefined, 0.03, 0.5),
        fc.constantFrom(...STRATEGIES),
        fc.constantFrom(0, 1, 60),
        (rows, queueAhead, participation, { strategy, params }, delay) => {
          const trades = makeTrades(rows);
          const legs = { market: delay, submit: delay, amend: delay, cancel: delay, ack: delay };
          const run = (walk: Walk) =>
            fillsOf(
              simulate({
                tape: candlesFromTrades(trades, 60_000),
                trades,
                path: 'trades',
                strategy,
                params,
                walk,
                execution: profile({ queueAhead, participation }, legs),
              }),
            );
          const plain = run('every-waypoint');
          expect(run('every-candle')).toEqual(plain);
          expect(run('skip')).toEqual(plain);
          fills += plain.length;
        },
      ),
      { numRuns: 80 },
    );
    expect(fills).toBeGreaterThan(100);
  });
});
