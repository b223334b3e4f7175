import { InputError } from '../engine/invariant.ts';
import { ByteCursor, countLines } from './byte-cursor.ts';
import { candleRows, reverseRows, trimmedRows } from './candle-rows.ts';
import type { CandleRows, MutableCandleRows } from './candle-rows.ts';
import { CellReader } from './csv-cells.ts';
import { CANDLE_CSV, layoutOf, MARK_CSV } from './csv-layout.ts';
import type { ColumnRole, CsvLayout } from './csv-layout.ts';
import { isoTime } from './csv-time.ts';
import type { InputFile } from './input-file.ts';
import { IntervalCheck } from './interval-check.ts';
import { TickScale } from './tick-scale.ts';

export type CandleCsvOptions = {
  readonly tickSize: string;
  readonly intervalMs: number;
  readonly roundToTick: boolean;
  /** Mark candles have no volume, even where a column is called so. */
  readonly withVolume: boolean;
  /** Added to line numbers in messages; -1 for rows that came without a header line. */
  readonly lineShift?: number;
};

export type CandleCsv = {
  readonly rows: CandleRows;
  readonly roundedCells: number;
  /** Row of the file a row of the columns came from. */
  readonly fileRow: (index: number) => number;
};

/** Candles of a CSV file, oldest first, every row checked. */
export function readCandleCsv(file: InputFile, options: CandleCsvOptions): CandleCsv {
  const layout = layoutOf(file, options.withVolume ? CANDLE_CSV : MARK_CSV);
  const scan = new CandleScan(file, layout, options);
  const rows = scan.run();
  const first = (layout.hasHeader ? 2 : 1) + (options.lineShift ?? 0);
  const newestFirst = scan.newestFirst;
  if (newestFirst) reverseRows(rows);
  const fileRow = (index: number): number => first + (newestFirst ? rows.count - 1 - index : index);
  return { rows, roundedCells: scan.roundedCells, fileRow };
}

/** One pass over the bytes of a file. */
class CandleScan {
  readonly #file: InputFile;
  readonly #layout: CsvLayout;
  readonly #cursor: ByteCursor;
  readonly #cells: CellReader;
  readonly #scale: TickScale;
  readonly #interval: IntervalCheck;
  readonly #rows: MutableCandleRows;
  #direction = 0;

  constructor(file: InputFile, layout: CsvLayout, options: CandleCsvOptions) {
    this.#file = file;
    this.#layout = layout;
    this.#cursor = new ByteCursor(file.bytes, layout.delimiter);
    this.#cells = new CellReader(this.#cursor, file, options.lineShift ?? 0);
    this.#scale = new TickScale(options.tickSize, options.roundToTick);
    this.#interval = new IntervalCheck(options.intervalMs);
    this.#rows = candleRows(countLines(file.bytes), layout.roles.includes('volume'));
  }

  get newestFirst(): boolean {
    return this.#direction < 0;
  }

  get roundedCells(): number {
    return this.#scale.roundedCells;
  }

  run(): CandleRows {
    const cursor = this.#cursor;
    if (this.#layout.hasHeader) {
      do cursor.skipCell();
      while (cursor.nextCell());
      cursor.nextRow();
    }
    while (!cursor.atEnd()) {
      if (cursor.atRowEnd() && this.#onlyBlankLinesLeft()) break;
      this.#readRow();
      cursor.nextRow();
    }
    if (this.#rows.count === 0) {
      throw new InputError(`${this.#file.name} has no rows, only a header: nothing to import`);
    }
    const coarse = this.#interval.coarse();
    if (coarse !== undefined) throw new InputError(`${this.#file.name}: ${coarse}`);
    return trimmedRows(this.#rows, this.#rows.count);
  }

  #onlyBlankLinesLeft(): boolean {
    const { bytes, at } = this.#cursor;
    for (let index = at; index < bytes.length; index += 1) {
      const byte = bytes[index];
      if (byte !== 10 && byte !== 13) return this.#cells.refuse('an empty line; remove it');
    }
    return true;
  }

  #readRow(): void {
    const { roles, columns } = this.#layout;
    const cursor = this.#cursor;
    const index = this.#rows.count;
    for (let column = 0; column < columns; column += 1) {
      if (column > 0 && !cursor.nextCell()) return this.#badColumns();
      this.#readCell(roles[column], index);
    }
    if (!cursor.atRowEnd()) return this.#badColumns();
    this.#checkCandle(index);
    this.#checkTime(index);
    this.#rows.count = index + 1;
  }

  #readCell(role: ColumnRole | undefined, index: number): void {
    const rows = this.#rows;
    const cells = this.#cells;
    switch (role) {
      case 'time':
        rows.openTimeMs[index] = cells.time();
        break;
      case 'open':
        rows.open[index] = cells.price('open', this.#scale);
        break;
      case 'high':
        rows.high[index] = cells.price('high', this.#scale);
        break;
      case 'low':
        rows.low[index] = cells.price('low', this.#scale);
        break;
      case 'close':
        rows.close[index] = cells.price('close', this.#scale);
        break;
      case 'volume':
        rows.volume[index] = this.#readVolume();
        break;
      default:
        this.#cursor.skipCell();
    }
  }

  #readVolume(): number {
    const volume = this.#cells.decimal('volume');
    if (volume >= 0 && volume <= Number.MAX_SAFE_INTEGER) return volume;
    return this.#cells.refuse(`volume ${this.#cursor.text()} must be from 0 to 2^53`);
  }

  #checkCandle(index: number): void {
    const { open, high, low, close } = this.#rows;
    const top = high[index] ?? 0;
    const bottom = low[index] ?? 0;
    if (top < bottom) this.#cells.refuse('high is below low; correct or remove the row');
    const first = open[index] ?? 0;
    const last = close[index] ?? 0;
    if (first >= bottom && first <= top && last >= bottom && last <= top) return;
    const name = first < bottom || first > top ? 'open' : 'close';
    this.#cells.refuse(`${name} is outside low..high; correct or remove the row`);
  }

  #checkTime(index: number): void {
    const times = this.#rows.openTimeMs;
    const time = times[index] ?? NaN;
    const misaligned = this.#interval.misaligned(time);
    if (misaligned !== undefined) this.#cells.refuse(misaligned);
    if (index === 0) return;
    const step = time - (times[index - 1] ?? NaN);
    if (step === 0) this.#cells.refuse(`time ${isoTime(time)} is there twice; keep one row`);
    this.#direction ||= Math.sign(step);
    if (Math.sign(step) !== this.#direction) {
      const order = this.#direction > 0 ? 'oldest first' : 'newest first';
      this.#cells.refuse(
        `time ${isoTime(time)} breaks the order (${order}); sort the file by time`,
      );
    }
    const mixed = this.#interval.step(Math.abs(step));
    if (mixed !== undefined) this.#cells.refuse(mixed);
  }

  #badColumns(): never {
    const { columns } = this.#layout;
    return this.#cells.refuse(`expected ${columns} columns as in row 1; the row may be cut off`);
  }
}
