import { tradeTapeBytes, tradeTapeOver } from '../market/trade-tape.ts';
import type { ParquetColumn, SeriesColumns } from './parquet-columns.ts';
import type { TradeRows } from './trade-rows.ts';

export const TRADE_NAMES = [
  'time_us',
  'price_ticks',
  'size_steps',
  'taker_side',
  'id_high',
  'id_low',
] as const;

export function tradeColumns(rows: TradeRows): SeriesColumns {
  const { count } = rows;
  const body = new SharedArrayBuffer(tradeTapeBytes(count));
  const tape = tradeTapeOver(body, count, { symbol: '', category: 'linear' });
  tape.sizeSteps.set(rows.sizeSteps);
  tape.priceTicks.set(rows.priceTicks);
  tape.takerSide.set(rows.takerSide);
  for (let row = 0; row < count; row += 1) {
    tape.timeMs[row] = Math.floor((rows.timeUs[row] ?? NaN) / 1000);
  }
  const parquet: ParquetColumn[] = [
    { name: 'time_us', type: 'BIGINT', values: rows.timeUs },
    { name: 'price_ticks', type: 'INTEGER', values: rows.priceTicks },
    { name: 'size_steps', type: 'BIGINT', values: rows.sizeSteps },
    { name: 'taker_side', type: 'INTEGER', values: rows.takerSide },
    { name: 'id_high', type: 'BIGINT', values: rows.idHigh },
    { name: 'id_low', type: 'BIGINT', values: rows.idLow },
  ];
  return { count, timeMs: tape.timeMs, parquet, body };
}

/** Rows back from the columns of a Parquet file. */
export function tradesOf(columns: Map<string, Float64Array>): TradeRows {
  const column = (name: (typeof TRADE_NAMES)[number]): Float64Array =>
    columns.get(name) ?? new Float64Array(0);
  const timeUs = column('time_us');
  return {
    count: timeUs.length,
    timeUs,
    priceTicks: Int32Array.from(column('price_ticks')),
    sizeSteps: column('size_steps'),
    takerSide: Int8Array.from(column('taker_side')),
    idHigh: column('id_high'),
    idLow: column('id_low'),
  };
}
