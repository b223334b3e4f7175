import type { Instrument } from '../../engine/instrument.ts';
import { ROLES } from '../run-record.ts';
import type { TradeColumns } from './trade-columns.ts';
import { NO_EXIT_ROLE } from './trade-columns.ts';

/** Columns of trades.csv: prices in quote, quantities in contracts or coins, money in settle. */
export const TRADE_CSV_COLUMNS = [
  'trade', 'slot', 'side', 'entry_time_ms', 'exit_time_ms', 'entry_price', 'exit_price', 'qty',
  'gross_pnl', 'fees', 'funding', 'net_pnl', 'mae_pct', 'mfe_pct', 'hold_ms', 'exit_role',
  'open_at_end',
] as const;

/** Header and one line per trade; average prices carry two digits more than the tick. */
export function* tradeCsvLines(trades: TradeColumns, instrument: Instrument): Generator<string> {
  yield TRADE_CSV_COLUMNS.join(',');
  for (let i = 0; i < trades.count; i += 1) yield tradeCells(trades, instrument, i).join(',');
}

function tradeCells(
  trades: TradeColumns,
  instrument: Instrument,
  i: number,
): readonly (string | number)[] {
  const at = (column: ArrayLike<number>): number => column[i] as number;
  const money = (column: ArrayLike<number>): string =>
    instrument.formatMoney(Math.round(at(column)));
  const price = (column: ArrayLike<number>): string =>
    (at(column) * instrument.tickSize).toFixed(instrument.priceDigits + 2);
  const role = at(trades.exitRole);
  return [
    i,
    at(trades.slot),
    at(trades.side) > 0 ? 'long' : 'short',
    at(trades.entryMs),
    at(trades.exitMs),
    price(trades.entryTicks),
    price(trades.exitTicks),
    instrument.formatQty(at(trades.qtySteps)),
    money(trades.grossPnl),
    money(trades.fees),
    money(trades.funding),
    money(trades.netPnl),
    at(trades.maePct).toFixed(4),
    at(trades.mfePct).toFixed(4),
    at(trades.exitMs) - at(trades.entryMs),
    role === NO_EXIT_ROLE ? '' : (ROLES[role] ?? ''),
    role === NO_EXIT_ROLE ? 1 : 0,
  ];
}
