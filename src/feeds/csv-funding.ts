import { InputError } from '../engine/invariant.ts';
import { ByteCursor, countLines } from './byte-cursor.ts';
import type { FundingRows } from './candle-rows.ts';
import { CellReader } from './csv-cells.ts';
import { FUNDING_CSV, layoutOf } from './csv-layout.ts';
import type { CsvLayout } from './csv-layout.ts';
import { isoTime } from './csv-time.ts';
import type { InputFile } from './input-file.ts';

export type FundingCsv = {
  readonly rows: FundingRows;
  readonly fileRow: (index: number) => number;
};

/** A settlement beyond 10 % has never been: such a number is a percentage or a price. */
const MAX_RATE = 0.1;

/** Funding settlements of a CSV file, oldest first, every row checked. */
export function readFundingCsv(file: InputFile, lineShift = 0): FundingCsv {
  const layout = layoutOf(file, FUNDING_CSV);
  const cursor = new ByteCursor(file.bytes, layout.delimiter);
  const cells = new CellReader(cursor, file, lineShift);
  const capacity = countLines(file.bytes);
  const timeMs = new Float64Array(capacity);
  const rate = new Float64Array(capacity);
  let count = 0;
  if (layout.hasHeader) skipRow(cursor);
  while (!cursor.atEnd() && !cursor.atRowEnd()) {
    readRow(cursor, cells, layout, timeMs, rate, count);
    checkOrder(cells, timeMs, count);
    count += 1;
    cursor.nextRow();
  }
  refuseRest(cursor, cells);
  if (count === 0) throw new InputError(`${file.name} has no rows: nothing to import`);
  const rows = { count, timeMs: timeMs.subarray(0, count), rate: rate.subarray(0, count) };
  const newestFirst = count > 1 && (rows.timeMs[0] ?? 0) > (rows.timeMs[1] ?? 0);
  if (newestFirst) {
    rows.timeMs.reverse();
    rows.rate.reverse();
  }
  const first = (layout.hasHeader ? 2 : 1) + lineShift;
  return { rows, fileRow: (index) => first + (newestFirst ? count - 1 - index : index) };
}

function skipRow(cursor: ByteCursor): void {
  do cursor.skipCell();
  while (cursor.nextCell());
  cursor.nextRow();
}

function readRow(
  cursor: ByteCursor,
  cells: CellReader,
  layout: CsvLayout,
  timeMs: Float64Array,
  rate: Float64Array,
  index: number,
): void {
  layout.roles.forEach((role, column) => {
    if (column > 0 && !cursor.nextCell()) badColumns(cells, layout);
    if (role === 'time') timeMs[index] = cells.time();
    else if (role === 'rate') rate[index] = cells.decimal('funding rate');
    else cursor.skipCell();
  });
  if (!cursor.atRowEnd()) badColumns(cells, layout);
  if (Math.abs(rate[index] ?? 0) > MAX_RATE) {
    cells.refuse(`funding rate ${rate[index]} is beyond 10 %; expected a fraction such as 0.0001`);
  }
}

function badColumns(cells: CellReader, layout: CsvLayout): never {
  return cells.refuse(`expected ${layout.columns} columns as in row 1; the row may be cut off`);
}

function checkOrder(cells: CellReader, timeMs: Float64Array, index: number): void {
  if (index === 0) return;
  const at = timeMs[index] ?? 0;
  const step = at - (timeMs[index - 1] ?? 0);
  if (step === 0) cells.refuse(`time ${isoTime(at)} is there twice; keep one row`);
  const direction = (timeMs[1] ?? 0) - (timeMs[0] ?? 0);
  if (index > 1 && Math.sign(step) !== Math.sign(direction)) {
    cells.refuse(`time ${isoTime(at)} breaks the order; sort the file by time`);
  }
}

function refuseRest(cursor: ByteCursor, cells: CellReader): void {
  const row = cells.row;
  while (!cursor.atEnd() && cursor.atRowEnd()) cursor.nextRow();
  if (!cursor.atEnd()) cells.refuse('an empty line; remove it', row);
}
