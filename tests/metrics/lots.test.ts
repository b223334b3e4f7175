/** A stop that filled before its cancel arrived closes lots of slots that never asked for it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeMetrics } from '../../src/sweep/metrics/compute-metrics.ts';
import { buildMetricsIndex } from '../../src/sweep/metrics/metrics-index.ts';
import { METRIC_COLUMN, METRIC_COUNT } from '../../src/sweep/metrics/registry.ts';
import { newMetricsScratch } from '../../src/sweep/metrics/scratch.ts';
import { ROLES } from '../../src/sweep/run-record.ts';
import type { RunRecord } from '../../src/sweep/run-record.ts';
import { randomOf } from './support/arbitrary.ts';
import type { Category, Fill } from './support/record.ts';
import { DAY, HOUR, instrumentOf, recordOf, tapeOf } from './support/record.ts';
import { closeMs } from './support/reference.ts';

const ENTRY = ROLES.indexOf('entry');
const STOP = ROLES.indexOf('stop');
const START = Date.UTC(2024, 0, 1);
const ROWS = 40;
const SLOTS = 3;

const scratch = newMetricsScratch();

function measured(record: RunRecord): (name: keyof typeof METRIC_COLUMN) => number {
  const row = new Float64Array(METRIC_COUNT);
  computeMetrics(
    record,
    buildMetricsIndex(record.tape, record.fundingIndex, record.instrument),
    scratch,
    row,
  );
  return (name) => row[METRIC_COLUMN[name]] ?? NaN;
}

/** What each slot holds once the fills before a moment are in, all of them replayed. */
function lotsBefore(record: RunRecord, beforeMs: number): number[] {
  const { fills } = record;
  const lots = new Array<number>(SLOTS).fill(0);
  for (let k = 0; k < fills.count && (fills.timeMs[k] ?? 0) < beforeMs; k += 1) {
    const [own, side] = [fills.slot[k] ?? 0, fills.side[k] ?? 0];
    let left = fills.qtySteps[k] ?? 0;
    if (fills.role[k] === ENTRY) {
      lots[own] = (lots[own] ?? 0) + side * left;
      continue;
    }
    for (const slot of [own, ...lots.keys()]) {
      const held = lots[slot] ?? 0;
      const taken = held * side < 0 ? Math.min(left, Math.abs(held)) : 0;
      lots[slot] = held + side * taken;
      left -= taken;
    }
    expect(left).toBe(0);
  }
  return lots;
}

const sizeOf = (lots: readonly number[]): number =>
  lots.reduce((sum, held) => sum + Math.abs(held), 0);

/** Entries, and stops of any slot over any part of what its side holds in all. */
function lateStops(seed: number, category: Category, count: number): RunRecord {
  const random = randomOf(seed);
  const pick = (below: number): number => Math.floor(random() * below);
  const times = Array.from({ length: count }, () => pick(ROWS * HOUR)).sort((a, b) => a - b);
  const fills: Fill[] = [];
  for (const sinceMs of times) {
    const draft = recordOfFills(category, fills);
    const lots = lotsBefore(draft, Infinity);
    const slot = pick(SLOTS);
    const side = random() < 0.5 ? 1 : -1;
    const holds = lots.reduce((sum, held) => sum + Math.max(0, -held * side), 0);
    const stops = holds > 0 && random() < 0.6;
    if (!stops && (lots[slot] ?? 0) * side < 0) continue;
    const qty = stops ? (random() < 0.5 ? holds : 1 + pick(holds)) : 1 + pick(500);
    const role = stops ? STOP : ENTRY;
    fills.push({ timeMs: START + sinceMs, slot, side, qty, ticks: 20_000 + pick(500), role });
  }
  return recordOfFills(category, fills);
}

function recordOfFills(category: Category, fills: readonly Fill[]): RunRecord {
  const candles = Array.from({ length: ROWS }, (_, row) => {
    const close = 20_000 + ((row * 137) % 400);
    return { timeMs: START + row * HOUR, open: close, high: close + 50, low: close - 50, close };
  });
  const instrument = instrumentOf(category);
  const capital = 1_000 * instrument.moneyPerUnit;
  return recordOf(tapeOf(category, HOUR, candles), fills, { slotCount: SLOTS, capital });
}

function everyRun(check: (record: RunRecord) => void): void {
  const categories = fc.constantFrom<Category>('linear', 'inverse');
  const runs = fc.tuple(fc.nat(), categories, fc.integer({ min: 1, max: 12 }));
  fc.assert(
    fc.property(runs, ([seed, category, count]) => check(lateStops(seed, category, count))),
    { numRuns: 200, seed: 3 },
  );
}

describe('a stop over lots of other slots', () => {
  it('takes them out of the gross exposure', () => {
    everyRun((record) => {
      let sum = 0;
      for (let row = 0; row < record.endRow; row += 1) {
        const perStep = record.instrument.valuePerStep(record.tape.close[row] ?? NaN);
        sum += sizeOf(lotsBefore(record, closeMs(record, row))) * perStep;
      }
      const mean = (100 * sum) / record.endRow / record.capital;
      expect(measured(record)('grossExposure')).toBeCloseTo(mean, 9);
    });
  });

  it('ends the time in market when the last lot goes', () => {
    everyRun((record) => {
      const times = record.fills.timeMs.subarray(0, record.fills.count);
      const moments = [record.startMs, ...times, record.endMs];
      let [inMarketMs, flatMs, longestFlatMs] = [0, 0, 0];
      moments.slice(1).forEach((toMs, i) => {
        const fromMs = moments[i] ?? NaN;
        const holds = sizeOf(lotsBefore(record, fromMs + 0.5)) > 0;
        inMarketMs += holds ? toMs - fromMs : 0;
        // Fills that leave nothing open do not divide a flat time, they restart it.
        flatMs = holds ? 0 : toMs - fromMs;
        longestFlatMs = Math.max(longestFlatMs, flatMs);
      });
      const value = measured(record);
      const runMs = record.endMs - record.startMs;
      expect(value('timeInMarket')).toBeCloseTo((100 * inMarketMs) / runMs, 9);
      expect(value('longestFlatDays')).toBeCloseTo(longestFlatMs / DAY, 9);
    });
  });
});
