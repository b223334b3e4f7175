import { InputError } from '../engine/invariant.ts';
import { ByteCursor, countLines } from './byte-cursor.ts';
import { CellReader } from './csv-cells.ts';
import { layoutOf, TRADE_CSV } from './csv-layout.ts';
import type { ColumnRole, CsvLayout } from './csv-layout.ts';
import type { InputFile } from './input-file.ts';
import { TickScale } from './tick-scale.ts';
import { TradeCells } from './trade-cells.ts';
import { idHalves } from './trade-id.ts';
import { inOrderOnce } from './trade-order.ts';
import type { OrderedTrades } from './trade-order.ts';
import { tradeRows } from './trade-rows.ts';
import type { MutableTradeRows } from './trade-rows.ts';

export type TradeCsvOptions = {
  readonly symbol: string;
  readonly tickSize: string;
  readonly qtyStep: string;
  readonly roundToTick: boolean;
  /** Added to line numbers in messages; -1 for rows that came without a header line. */
  readonly lineShift: number;
};

export type TradeCsv = OrderedTrades & { readonly roundedCells: number };

/** Trades of a CSV file, oldest first and each once, every row checked. */
export function readTradeCsv(file: InputFile, options: TradeCsvOptions): TradeCsv {
  const layout = layoutOf(file, TRADE_CSV);
  if (!layout.hasHeader) {
    throw new InputError(
      `${file.name} row 1 is no header: trades need one that names the columns ` +
        `timestamp, side, size, price and trdMatchID`,
    );
  }
  const scan = new TradeScan(file, layout, options);
  const { rows, lines } = scan.run();
  return { ...inOrderOnce(file.name, rows, lines), roundedCells: scan.roundedCells };
}

/** One pass over the bytes of a file. */
class TradeScan {
  readonly #file: InputFile;
  readonly #layout: CsvLayout;
  readonly #symbol: string;
  readonly #cursor: ByteCursor;
  readonly #cells: CellReader;
  readonly #tradeCells: TradeCells;
  readonly #price: TickScale;
  readonly #size: TickScale;
  readonly #rows: MutableTradeRows;
  readonly #lines: Uint32Array;

  constructor(file: InputFile, layout: CsvLayout, options: TradeCsvOptions) {
    const capacity = countLines(file.bytes);
    this.#file = file;
    this.#layout = layout;
    this.#symbol = options.symbol;
    this.#cursor = new ByteCursor(file.bytes, layout.delimiter);
    this.#cells = new CellReader(this.#cursor, file, options.lineShift);
    this.#tradeCells = new TradeCells(this.#cursor, this.#cells);
    this.#price = new TickScale(options.tickSize, options.roundToTick);
    this.#size = new TickScale(options.qtyStep, false);
    this.#rows = tradeRows(capacity);
    this.#lines = new Uint32Array(capacity);
  }

  get roundedCells(): number {
    return this.#price.roundedCells;
  }

  run(): { readonly rows: MutableTradeRows; readonly lines: Uint32Array } {
    const cursor = this.#cursor;
    do cursor.skipCell();
    while (cursor.nextCell());
    cursor.nextRow();
    while (!cursor.atEnd() && !cursor.atRowEnd()) {
      this.#readRow();
      cursor.nextRow();
    }
    this.#refuseRest();
    if (this.#rows.count > 0) return { rows: this.#rows, lines: this.#lines };
    throw new InputError(`${this.#file.name} has no rows, only a header: nothing to import`);
  }

  #readRow(): void {
    const { roles, columns } = this.#layout;
    const cursor = this.#cursor;
    const row = this.#rows.count;
    for (let column = 0; column < columns; column += 1) {
      if (column > 0 && !cursor.nextCell()) return this.#badColumns();
      this.#readCell(roles[column], row);
    }
    if (!cursor.atRowEnd()) return this.#badColumns();
    this.#lines[row] = this.#cells.row;
    this.#rows.count = row + 1;
  }

  #readCell(role: ColumnRole | undefined, row: number): void {
    const rows = this.#rows;
    const cells = this.#tradeCells;
    switch (role) {
      case 'time':
        rows.timeUs[row] = cells.timeUs();
        break;
      case 'side':
        rows.takerSide[row] = cells.takerSide();
        break;
      case 'size':
        rows.sizeSteps[row] = cells.sizeSteps(this.#size);
        break;
      case 'price':
        rows.priceTicks[row] = this.#cells.price('price', this.#price);
        break;
      case 'id': {
        const [high, low] = idHalves(cells.id());
        rows.idHigh[row] = high;
        rows.idLow[row] = low;
        break;
      }
      case 'symbol':
        cells.refuseOtherSymbol(this.#symbol);
        break;
      default:
        this.#cursor.skipCell();
    }
  }

  /** Blank lines may end a file, but not lie within it. */
  #refuseRest(): void {
    const cursor = this.#cursor;
    const row = this.#cells.row;
    while (!cursor.atEnd() && cursor.atRowEnd()) cursor.nextRow();
    if (!cursor.atEnd()) this.#cells.refuse('an empty line; remove it', row);
  }

  #badColumns(): never {
    const { columns } = this.#layout;
    return this.#cells.refuse(`expected ${columns} columns as in row 1; the row may be cut off`);
  }
}
