import { lowerBound } from '../market/tape.ts';
import type { Tape } from '../market/tape.ts';
import type { FillColumns } from '../sweep/run-record.ts';
import { VarintWriter } from './pack.ts';

/**
 * The same market at several resolutions. A resolution that fits covers the whole run; a finer one
 * is kept only around fills, where a reader wants to see the real candles.
 */
export type CandlePyramid = {
  readonly tickSize: number;
  readonly priceDigits: number;
  readonly levels: readonly CandleLevel[];
};

export type CandleLevel = {
  readonly ms: number;
  readonly count: number;
  /** The stretches of time it covers, `[from, to)` in ms. */
  readonly spans: readonly (readonly [number, number])[];
  /** Per candle: bucket step, open and close steps, wicks above and below, as varints. */
  readonly bytes: string;
};

const LADDER_MS = [1, 5, 15, 60, 240, 1440, 10_080].map((minutes) => minutes * 60_000);
const COARSEST_CANDLES = 250;
const WHOLE_CANDLES = 110_000;
const NEAR_FILLS_CANDLES = 160_000;
const REACHES = [360, 180, 90, 45, 20, 10];

export type TapeRange = { readonly tape: Tape; readonly firstRow: number; readonly endRow: number };

export function candlePyramid(
  range: TapeRange,
  fills: FillColumns,
  price: { readonly tickSize: number; readonly priceDigits: number },
): CandlePyramid {
  const { tape, firstRow, endRow } = range;
  const { intervalMs } = tape;
  const coarser = LADDER_MS.filter((ms) => ms > intervalMs && ms % intervalMs === 0);
  const spanMs = (tape.openTimeMs[endRow - 1] ?? 0) - (tape.openTimeMs[firstRow] ?? 0);
  const levels: CandleLevel[] = [];
  let budget = WHOLE_CANDLES * 1.5;
  for (const ms of [intervalMs, ...coarser].reverse()) {
    const expected = Math.min(spanMs / ms, endRow - firstRow);
    if (expected < COARSEST_CANDLES && ms !== intervalMs) continue;
    if (expected > budget) {
      levels.push(packed(range, ms, rowsNearFills(range, fills, ms)));
      break;
    }
    levels.push(packed(range, ms, [[firstRow, endRow]]));
    budget -= expected;
  }
  const base = levels.at(-1);
  if (base !== undefined && base.ms > intervalMs) {
    levels.push(packed(range, intervalMs, rowsNearFills(range, fills, intervalMs)));
  }
  return { tickSize: price.tickSize, priceDigits: price.priceDigits, levels };
}

type RowSpan = readonly [from: number, until: number];

/** Stretches of rows around fills, as wide as the budget allows; far too many fills are thinned. */
function rowsNearFills(range: TapeRange, fills: FillColumns, ms: number): RowSpan[] {
  const perCandle = Math.max(1, ms / range.tape.intervalMs);
  for (const reach of REACHES) {
    const spans = mergedSpans(range, fills, Math.round(reach * perCandle), 1);
    if (rowCount(spans) / perCandle <= NEAR_FILLS_CANDLES) return spans;
  }
  const reach = REACHES.at(-1) ?? 1;
  const every = Math.ceil((fills.count * reach * 2) / NEAR_FILLS_CANDLES);
  return mergedSpans(range, fills, Math.round(reach * perCandle), every);
}

function mergedSpans(
  range: TapeRange,
  fills: FillColumns,
  reach: number,
  every: number,
): RowSpan[] {
  const spans: [number, number][] = [];
  for (let i = 0; i < fills.count; i += every) {
    const row = lowerBound(range.tape.openTimeMs, fills.timeMs[i] ?? 0);
    const from = Math.max(range.firstRow, row - reach);
    const until = Math.min(range.endRow, row + reach);
    const last = spans.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], until);
    else if (from < until) spans.push([from, until]);
  }
  return spans;
}

function rowCount(spans: readonly RowSpan[]): number {
  return spans.reduce((sum, [from, until]) => sum + until - from, 0);
}

type Candle = { bucket: number; open: number; high: number; low: number; close: number };

function packed({ tape }: TapeRange, ms: number, rowSpans: readonly RowSpan[]): CandleLevel {
  const writer = new VarintWriter();
  const spans: [number, number][] = [];
  let count = 0;
  let bucket = 0;
  let close = 0;
  for (const [from, until] of rowSpans) {
    for (const candle of candlesOf(tape, ms, from, until)) {
      // Two stretches may share a bucket of a coarse level; the first one has drawn it.
      if (count > 0 && candle.bucket <= bucket) continue;
      writer.push(candle.bucket - bucket);
      writer.push(candle.open - close);
      writer.push(candle.close - candle.open);
      writer.push(candle.high - Math.max(candle.open, candle.close));
      writer.push(Math.min(candle.open, candle.close) - candle.low);
      ({ bucket, close } = candle);
      count++;
    }
    spans.push([tape.openTimeMs[from] ?? 0, (tape.openTimeMs[until - 1] ?? 0) + tape.intervalMs]);
  }
  return { ms, count, spans, bytes: writer.base64() };
}

function* candlesOf(tape: Tape, ms: number, from: number, until: number): Generator<Candle> {
  let candle: Candle | null = null;
  for (let row = from; row < until; row++) {
    const bucket = Math.floor((tape.openTimeMs[row] ?? 0) / ms);
    const high = tape.high[row] ?? 0;
    const low = tape.low[row] ?? 0;
    const close = tape.close[row] ?? 0;
    if (candle !== null && candle.bucket === bucket) {
      candle.high = Math.max(candle.high, high);
      candle.low = Math.min(candle.low, low);
      candle.close = close;
      continue;
    }
    if (candle !== null) yield candle;
    candle = { bucket, open: tape.open[row] ?? 0, high, low, close };
  }
  if (candle !== null) yield candle;
}
