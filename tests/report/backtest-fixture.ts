import { Instrument } from '../../src/engine/instrument.ts';
import { tapeOver } from '../../src/market/tape.ts';
import type { Tape } from '../../src/market/tape.ts';
import type {
  BacktestReportInput,
  LevelChange,
  ReasonSpan,
  ReportTrade,
} from '../../src/report/backtest-input.ts';
import type { ReportOrderLife } from '../../src/report/order-life.ts';
import { quantilesOf } from '../../src/sweep/latency-quantiles.ts';
import type { LatencyCost, OrderLifeSummary } from '../../src/sweep/latency-results.ts';
import type { BacktestResult } from '../../src/sweep/results.ts';
import type { FillColumns } from '../../src/sweep/run-record.ts';
import { chance, normal } from './chance.ts';
import { METRICS, outcome, runHeader } from './metric-fixture.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2024, 0, 1);
const REASON_TEXTS = [
  ['entry-resting', 'the entry rests at its level and the price has not traded through it'],
  ['exit-resting', 'in position; the exit rests and the price has not traded through it'],
  ['cooldown', 'a stop was hit; entries wait for the cooldown'],
] as const;

const instrument = new Instrument({
  symbol: 'BTCUSDT',
  category: 'linear',
  baseCurrency: 'BTC',
  quoteCurrency: 'USDT',
  tickSize: '0.1',
  qtyStep: '0.001',
  minQty: '0.001',
  takerFeeRate: '0.00055',
  makerFeeRate: '0.0002',
  leverage: '5',
  maxLeverage: '100',
  maintenanceMarginRate: '0.005',
});

/** A market of minutes with quiet and loud hours, one gap in it. */
function marketTape(days: number, seed = 1): Tape {
  const next = chance(seed);
  const count = days * 1440 - (days > 70 ? 150 : 0);
  const tape = tapeOver(new SharedArrayBuffer(count * 32), count, {
    symbol: 'BTCUSDT',
    category: 'linear',
    intervalMs: MINUTE_MS,
    hasVolume: true,
  });
  let price = 425_000;
  for (let i = 0; i < count; i++) {
    const loud = 1 + 0.8 * Math.sin(i / 700) ** 2 + (i % 20_000 < 400 ? 2 : 0);
    const moves = [0, 0, 0, 0].map(() => normal(next) * 90 * loud + 0.15);
    const open = price;
    const points = moves.map((move) => (price += move - (price - 450_000) * 4e-6));
    tape.openTimeMs[i] = START_MS + i * MINUTE_MS + (i >= 88_440 ? 150 * MINUTE_MS : 0);
    tape.open[i] = Math.round(open);
    tape.close[i] = Math.round(price);
    tape.high[i] = Math.round(Math.max(open, ...points));
    tape.low[i] = Math.round(Math.min(open, ...points));
    tape.volumeSteps[i] = Math.round(900 * next());
  }
  return tape;
}

type Acted = {
  trades: ReportTrade[];
  fills: FillColumns;
  levels: LevelChange[];
  reasons: ReasonSpan[];
  equity: Float64Array;
};
type Slot = {
  level: number;
  exit: number;
  since: number;
  entryAt: number;
  worst: number;
  best: number;
  reasonFrom: number;
};

