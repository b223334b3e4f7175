import { renameSync, rmSync } from 'node:fs';
import { temporaryName } from '../feeds/atomic-write.ts';
import { sqlName, sqlText, withDuckDb } from '../feeds/duckdb.ts';
import type { PointSet } from './points.ts';
import { pointColumns } from './sweep-output-csv.ts';

/** Fetches the writer ahead of its use: 0.2 s that pass while threads run points. */
export async function loadParquetWriter(): Promise<void> {
  await import('@duckdb/node-api');
}

/**
 * points.csv again as Parquet, with types; n/a is null. DuckDB writes on a thread of its own, in
 * which time `meanwhile` has this one.
 */
export async function writePointsParquet<Result>(
  path: string, csvPath: string, points: PointSet, meanwhile: () => Result | Promise<Result>,
): Promise<Result> {
  const temporary = temporaryName(path);
  const columns = pointColumns(points).map((name, at) => `${sqlText(name)}: '${typeOf(points, at)}'`);
  const list = pointColumns(points).map(sqlName).join(', ');
  try {
    const result = await withDuckDb(async (connection) => {
      const written = connection.run(
        `COPY (SELECT ${list} FROM read_csv(${sqlText(csvPath)}, header = true, delim = ',', ` +
          `quote = '"', auto_detect = false, columns = {${columns.join(', ')}})) ` +
          `TO ${sqlText(temporary)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
      );
      // Whatever comes of it: no connection is closed under a writer.
      return madeMeanwhile(meanwhile).finally(() => written);
    });
    renameSync(temporary, path);
    return result;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** What it throws at once becomes a rejection. */
async function madeMeanwhile<Result>(make: () => Result | Promise<Result>): Promise<Result> {
  return await make();
}

function typeOf(points: PointSet, column: number): string {
  if (column === 0) return 'BIGINT';
  switch (typeof points.axes[column - 1]?.values[0]) {
    case 'string': return 'VARCHAR';
    case 'boolean': return 'BOOLEAN';
    default: return 'DOUBLE';
  }
}
