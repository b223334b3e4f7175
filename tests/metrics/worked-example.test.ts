import { describe, expect, it } from 'vitest';
import { analyseRun } from '../../src/sweep/metrics/analyse-run.ts';
import type { RunAnalysis } from '../../src/sweep/metrics/analyse-run.ts';
import { METRICS } from '../../src/sweep/metrics/registry.ts';
import { tradeCsvLines } from '../../src/sweep/metrics/trades-csv.ts';
import type { RunRecord } from '../../src/sweep/run-record.ts';
import type { Candle, Fill } from './support/record.ts';
import { DAY, HOUR, instrumentOf, recordOf, tapeOf } from './support/record.ts';

const START = Date.UTC(2024, 0, 1);

/**
 * Worked by hand. Daily candles that open and close at 10,000 (high 10,500, low 9,800), capital
 * 1,000, no fees. One trade a day at 06:00-18:00 for `trades` days, 0.1 BTC bought at 10,000 as
 * maker and sold as taker in turn at 10,300 (+30) and 9,900 (-10).
 */
function steadyRun(days: number, trades: number): RunRecord {
  const candles: Candle[] = Array.from({ length: days }, (_, day) => ({
    timeMs: START + day * DAY,
    open: 20_000,
    high: 21_000,
    low: 19_600,
    close: 20_000,
  }));
  const fills: Fill[] = [];
  for (let day = 0; day < trades; day += 1) {
    const timeMs = START + day * DAY;
    const exit = day % 2 === 0 ? 20_600 : 19_800;
    const common = { slot: 0, qty: 100, fee: 0 };
    fills.push({ ...common, timeMs: timeMs + 6 * HOUR, side: 1, ticks: 20_000, maker: true });
    fills.push({
      ...common,
      timeMs: timeMs + 18 * HOUR,
      side: -1,
      ticks: exit,
      maker: false,
      role: 1,
    });
  }
  return recordOf(tapeOf('linear', DAY, candles), fills, {
    capital: 1_000 * 1e8,
    stateMs: Float64Array.of(60, 10, 20, 10, 0, 0),
  });
}

function check(analysis: RunAnalysis, expected: Record<string, number | null>): void {
  for (const [name, value] of Object.entries(expected)) {
    const actual = analysis.values[name];
    if (value === null) expect(actual, name).toBeNull();
    else expect(actual, name).toBeCloseTo(value, 8);
  }
}

describe('thirty trades in a hundred days', () => {
  const analysis = analyseRun(steadyRun(100, 30));

  it('earns 15 x 30 - 15 x 10 = 300 on 1,000', () => {
    check(analysis, {
      netProfit: 300,
      netProfitUsd: 300,
      grossProfit: 300,
      fees: 0,
      funding: 0,
      capital: 1_000,
      peakNotional: 1_000,
      returnOnCapital: 30,
      returnOnPeakNotional: 30,
      buyAndHoldReturn: 0,
      excessOverBuyHold: 30,
      collateralUsdReturn: null,
      liquidated: 0,
    });
  });

  it('counts trades and what they did', () => {
    check(analysis, {
      trades: 30,
      tradesPerDay: 0.3,
      fills: 60,
      fillsPerYear: 219,
      profitFactor: 450 / 150,
      expectancy: 10,
      winRate: 50,
      payoff: 3,
      makerShare: 50,
      maeAvg: 2,
      mfeAvg: 5,
      maeWorst: 2,
      longestPositionDays: 0.5,
      // 30 buys of 1,000, 15 sales of 1,030 and 15 of 990.
      turnover: 60.3,
      timeInMarket: (100 * 30 * 12) / (100 * 24),
      longestFlatDays: 70.25,
      grossExposure: 0,
      netExposure: 0,
    });
  });

  it('falls 10 from 1,030 at worst, and last for 71 days', () => {
    const drawdown = 1_000 / 1_030;
    check(analysis, {
      maxDrawdown: drawdown,
      maxDrawdownDays: 71,
      maxDrawdownDaysDaily: 71,
      returnOverMaxDrawdown: 30 / drawdown,
    });
  });

  it('has the ratios of 15 days at +3 %, 15 at -1 % and 70 at 0', () => {
    // Mean 0.3 %; sum of squares 15 x 9e-4 + 15 x 1e-4 = 0.015, losses alone 0.0015.
    const deviation = Math.sqrt((0.015 - 100 * 0.003 ** 2) / 99);
    expect(analysis.values['sharpe']).toBeCloseTo((0.003 / deviation) * Math.sqrt(365), 4);
    expect(analysis.values['sharpe']).toBeCloseTo(4.8026, 3);
    expect(analysis.values['sortino']).toBeCloseTo(
      (0.003 / Math.sqrt(0.0015 / 100)) * Math.sqrt(365),
      4,
    );
  });

  it('says nothing is open, and where the slots spent their time', () => {
    check(analysis, {
      openQty: 0,
      openLots: 0,
      openAgeDays: null,
      openUnrealised: 0,
      timeFlat: 60,
      timeEntryPending: 10,
      timeInPosition: 20,
      timeExitPending: 10,
    });
  });

  it('has no annual growth of a hundred days, and says why', () => {
    check(analysis, { cagr: null, calmar: null });
    expect(analysis.notes['cagr']).toBe('100 days; needs 365');
    expect(Object.keys(analysis.notes).sort()).toEqual([
      'cagr',
      'calmar',
      'collateralUsdReturn',
      'openAgeDays',
    ]);
  });

  it('adds its months up to its return', () => {
    // January: 15 wins and 15 losses on its first 30 days; nothing after.
    expect(analysis.monthly).toEqual([
      { month: '2024-01', returnPct: 30 },
      { month: '2024-02', returnPct: 0 },
      { month: '2024-03', returnPct: 0 },
      { month: '2024-04', returnPct: 0 },
    ]);
  });
});

