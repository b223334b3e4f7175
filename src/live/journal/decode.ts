import { JournalReader } from './reader.ts';
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
  const reader = new JournalReader(expected);
  const problem = reader.read(bytes);
  if (problem !== undefined) return { ok: false, problem };
  const { header, records, baseSeq, wholeBytes } = reader;
  const lastCrc = reader.lastCrc(bytes);
  const tail = wholeBytes === bytes.length ? 'clean' : 'torn';
  return { ok: true, header, records, baseSeq, lastCrc, wholeBytes, tail };
}
