import { InputError } from '../engine/invariant.ts';
import { intervalMs } from '../market/tape.ts';
import type { CandleRows, FundingRows } from './candle-rows.ts';
import { isoTime } from './csv-time.ts';
import { gapsOf } from './gaps.ts';
import { isAligned } from './interval-check.ts';
import type { SeriesColumns } from './parquet-columns.ts';
import { candleColumns, candlesOf, fundingColumns, fundingOf } from './series-columns.ts';
import { SeriesFiles } from './series-files.ts';
import type { SeriesInfo } from './series-info.ts';
import { hasCandles, seriesPlace } from './series-key.ts';
import type { FoundSeries } from './series-list.ts';
import { bodyHash } from './tape-cache.ts';
import { volumeStepsOf } from './tick-scale.ts';
import { tradeColumns, tradesOf } from './trade-columns.ts';
import { badTrade } from './trade-verify.ts';

export type SeriesCheck = {
  /** The manifest's path. */
  readonly path: string;
  readonly info: SeriesInfo | undefined;
  /** Empty when all is well. */
  readonly problems: readonly string[];
};

/** Reads a series back from Parquet and checks every row against the manifest. */
export async function verifySeries(found: FoundSeries): Promise<SeriesCheck> {
  const { path, dataDir } = found;
  let info: SeriesInfo | undefined;
  try {
    info = found.info();
    const { dir, stem } = seriesPlace(dataDir, info.key);
    if (path !== `${dir}/${stem}.json` && path !== `${dir}\\${stem}.json`) {
      return { path, info, problems: [`${path} lies where another series belongs`] };
    }
    return { path, info, problems: await problemsOf(new SeriesFiles(dataDir, info.key), info) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { path, info, problems: [error.message] };
  }
}

async function problemsOf(files: SeriesFiles, info: SeriesInfo): Promise<string[]> {
  const read = await files.readColumns(info);
  const parquet = files.parquetPath(info);
  const problems: string[] = [];
  const check = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(`${parquet}: ${problem}`);
  };
  const { columns, bad } = contentOf(read, info);
  if (bad !== undefined) check(false, bad);
  const candles = hasCandles(info.key.kind);
  const step = candles ? (intervalMs(info.key.interval ?? '') ?? 0) : 1;
  const hash = bodyHash(columns.body);
  check(columns.count === info.rows, `${columns.count} rows, the manifest says ${info.rows}`);
  check(
    hash === info.hash,
    `hash ${hash.slice(0, 12)}, the manifest says ${info.hash.slice(0, 12)}`,
  );
  check(columns.timeMs[0] === info.fromMs, 'first time differs from the manifest');
  const toMs = (columns.timeMs[columns.count - 1] ?? NaN) + step;
  check(toMs === info.toMs, 'last time differs from the manifest');
  const gaps = candles ? gapsOf(columns.timeMs, step) : [];
  check(JSON.stringify(gaps) === JSON.stringify(info.gaps), 'gaps differ from the manifest');
  return problems;
}

/** The columns as a tape holds them, and the first row that does not belong there. */
function contentOf(
  read: Map<string, Float64Array>,
  info: SeriesInfo,
): { readonly columns: SeriesColumns; readonly bad: string | undefined } {
  switch (info.key.kind) {
    case 'candles':
    case 'mark': {
      const rows = candlesOf(read, info.hasVolume);
      const columns = candleColumns(rows, Number(info.qtyStep));
      return { columns, bad: badCandle(rows, read, info) };
    }
    case 'funding': {
      const rows = fundingOf(read);
      return { columns: fundingColumns(rows), bad: badSettlement(rows) };
    }
    case 'trades': {
      const rows = tradesOf(read);
      return { columns: tradeColumns(rows), bad: badTrade(rows, info.key.day) };
    }
  }
}

function badCandle(
  rows: CandleRows,
  read: Map<string, Float64Array>,
  info: SeriesInfo,
): string | undefined {
  const step = intervalMs(info.key.interval ?? '') ?? NaN;
  const steps = read.get('volume_steps') ?? new Float64Array(0);
  const qtyStep = Number(info.qtyStep);
  for (let index = 0; index < rows.count; index += 1) {
    const time = rows.openTimeMs[index] ?? NaN;
    const where = `row ${index + 1} (${isoTime(time)})`;
    if (!isAligned(time, step)) return `${where} does not open a ${info.key.interval} candle`;
    if (index > 0 && time <= (rows.openTimeMs[index - 1] ?? NaN))
      return `${where} breaks the order`;
    const top = rows.high[index] ?? 0;
    const bottom = rows.low[index] ?? 0;
    const inside = (ticks = 0): boolean => ticks >= bottom && ticks <= top;
    if (!(bottom > 0) || !inside(rows.open[index]) || !inside(rows.close[index])) {
      return `${where} is not a candle: open or close outside low..high, or a price not above zero`;
    }
    const expected = volumeStepsOf(rows.volume[index] ?? NaN, qtyStep);
    if (steps[index] !== expected) return `${where}: volume_steps is not the volume in steps`;
  }
  return undefined;
}

function badSettlement(rows: FundingRows): string | undefined {
  for (let index = 0; index < rows.count; index += 1) {
    const rate = rows.rate[index] ?? NaN;
    const ordered = index === 0 || (rows.timeMs[index] ?? NaN) > (rows.timeMs[index - 1] ?? NaN);
    if (!ordered) return `row ${index + 1} breaks the order`;
    if (!Number.isFinite(rate)) return `row ${index + 1} has no rate`;
  }
  return undefined;
}
