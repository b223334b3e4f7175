import type { BotConfig } from './bot-config.ts';
import { crc32, crcText } from './crc32.ts';
import { parse } from './numbers.ts';
import { JOURNAL_FORMAT } from './record.ts';
import type { JournalHeader, NumberedRecord } from './record.ts';

const NEWLINE = 10;
const SPACE = 32;
const CRC_LENGTH = 8;
/** A header says with which number a file begins. */
const ANY_SEQ = -1;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a file that grows at its end. What was read once is not read again: the caller says how far
 * the file is as it was. Never throws, whatever the bytes.
 */
export class JournalReader {
  header: JournalHeader | undefined;
  /** The header's number; the records count on from it. */
  baseSeq = 0;
  /** Up to the end of the last whole record; what follows is to be cut. */
  wholeBytes = 0;
  readonly records: NumberedRecord[] = [];
  /** Where each record ends, the header first. */
  readonly #ends: number[] = [];
  readonly #deployment: string | undefined;

  constructor(expected?: { readonly deployment: string }) {
    this.#deployment = expected?.deployment;
  }

  /** Takes in what the file holds beyond what was read already; says what is wrong with it. */
  read(bytes: Uint8Array): string | undefined {
    for (;;) {
      const end = bytes.indexOf(NEWLINE, this.wholeBytes);
      if (end < 0) return undefined;
      const problem = this.#take(bytes, end);
      if (problem !== undefined) return problem;
      this.wholeBytes = end + 1;
      this.#ends.push(this.wholeBytes);
    }
  }

  /** The file is as it was up to `byte`; what lies beyond is read anew. */
  keep(byte: number): void {
    if (this.wholeBytes <= byte) return;
    let kept = this.#ends.length;
    while (kept > 0 && (this.#ends[kept - 1] ?? 0) > byte) kept -= 1;
    this.#ends.length = kept;
    this.records.length = Math.max(kept - 1, 0);
    this.wholeBytes = this.#ends[kept - 1] ?? 0;
    if (kept > 0) return;
    this.header = undefined;
    this.baseSeq = 0;
  }

  /** The checksum that the last whole line carries; empty where there is none. */
  lastCrc(bytes: Uint8Array): string {
    if (this.#ends.length === 0) return '';
    const from = this.#ends.at(-2) ?? 0;
    return ascii(bytes, from, from + CRC_LENGTH);
  }

  #take(bytes: Uint8Array, end: number): string | undefined {
    const from = this.wholeBytes;
    const isHeader = this.header === undefined;
    const seq = isHeader ? ANY_SEQ : this.baseSeq + this.records.length + 1;
    const record = readLine(bytes, from, end, seq);
    if (typeof record === 'string') return problemAt(Math.max(seq, 0), from, record);
    if (!isHeader) {
      this.records.push(record);
      return undefined;
    }
    const header = readHeader(record, this.#deployment);
    if (typeof header === 'string') return problemAt(record.n, from, header);
    this.header = header;
    this.baseSeq = record.n;
    return undefined;
  }
}

function problemAt(seq: number, byte: number, what: string): string {
  return `journal record ${seq} at byte ${byte}: ${what}`;
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
