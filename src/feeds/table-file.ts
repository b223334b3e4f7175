import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../engine/invariant.ts';
import { isKnownHeading } from './csv-layout.ts';
import { sqlName, sqlText, withDuckDb } from './duckdb.ts';
import { readInputFile } from './input-file.ts';
import type { InputFile } from './input-file.ts';

/** A user's file as CSV bytes, whatever it was. */
export type TableFile = { readonly file: InputFile; readonly lineShift: number };

/**
 * CSV as it is; Parquet turned into CSV first, so that both go through one set of checks. DuckDB
 * writes the shortest decimal of a double, which is what a person meant by it.
 */
export async function readTableFile(path: string): Promise<TableFile> {
  const file = readInputFile(path);
  const isParquet = file.bytes.toString('latin1', 0, 4) === 'PAR1';
  if (!isParquet) return { file, lineShift: 0 };
  return { file: { ...file, bytes: await parquetAsCsv(path) }, lineShift: -1 };
}

async function parquetAsCsv(path: string): Promise<Buffer> {
  const dir = mkdtempSync(join(tmpdir(), 'lockstep-'));
  try {
    const csv = join(dir, 'rows.csv');
    await withDuckDb(async (connection) => {
      const from = `read_parquet(${sqlText(path)})`;
      const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`);
      const columns = described.getRows().map((row) => [String(row[0]), String(row[1])] as const);
      const known = columns.filter(([name]) => isKnownHeading(name));
      if (known.length === 0) {
        const names = columns
          .map(([name]) => name)
          .join(', ')
          .slice(0, 120);
        throw new InputError(`${path} has no column of a known name among "${names}"`);
      }
      const list = known.map(([name, type]) => `${asText(name, type)} ${sqlName(name)}`);
      await connection.run(
        `COPY (SELECT ${list.join(', ')} FROM ${from}) TO ${sqlText(csv)} (FORMAT csv, HEADER)`,
      );
    });
    return readFileSync(csv);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    throw new InputError(`${path} is not a readable Parquet file (${why.slice(0, 120)})`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function asText(name: string, type: string): string {
  const column = sqlName(name);
  if (type === 'DATE') return `strftime(${column}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%gZ')`;
  if (!type.startsWith('TIMESTAMP')) return column;
  return `strftime(make_timestamp(epoch_us(${column})), '%Y-%m-%dT%H:%M:%S.%gZ')`;
}
