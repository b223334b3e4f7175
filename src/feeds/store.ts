import type { Instrument } from '../engine/instrument.ts';
import { InputError } from '../engine/invariant.ts';
import { tapeOver } from '../market/tape.ts';
import type { FundingHistory, Tape } from '../market/tape.ts';
import type { CandleRows, FundingRows } from './candle-rows.ts';
import { readCandleCsv } from './csv-candles.ts';
import { readFundingCsv } from './csv-funding.ts';
import { mergeCandles, mergeFunding } from './merge-rows.ts';
import type { MergeContext } from './merge-rows.ts';
import {
  candleColumns,
  candlesOf,
  fundingColumns,
  fundingOf,
  fundingOver,
} from './series-columns.ts';
import { SeriesFiles } from './series-files.ts';
import type { SeriesInfo, SeriesSource, SynthOrigin } from './series-info.ts';
import { seriesName } from './series-key.ts';
import type { SeriesKey, SeriesOrigin } from './series-key.ts';
import { listSeries } from './series-list.ts';
import { infoFor, intervalOf, shapeOf, sourceOf, updateSeries } from './series-write.ts';
import { readTableFile } from './table-file.ts';
import type { TableFile } from './table-file.ts';
import { verifySeries } from './verify-series.ts';
import type { SeriesCheck } from './verify-series.ts';

export type ImportOptions = {
  readonly key: SeriesKey;
  readonly instrument: Instrument;
  readonly roundToTick?: boolean;
};

export type ImportResult = {
  readonly info: SeriesInfo;
  /** Rows of the file, and how many of them were new. */
  readonly fileRows: number;
  readonly newRows: number;
  readonly roundedCells: number;
  readonly changed: boolean;
};


/** Series on disk: imported whole or not at all, merged but never guessed. */
export class DataStore {
  readonly dataDir: string;

  constructor(dataDir: string) {
    this.dataDir = dataDir;
  }

  list(): SeriesInfo[] {
    return listSeries(this.dataDir).map((files) => files.info());
  }

  info(key: SeriesKey): SeriesInfo | undefined {
    return this.#files(key).readInfo();
  }

