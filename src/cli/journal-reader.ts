import { InputError } from '../engine/invariant.ts';
import type { NumberedRecord } from '../live/journal/record.ts';
import { nodeDisk } from '../live/journal-files/journal-disk.ts';
import { locateJournal } from '../live/journal-files/locate.ts';
import { readSegments } from '../live/journal-files/read-segments.ts';
import type { Segment } from '../live/journal-files/read-segments.ts';
import type { SessionOptions } from '../live/session/options.ts';
import { sessionOptionsOf } from '../live/session/session-of.ts';

/** A record with the time that was last told before it, or by it. */
export type TimedRecord = { readonly record: NumberedRecord; readonly atMs: number };

/** The files of a journal, in their order. */
export function segmentsOf(path: string): Generator<Segment> {
  return readSegments(nodeDisk, locateJournal(path));
}

export function* timedRecords(path: string): Generator<TimedRecord> {
  let atMs = NaN;
  for (const segment of segmentsOf(path))
    for (const record of segment.records) {
      const input = record['i'] as { atMs?: number } | undefined;
      if (record.k === 'in' && typeof input?.atMs === 'number') atMs = input.atMs;
      yield { record, atMs };
    }
}

/** What it takes to play a journal again, as its first header says. */
export function optionsOf(path: string): SessionOptions {
  const first = segmentsOf(path).next();
  const header = first.done === true ? undefined : first.value.header;
  if (header === undefined) throw new InputError(`${path}: empty; nothing was ever acted on`);
  if (header.config === undefined) {
    throw new InputError(
      `${path}: its header does not say what traded, so nothing can be replayed`,
    );
  }
  return sessionOptionsOf(header.config, header);
}
