import type { Instrument } from '../engine/instrument.ts';
import { InputError } from '../engine/invariant.ts';
import { candlesFromTrades } from '../market/trade-candles.ts';
import { tradeTapeBytes, tradeTapeOver } from '../market/trade-tape.ts';
import type { TradeTape } from '../market/trade-tape.ts';
import { candleRows } from './candle-rows.ts';
import type { CandleRows } from './candle-rows.ts';
import { SeriesFiles } from './series-files.ts';
import type { SeriesInfo, SynthOrigin } from './series-info.ts';
import { seriesName } from './series-key.ts';
import type { SeriesKey, SeriesOrigin } from './series-key.ts';
import { listSeries } from './series-list.ts';
import { infoFor, shapeOf, sourceOf, updateSeries } from './series-write.ts';
import { readTableFile } from './table-file.ts';
import { tradeColumns, tradesOf } from './trade-columns.ts';
import { readTradeCsv } from './trade-csv.ts';
import { mergeTrades } from './trade-merge.ts';
import { tradeSlice } from './trade-rows.ts';
import type { TradeRows } from './trade-rows.ts';

const US_PER_DAY = 86_400_000_000;

export type TradeImport = {
  /** Rows of the file, those of them that were there twice, and those that were new. */
  readonly fileRows: number;
  readonly duplicates: number;
  readonly newRows: number;
  readonly roundedCells: number;
  readonly days: readonly SeriesInfo[];
};

type DayUpdate = {
  readonly files: SeriesFiles;
  readonly before: SeriesInfo | undefined;
  readonly merged: TradeRows;
  readonly fileRows: number;
  readonly newRows: number;
};

/** Trade tapes of one instrument on disk, one series a UTC day. */
export class TradeStore {
  readonly #dataDir: string;
  readonly #instrument: Instrument;

  readonly #origin: SeriesOrigin;

  constructor(dataDir: string, instrument: Instrument, origin: SeriesOrigin = 'real') {
    this.#dataDir = dataDir;
    this.#instrument = instrument;
    this.#origin = origin;
  }

