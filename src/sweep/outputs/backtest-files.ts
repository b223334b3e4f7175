import type { BacktestOutcome } from '../backtest.ts';
import { tradeCsvLines } from '../metrics/trades-csv.ts';
import { equityCsvLines } from './equity-csv.ts';
import { fillCsvLines } from './fill-csv.ts';
import { levelCsvLines, orderCsvLines } from './order-csv.ts';
import type { OrderHistory } from './order-lives.ts';
import { reasonCsvLines, reasonIntervals } from './reason-csv.ts';

/** The files of a backtest but for its report and its manifest. Same run, same bytes. */
export function backtestFiles(outcome: BacktestOutcome, history: OrderHistory): Map<string, string> {
  const { simulation, record, analysis, prepared } = outcome;
  const { instrument } = prepared;
  const reasons = reasonIntervals(simulation.engine.reasons);
  return new Map([
    ['result.json', resultText(outcome)],
    ['fills.csv', linesText(fillCsvLines(record.fills, history, instrument))],
    ['orders.csv', linesText(orderCsvLines(history, instrument))],
    ['levels.csv', linesText(levelCsvLines(history, instrument))],
    ['trades.csv', linesText(tradeCsvLines(analysis.trades, instrument))],
    ['equity.csv', linesText(equityCsvLines(record, analysis.profit))],
    ['reasons.csv', linesText(reasonCsvLines(reasons, instrument))],
  ]);
}

export function resultText({ result }: BacktestOutcome): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

function linesText(lines: Iterable<string>): string {
  return `${[...lines].join('\n')}\n`;
}