/** A little grid traded over the tape: enough to make fills, levels and reasons that belong together. */
function act(tape: Tape, slots = 4): Acted {
  const trades: ReportTrade[] = [];
  const levels: LevelChange[] = [];
  const reasons: ReasonSpan[] = [];
  const rows: { timeMs: number; slot: number; role: number; side: number; price: number }[] = [];
  const equity = new Float64Array(tape.count);
  const state = Array.from({ length: slots }, (): Slot => ({
    level: NaN,
    exit: NaN,
    since: NaN,
    entryAt: NaN,
    worst: 0,
    best: 0,
    reasonFrom: START_MS,
  }));
  let realised = 0;
  const change = (
    timeMs: number,
    slot: number,
    kind: LevelChange['kind'],
    ticks: number | null,
  ): void => {
    levels.push({ timeMs, slot, kind, price: ticks === null ? null : ticks / 10 });
  };
  for (let i = 0; i < tape.count; i++) {
    const timeMs = tape.openTimeMs[i] ?? 0;
    const close = tape.close[i] ?? 0;
    let open = 0;
    state.forEach((slot, index) => {
      const inPosition = !Number.isNaN(slot.since);
      const reason = (code: number): void => {
        const [name, text] = REASON_TEXTS[code] ?? REASON_TEXTS[0];
        reasons.push({ fromMs: slot.reasonFrom, untilMs: timeMs, slot: index, code: name, text });
        slot.reasonFrom = timeMs;
      };
      if (!inPosition && i % 240 === index * 7) {
        slot.level = close - 2600 * (index + 1);
        change(timeMs, index, 'entry', slot.level);
      }
      if (!inPosition && (tape.low[i] ?? 0) < slot.level) {
        slot.since = timeMs;
        slot.entryAt = slot.level;
        slot.exit = slot.level + 3400;
        slot.worst = slot.best = slot.level;
        rows.push({ timeMs: timeMs + 20_000, slot: index, role: 0, side: 1, price: slot.level });
        change(timeMs, index, 'entry', null);
        change(timeMs, index, 'exit', slot.exit);
        change(timeMs, index, 'stop', slot.level - 16_000);
        reason(0);
      } else if (inPosition) {
        slot.worst = Math.min(slot.worst, tape.low[i] ?? 0);
        slot.best = Math.max(slot.best, tape.high[i] ?? 0);
        const stopped = (tape.low[i] ?? 0) < slot.entryAt - 16_000;
        if (stopped || (tape.high[i] ?? 0) > slot.exit) {
          const price = stopped ? slot.entryAt - 16_000 : slot.exit;
          const netPnl = ((price - slot.entryAt) / 10) * 0.02 - 0.9;
          realised += netPnl;
          rows.push({
            timeMs: timeMs + 40_000,
            slot: index,
            role: stopped ? 2 : 1,
            side: -1,
            price,
          });
          trades.push({
            side: 'long',
            entryTimeMs: slot.since,
            exitTimeMs: timeMs,
            entryPrice: slot.entryAt / 10,
            exitPrice: price / 10,
            qty: 0.02,
            netPnl,
            holdMs: timeMs - slot.since,
            maePct: (100 * (slot.worst - slot.entryAt)) / slot.entryAt,
            mfePct: (100 * (slot.best - slot.entryAt)) / slot.entryAt,
            exitRole: stopped ? 'stop' : 'exit',
            openAtEnd: false,
          });
          change(timeMs, index, 'exit', null);
          change(timeMs, index, 'stop', null);
          reason(1);
          slot.since = slot.level = NaN;
        } else open += ((close - slot.entryAt) / 10) * 0.02;
      }
    });
    equity[i] = realised + open;
  }
  return { trades, levels, reasons, equity, fills: fillColumns(rows) };
}

function fillColumns(
  rows: { timeMs: number; slot: number; role: number; side: number; price: number }[],
): FillColumns {
  return {
    count: rows.length,
    timeMs: Float64Array.from(rows, (row) => row.timeMs),
    knownMs: Float64Array.from(rows, (row) => row.timeMs + 120),
    orderId: Float64Array.from(rows, (_, index) => index),
    slot: Int32Array.from(rows, (row) => row.slot),
    role: Uint8Array.from(rows, (row) => row.role),
    side: Int8Array.from(rows, (row) => row.side),
    priceTicks: Float64Array.from(rows, (row) => row.price),
    qtySteps: Float64Array.from(rows, () => 20),
    maker: Uint8Array.from(rows, (row) => (row.role === 2 ? 0 : 1)),
    fee: Float64Array.from(rows, () => 1e7),
  };
}

export function backtestFixture(days = 30): BacktestReportInput {
  const tape = marketTape(days);
  const { trades, fills, levels, reasons, equity } = act(tape);
  const first = tape.close[0] ?? 1;
  return {
    result: resultOf(equity.at(-1) ?? 0, trades.length, days),
    metrics: METRICS,
    instrument,
    tape,
    firstRow: 0,
    endRow: tape.count,
    fills,
    trades,
    levels,
    reasons,
    orderLives: [orderLife('ls-0-0-entry-1', 5_000), orderLife('ls-1-0-exit-2', 12)],
    orderCount: 2,
    beside: null,
    equity: {
      timeMs: tape.openTimeMs,
      strategy: equity,
      idle: null,
      buyAndHold: Float64Array.from(tape.close, (close) => ((close - first) / first) * 2500),
    },
  };
}

