import { END_WORDS, KIND_WORDS } from '../../engine/codes.ts';
import type { Instrument } from '../../engine/instrument.ts';
import { ROLES } from '../run-record.ts';
import { sideText, timeText } from './csv-text.ts';
import type { OrderHistory, OrderLife } from './order-lives.ts';

export const ORDER_CSV_COLUMNS = [
  'order_link_id', 'slot', 'role', 'side', 'type', 'reduce_only', 'post_only', 'sent_ms',
  'venue_ms', 'ret_code', 'price', 'qty', 'filled', 'amends', 'end_ms', 'end',
  'answer_known_ms', 'first_fill_ms', 'last_fill_ms', 'fills_known_ms', 'end_known_ms',
] as const;

export function* orderCsvLines(history: OrderHistory, instrument: Instrument): Generator<string> {
  yield ORDER_CSV_COLUMNS.join(',');
  for (const order of history.orders) yield orderCells(order, instrument).join(',');
}

function orderCells(order: OrderLife, instrument: Instrument): (string | number)[] {
  return [
    order.linkId,
    order.slot,
    ROLES[order.role] ?? '',
    sideText(order.side),
    KIND_WORDS[order.kind] ?? '',
    order.reduceOnly ? 1 : 0,
    order.postOnly ? 1 : 0,
    order.sentMs,
    timeText(order.venueMs),
    Number.isNaN(order.venueMs) ? '' : order.retCode,
    Number.isNaN(order.priceTicks) ? '' : instrument.formatPrice(order.priceTicks),
    instrument.formatQty(order.qtySteps),
    instrument.formatQty(order.filledSteps),
    order.amends,
    timeText(order.endMs),
    order.retCode !== 0 ? 'Refused' : (END_WORDS[order.end] ?? ''),
    timeText(order.answerKnownMs),
    timeText(order.firstFillMs),
    timeText(order.lastFillMs),
    timeText(order.fillsKnownMs),
    timeText(order.endKnownMs),
  ];
}

export const LEVEL_CSV_COLUMNS = ['time_ms', 'order_link_id', 'slot', 'role', 'price', 'qty'] as const;

/** Where every resting order stood from when on; an empty price: from then on nowhere. */
export function* levelCsvLines(history: OrderHistory, instrument: Instrument): Generator<string> {
  yield LEVEL_CSV_COLUMNS.join(',');
  for (const { timeMs, order, priceTicks, qtySteps } of history.levels) {
    const gone = Number.isNaN(priceTicks);
    yield [
      timeMs, order.linkId, order.slot, ROLES[order.role] ?? '',
      gone ? '' : instrument.formatPrice(priceTicks), gone ? '' : instrument.formatQty(qtySteps),
    ].join(',');
  }
}
