import type { Instrument } from '../../../engine/instrument.ts';
import { isRow } from './decoded.ts';
import type { Row } from './decoded.ts';
import type { Fields } from './fields.ts';

/**
 * The records of a list that are about this instrument, each whole or not at all. Records of
 * other symbols are passed over: their ticks are not ours to judge. The same name may be traded
 * in another category (spot BTCUSDT), so the category counts where a record has one.
 */
export function recordList<R>(
  list: readonly unknown[],
  name: string,
  instrument: Instrument,
  fields: Fields,
  read: (row: Row, fields: Fields) => R,
): R[] {
  const records: R[] = [];
  for (let at = 0; at < list.length; at += 1) {
    const row = list[at];
    if (!isRow(row)) {
      fields.enter({ row }, name, at).problem('row', 'an object');
      continue;
    }
    fields.enter(row, name, at);
    if (passedOver(row, instrument)) continue;
    const record = read(row, fields);
    if (fields.sound) records.push(record);
  }
  return records;
}

function passedOver(row: Row, instrument: Instrument): boolean {
  const { symbol, category } = row;
  if (typeof symbol === 'string' && symbol !== '' && symbol !== instrument.symbol) return true;
  return typeof category === 'string' && category !== '' && category !== instrument.spec.category;
}