  /** Every day of the file is checked before the first is written. */
  async importFile(path: string, roundToTick: boolean): Promise<TradeImport> {
    const instrument = this.#instrument;
    const table = await readTableFile(path);
    const { tickSize, qtyStep, symbol } = instrument.spec;
    const { lineShift } = table;
    const options = { symbol, tickSize, qtyStep, roundToTick, lineShift };
    const { rows, lines, duplicates, roundedCells } = readTradeCsv(table.file, options);
    const updates: DayUpdate[] = [];
    for (const [from, to] of daysOf(rows)) {
      const fileRow = (row: number): number => lines[from + row] ?? 0;
      updates.push(await this.#dayUpdate(tradeSlice(rows, from, to), table.file.name, fileRow));
    }
    const days: SeriesInfo[] = [];
    for (const { files, before, merged, fileRows, newRows } of updates) {
      const { info } = await updateSeries(files, before, {
        instrument,
        hasVolume: true,
        newRows,
        roundedCells,
        sources: [sourceOf(table, fileRows)],
        columns: () => tradeColumns(merged),
      });
      days.push(info);
    }
    const newRows = updates.reduce((sum, update) => sum + update.newRows, 0);
    return { fileRows: rows.count + duplicates, duplicates, newRows, roundedCells, days };
  }

  /** The days that are there, oldest first. */
  days(): SeriesInfo[] {
    const { symbol, category } = this.#instrument.spec;
    return listSeries(this.#dataDir)
      .map((found) => found.info())
      .filter(({ key }) => key.kind === 'trades' && key.origin === this.#origin)
      .filter(({ key }) => key.symbol === symbol && key.category === category);
  }

  /** One day over shared memory. */
  async loadDay(day: string): Promise<TradeTape> {
    const files = new SeriesFiles(this.#dataDir, this.#key(day));
    const info = infoFor(files, this.#instrument);
    if (info === undefined) {
      throw new InputError(`no ${seriesName(files.key)} in ${this.#dataDir}`);
    }
    const body = files.readBody(info) ?? (await rebuiltBody(files, info));
    return tradeTapeOver(body, info.rows, info.key);
  }

  /** Some days, oldest first, one after the other over shared memory. */
  async loadDays(days: readonly SeriesInfo[]): Promise<TradeTape> {
    const { symbol, category } = this.#instrument.spec;
    const count = days.reduce((sum, { rows }) => sum + rows, 0);
    const buffer = new SharedArrayBuffer(tradeTapeBytes(count));
    const all = tradeTapeOver(buffer, count, { symbol, category });
    let at = 0;
    for (const { key } of days) {
      const day = await this.loadDay(key.day ?? '');
      all.timeMs.set(day.timeMs, at);
      all.sizeSteps.set(day.sizeSteps, at);
      all.priceTicks.set(day.priceTicks, at);
      all.takerSide.set(day.takerSide, at);
      at += day.count;
    }
    return all;
  }

  /** Puts synthetic trades in place of those of their days. */
  async putSynthetic(rows: TradeRows, made: SynthOrigin): Promise<SeriesInfo[]> {
    const days: SeriesInfo[] = [];
    for (const [from, to] of daysOf(rows)) {
      const files = new SeriesFiles(this.#dataDir, this.#key(dayOf(rows.timeUs[from] ?? NaN)));
      const columns = tradeColumns(tradeSlice(rows, from, to));
      const shape = {
        ...shapeOf(files.key, columns, this.#instrument),
        synthetic: true,
        ...made,
        roundedToTick: false,
        hasVolume: true,
        sources: [],
      };
      days.push(await files.commit(files.readInfo(), shape, columns));
    }
    return days;
  }

  /** The candles of some days. An interval must divide a day: none lies across two. */
  async candlesOf(days: readonly SeriesInfo[], intervalMs: number): Promise<CandleRows> {
    const tapes = [];
    for (const { key } of days) {
      tapes.push(candlesFromTrades(await this.loadDay(key.day ?? ''), intervalMs));
    }
    const rows = candleRows(
      tapes.reduce((sum, tape) => sum + tape.count, 0),
      true,
    );
    for (const tape of tapes) {
      rows.openTimeMs.set(tape.openTimeMs, rows.count);
      for (const column of ['open', 'high', 'low', 'close'] as const) {
        rows[column].set(tape[column], rows.count);
      }
      tape.volumeSteps.forEach((steps, row) => {
        rows.volume[rows.count + row] = Number(this.#instrument.formatQty(steps));
      });
      rows.count += tape.count;
    }
    return rows;
  }

  async #dayUpdate(
    rows: TradeRows,
    file: string,
    fileRow: (row: number) => number,
  ): Promise<DayUpdate> {
    const files = new SeriesFiles(this.#dataDir, this.#key(dayOf(rows.timeUs[0] ?? NaN)));
    const before = infoFor(files, this.#instrument);
    const stored = before && tradesOf(await files.readColumns(before));
    const merged = mergeTrades(stored, rows, { file, series: seriesName(files.key), fileRow });
    const newRows = merged.count - (stored?.count ?? 0);
    return { files, before, merged, fileRows: rows.count, newRows };
  }

  #key(day: string): SeriesKey {
    const { symbol, category } = this.#instrument.spec;
    return { kind: 'trades', category, symbol, day, origin: this.#origin };
  }
}

async function rebuiltBody(files: SeriesFiles, info: SeriesInfo): Promise<SharedArrayBuffer> {
  const columns = tradeColumns(tradesOf(await files.readColumns(info)));
  files.rebuildCache(info, columns);
  return columns.body;
}

/** UTC day of a time, as 2024-01-31. */
export function dayOf(timeUs: number): string {
  return new Date(timeUs / 1000).toISOString().slice(0, 10);
}

/** First row and end of each UTC day of ordered rows. */
function daysOf({ timeUs, count }: TradeRows): (readonly [from: number, to: number])[] {
  const days: (readonly [number, number])[] = [];
  const dayNumber = (row: number): number => Math.floor((timeUs[row] ?? NaN) / US_PER_DAY);
  for (let from = 0; from < count;) {
    let to = from + 1;
    while (to < count && dayNumber(to) === dayNumber(from)) to += 1;
    days.push([from, to]);
    from = to;
  }
  return days;
}
