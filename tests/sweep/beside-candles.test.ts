import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadProfile } from '../../src/feeds/profiles.ts';
import { backtestOf } from '../../src/sweep/backtest.ts';
import type { BacktestOutcome } from '../../src/sweep/backtest.ts';
import type { BesideCandles } from '../../src/sweep/beside-results.ts';
import { prepareRun } from '../../src/sweep/prepare.ts';
import type { FillColumns } from '../../src/sweep/run-record.ts';
import { specOf } from './support/market.ts';
import { tradesDir } from './support/trade-market.ts';

const PARAMS = { multiplier: 0.5, takeProfit: 0.3, atrInterval: '15m', qty: 0.05, maxLevels: 3 };
let dir = '';
let onTrades: BacktestOutcome;
let onCandles: BacktestOutcome;
beforeAll(async () => {
  dir = await tradesDir(3);
  const execution = loadProfile('home').profile;
  const rest = { symbol: 'BTCUSDT', interval: '1m', path: 'trades', params: PARAMS } as const;
  const prepared = await prepareRun(specOf(dir, { ...rest, execution }));
  onTrades = backtestOf(prepared);
  const spec = { ...prepared.spec, path: 'direction' } as const;
  onCandles = backtestOf({ ...prepared, spec, trades: undefined });
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function besideOf({ result }: BacktestOutcome): BesideCandles {
  if (result.besideCandles === null) throw new Error('not a run on trades');
  return result.besideCandles;
}

function ordersIn({ orderId, count }: FillColumns): number {
  return new Set(orderId.subarray(0, count)).size;
}

describe('a run on trades beside the same on their candles', () => {
  it('is the run that candles alone would have given', () => {
    const { candles } = besideOf(onTrades);
    const { metrics } = onCandles.result;
    expect(onCandles.result.besideCandles).toBeNull();
    expect(candles.executions).toBe(onCandles.record.fills.count);
    expect(candles.executions).toBeGreaterThan(10);
    for (const name of [
      'netProfit',
      'returnOnCapital',
      'maxDrawdown',
      'makerShare',
      'fees',
    ] as const)
      expect([name, candles[name]]).toEqual([name, metrics[name]]);
    const { beside } = onTrades;
    expect([...(beside?.candlesProfit ?? [])]).toEqual([...onCandles.analysis.profit]);
  });

  it('has each filled order once: matched, or in one of the two alone', () => {
    const { fills, trades, candles } = besideOf(onTrades);
    expect(trades.filledOrders).toBe(ordersIn(onTrades.record.fills));
    expect(candles.filledOrders).toBe(ordersIn(onCandles.record.fills));
    expect(fills.matched).toBeGreaterThan(5);
    expect(fills.matched + fills.onlyOnTrades).toBe(trades.filledOrders);
    expect(fills.matched + fills.onlyOnCandles).toBe(candles.filledOrders);
  });

  it('counts each matched fill once by time and once by price', () => {
    const { fills } = besideOf(onTrades);
    const pairs = onTrades.beside?.matched.pairs ?? [];
    const sameMs = pairs.filter(({ run, twin }) => run.timeMs === twin.timeMs).length;
    expect(fills.later.count + fills.earlier.count + sameMs).toBe(fills.matched);
    expect(fills.samePrice + fills.worse.count + fills.better.count).toBe(fills.matched);
    expect(Math.max(fills.later.max ?? 0, fills.earlier.max ?? 0)).toBeLessThanOrEqual(
      fills.windowMs,
    );
  });

  it('takes the difference in net profit apart without a remainder', () => {
    const { difference, trades, candles } = besideOf(onTrades);
    const { netProfit, prices, fees, funding, rest } = difference;
    expect(netProfit).not.toBe(0);
    expect(prices + fees + funding + rest).toBeCloseTo(netProfit, 7);
    expect(trades.netProfit - candles.netProfit).toBeCloseTo(netProfit, 7);
    expect(trades.netProfit).toBe(onTrades.result.metrics['netProfit']);
  });

  it('fills in parts what a trade is too small for', () => {
    const { trades, candles } = besideOf(onTrades);
    expect(trades.inParts).toBeGreaterThan(0);
    for (const { executions, filledOrders, inParts } of [trades, candles])
      expect(executions).toBeGreaterThanOrEqual(filledOrders + inParts);
  });

  it('accounts for every maker fill in the queue', () => {
    const { queue, trades } = besideOf(onTrades);
    expect(queue.waits.count).toBeGreaterThan(0);
    expect(queue.waits.count).toBeGreaterThanOrEqual(queue.atOnce);
    const { fills } = onTrades.record;
    const makers = new Set(
      [...fills.orderId.subarray(0, fills.count)].filter((_, at) => fills.maker[at] === 1),
    );
    expect(queue.waits.count).toBeGreaterThanOrEqual(makers.size);
    expect(queue.waits.count).toBeLessThanOrEqual(trades.executions);
  });
});
