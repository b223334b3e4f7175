import { renameSync, rmSync } from 'node:fs';
import { temporaryName } from '../feeds/atomic-write.ts';
import { sqlName, sqlText, withDuckDb } from '../feeds/duckdb.ts';
import type { PointSet } from './points.ts';
import { pointColumns } from './sweep-output-csv.ts';

/** points.csv again as Parquet, with types; n/a is null. */
export async function writePointsParquet(
  path: string, csvPath: string, points: PointSet,
): Promise<void> {
  const temporary = temporaryName(path);
  const columns = pointColumns(points).map((name, at) => `${sqlText(name)}: '${typeOf(points, at)}'`);
  const list = pointColumns(points).map(sqlName).join(', ');
  try {
    await withDuckDb(async (connection) => {
      await connection.run(
        `COPY (SELECT ${list} FROM read_csv(${sqlText(csvPath)}, header = true, delim = ',', ` +
          `quote = '"', auto_detect = false, columns = {${columns.join(', ')}})) ` +
          `TO ${sqlText(temporary)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
      );
    });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function typeOf(points: PointSet, column: number): string {
  if (column === 0) return 'BIGINT';
  switch (typeof points.axes[column - 1]?.values[0]) {
    case 'string': return 'VARCHAR';
    case 'boolean': return 'BOOLEAN';
    default: return 'DOUBLE';
  }
}
