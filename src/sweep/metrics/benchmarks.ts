import type { Benchmark } from '../results.ts';
import type { RunRecord } from '../run-record.ts';
import { DrawdownScan } from './drawdown-scan.ts';

/** A benchmark's profit at each close of the run, and its summary. */
export type BenchmarkCurve = {
  readonly profit: Float64Array;
  readonly summary: Benchmark;
};

/**
 * Return, as a fraction, of the whole capital held long at 1x from the first open to the last
 * close, without costs. Linear: close/open - 1. Inverse, in coin: 1 - open/close, since capital C
 * buys C x open dollars of contracts and each gains 1/open - 1/close.
 */
export function buyAndHoldReturn(record: RunRecord): number {
  const { tape, firstRow, endRow } = record;
  if (endRow <= firstRow) return NaN;
  return holdReturn(record, tape.close[endRow - 1] as number);
}

function holdReturn(record: RunRecord, ticks: number): number {
  const open = record.tape.open[record.firstRow] as number;
  return record.instrument.inverse ? 1 - open / ticks : ticks / open - 1;
}

/** What an inverse contract's collateral gained in quote money just by lying there. */
export function collateralReturn(record: RunRecord): number {
  const { tape, firstRow, endRow } = record;
  if (endRow <= firstRow) return NaN;
  return (tape.close[endRow - 1] as number) / (tape.open[firstRow] as number) - 1;
}

/** Buy and hold on `capital` (money units): profit in settle money units. */
export function buyAndHold(record: RunRecord, capital: number): BenchmarkCurve {
  return curve(record, 'buy-and-hold', capital, (ticks) => capital * holdReturn(record, ticks));
}

/**
 * The collateral left alone. Linear: nothing happens. Inverse: its value in quote money moves with
 * the price; profit, in quote currency x the settle's money units, starts from capital x open.
 */
export function idleCollateral(record: RunRecord, capital: number): BenchmarkCurve {
  if (!record.instrument.inverse) return curve(record, 'idle collateral', capital, () => 0);
  const tick = record.instrument.tickSize;
  const open = (record.tape.open[record.firstRow] ?? NaN) * tick;
  const gain = (ticks: number): number => capital * (ticks * tick - open);
  return curve(record, 'idle collateral', capital * open, gain);
}

function curve(
  record: RunRecord,
  name: Benchmark['name'],
  capital: number,
  profitAt: (ticks: number) => number,
): BenchmarkCurve {
  const { tape, firstRow, endRow, instrument } = record;
  const profit = new Float64Array(Math.max(0, endRow - firstRow));
  const scan = new DrawdownScan();
  scan.start(capital);
  for (let i = 0; i < profit.length; i += 1) {
    const value = profitAt(tape.close[firstRow + i] as number);
    profit[i] = value;
    scan.point(capital + value);
  }
  const net = profit[profit.length - 1] ?? 0;
  const known = capital > 0;
  const summary: Benchmark = {
    name,
    netProfit: known ? net / instrument.moneyPerUnit : 0,
    returnOnCapital: known ? (100 * net) / capital : null,
    maxDrawdown: known ? 100 * scan.worst : null,
  };
  return { profit, summary };
}
