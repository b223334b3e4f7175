import fc from 'fast-check';
import type { RunRecord } from '../../../src/sweep/run-record.ts';
import { fundingBefore } from './reference.ts';
import type { Candle, Category, Fill } from './record.ts';
import { HOUR, MINUTE, instrumentOf, recordOf, tapeOf } from './record.ts';

/** A small generator of our own, so that a run of hundreds of rows shrinks as one seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Shape = {
  readonly seed: number;
  readonly category: Category;
  readonly rows: number;
  readonly fills: number;
  readonly slots: number;
  readonly gaps: boolean;
  readonly funding: boolean;
  readonly liquidated: boolean;
  readonly warmUp: number;
  readonly capital: number;
};

export const shapes: fc.Arbitrary<Shape> = fc.record({
  seed: fc.nat(),
  category: fc.constantFrom('linear' as const, 'inverse' as const),
  rows: fc.integer({ min: 1, max: 700 }),
  fills: fc.integer({ min: 0, max: 40 }),
  slots: fc.integer({ min: 1, max: 4 }),
  gaps: fc.boolean(),
  funding: fc.boolean(),
  liquidated: fc.boolean(),
  warmUp: fc.integer({ min: 0, max: 30 }),
  capital: fc.constantFrom(NaN, 1, 5),
});

const START = Date.UTC(2024, 2, 30, 21, 15);

/** A random walk and random fills on it, any slot on any side: lots, flips, partial exits. */
export function recordFrom(shape: Shape): RunRecord {
  const random = randomOf(shape.seed);
  const intervalMs = [MINUTE, 5 * MINUTE, HOUR][Math.floor(random() * 3)] ?? MINUTE;
  const candles = candlesOf(random, shape, intervalMs);
  const tape = tapeOf(shape.category, intervalMs, candles);
  const firstRow = Math.min(shape.warmUp, shape.rows - 1);
  const startMs = candles[firstRow]?.timeMs ?? START;
  const endMs = (candles[shape.rows - 1]?.timeMs ?? START) + intervalMs;
  const fills = fillsOf(random, shape, candles.slice(firstRow), intervalMs);
  const instrument = instrumentOf(shape.category);
  const fundingIndex = shape.funding
    ? fundingOf(random, startMs, endMs, shape.category)
    : undefined;
  const draft = recordOf(tape, fills, {
    firstRow,
    startMs,
    endMs,
    instrument,
    slotCount: shape.slots,
    ...(fundingIndex === undefined ? {} : { fundingIndex }),
    capital: shape.capital * 20 * instrument.moneyPerUnit,
  });
  draft.fundingPaid = Math.round(fundingBefore(draft, endMs));
  const last = fills[fills.length - 1];
  if (last?.slot === -1) draft.liquidatedAtMs = last.timeMs;
  return draft;
}

function candlesOf(random: () => number, shape: Shape, intervalMs: number): Candle[] {
  const candles: Candle[] = [];
  let timeMs = Math.floor(START / intervalMs) * intervalMs;
  let close = 20_000;
  for (let row = 0; row < shape.rows; row += 1) {
    const open = close + Math.round((random() - 0.5) * 60);
    close = Math.max(500, open + Math.round((random() - 0.5) * 500));
    const high = Math.max(open, close) + Math.round(random() * 80);
    const low = Math.min(open, close) - Math.round(random() * 80);
    candles.push({ timeMs, open, high, low, close });
    timeMs += intervalMs * (shape.gaps && random() < 0.05 ? 1 + Math.floor(random() * 400) : 1);
  }
  return candles;
}

function fillsOf(
  random: () => number,
  shape: Shape,
  candles: readonly Candle[],
  intervalMs: number,
): Fill[] {
  const fills: Fill[] = [];
  const held = new Array<number>(shape.slots).fill(0);
  for (let i = 0; i < shape.fills; i += 1) {
    const candle = candles[Math.floor(random() * candles.length)];
    if (candle === undefined) break;
    const onEdge = random() < 0.3;
    const timeMs = candle.timeMs + (onEdge ? 0 : Math.floor(random() * intervalMs));
    const ticks = candle.low + Math.floor(random() * (candle.high - candle.low + 1));
    const maker = random() < 0.5;
    fills.push({ timeMs, slot: Math.floor(random() * shape.slots), side: 1, qty: 1, ticks, maker });
  }
  fills.sort((a, b) => a.timeMs - b.timeMs);
  return withSides(random, shape, fills, held);
}

function withSides(random: () => number, shape: Shape, fills: Fill[], held: number[]): Fill[] {
  const done: Fill[] = [];
  const unit = shape.category === 'inverse' ? 1_000 : 100;
  for (const [i, fill] of fills.entries()) {
    const before = held[fill.slot] ?? 0;
    const closing = before !== 0 && random() < 0.6;
    const side = closing ? -Math.sign(before) : random() < 0.5 ? 1 : -1;
    const part = 1 + Math.floor(random() * unit);
    const whole = Math.abs(before);
    const qty = !closing ? part : random() < 0.7 ? whole : Math.min(part, whole);
    const last = i === fills.length - 1;
    const net = held.reduce((sum, lot) => sum + lot, 0);
    if (last && shape.liquidated && net !== 0) {
      done.push({ ...fill, slot: -1, side: -Math.sign(net), qty: Math.abs(net), role: 4 });
      break;
    }
    held[fill.slot] = before + side * qty;
    done.push({ ...fill, side, qty, role: closing ? 1 : 0 });
  }
  return done;
}

function fundingOf(
  random: () => number,
  startMs: number,
  endMs: number,
  category: Category,
): RunRecord['fundingIndex'] {
  const times: number[] = [];
  for (let ms = Math.ceil(startMs / HOUR) * HOUR; ms < endMs; ms += HOUR) times.push(ms);
  const scale = category === 'inverse' ? 1e4 : 1e5;
  const longCost = new Float64Array(times.length + 1);
  const shortCost = new Float64Array(times.length + 1);
  times.forEach((_, i) => {
    const cost = (random() - 0.3) * scale;
    const credited = random() < 0.5;
    longCost[i + 1] = (longCost[i] ?? 0) + cost;
    shortCost[i + 1] = (shortCost[i] ?? 0) - (credited ? cost : Math.min(0, cost));
  });
  return { count: times.length, timeMs: Float64Array.from(times), longCost, shortCost };
}
