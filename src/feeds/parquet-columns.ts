import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { invariant } from '../engine/invariant.ts';
import { temporaryName } from './atomic-write.ts';
import { sqlName, sqlText, withDuckDb } from './duckdb.ts';
import type { DuckDBConnection } from './duckdb.ts';

type NumberColumn = Float64Array | Int32Array | Int8Array;

/** A column and how Parquet stores it: times and counts as BIGINT, prices as INTEGER. */
export type ParquetColumn = {
  readonly name: string;
  readonly type: 'BIGINT' | 'INTEGER' | 'DOUBLE';
  readonly values: NumberColumn;
};

/** A series in its three shapes: Parquet columns, shared-memory body, and the time axis. */
export type SeriesColumns = {
  readonly count: number;
  readonly timeMs: Float64Array;
  readonly parquet: readonly ParquetColumn[];
  readonly body: SharedArrayBuffer;
};

const CHUNK_ROWS = 2048;

/** Writes columns as one Parquet file, whole or not at all. */
export async function writeParquet(path: string, columns: readonly ParquetColumn[]): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = temporaryName(path);
  try {
    await withDuckDb(async (connection) => {
      await fillTable(connection, columns);
      const list = columns.map(({ name, type }) => `${name}::${type} ${name}`).join(', ');
      await connection.run(
        `COPY (SELECT ${list} FROM series) TO ${sqlText(temporary)} ` +
          `(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
      );
    });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

async function fillTable(
  connection: DuckDBConnection,
  columns: readonly ParquetColumn[],
): Promise<void> {
  const { DuckDBDataChunk, DOUBLE } = await import('@duckdb/node-api');
  const list = columns.map(({ name }) => `${name} DOUBLE`).join(', ');
  await connection.run(`CREATE TABLE series(${list})`);
  const appender = await connection.createAppender('series');
  const count = columns[0]?.values.length ?? 0;
  const types = columns.map(() => DOUBLE);
  for (let from = 0; from < count; from += CHUNK_ROWS) {
    const size = Math.min(CHUNK_ROWS, count - from);
    const chunk = DuckDBDataChunk.create(types, size);
    columns.forEach(({ values }, index) => {
      chunk.setColumnValues(index, Array.from(values.subarray(from, from + size)));
    });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/** Reads columns of a Parquet file as doubles, in file order. */
export async function readParquet(
  path: string,
  names: readonly string[],
): Promise<Map<string, Float64Array>> {
  return withDuckDb(async (connection) => {
    const from = `read_parquet(${sqlText(path)})`;
    const counted = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${from}`);
    const count = Number(counted.getRows()[0]?.[0] ?? 0);
    const columns = new Map(names.map((name) => [name, new Float64Array(count)]));
    const list = names.map((name) => `${sqlName(name)}::DOUBLE`).join(', ');
    const result = await connection.stream(`SELECT ${list} FROM ${from}`);
    let at = 0;
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      names.forEach((name, index) => {
        const target = columns.get(name);
        const values = chunk.getColumnValues(index);
        for (let row = 0; row < values.length; row += 1) {
          if (target !== undefined) target[at + row] = Number(values[row] ?? NaN);
        }
      });
      at += chunk.rowCount;
    }
    invariant(at === count, `parquet ${path}: ${at} rows read of ${count}`);
    return columns;
  });
}