describe('gates', () => {
  it('compounds from 365 days on', () => {
    const { values } = analyseRun(steadyRun(730, 30));
    const cagr = 100 * (Math.sqrt(1.3) - 1);
    expect(values['cagr']).toBeCloseTo(cagr, 8);
    expect(values['calmar']).toBeCloseTo(cagr / (1_000 / 1_030), 8);
  });

  it('keeps ratios back below 30 trades, ranking ratio included', () => {
    const { values, notes } = analyseRun(steadyRun(100, 29));
    for (const name of [
      'sharpe',
      'sortino',
      'profitFactor',
      'payoff',
      'winRate',
      'expectancy',
      'returnOverMaxDrawdown',
    ]) {
      expect(values[name], name).toBeNull();
      expect(notes[name], name).toBe('29 trades; needs 30');
    }
    expect(values['maxDrawdown']).not.toBeNull();
  });

  it('keeps ratios back below 90 days, but not the ranking ratio', () => {
    const { values, notes } = analyseRun(steadyRun(89, 30));
    expect(values['sharpe']).toBeNull();
    expect(notes['sharpe']).toBe('89 days; needs 90');
    expect(values['returnOverMaxDrawdown']).toBeCloseTo(30.9, 8);
  });

  it('has no capital without a position, and a reason for each null', () => {
    const { values, notes } = analyseRun(recordOf(steadyRun(100, 0).tape, []));
    expect(values['capital']).toBeNull();
    expect(values['maxDrawdown']).toBeNull();
    expect(notes['maxDrawdown']).toMatch(/no position was ever held/);
    expect(values['netProfit']).toBe(0);
    expect(values['longestFlatDays']).toBe(100);
    for (const { name } of METRICS) expect(name in notes).toBe(values[name] === null);
    expect(Object.values(notes)).not.toContain('not defined for this run');
  });
});

/** 10,000 USD bought at 50,000 at noon of the first of two days, still open at 51,000. */
function openInverse(): RunRecord {
  const candles: Candle[] = [
    { timeMs: START, open: 100_000, high: 104_000, low: 99_000, close: 101_000 },
    { timeMs: START + DAY, open: 101_000, high: 103_000, low: 98_000, close: 102_000 },
  ];
  const fill: Fill = {
    timeMs: START + DAY / 2,
    slot: 0,
    side: 1,
    qty: 10_000,
    ticks: 100_000,
    fee: 1e6,
  };
  return recordOf(tapeOf('inverse', DAY, candles), [fill], {
    closeLongTicks: 102_000,
    fundingIndex: {
      count: 1,
      timeMs: Float64Array.of(START + DAY),
      longCost: Float64Array.of(0, 200),
      shortCost: Float64Array.of(0, -200),
    },
    fundingPaid: 2_000_000,
  });
}

