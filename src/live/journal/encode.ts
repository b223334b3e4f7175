import { InvariantError } from '../../engine/invariant.ts';
import { crc32OfText, crcText } from './crc32.ts';
import { stringify } from './numbers.ts';
import type { JournalHeader, JournalRecord } from './record.ts';

/** One line: `<crc32> <json>\n`. The checksum is over the JSON's UTF-8 bytes. */
export function encodeRecord(seq: number, record: JournalRecord): string {
  if (!Number.isSafeInteger(seq) || seq < 1) {
    throw new InvariantError(`journal record number ${seq}: records after the header count from 1`);
  }
  return line(seq, record);
}

/** The header is record 0; that of a later file has the number of the record before it. */
export function encodeHeader(header: JournalHeader, seq = 0): string {
  return line(seq, header);
}

function line(seq: number, record: JournalRecord): string {
  if ('n' in record) throw new InvariantError(`journal record ${seq} brings a number of its own`);
  const json = `{"n":${seq},${stringify(record).slice(1)}`;
  return `${crcText(crc32OfText(json))} ${json}\n`;
}
