/**
 * What measuring one point of a sweep costs: `npx tsx bench/metrics.ts`. A year of minutes, always
 * near or in a position, funding every eight hours, fifty points in turn so that no point finds its
 * own candles in the cache. Prints microseconds of processor time per point, best of six rounds.
 */
import { Instrument } from '../src/engine/instrument.ts';
import { tapeBytes, tapeOver } from '../src/market/tape.ts';
import type { Tape } from '../src/market/tape.ts';
import { buildMetricsIndex } from '../src/sweep/metrics/metrics-index.ts';
import { computeMetrics } from '../src/sweep/metrics/compute-metrics.ts';
import { METRIC_COUNT } from '../src/sweep/metrics/registry.ts';
import { newMetricsScratch } from '../src/sweep/metrics/scratch.ts';
import { newFillColumns } from '../tests/metrics/support/record.ts';
import type { FundingIndex, RunRecord } from '../src/sweep/run-record.ts';

const MINUTE = 60_000;
const ROWS = 525_600;
const START = Date.UTC(2024, 0, 1);

let state = 1;
const random = (): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};

function tapeOf(category: 'linear' | 'inverse'): Tape {
  const head = { symbol: 'BENCH', category, intervalMs: MINUTE, hasVolume: false } as const;
  const tape = tapeOver(new SharedArrayBuffer(tapeBytes(ROWS)), ROWS, head);
  let price = 100_000;
  for (let row = 0; row < ROWS; row += 1) {
    tape.openTimeMs[row] = START + row * MINUTE;
    tape.open[row] = price;
    price = Math.max(1_000, price + Math.round((random() - 0.5) * 200));
    tape.close[row] = price;
    tape.high[row] = Math.max(tape.open[row] ?? 0, price) + Math.round(random() * 50);
    tape.low[row] = Math.min(tape.open[row] ?? 0, price) - Math.round(random() * 50);
  }
  return tape;
}

function fundingOf(perSettlement: number): FundingIndex {
  const count = ROWS / 480;
  const timeMs = Float64Array.from({ length: count }, (_, i) => START + i * 480 * MINUTE);
  const longCost = Float64Array.from({ length: count + 1 }, (_, i) => i * perSettlement);
  return { count, timeMs, longCost, shortCost: longCost.map((cost) => -cost) };
}

function instrumentOf(category: 'linear' | 'inverse'): Instrument {
  const inverse = category === 'inverse';
  return new Instrument({
    symbol: 'BENCH',
    category,
    baseCurrency: 'BTC',
    quoteCurrency: inverse ? 'USD' : 'USDT',
    tickSize: '0.5',
    qtyStep: inverse ? '1' : '0.001',
    minQty: inverse ? '1' : '0.001',
    takerFeeRate: '0.00055',
    makerFeeRate: '0.0002',
    leverage: '10',
    maxLeverage: '100',
    maintenanceMarginRate: '0.005',
  });
}

/** Slots in turn buy and later sell, so that some position is nearly always held. */
function recordOf(
  tape: Tape,
  funding: FundingIndex,
  fillCount: number,
  slotCount: number,
): RunRecord {
  const inverse = tape.category === 'inverse';
  const instrument = instrumentOf(tape.category);
  const fills = newFillColumns(fillCount);
  fills.count = fillCount;
  const rows = Array.from({ length: fillCount }, () => Math.floor(random() * ROWS)).sort(
    (a, b) => a - b,
  );
  rows.forEach((row, i) => {
    const ticks = tape.close[row] ?? 0;
    const qty = inverse ? 100 : 10;
    fills.timeMs[i] = START + row * MINUTE + 30_000;
    fills.slot[i] = i % slotCount;
    fills.side[i] = Math.floor(i / slotCount) % 2 === 0 ? 1 : -1;
    fills.role[i] = Math.floor(i / slotCount) % 2;
    fills.priceTicks[i] = ticks;
    fills.qtySteps[i] = qty;
    fills.maker[i] = 1;
    fills.fee[i] = instrument.fee(qty, ticks, true);
  });
  const close = tape.close[ROWS - 1] ?? 0;
  return {
    tape,
    firstRow: 0,
    endRow: ROWS,
    startMs: START,
    endMs: START + ROWS * MINUTE,
    instrument,
    fills,
    fundingIndex: funding,
    fundingPaid: 0,
    liquidatedAtMs: NaN,
    stateMs: new Float64Array(6),
    slotCount,
    capital: NaN,
    leverage: 10,
    closeLongTicks: close - 1,
    closeShortTicks: close + 1,
  };
}

for (const category of ['linear', 'inverse'] as const) {
  const tape = tapeOf(category);
  const funding = fundingOf(category === 'inverse' ? 2 : 5_000);
  const began = performance.now();
  const index = buildMetricsIndex(tape, funding, instrumentOf(category));
  console.log(`${category}: index built in ${(performance.now() - began).toFixed(0)} ms`);
  for (const [fillCount, slots] of [
    [130, 1],
    [130, 5],
    [1_100, 1],
    [1_100, 10],
  ] as const) {
    const records = Array.from({ length: 50 }, () => recordOf(tape, funding, fillCount, slots));
    const scratch = newMetricsScratch();
    const out = new Float64Array(METRIC_COUNT);
    const points = 1_000;
    let best = Infinity;
    for (let round = 0; round < 6; round += 1) {
      const before = process.cpuUsage().user;
      for (let i = 0; i < points; i += 1) {
        computeMetrics(records[i % 50] as RunRecord, index, scratch, out);
      }
      best = Math.min(best, (process.cpuUsage().user - before) / points);
    }
    console.log(`  ${fillCount} fills, ${slots} slots: ${best.toFixed(1)} us per point`);
  }
}
