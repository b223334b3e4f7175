import type { Instrument } from '../../engine/instrument.ts';
import { ROLES } from '../run-record.ts';
import type { FillColumns } from '../run-record.ts';
import { sideText, timeText } from './csv-text.ts';
import type { OrderHistory } from './order-lives.ts';

export const FILL_CSV_COLUMNS = [
  'time_ms', 'known_ms', 'order_link_id', 'slot', 'side', 'price', 'qty', 'liquidity', 'fee',
  'fee_currency', 'role',
] as const;

/** Every execution by venue time, then sequence. A liquidation is nobody's order: slot -1, no id. */
export function* fillCsvLines(
  fills: FillColumns, history: OrderHistory, instrument: Instrument,
): Generator<string> {
  yield FILL_CSV_COLUMNS.join(',');
  for (let at = 0; at < fills.count; at += 1) {
    yield [
      fills.timeMs[at],
      timeText(history.knownMs[at] ?? NaN),
      history.byId.get(fills.orderId[at] ?? NaN)?.linkId ?? '',
      fills.slot[at],
      sideText(fills.side[at] ?? 0),
      instrument.formatPrice(fills.priceTicks[at] ?? 0),
      instrument.formatQty(fills.qtySteps[at] ?? 0),
      fills.maker[at] === 1 ? 'maker' : 'taker',
      instrument.formatMoney(fills.fee[at] ?? 0),
      instrument.settleCurrency,
      ROLES[fills.role[at] ?? 0] ?? '',
    ].join(',');
  }
}
