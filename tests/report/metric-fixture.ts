import type { MetricDefinition, PathOutcome, RunHeader } from '../../src/sweep/results.ts';

const metric = (
  name: string,
  label: string,
  unit: string,
  better: MetricDefinition['better'],
  digits: number,
): MetricDefinition => ({ name, label, unit, better, digits });

export const METRICS: readonly MetricDefinition[] = [
  metric('netProfit', 'Net profit', 'settle', 'higher', 8),
  metric('netProfitUsd', 'Net profit in USD', 'quote', 'higher', 2),
  metric('returnOnCapital', 'Return on capital', '%', 'higher', 2),
  metric('maxDrawdown', 'Max drawdown', '%', 'lower', 2),
  metric('returnOverMaxDrawdown', 'Return over drawdown', 'x', 'higher', 2),
  metric('sharpe', 'Sharpe ratio', '', 'higher', 2),
  metric('sortino', 'Sortino ratio', '', 'higher', 2),
  metric('trades', 'Trades', '', 'neither', 0),
  metric('winRate', 'Winning trades', '%', 'higher', 1),
  metric('profitFactor', 'Profit factor', 'x', 'higher', 2),
  metric('makerShare', 'Maker share', '%', 'higher', 1),
  metric('fees', 'Fees paid', 'settle', 'lower', 8),
  metric('funding', 'Funding paid', 'settle', 'lower', 8),
  metric('timeInMarket', 'Time in market', '%', 'neither', 1),
  metric('openPosition', 'Open position', 'qty', 'neither', 2),
  metric('openPositionAge', 'Age of open position', 'ms', 'lower', 0),
  metric('capital', 'Capital', 'settle', 'neither', 2),
  metric('averageHold', 'Average holding time', 'ms', 'neither', 0),
];

export function runHeader(overrides: Partial<RunHeader> = {}): RunHeader {
  return {
    lockstepVersion: '0.1.0',
    symbol: 'BTCUSDT',
    category: 'linear',
    interval: '1m',
    baseCurrency: 'BTC',
    quoteCurrency: 'USDT',
    settleCurrency: 'USDT',
    tickSize: '0.1',
    from: '2024-01-01T00:00:00.000Z',
    to: '2024-07-01T00:00:00.000Z',
    days: 182,
    candles: 262_080,
    gaps: [
      {
        from: '2024-03-02T10:00:00.000Z',
        to: '2024-03-02T12:30:00.000Z',
        missingCandles: 150,
        positionHeld: true,
      },
    ],
    synthetic: true,
    strategy: 'atr-grid',
    params: {
      levels: 6,
      spacingAtr: 0.8,
      exitAtr: 1.2,
      stopAtr: 6,
      atrPeriod: 14,
      atrInterval: '1h',
      allowShort: false,
    },
    path: 'direction',
    execution: 'home',
    frictions: { slippageTicks: 1, takerFee: 0.00055, makerFee: 0.0002 },
    seed: 7,
    leverage: 5,
    capital: null,
    risk: {},
    indicatorStart: '2023-12-01T00:00:00.000Z',
    dataHash: 'sha256:4c1f0a9b7d',
    ...overrides,
  };
}

export function outcome(path: string, execution: string, netProfit: number): PathOutcome {
  return {
    path,
    execution,
    netProfit,
    returnOnCapital: netProfit / 100,
    maxDrawdown: 6 + Math.abs(netProfit) / 900,
    trades: 400 + Math.round(netProfit / 100),
  };
}
