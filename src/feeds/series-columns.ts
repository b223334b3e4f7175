import { tapeBytes, tapeOver } from '../market/tape.ts';
import type { FundingHistory } from '../market/tape.ts';
import type { CandleRows, FundingRows } from './candle-rows.ts';
import { volumeStepsOf } from './tick-scale.ts';
import type { ParquetColumn, SeriesColumns } from './parquet-columns.ts';
import type { SeriesKind } from './series-key.ts';
import { TRADE_NAMES } from './trade-columns.ts';
import { tradeTapeBytes } from '../market/trade-tape.ts';

const CANDLE_NAMES = [
  'open_time_ms',
  'volume',
  'volume_steps',
  'open_ticks',
  'high_ticks',
  'low_ticks',
  'close_ticks',
] as const;
const FUNDING_NAMES = ['time_ms', 'funding_rate'] as const;
const FUNDING_ROW_BYTES = 16;

export function columnNames(kind: SeriesKind): readonly string[] {
  switch (kind) {
    case 'candles':
    case 'mark':
      return CANDLE_NAMES;
    case 'funding':
      return FUNDING_NAMES;
    case 'trades':
      return TRADE_NAMES;
  }
}

/** Bytes of a body of so many rows. */
export function bodyBytes(kind: SeriesKind, rows: number): number {
  switch (kind) {
    case 'candles':
    case 'mark':
      return tapeBytes(rows);
    case 'funding':
      return FUNDING_ROW_BYTES * rows;
    case 'trades':
      return tradeTapeBytes(rows);
  }
}

export function candleColumns(rows: CandleRows, qtyStep: number): SeriesColumns {
  const { count } = rows;
  const body = new SharedArrayBuffer(tapeBytes(count));
  const head = { symbol: '', category: 'linear', intervalMs: 1, hasVolume: true } as const;
  const tape = tapeOver(body, count, head);
  tape.openTimeMs.set(rows.openTimeMs);
  tape.open.set(rows.open);
  tape.high.set(rows.high);
  tape.low.set(rows.low);
  tape.close.set(rows.close);
  for (let index = 0; index < count; index += 1) {
    tape.volumeSteps[index] = volumeStepsOf(rows.volume[index] ?? 0, qtyStep);
  }
  const parquet: ParquetColumn[] = [
    { name: 'open_time_ms', type: 'BIGINT', values: rows.openTimeMs },
    { name: 'open_ticks', type: 'INTEGER', values: rows.open },
    { name: 'high_ticks', type: 'INTEGER', values: rows.high },
    { name: 'low_ticks', type: 'INTEGER', values: rows.low },
    { name: 'close_ticks', type: 'INTEGER', values: rows.close },
    { name: 'volume', type: 'DOUBLE', values: rows.volume },
    { name: 'volume_steps', type: 'BIGINT', values: tape.volumeSteps },
  ];
  return { count, timeMs: rows.openTimeMs, parquet, body };
}

export function fundingColumns(rows: FundingRows): SeriesColumns {
  const { count } = rows;
  const body = new SharedArrayBuffer(FUNDING_ROW_BYTES * count);
  const history = fundingOver(body, count);
  history.timeMs.set(rows.timeMs);
  history.rate.set(rows.rate);
  const parquet: ParquetColumn[] = [
    { name: 'time_ms', type: 'BIGINT', values: rows.timeMs },
    { name: 'funding_rate', type: 'DOUBLE', values: rows.rate },
  ];
  return { count, timeMs: rows.timeMs, parquet, body };
}

export function fundingOver(body: SharedArrayBuffer, count: number): FundingHistory {
  return {
    count,
    timeMs: new Float64Array(body, 0, count),
    rate: new Float64Array(body, 8 * count, count),
  };
}

/** Rows back from the columns of a Parquet file. */
export function candlesOf(columns: Map<string, Float64Array>, hasVolume: boolean): CandleRows {
  const column = (name: string): Float64Array => columns.get(name) ?? new Float64Array(0);
  const openTimeMs = column('open_time_ms');
  return {
    count: openTimeMs.length,
    openTimeMs,
    open: Int32Array.from(column('open_ticks')),
    high: Int32Array.from(column('high_ticks')),
    low: Int32Array.from(column('low_ticks')),
    close: Int32Array.from(column('close_ticks')),
    volume: column('volume'),
    hasVolume,
  };
}

export function fundingOf(columns: Map<string, Float64Array>): FundingRows {
  const timeMs = columns.get('time_ms') ?? new Float64Array(0);
  return { count: timeMs.length, timeMs, rate: columns.get('funding_rate') ?? new Float64Array(0) };
}