  /** The whole series over shared memory; callers slice it with `sliceTape`. */
  async loadTape(key: SeriesKey, instrument: Instrument): Promise<Tape> {
    const info = this.#loadable(key, instrument);
    const cached = this.#files(key).readBody(info);
    if (cached !== undefined) return tapeOf(info, cached);
    return tapeOf(info, await this.#rebuild(info, instrument));
  }

  /** The same without waiting, as long as the cache is good. */
  cachedTape(key: SeriesKey, instrument: Instrument): Tape | undefined {
    const info = this.#loadable(key, instrument);
    const cached = this.#files(key).readBody(info);
    return cached === undefined ? undefined : tapeOf(info, cached);
  }

  async loadFunding(
    category: SeriesKey['category'],
    symbol: string,
    origin: SeriesOrigin,
  ): Promise<FundingHistory | undefined> {
    const files = this.#files({ kind: 'funding', category, symbol, origin });
    const info = files.readInfo();
    if (info === undefined) return undefined;
    const cached = files.readBody(info);
    if (cached !== undefined) return fundingOver(cached, info.rows);
    const columns = fundingColumns(fundingOf(await files.readColumns(info)));
    files.rebuildCache(info, columns);
    return fundingOver(columns.body, info.rows);
  }

  /** Candles or mark candles of a CSV or Parquet file. */
  async importCandles(path: string, options: ImportOptions): Promise<ImportResult> {
    return this.importCandleTable(await readTableFile(path), options);
  }

  async importCandleTable(table: TableFile, options: ImportOptions): Promise<ImportResult> {
    const { key, instrument } = options;
    const { tickSize } = instrument.spec;
    const mark = key.kind === 'mark';
    const { rows, roundedCells, fileRow } = readCandleCsv(table.file, {
      tickSize,
      intervalMs: intervalOf(key),
      // A mark price is an average of other prices: it never keeps to the tick.
      roundToTick: mark || options.roundToTick === true,
      withVolume: !mark,
      lineShift: table.lineShift,
    });
    const source = sourceOf(table, rows.count);
    return this.importCandleRows(rows, [source], options, {
      file: table.file.name,
      fileRow,
      roundedCells,
    });
  }

  /** Candles that have been checked already. */
  async importCandleRows(
    rows: CandleRows,
    sources: readonly SeriesSource[],
    { key, instrument }: ImportOptions,
    origin: Pick<MergeContext, 'file' | 'fileRow'> & { readonly roundedCells: number },
  ): Promise<ImportResult> {
    const files = this.#files(key);
    const before = infoFor(files, instrument);
    const stored = before && candlesOf(await files.readColumns(before), before.hasVolume);
    const merged = mergeCandles(stored, rows, {
      file: origin.file,
      series: seriesName(key),
      fileRow: origin.fileRow,
      formatPrice: (ticks) => instrument.formatPrice(ticks),
    });
    const { roundedCells } = origin;
    const newRows = merged.count - (stored?.count ?? 0);
    const updated = await updateSeries(files, before, {
      instrument,
      hasVolume: merged.hasVolume,
      newRows,
      roundedCells,
      sources,
      columns: () => candleColumns(merged, instrument.qtyStep),
    });
    return { ...updated, fileRows: rows.count, newRows, roundedCells };
  }

  async importFunding(path: string, options: ImportOptions): Promise<ImportResult> {
    return this.importFundingTable(await readTableFile(path), options);
  }

  async importFundingTable(table: TableFile, options: ImportOptions): Promise<ImportResult> {
    const { key, instrument } = options;
    const { rows, fileRow } = readFundingCsv(table.file, table.lineShift);
    const files = this.#files(key);
    const before = files.readInfo();
    const stored = before && fundingOf(await files.readColumns(before));
    const context = { file: table.file.name, series: seriesName(key), fileRow };
    const merged: FundingRows = mergeFunding(stored, rows, context);
    const newRows = merged.count - (stored?.count ?? 0);
    const updated = await updateSeries(files, before, {
      instrument,
      hasVolume: false,
      newRows,
      roundedCells: 0,
      sources: [sourceOf(table, rows.count)],
      columns: () => fundingColumns(merged),
    });
    return { ...updated, fileRows: rows.count, newRows, roundedCells: 0 };
  }

  /** Replaces the synthetic series of the key: made data is made again, never merged. */
  async putSynthetic(
    key: SeriesKey,
    instrument: Instrument,
    rows: CandleRows,
    origin: SynthOrigin,
  ): Promise<SeriesInfo> {
    const columns = candleColumns(rows, instrument.qtyStep);
    const files = this.#files({ ...key, origin: 'synthetic' });
    return files.commit(
      files.readInfo(),
      {
        ...shapeOf(key, columns, instrument),
        synthetic: true,
        ...origin,
        roundedToTick: false,
        hasVolume: true,
        sources: [],
      },
      columns,
    );
  }

  async verify(): Promise<SeriesCheck[]> {
    const checks: SeriesCheck[] = [];
    for (const files of listSeries(this.dataDir)) checks.push(await verifySeries(files));
    return checks;
  }

  async #rebuild(info: SeriesInfo, instrument: Instrument): Promise<SharedArrayBuffer> {
    const files = this.#files(info.key);
    const rows = candlesOf(await files.readColumns(info), info.hasVolume);
    const columns = candleColumns(rows, instrument.qtyStep);
    files.rebuildCache(info, columns);
    return columns.body;
  }

  #loadable(key: SeriesKey, instrument: Instrument): SeriesInfo {
    const info = infoFor(this.#files(key), instrument);
    if (info !== undefined) return info;
    const how = key.origin === 'synthetic' ? 'synth' : 'import" or "lockstep data download';
    throw new InputError(
      `no ${seriesName(key)} in ${this.dataDir}: "lockstep data list" shows what is there, ` +
        `"lockstep data ${how}" brings it in`,
    );
  }

  #files(key: SeriesKey): SeriesFiles {
    return new SeriesFiles(this.dataDir, key);
  }
}

function tapeOf(info: SeriesInfo, body: SharedArrayBuffer): Tape {
  const { symbol, category } = info.key;
  const head = { symbol, category, intervalMs: intervalOf(info.key), hasVolume: info.hasVolume };
  return tapeOver(body, info.rows, head);
}
