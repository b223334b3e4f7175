import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAccount, computeMetrics } from '../../src/sweep/metrics/compute-metrics.ts';
import { buildMetricsIndex } from '../../src/sweep/metrics/metrics-index.ts';
import { METRIC_COLUMN, METRIC_COUNT } from '../../src/sweep/metrics/registry.ts';
import { dailyEquity, equityAtCloses } from '../../src/sweep/metrics/run-equity.ts';
import { newMetricsScratch } from '../../src/sweep/metrics/scratch.ts';
import { worstDrawdown } from '../../src/sweep/metrics/worst-drawdown.ts';
import type { RunRecord } from '../../src/sweep/run-record.ts';
import { recordFrom, shapes } from './support/arbitrary.ts';
import {
  dailyCurve,
  finalProfit,
  netBefore,
  profitCurve,
  tradesOf,
  worstFall,
} from './support/reference.ts';

// One scratch for all runs: what one run leaves behind must never show in the next.
const scratch = newMetricsScratch();

/** Each fill and each booking of funding is rounded once, to half a unit; leave a little float. */
function tolerance(record: RunRecord): number {
  return 2 + 3 * record.fills.count + record.slotCount + 1e-9 * 1e12;
}

function everyRun(
  runs: number,
  check: (record: RunRecord) => void,
  over: typeof shapes = shapes,
): void {
  fc.assert(
    fc.property(over, (shape) => check(recordFrom(shape))),
    { numRuns: runs, seed: 7 },
  );
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[], within: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs((actual[i] ?? NaN) - value)).toBeLessThanOrEqual(within);
  });
}

describe('against a replay of every fill at every row', () => {
  it('has the same profit at every close', () => {
    everyRun(150, (record) => {
      const index = buildMetricsIndex(record.tape, record.fundingIndex, record.instrument);
      expectClose(equityAtCloses(record, index, scratch), profitCurve(record), tolerance(record));
    });
  });

  it('has the same profit at every day end', () => {
    everyRun(100, (record) => {
      const index = buildMetricsIndex(record.tape, record.fundingIndex, record.instrument);
      expectClose(dailyEquity(record, index, scratch), dailyCurve(record), tolerance(record));
    });
  });

  it('finds the worst fall of its own curve without looking at its rows', () => {
    let falls = 0;
    everyRun(400, (record) => {
      const index = buildMetricsIndex(record.tape, record.fundingIndex, record.instrument);
      const { capital, net } = readAccount(record, index, scratch);
      if (!(capital > 0)) return;
      const fast = worstDrawdown(record, index, scratch, capital, net);
      const curve = [...equityAtCloses(record, index, newMetricsScratch())];
      expect(fast).toBeCloseTo(worstFall(capital, curve), 11);
      if (fast > 0.01) falls += 1;
    });
    expect(falls).toBeGreaterThan(100);
  });

  it('finds the worst fall of a curve that goes into debt and to new peaks', () => {
    let debts = 0;
    const small = shapes.map((shape) => ({ ...shape, capital: 0.2 }));
    everyRun(
      400,
      (record) => {
        const index = buildMetricsIndex(record.tape, record.fundingIndex, record.instrument);
        const { capital, net } = readAccount(record, index, scratch);
        const fast = worstDrawdown(record, index, scratch, capital, net);
        const slow = worstFall(capital, [...equityAtCloses(record, index, newMetricsScratch())]);
        expect(Math.abs(fast - slow)).toBeLessThanOrEqual(1e-11 * Math.max(1, slow));
        if (slow > 1) debts += 1;
      },
      small,
    );
    expect(debts).toBeGreaterThan(100);
  });

  it('books the cash identity: net = gross - fees - funding', () => {
    everyRun(150, (record) => {
      const index = buildMetricsIndex(record.tape, record.fundingIndex, record.instrument);
      const account = readAccount(record, index, scratch);
      expect(account.net).toBe(account.gross - account.fees - record.fundingPaid);
      expect(Math.abs(account.net - finalProfit(record))).toBeLessThanOrEqual(tolerance(record));
    });
  });

  it('splits the account into trades without a rest', () => {
    everyRun(200, (record) => {
      const index = buildMetricsIndex(record.tape, record.fundingIndex, record.instrument);
      const { net } = readAccount(record, index, scratch);
      const { trades } = scratch;
      const sum = trades.netPnl.subarray(0, trades.count).reduce((a, b) => a + b, 0);
      // Funding is shared unrounded; a liquidation values each lot by itself.
      expect(Math.abs(sum - net)).toBeLessThanOrEqual(2 + record.fills.count + record.slotCount);
    });
  });

  it('reads the same trades', () => {
    let seen = 0;
    everyRun(150, (record) => {
      const index = buildMetricsIndex(record.tape, record.fundingIndex, record.instrument);
      readAccount(record, index, scratch);
      const { trades: t } = scratch;
      const expected = tradesOf(record);
      expect(t.count).toBe(expected.length);
      seen += t.count;
      const order = [...Array(t.count).keys()].sort(
        (a, b) => (t.slot[a] ?? 0) - (t.slot[b] ?? 0) || a - b,
      );
      expected.forEach((trade, i) => {
        const at = order[i] ?? -1;
        expect([t.slot[at], t.side[at], t.entryMs[at], t.exitMs[at], t.qtySteps[at]]).toEqual([
          trade.slot,
          trade.side,
          trade.entryMs,
          trade.exitMs,
          trade.qty,
        ]);
        expect(t.exitRole[at] === 255).toBe(trade.open);
        expect(t.entryTicks[at]).toBeCloseTo(trade.entryTicks, 6);
        expect(t.exitTicks[at]).toBeCloseTo(trade.exitTicks, 6);
        expect(Math.abs((t.grossPnl[at] ?? 0) - trade.gross)).toBeLessThan(tolerance(record));
        expect(Math.abs((t.fees[at] ?? 0) - trade.fees)).toBeLessThan(tolerance(record));
        expect(t.maePct[at]).toBeCloseTo(trade.maePct, 6);
        expect(t.mfePct[at]).toBeCloseTo(trade.mfePct, 6);
      });
    });
    expect(seen).toBeGreaterThan(500);
  });

  it('averages exposure over the closes', () => {
    everyRun(80, (record) => {
      const index = buildMetricsIndex(record.tape, record.fundingIndex, record.instrument);
      const row = new Float64Array(METRIC_COUNT);
      const { capital } = computeMetrics(record, index, scratch, row);
      if (!(capital > 0)) return;
      let sum = 0;
      for (let i = record.firstRow; i < record.endRow; i += 1) {
        const endMs = (record.tape.openTimeMs[i] ?? 0) + record.tape.intervalMs;
        const perStep = record.instrument.valuePerStep(record.tape.close[i] ?? 0);
        sum += netBefore(record, endMs) * perStep;
      }
      const mean = (100 * sum) / (record.endRow - record.firstRow) / capital;
      expect(row[METRIC_COLUMN.netExposure]).toBeCloseTo(mean, 6);
    });
  });
});
