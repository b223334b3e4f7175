import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InputError } from '../../engine/invariant.ts';
import { decodeJournal } from '../journal/decode.ts';
import type { DecodedJournal } from '../journal/decode.ts';
import { diskProblem } from './journal-disk.ts';
import type { JournalDisk } from './journal-disk.ts';
import { segmentsAmong } from './segment-names.ts';
import type { SegmentName } from './segment-names.ts';

export type Segment = Extract<DecodedJournal, { ok: true }> & { readonly path: string };

/** One file of a journal, or a refusal that names it. */
export function readSegment(disk: JournalDisk, path: string, deployment?: string): Segment {
  const read = decodeJournal(
    bytesOf(disk, path),
    deployment === undefined ? undefined : { deployment },
  );
  if (!read.ok) throw new InputError(`${path}: ${read.problem}`);
  return { ...read, path };
}

/**
 * The files of a journal in their order, one at a time, each held against the one before: numbers
 * go on, and the checksum of the last line is the one that the next header names.
 */
export function* readSegments(
  disk: JournalDisk,
  paths: readonly string[],
  deployment?: string,
): Generator<Segment> {
  let before: Segment | undefined;
  for (const [at, path] of paths.entries()) {
    const segment = readSegment(disk, path, deployment);
    const isLast = at === paths.length - 1;
    if (segment.tail === 'torn' && !isLast) {
      throw new InputError(
        `${path}: ends at byte ${segment.wholeBytes} in the middle of a record, ` +
          'and later files follow; restore it from a copy',
      );
    }
    if (before !== undefined) holdTogether(before, segment);
    yield segment;
    before = segment;
  }
}

function holdTogether(before: Segment, segment: Segment): void {
  const lastSeq = before.baseSeq + before.records.length;
  if (segment.header === undefined || segment.baseSeq !== lastSeq) {
    throw new InputError(
      `${segment.path}: begins after record ${segment.baseSeq}, but ` +
        `${basename(before.path)} ends with ${lastSeq}; a file between them is missing`,
    );
  }
  if (segment.header.after !== before.lastCrc) {
    throw new InputError(
      `${segment.path}: follows a line with checksum ${segment.header.after ?? 'none'}, but ` +
        `${basename(before.path)} ends with ${before.lastCrc}; they are not of one journal`,
    );
  }
}

export function segmentPaths(disk: JournalDisk, dir: string): string[] {
  return namesIn(disk, dir).map(({ file }) => join(dir, file));
}

export function namesIn(disk: JournalDisk, dir: string): SegmentName[] {
  return segmentsAmong(disk.list(dir));
}

function bytesOf(disk: JournalDisk, path: string): Uint8Array {
  try {
    const bytes = disk.read(path);
    return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  } catch (error) {
    throw new InputError(`${path}: cannot be read: ${diskProblem(error)}`);
  }
}