const LATENCY: LatencyCost = {
  profile: 'home',
  twin: { netProfit: 812.5, fills: 410, trades: 200 },
  lost: 41.25,
  fills: {
    windowMs: 300_000,
    run: 400,
    twin: 410,
    same: 370,
    missed: 15,
    extra: 5,
    later: quantilesOf([40, 80, 1_200]),
    earlier: 2,
    worse: { count: 12, meanTicks: 3.5, money: 18.4 },
    better: { count: 4, meanTicks: 1.25, money: 2.1 },
    becameTaker: 1,
  },
  legs: [
    { leg: 'submit', medianMs: 60, p99Ms: 250, marginal: 22.5, alone: 18 },
    { leg: 'wsExecution', medianMs: 80, p99Ms: 400, marginal: -3, alone: 9.5 },
  ],
  remainder: { marginal: 21.75, alone: 13.75 },
  otherSeeds: { count: 8, least: -12, most: 66 },
};

const ORDER_LIFE: OrderLifeSummary = {
  steps: [
    { step: 'sent -> at the venue', ...quantilesOf([60, 110, 250]) },
    { step: 'filled -> execution known', ...quantilesOf([12, 80, 5_000]) },
  ],
  unknown: {
    fillSlotMs: 5_092,
    fillShare: 0.0004,
    states: [
      { state: 'SENT', share: 0.001, ...quantilesOf([120, 240]) },
      { state: 'CANCELLING', share: 0, ...quantilesOf([]) },
    ],
  },
};

function orderLife(id: string, unknownMs: number): ReportOrderLife {
  const at = (ms: number): number => START_MS + ms;
  return {
    id,
    side: 'Buy',
    role: 'entry',
    end: 'Filled',
    sentMs: at(0),
    venueMs: at(110),
    answerKnownMs: at(240),
    firstFillMs: at(60_000),
    lastFillMs: at(60_000),
    fillsKnownMs: at(60_000 + unknownMs),
    endMs: at(60_000),
    endKnownMs: at(60_090),
    unknownMs,
  };
}

function resultOf(netProfit: number, trades: number, days: number): BacktestResult {
  const months = Array.from({ length: Math.max(1, Math.ceil(days / 30)) }, (_, index) => ({
    month: `2024-${String(index + 1).padStart(2, '0')}`,
    returnPct: 3 * Math.sin(index * 2.1) + 1,
  }));
  return {
    schema: 'lockstep.backtest',
    version: 1,
    run: runHeader({ days, candles: days * 1440 }),
    metrics: {
      netProfit,
      netProfitUsd: netProfit,
      returnOnCapital: netProfit / 34,
      maxDrawdown: 11.84,
      returnOverMaxDrawdown: 1.72,
      sharpe: 1.38,
      sortino: null,
      trades,
      winRate: 83.1,
      profitFactor: 1.41,
      makerShare: 93.4,
      fees: 118.23,
      funding: -12.4,
      timeInMarket: 61.2,
      openPosition: 824.5,
      openPositionAge: 3.2 * 86_400_000,
      capital: 3400,
      averageHold: 41_234_000,
    },
    latency: LATENCY,
    orderLife: ORDER_LIFE,
    besideCandles: null,
    notes: {
      sortino: 'no day lost money',
      openPosition: 'still open at the end, counted at the closing price',
    },
    intervals: { sharpe: [-0.21, 2.94], returnOnCapital: [-4.2, 31.7] },
    pathInterval: [
      outcome('direction', 'home', netProfit),
      outcome('adverse', 'home', netProfit * 0.4 - 90),
      outcome('high-first', 'home', netProfit * 1.6),
      outcome('direction', 'slow', netProfit * 0.8),
    ],
    benchmarks: [
      { name: 'buy-and-hold', netProfit: 212.5, returnOnCapital: 6.25, maxDrawdown: 19.3 },
    ],
    reasonHours: {
      'entry-resting': 1312.4,
      'exit-resting': 1411.2,
      'waiting-for-signal': 211.9,
      cooldown: 96.5,
      'one-entry-at-a-time': 0.4,
      'warming-up': 14,
    },
    stateHours: {
      FLAT: 240.1,
      ENTRY_PENDING: 1301.4,
      IN_POSITION: 1388,
      EXIT_PENDING: 12.2,
      RECOVERING: 0,
      HALTED: 0,
    },
    monthly: months,
    warnings: [
      {
        code: 'gap-held',
        text: 'A position was held across a gap of 2 h 30 min in the data (2024-03-02 10:00 to 12:30 UTC): no fill and no stop was possible in it.',
      },
      {
        code: 'short-sample',
        text: `The run covers ${days} days: its Sharpe interval includes zero.`,
      },
    ],
  };
}
