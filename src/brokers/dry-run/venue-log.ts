import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { InputError } from '../../engine/invariant.ts';
import { DryVenue } from '../../venue/dry-run/dry-venue.ts';
import type { DryVenueOptions } from '../../venue/dry-run/dry-venue.ts';
import type { VenueBook, VenueRecord } from '../../venue/dry-run/venue-record.ts';

const SCHEMA = 'lockstep.dry-run-venue';
const VERSION = 1;
const SUM_DIGITS = 8;
const NEWLINE = 10;

export type OpenedVenue = {
  readonly venue: DryVenue;
  /** What was found, for a person. */
  readonly found: string;
  readonly close: () => void;
};

type Header = {
  readonly schema: typeof SCHEMA;
  readonly version: number;
  readonly terms: object;
  readonly startMs: number;
};

/** The venue as its log left it, or a new one that begins now. */
export function openDryVenue(path: string, options: DryVenueOptions): OpenedVenue {
  const terms = termsOf(options);
  // Not even its first line was finished: nothing had happened yet.
  const isNew = !existsSync(path) || !readFileSync(path).includes(NEWLINE);
  const read = isNew ? undefined : readLog(path, terms);
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'a', 0o600);
  if (read !== undefined) ftruncateSync(file, read.wholeBytes);
  else {
    const header: Header = { schema: SCHEMA, version: VERSION, terms, startMs: options.startMs };
    ftruncateSync(file, 0);
    writeSync(file, lineOf(header));
    fdatasyncSync(file);
  }
  const book: VenueBook = {
    append: (record) => void writeSync(file, lineOf(record)),
    sync: () => fdatasyncSync(file),
  };
  const venue = restored(options, read?.startMs ?? options.startMs, book, read?.records ?? []);
  const close = (): void => closeSync(file);
  return { venue, found: read === undefined ? 'a new venue' : foundIn(venue, read), close };
}

/** Nothing is written while it is restored: it is in the book already. */
function restored(
  options: DryVenueOptions,
  startMs: number,
  book: VenueBook,
  records: readonly VenueRecord[],
): DryVenue {
  let isRestored = false;
  const venue = new DryVenue(
    { ...options, startMs },
    {
      append: (record) => {
        if (isRestored) book.append(record);
      },
      sync: () => {
        if (isRestored) book.sync();
      },
    },
  );
  venue.restore(records);
  isRestored = true;
  return venue;
}

type ReadLog = {
  readonly records: readonly VenueRecord[];
  readonly startMs: number;
  readonly wholeBytes: number;
  readonly cutBytes: number;
};

function readLog(path: string, terms: object): ReadLog {
  const bytes = readFileSync(path);
  const values: unknown[] = [];
  let wholeBytes = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, end + 1)) {
    const value = valueOf(bytes.toString('utf8', wholeBytes, end));
    if (value === undefined) {
      // Whole lines behind it: no torn end, but damage.
      if (bytes.indexOf(NEWLINE, end + 1) < 0) break;
      throw new InputError(
        `${path}: line ${values.length + 1} is damaged: restore it, or remove the file and begin anew`,
      );
    }
    values.push(value);
    wholeBytes = end + 1;
  }
  const header = values[0] as Partial<Header> | undefined;
  if (header?.schema !== SCHEMA) throw new InputError(`${path} is no log of a dry-run's venue`);
  if (header.version !== VERSION)
    throw new InputError(`${path}: version ${header.version}; this program reads ${VERSION}`);
  if (JSON.stringify(header.terms) !== JSON.stringify(terms))
    throw new InputError(
      `${path}: another instrument, execution profile, capital or margin: use a state folder of its own`,
    );
  const records = values.slice(1) as readonly VenueRecord[];
  const cutBytes = bytes.length - wholeBytes;
  return { records, startMs: header.startMs ?? NaN, wholeBytes, cutBytes };
}

function valueOf(line: string): unknown {
  const text = line.slice(SUM_DIGITS + 1);
  if (sumOf(text) !== line.slice(0, SUM_DIGITS)) return undefined;
  return JSON.parse(text) as unknown;
}

function lineOf(value: object): string {
  const text = JSON.stringify(value);
  return `${sumOf(text)} ${text}\n`;
}

function sumOf(text: string): string {
  return crc32(text).toString(16).padStart(SUM_DIGITS, '0');
}

/** Everything but when it began. */
function termsOf({ startMs: _, instrument, ...rest }: DryVenueOptions): object {
  return { instrument: instrument.spec, ...rest };
}

function foundIn(venue: DryVenue, { records, cutBytes }: ReadLog): string {
  const { truth, livedMs } = venue;
  const cut = cutBytes > 0 ? `, ${cutBytes} torn bytes cut` : '';
  return (
    `${records.length} records up to ${new Date(livedMs).toISOString()}, ` +
    `${truth.orders.length} orders, ${truth.executions.length} executions${cut}`
  );
}
