import type { Instrument } from '../engine/instrument.ts';
import { InputError } from '../engine/invariant.ts';
import { intervalMs, tapeOver } from '../market/tape.ts';
import type { FundingHistory, Tape } from '../market/tape.ts';
import type { CandleRows, FundingRows } from './candle-rows.ts';
import { readCandleCsv } from './csv-candles.ts';
import { readFundingCsv } from './csv-funding.ts';
import { gapsOf } from './gaps.ts';
import { mergeCandles, mergeFunding } from './merge-rows.ts';
import {
  candleColumns,
  candlesOf,
  fundingColumns,
  fundingOf,
  fundingOver,
} from './series-columns.ts';
import type { SeriesColumns } from './series-columns.ts';
import { SeriesFiles } from './series-files.ts';
import type { SeriesInfo, SeriesSource, SynthRecipe } from './series-info.ts';
import { seriesName } from './series-key.ts';
import type { SeriesKey, SeriesOrigin } from './series-key.ts';
import { listSeries } from './series-list.ts';
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

export type SynthOrigin = { readonly seed: number; readonly recipe: SynthRecipe };

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
    const before = this.#sameInstrument(key, instrument);
    const stored =
      before && candlesOf(await this.#files(key).readColumns(before), before.hasVolume);
    const merged = mergeCandles(stored, rows, {
      file: table.file.name,
      series: seriesName(key),
      fileRow,
      formatPrice: (ticks) => instrument.formatPrice(ticks),
    });
    const source = sourceOf(table, rows.count);
    const result = {
      fileRows: rows.count,
      newRows: merged.count - (stored?.count ?? 0),
      roundedCells,
    };
    return this.#put(before, result, source, {
      key,
      instrument,
      hasVolume: merged.hasVolume,
      columns: () => candleColumns(merged, instrument.qtyStep),
    });
  }

  async importFunding(path: string, options: ImportOptions): Promise<ImportResult> {
    return this.importFundingTable(await readTableFile(path), options);
  }

  async importFundingTable(table: TableFile, options: ImportOptions): Promise<ImportResult> {
    const { key, instrument } = options;
    const { rows, fileRow } = readFundingCsv(table.file, table.lineShift);
    const before = this.info(key);
    const stored = before && fundingOf(await this.#files(key).readColumns(before));
    const context = { file: table.file.name, series: seriesName(key), fileRow };
    const merged: FundingRows = mergeFunding(stored, rows, context);
    const newRows = merged.count - (stored?.count ?? 0);
    return this.#put(
      before,
      { fileRows: rows.count, newRows, roundedCells: 0 },
      sourceOf(table, rows.count),
      { key, instrument, hasVolume: false, columns: () => fundingColumns(merged) },
    );
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

  async #put(
    before: SeriesInfo | undefined,
    result: Omit<ImportResult, 'info' | 'changed'>,
    source: SeriesSource,
    next: {
      key: SeriesKey;
      instrument: Instrument;
      hasVolume: boolean;
      columns: () => SeriesColumns;
    },
  ): Promise<ImportResult> {
    const sources = withSource(before?.sources ?? [], source);
    if (before !== undefined && result.newRows === 0 && sources.length === before.sources.length) {
      return { ...result, info: before, changed: false };
    }
    const columns = next.columns();
    const info = await this.#files(next.key).commit(
      before,
      {
        ...shapeOf(next.key, columns, next.instrument),
        synthetic: false,
        roundedToTick: (before?.roundedToTick ?? false) || result.roundedCells > 0,
        hasVolume: next.hasVolume,
        sources,
      },
      columns,
    );
    return { ...result, info, changed: true };
  }

  async #rebuild(info: SeriesInfo, instrument: Instrument): Promise<SharedArrayBuffer> {
    const files = this.#files(info.key);
    const rows = candlesOf(await files.readColumns(info), info.hasVolume);
    const columns = candleColumns(rows, instrument.qtyStep);
    files.rebuildCache(info, columns);
    return columns.body;
  }

  #loadable(key: SeriesKey, instrument: Instrument): SeriesInfo {
    const info = this.#sameInstrument(key, instrument);
    if (info !== undefined) return info;
    const how = key.origin === 'synthetic' ? 'synth' : 'import" or "lockstep data download';
    throw new InputError(
      `no ${seriesName(key)} in ${this.dataDir}: "lockstep data list" shows what is there, ` +
        `"lockstep data ${how}" brings it in`,
    );
  }

  #sameInstrument(key: SeriesKey, instrument: Instrument): SeriesInfo | undefined {
    const info = this.info(key);
    const { tickSize, qtyStep } = instrument.spec;
    if (info === undefined) return undefined;
    if (Number(info.tickSize) === Number(tickSize) && Number(info.qtyStep) === Number(qtyStep)) {
      return info;
    }
    throw new InputError(
      `${seriesName(key)} is stored with tick ${info.tickSize} and step ${info.qtyStep}, the ` +
        `instrument has ${tickSize} and ${qtyStep}: use the instrument of the import, or import ` +
        `into another --data-dir`,
    );
  }

  #files(key: SeriesKey): SeriesFiles {
    return new SeriesFiles(this.dataDir, key);
  }
}

function intervalOf(key: SeriesKey): number {
  const ms = intervalMs(key.interval ?? '');
  if (ms === undefined) throw new InputError(`unknown interval "${key.interval ?? ''}"`);
  return ms;
}

function tapeOf(info: SeriesInfo, body: SharedArrayBuffer): Tape {
  const { symbol, category } = info.key;
  const head = { symbol, category, intervalMs: intervalOf(info.key), hasVolume: info.hasVolume };
  return tapeOver(body, info.rows, head);
}

function shapeOf(
  key: SeriesKey,
  columns: SeriesColumns,
  instrument: Instrument,
): Pick<SeriesInfo, 'fromMs' | 'toMs' | 'gaps' | 'tickSize' | 'qtyStep'> {
  const { tickSize, qtyStep } = instrument.spec;
  const fromMs = columns.timeMs[0] ?? 0;
  const lastMs = columns.timeMs[columns.count - 1] ?? 0;
  const funding = key.kind === 'funding';
  const step = funding ? 1 : intervalOf(key);
  const gaps = funding ? [] : gapsOf(columns.timeMs, step);
  return { fromMs, toMs: lastMs + step, gaps, tickSize, qtyStep };
}

function sourceOf(table: TableFile, importedRows: number): SeriesSource {
  return { file: table.file.basename, sha256: table.file.sha256, importedRows };
}

/** Sources in an order that does not depend on the order of the imports. */
function withSource(sources: readonly SeriesSource[], added: SeriesSource): SeriesSource[] {
  if (sources.some(({ sha256 }) => sha256 === added.sha256)) return [...sources];
  const text = (source: SeriesSource): string => `${source.file} ${source.sha256}`;
  return [...sources, added].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}
