import type { KlineIntervalV3 } from 'bybit-api';
import { InputError } from '../engine/invariant.ts';
import type { BybitClient } from './bybit-client.ts';
import type { SeriesKey } from './series-key.ts';

/** A page as it came, newest first, cells as text. */
export type Page = {
  readonly rows: readonly (readonly string[])[];
  readonly serverTimeMs: number;
  /** False when nothing older is left in the range asked for. */
  readonly more: boolean;
};

const KLINE_LIMIT = 1000;
const FUNDING_LIMIT = 200;

const BYBIT_INTERVALS: Readonly<Record<string, KlineIntervalV3>> = {
  '1m': '1',
  '3m': '3',
  '5m': '5',
  '15m': '15',
  '30m': '30',
  '1h': '60',
  '2h': '120',
  '4h': '240',
  '6h': '360',
  '12h': '720',
  '1d': 'D',
  '1w': 'W',
};

/** The newest rows with fromMs <= time <= lastMs, as many as one page holds. */
export async function fetchPage(
  client: BybitClient,
  key: SeriesKey,
  fromMs: number,
  lastMs: number,
): Promise<Page> {
  if (key.kind === 'funding') return fundingPage(client, key, fromMs, lastMs);
  const { category, symbol } = key;
  const interval = BYBIT_INTERVALS[key.interval ?? ''];
  if (interval === undefined) {
    const known = Object.keys(BYBIT_INTERVALS).join(', ');
    throw new InputError(`Bybit has no ${key.interval} candles: one of ${known}`);
  }
  const query = { category, symbol, interval, start: fromMs, end: lastMs, limit: KLINE_LIMIT };
  const { result, serverTimeMs } = await client.call<{ list: readonly (readonly string[])[] }>(
    (rest) => (key.kind === 'mark' ? rest.getMarkPriceKline(query) : rest.getKline(query)),
  );
  return pageOf(client, result?.list, serverTimeMs, KLINE_LIMIT);
}

async function fundingPage(
  client: BybitClient,
  { category, symbol }: SeriesKey,
  startTime: number,
  endTime: number,
): Promise<Page> {
  const query = { category, symbol, startTime, endTime, limit: FUNDING_LIMIT };
  const { result, serverTimeMs } = await client.call((rest) => rest.getFundingRateHistory(query));
  const rows = result?.list?.map((row) => [row.fundingRateTimestamp, row.fundingRate]);
  return pageOf(client, rows, serverTimeMs, FUNDING_LIMIT);
}

/** Refuses what is not a page: the numbers themselves are checked when they are imported. */
function pageOf(
  client: BybitClient,
  rows: readonly (readonly string[])[] | undefined,
  serverTimeMs: number,
  limit: number,
): Page {
  const isRow = (row: readonly string[]): boolean =>
    Array.isArray(row) && row.every((cell) => /^-?[0-9.eE+-]+$/.test(cell));
  const whole = Array.isArray(rows) && rows.every(isRow) && Number.isFinite(serverTimeMs);
  if (!whole || rows === undefined) {
    throw new InputError(`${client.host} answered with something that is not a page of data`);
  }
  return { rows, serverTimeMs, more: rows.length >= limit };
}
