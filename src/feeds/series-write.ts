import type { Instrument } from '../engine/instrument.ts';
import { InputError } from '../engine/invariant.ts';
import { intervalMs } from '../market/tape.ts';
import { gapsOf } from './gaps.ts';
import type { SeriesColumns } from './parquet-columns.ts';
import type { SeriesFiles } from './series-files.ts';
import type { SeriesInfo, SeriesSource } from './series-info.ts';
import { hasCandles, seriesName } from './series-key.ts';
import type { SeriesKey } from './series-key.ts';
import type { TableFile } from './table-file.ts';

/** What an import would put in place of a series' state. */
export type SeriesUpdate = {
  readonly instrument: Instrument;
  readonly hasVolume: boolean;
  readonly newRows: number;
  readonly roundedCells: number;
  readonly sources: readonly SeriesSource[];
  /** Made only when something changes. */
  readonly columns: () => SeriesColumns;
};

/** Commits the update, unless it has neither a new row nor a new source. */
export async function updateSeries(
  files: SeriesFiles,
  before: SeriesInfo | undefined,
  update: SeriesUpdate,
): Promise<{ readonly info: SeriesInfo; readonly changed: boolean }> {
  const sources = withSources(before?.sources ?? [], update.sources);
  if (before !== undefined && update.newRows === 0 && sources.length === before.sources.length) {
    return { info: before, changed: false };
  }
  const columns = update.columns();
  const info = await files.commit(
    before,
    {
      ...shapeOf(files.key, columns, update.instrument),
      synthetic: false,
      roundedToTick: (before?.roundedToTick ?? false) || update.roundedCells > 0,
      hasVolume: update.hasVolume,
      sources,
    },
    columns,
  );
  return { info, changed: true };
}

export function shapeOf(
  key: SeriesKey,
  columns: SeriesColumns,
  instrument: Instrument,
): Pick<SeriesInfo, 'fromMs' | 'toMs' | 'gaps' | 'tickSize' | 'qtyStep'> {
  const { tickSize, qtyStep } = instrument.spec;
  const fromMs = columns.timeMs[0] ?? 0;
  const lastMs = columns.timeMs[columns.count - 1] ?? 0;
  const step = hasCandles(key.kind) ? intervalOf(key) : 1;
  const gaps = hasCandles(key.kind) ? gapsOf(columns.timeMs, step) : [];
  return { fromMs, toMs: lastMs + step, gaps, tickSize, qtyStep };
}

export function intervalOf(key: SeriesKey): number {
  const ms = intervalMs(key.interval ?? '');
  if (ms === undefined) throw new InputError(`unknown interval "${key.interval ?? ''}"`);
  return ms;
}

/** The stored state, refused when it was imported with another tick or step. */
export function infoFor(files: SeriesFiles, instrument: Instrument): SeriesInfo | undefined {
  const info = files.readInfo();
  const { tickSize, qtyStep } = instrument.spec;
  if (info === undefined) return undefined;
  if (Number(info.tickSize) === Number(tickSize) && Number(info.qtyStep) === Number(qtyStep)) {
    return info;
  }
  throw new InputError(
    `${seriesName(files.key)} is stored with tick ${info.tickSize} and step ${info.qtyStep}, the ` +
      `instrument has ${tickSize} and ${qtyStep}: use the instrument of the import, or import ` +
      `into another --data-dir`,
  );
}

export function sourceOf(table: TableFile, importedRows: number): SeriesSource {
  return { file: table.file.basename, sha256: table.file.sha256, importedRows };
}

/** Sources in an order that does not depend on the order of the imports. */
function withSources(
  sources: readonly SeriesSource[],
  added: readonly SeriesSource[],
): SeriesSource[] {
  const all = [...sources];
  for (const source of added) {
    if (!all.some(({ sha256 }) => sha256 === source.sha256)) all.push(source);
  }
  if (all.length === sources.length) return all;
  const text = (source: SeriesSource): string => `${source.file} ${source.sha256}`;
  return all.sort((a, b) => (text(a) < text(b) ? -1 : 1));
}
