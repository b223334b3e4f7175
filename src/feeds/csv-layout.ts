import { InputError } from '../engine/invariant.ts';
import { ByteCursor } from './byte-cursor.ts';
import { isoToMs } from './csv-time.ts';
import type { InputFile } from './input-file.ts';

export type ColumnRole =
  | 'time'
  | 'open'
  | 'high'
  | 'low'
  | 'close'
  | 'volume'
  | 'rate'
  | 'symbol'
  | 'side'
  | 'size'
  | 'price'
  | 'id';

/** Where the columns of a file are. */
export type CsvLayout = {
  readonly delimiter: number;
  readonly columns: number;
  readonly hasHeader: boolean;
  /** Role of each column; undefined = read over. */
  readonly roles: readonly (ColumnRole | undefined)[];
};

/** Accepted headings, the surest first: the first one present is taken. */
const HEADINGS: Readonly<Record<ColumnRole, readonly string[]>> = {
  time: [
    'timestamp_ms',
    'open_time_ms',
    'open_time',
    'opentime',
    'starttime',
    'start_time',
    'start_at',
    'start',
    'timestamp',
    'fundingratetimestamp',
    'funding_time',
    'fundingtime',
    'calc_time',
    'datetime',
    'date',
    'time',
  ],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'vol', 'v'],
  rate: ['funding_rate', 'fundingrate', 'last_funding_rate', 'rate'],
  symbol: ['symbol'],
  side: ['side'],
  size: ['size'],
  price: ['price'],
  id: ['trdmatchid', 'trade_id', 'tradeid', 'execid', 'exec_id', 'id'],
};

/** True for a heading any kind of file may be read by. */
export function isKnownHeading(name: string): boolean {
  return Object.values(HEADINGS).some((names) => names.includes(normal(name)));
}

export type CsvKind = { readonly needed: readonly ColumnRole[]; readonly wanted: ColumnRole[] };

export const CANDLE_CSV: CsvKind = {
  needed: ['time', 'open', 'high', 'low', 'close'],
  wanted: ['volume'],
};
export const MARK_CSV: CsvKind = { needed: CANDLE_CSV.needed, wanted: [] };
export const FUNDING_CSV: CsvKind = { needed: ['time', 'rate'], wanted: [] };
export const TRADE_CSV: CsvKind = {
  needed: ['time', 'side', 'size', 'price', 'id'],
  wanted: ['symbol'],
};

export function layoutOf(file: InputFile, kind: CsvKind): CsvLayout {
  const delimiter = delimiterOf(file.bytes);
  const cells = firstRow(file.bytes, delimiter);
  if (cells.length === 1 && cells[0] === '') {
    throw new InputError(`${file.name} row 1 is empty: expected a header or a candle`);
  }
  if (isTime(cells[0] ?? '')) return headerless(file, kind, delimiter, cells.length);
  return { delimiter, columns: cells.length, hasHeader: true, roles: named(file, kind, cells) };
}

function delimiterOf(bytes: Buffer): number {
  const newline = bytes.indexOf(10);
  const line = bytes.toString('utf8', 0, newline < 0 ? bytes.length : newline);
  const bare = line.replace(/"[^"]*"/g, '');
  let best = ',';
  for (const candidate of [';', '\t']) {
    if (bare.split(candidate).length > bare.split(best).length) best = candidate;
  }
  return best.charCodeAt(0);
}

function firstRow(bytes: Buffer, delimiter: number): string[] {
  const cursor = new ByteCursor(bytes, delimiter);
  const cells: string[] = [];
  do {
    cursor.skipCell();
    cells.push(cursor.text());
  } while (cursor.nextCell());
  return cells;
}

/** A first cell that is a time means there is no header. */
function isTime(cell: string): boolean {
  return /^\d+(\.\d+)?([eE][+-]?\d+)?$/.test(cell) || !Number.isNaN(isoToMs(cell));
}

function headerless(file: InputFile, kind: CsvKind, delimiter: number, columns: number): CsvLayout {
  const order = [...kind.needed, ...kind.wanted];
  if (columns < kind.needed.length) {
    throw new InputError(
      `${file.name} row 1: ${columns} columns and no header; ` +
        `expected ${order.join(',')} in this order, or a header that names them`,
    );
  }
  const roles = Array.from({ length: columns }, (_, index) => order[index]);
  return { delimiter, columns, hasHeader: false, roles };
}

function named(
  file: InputFile,
  kind: CsvKind,
  cells: readonly string[],
): (ColumnRole | undefined)[] {
  const headings = cells.map(normal);
  const roles = new Array<ColumnRole | undefined>(cells.length).fill(undefined);
  for (const role of [...kind.needed, ...kind.wanted]) {
    const heading = HEADINGS[role].find((name) => headings.includes(name));
    if (heading === undefined) {
      if (kind.wanted.includes(role)) continue;
      throw new InputError(
        `${file.name} row 1: no ${role} column among "${cells.join(', ').slice(0, 120)}"; ` +
          `name it one of ${HEADINGS[role].join(', ')}`,
      );
    }
    if (headings.indexOf(heading) !== headings.lastIndexOf(heading)) {
      throw new InputError(`${file.name} row 1: two columns are named "${heading}": keep one`);
    }
    roles[headings.indexOf(heading)] = role;
  }
  return roles;
}

function normal(heading: string): string {
  return heading.trim().toLowerCase().replaceAll(' ', '_');
}
