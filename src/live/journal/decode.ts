import type { BotConfig } from './bot-config.ts';
import { crc32, crcText } from './crc32.ts';
import { parse } from './numbers.ts';
import { JOURNAL_FORMAT } from './record.ts';
import type { JournalHeader, NumberedRecord } from './record.ts';

export type DecodedJournal =
  | {
      readonly ok: true;
      /** Undefined where not even the header is whole: nothing was ever acted on. */
      readonly header: JournalHeader | undefined;
      readonly records: readonly NumberedRecord[];
      /** The header's number; the records count on from it. */
      readonly baseSeq: number;
      /** The checksum that the last whole line carries; empty where there is none. */
      readonly lastCrc: string;
      /** Bytes up to the end of the last whole record; what follows is to be cut. */
      readonly wholeBytes: number;
      readonly tail: 'clean' | 'torn';
    }
  | { readonly ok: false; readonly problem: string };

const NEWLINE = 10;
const SPACE = 32;
const CRC_LENGTH = 8;
/** A header says with which number a file begins. */
const ANY_SEQ = -1;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a journal. What follows the last newline is an append that a crash cut short: it was never
 * acknowledged, and is left out. Anything else that is not as it was written is refused, since a
 * belief built on part of its history would be a wrong one. Never throws, whatever the bytes.
 */
export function decodeJournal(
  journal: string | Uint8Array,
  expected?: { readonly deployment: string },
): DecodedJournal {
  const bytes = typeof journal === 'string' ? new TextEncoder().encode(journal) : journal;
  const records: NumberedRecord[] = [];
  let header: JournalHeader | undefined;
  let from = 0;
  let baseSeq = 0;
  let lastCrc = '';
  for (;;) {
    const end = bytes.indexOf(NEWLINE, from);
    if (end < 0) break;
    const seq = header === undefined ? ANY_SEQ : baseSeq + records.length + 1;
    const record = readLine(bytes, from, end, seq);
    if (typeof record === 'string') return refused(Math.max(seq, 0), from, record);
    if (header === undefined) {
      const read = readHeader(record, expected?.deployment);
      if (typeof read === 'string') return refused(record.n, from, read);
      header = read;
      baseSeq = record.n;
    } else records.push(record);
    lastCrc = ascii(bytes, from, from + CRC_LENGTH);
    from = end + 1;
  }
  const tail = from === bytes.length ? 'clean' : 'torn';
  return { ok: true, header, records, baseSeq, lastCrc, wholeBytes: from, tail };
}

function refused(seq: number, byte: number, what: string): DecodedJournal {
  return { ok: false, problem: `journal record ${seq} at byte ${byte}: ${what}` };
}

/** The record of one line, or what is wrong with it. */
function readLine(
  bytes: Uint8Array,
  from: number,
  end: number,
  seq: number,
): NumberedRecord | string {
  const start = from + CRC_LENGTH + 1;
  if (start >= end || bytes[start - 1] !== SPACE) return damaged('no checksum');
  const written = ascii(bytes, from, from + CRC_LENGTH);
  const found = crcText(crc32(bytes, start, end));
  if (written !== found) return damaged(`checksum ${found}, written ${written}`);
  const record = parsed(bytes.subarray(start, end));
  if (record === undefined) return damaged('not a record');
  if (seq !== ANY_SEQ && record.n !== seq)
    return damaged(`number ${record.n}, records are missing or doubled`);
  return record;
}

function damaged(how: string): string {
  return `damaged (${how}); restore the file from a copy, or begin a new deployment`;
}

/** Printable ASCII only: the text goes into an error message. */
function ascii(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    text += byte > SPACE && byte < 127 ? String.fromCharCode(byte) : '?';
  }
  return text;
}

function parsed(json: Uint8Array): NumberedRecord | undefined {
  try {
    const value = parse(utf8.decode(json));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is NumberedRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'n' in value &&
    typeof value.n === 'number' &&
    'k' in value &&
    typeof value.k === 'string'
  );
}

function readHeader(record: NumberedRecord, deployment?: string): JournalHeader | string {
  const { n, k, format, configHash, version } = record;
  const after = record['after'];
  if (k !== 'header' || typeof format !== 'number') return damaged('the first record is no header');
  if (format > JOURNAL_FORMAT) {
    return `format ${format} is newer than ${JOURNAL_FORMAT}, the newest known; use a newer version`;
  }
  const whose = record['deployment'];
  if (
    !(format >= 1) ||
    typeof whose !== 'string' ||
    typeof configHash !== 'string' ||
    typeof version !== 'string' ||
    (n === 0 ? after !== undefined : typeof after !== 'string')
  ) {
    return damaged('the header is incomplete');
  }
  if (deployment !== undefined && whose !== deployment) {
    return `of deployment ${JSON.stringify(whose)}, expected ${deployment}; give each deployment its own journal`;
  }
  const config = record['config'];
  return {
    k: 'header',
    format,
    deployment: whose,
    configHash,
    version,
    ...(typeof config === 'object' && config !== null ? { config: config as BotConfig } : {}),
    ...(typeof after === 'string' ? { after } : {}),
  };
}