describe('an inverse lot open at the end', () => {
  const record = openInverse();
  const analysis = analyseRun(record);
  const closeFee = (0.00055 * 10_000) / 51_000;
  const gain = 10_000 / 50_000 - 10_000 / 51_000;

  it('R-MON-5 counts as closed at the closing price with the taker fee', () => {
    check(analysis, {
      grossProfit: gain,
      fees: 1e-6 + closeFee,
      funding: 2e-6,
      netProfit: gain - 1e-6 - closeFee - 2e-6,
      capital: 0.2 / 10,
      peakNotional: 10_000,
      openQty: 10_000,
      openLots: 1,
      openAgeDays: 1.5,
      openUnrealised: gain - closeFee,
      trades: 1,
      timeInMarket: 75,
      longestFlatDays: 0.5,
      longestPositionDays: 1.5,
    });
    expect(gain).toBeCloseTo(0.00392156862745, 12);
  });

  it('books dollars at the price of each moment', () => {
    // 0.00392 x 51,000 = 200; the entry fee at 50,000, the rest at 51,000 but funding at 50,500.
    const usd = 200 - 1e-6 * 50_000 - closeFee * 51_000 - 2e-6 * 50_500;
    expect(analysis.values['netProfitUsd']).toBeCloseTo(usd, 6);
    expect(analysis.values['returnOnPeakNotional']).toBeCloseTo((100 * usd) / 10_000, 6);
  });

  it('weighs exposure by its value in coin at each close', () => {
    const mean = (10_000 / 50_500 + 10_000 / 51_000) / 2;
    check(analysis, { netExposure: (100 * mean) / 0.02, grossExposure: (100 * mean) / 0.02 });
  });

  it('sets buy and hold in coin apart from what the collateral gained in dollars', () => {
    check(analysis, { buyAndHoldReturn: 100 * (1 - 50 / 51), collateralUsdReturn: 2 });
    const [hold, idle] = analysis.benchmarks;
    expect(hold?.netProfit).toBeCloseTo(0.02 * (1 - 50 / 51), 12);
    expect(idle?.netProfit).toBeCloseTo(0.02 * 1_000, 9);
    expect(idle?.returnOnCapital).toBeCloseTo(2, 9);
    expect(idle?.maxDrawdown).toBe(0);
  });

  it('writes the trade as a line', () => {
    const [header, line] = [...tradeCsvLines(analysis.trades, record.instrument)];
    expect(header).toBe(
      'trade,slot,side,entry_time_ms,exit_time_ms,entry_price,exit_price,qty,' +
        'gross_pnl,fees,funding,net_pnl,mae_pct,mfe_pct,hold_ms,exit_role,open_at_end',
    );
    expect(line).toBe(
      `0,0,long,${START + DAY / 2},${START + 2 * DAY},50000.000,51000.000,10000,` +
        '0.003921568627,0.000108843137,0.000002000000,0.003810725490,2.0000,4.0000,' +
        `${1.5 * DAY},,1`,
    );
  });
});

describe('quantity', () => {
  it.each(['linear', 'inverse'] as const)(
    'does not change what one %s contract earns',
    (category) => {
      const candles = [20_000, 20_400, 19_700, 20_900].map((close, i) => ({
        timeMs: START + i * HOUR,
        open: 20_000,
        high: 21_000,
        low: 19_000,
        close,
      }));
      const tape = tapeOf(category, HOUR, candles);
      const instrument = instrumentOf(category);
      const run = (qty: number): RunAnalysis =>
        analyseRun(
          recordOf(tape, [
            { timeMs: START + 1, slot: 0, side: 1, qty, ticks: 20_123 },
            { timeMs: START + HOUR + 1, slot: 0, side: -1, qty, ticks: 20_456 },
            { timeMs: START + HOUR + 2, slot: 1, side: -1, qty, ticks: 20_457 },
          ]),
        );
      const [one, many] = [run(1), run(1_000_000)];
      const units = (a: RunAnalysis): number =>
        Number(a.values['netProfit']) * instrument.moneyPerUnit;
      // Three values, three fees and the closing of one lot: eight half units of rounding.
      expect(Math.abs(units(one) - units(many) / 1e6)).toBeLessThanOrEqual(4);
      expect(Number(one.values['returnOnCapital'])).toBeCloseTo(
        Number(many.values['returnOnCapital']),
        4,
      );
      expect(Number(one.values['maxDrawdown'])).toBeCloseTo(Number(many.values['maxDrawdown']), 4);
    },
  );
});

describe('a stop that fills after its slot was already closed', () => {
  it('closes the lot of the lowest-numbered open slot', () => {
    const candles: Candle[] = Array.from({ length: 3 }, (_, day) => ({
      timeMs: START + day * DAY, open: 20_000, high: 21_000, low: 19_600, close: 20_000,
    }));
    const at = (hour: number, slot: number, side: number, role: number): Fill => ({
      timeMs: START + hour * HOUR, slot, side, role, qty: 100, ticks: 20_000, fee: 0,
    });
    const fills = [at(1, 0, 1, 0), at(2, 1, 1, 0), at(3, 1, -1, 1), at(4, 1, -1, 2)];
    const { trades } = analyseRun(recordOf(tapeOf('linear', DAY, candles), fills, { slotCount: 2 }));
    expect([...trades.slot.slice(0, trades.count)]).toEqual([1, 0]);
    expect([...trades.side.slice(0, trades.count)]).toEqual([1, 1]);
  });
});
