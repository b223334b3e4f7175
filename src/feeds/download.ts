import type { Instrument } from '../engine/instrument.ts';
import { InputError } from '../engine/invariant.ts';
import { intervalMs } from '../market/tape.ts';
import { BybitClient } from './bybit-client.ts';
import type { BybitOptions } from './bybit-client.ts';
import { fetchPage } from './bybit-pages.ts';
import type { Page } from './bybit-pages.ts';
import { isoTime } from './csv-time.ts';
import { PartialDownload } from './download-partial.ts';
import { inputOf } from './input-file.ts';
import { seriesName } from './series-key.ts';
import type { SeriesKey } from './series-key.ts';
import type { DataStore, ImportResult } from './store.ts';
import type { TableFile } from './table-file.ts';

export type DownloadProgress = {
  readonly pages: number;
  readonly rows: number;
  readonly oldestMs: number | undefined;
  /** Pages taken over from an interrupted attempt. */
  readonly resumedPages: number;
};

export type DownloadOptions = BybitOptions & {
  readonly key: SeriesKey;
  readonly instrument: Instrument;
  readonly fromMs: number;
  /** Exclusive; absent = now, or where an interrupted attempt meant to end. */
  readonly toMs?: number | undefined;
  readonly roundToTick?: boolean | undefined;
  /** The network has this long to give its first page; then it may take longer. */
  readonly firstPageMs?: number | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
};

/** Fetches a range of candles, mark candles or settlements and merges it in as a whole. */
export async function downloadCandles(
  store: DataStore,
  options: DownloadOptions,
): Promise<ImportResult> {
  const { key, instrument } = options;
  const partial = PartialDownload.open(
    store.dataDir,
    key,
    options.fromMs,
    options.toMs,
    Date.now(),
  );
  try {
    await fetchPages(partial, options);
  } catch (error) {
    if (partial.pages.length === 0) partial.remove();
    throw asInputError(error, options);
  }
  const table = tableOf(partial, key);
  const target = { key, instrument, roundToTick: options.roundToTick === true };
  const result =
    key.kind === 'funding'
      ? await store.importFundingTable(table, target)
      : await store.importCandleTable(table, target);
  partial.remove();
  return result;
}

async function fetchPages(partial: PartialDownload, options: DownloadOptions): Promise<void> {
  const { key, fromMs, onProgress } = options;
  const stepMs = intervalMs(key.interval ?? '') ?? 0;
  const first = new AbortController();
  const timer =
    options.firstPageMs === undefined
      ? undefined
      : setTimeout(() => first.abort(new InputError(silence(options))), options.firstPageMs);
  const signals = [first.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const resumedPages = partial.pages.length;
  try {
    const client = await BybitClient.connect({ ...options, signal: AbortSignal.any(signals) });
    while (!partial.finished && partial.nextLastMs >= fromMs) {
      const page = await fetchPage(client, key, fromMs, partial.nextLastMs);
      clearTimeout(timer);
      addPage(partial, page, stepMs);
      onProgress?.({ ...progressOf(partial), resumedPages });
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Keeps what is new and closed: the candle still forming will be different in a minute. */
function addPage(partial: PartialDownload, page: Page, stepMs: number): void {
  const { fromMs } = partial.range;
  const lastMs = partial.nextLastMs;
  let newest = lastMs + 1;
  const rows = page.rows.filter((row) => {
    const time = Number(row[0]);
    if (!(time < newest) || time < fromMs) {
      throw new InputError(
        `the exchange's page is not newest first within the range (at ${isoTime(time)})`,
      );
    }
    newest = time;
    return time + stepMs <= page.serverTimeMs;
  });
  if (rows.length === 0 && page.more) {
    throw new InputError('the exchange sent a page without a single closed candle');
  }
  partial.add(rows, page.more);
}

function progressOf(partial: PartialDownload): Omit<DownloadProgress, 'resumedPages'> {
  const rows = partial.pages.reduce((sum, page) => sum + page.length, 0);
  const oldestMs = rows === 0 ? undefined : partial.nextLastMs + 1;
  return { pages: partial.pages.length, rows, oldestMs };
}

/** The pages as one CSV, so that a download passes the same checks as any file. */
function tableOf(partial: PartialDownload, key: SeriesKey): TableFile {
  const { fromMs, toMs } = partial.range;
  const name = `bybit ${seriesName(key)} ${isoTime(fromMs)}..${isoTime(toMs)}`;
  const rows = partial.pages.flat();
  if (rows.length === 0) {
    partial.remove();
    throw new InputError(`${name}: the exchange has nothing in this range; check symbol and dates`);
  }
  const bytes = Buffer.from(rows.map((row) => `${row.join(',')}\n`).join(''));
  return { file: inputOf(name, bytes, bytes), lineShift: 0 };
}

function silence({ firstPageMs, baseUrl }: DownloadOptions): string {
  return `${baseUrl ?? 'https://api.bybit.com'} did not answer within ${firstPageMs} ms`;
}

/** Whatever was thrown, told in one line of our own. */
function asInputError(error: unknown, options: DownloadOptions): unknown {
  if (error instanceof InputError) return error;
  const reason: unknown = options.signal?.reason;
  if (options.signal?.aborted === true) {
    if (reason instanceof InputError) return reason;
    return new InputError('the download was stopped; what has come is kept for the next attempt');
  }
  const cause = error instanceof Error && error.cause instanceof InputError;
  return cause ? error.cause : error;
}
