import { basename, join } from 'node:path';
import { InputError, InvariantError } from '../../engine/invariant.ts';
import { encodeHeader } from '../journal/encode.ts';
import type { JournalHeader, NumberedRecord } from '../journal/record.ts';
import { diskProblem } from './journal-disk.ts';
import type { JournalDisk } from './journal-disk.ts';
import { namesIn, readSegment, readSegments, segmentPaths } from './read-segments.ts';
import { segmentFile } from './segment-names.ts';

export type JournalSink = {
  /** Durable up to and including this record. */
  synced(seq: number): void;
  /** Once; nothing is written after it. */
  failed(why: string): void;
};

/** What a start finds. */
export type FoundJournal = {
  /** Undefined where nothing was ever acted on. */
  readonly header: JournalHeader | undefined;
  /** The state before `records`; undefined where they begin with the first. */
  readonly snapshot: NumberedRecord | undefined;
  readonly records: readonly NumberedRecord[];
  readonly cutBytes: number;
  readonly files: number;
};

const CRC_LENGTH = 8;
const NO_FILE = -1;

/**
 * The journal on disk: files of bounded size, appended to, each but the first beginning with a
 * snapshot. One sync covers everything that was appended while the one before it was under way.
 */
export class JournalFiles {
  /** Bytes in the file that is written to. */
  bytes = 0;
  failure: string | undefined;
  readonly #dir: string;
  readonly #disk: JournalDisk;
  readonly #sink: JournalSink;
  #file = NO_FILE;
  #number = 1;
  #appendedSeq = -1;
  #lastCrc = '';
  /** Record up to which the sync under way covers; NaN when none is. */
  #syncing = NaN;
  /** Record that waits for the next sync; NaN when none does. */
  #wanted = NaN;

  private constructor(dir: string, disk: JournalDisk, sink: JournalSink) {
    this.#dir = dir;
    this.#disk = disk;
    this.#sink = sink;
  }

  /** Cuts a torn tail; refuses what is damaged, newer or somebody else's. */
  static open(
    dir: string,
    deployment: string,
    disk: JournalDisk,
    sink: JournalSink,
  ): { readonly files: JournalFiles; readonly found: FoundJournal } {
    const files = new JournalFiles(dir, disk, sink);
    try {
      disk.makeDir(dir);
      return { files, found: files.#find(deployment) };
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(`${dir}: the journal cannot be opened: ${diskProblem(error)}`);
    }
  }

  /** Every record since the first, for when a snapshot is not to be used. */
  *all(deployment: string): Generator<NumberedRecord> {
    const paths = segmentPaths(this.#disk, this.#dir);
    for (const segment of readSegments(this.#disk, paths, deployment)) {
      if (segment.path === paths[0] && segment.baseSeq !== 0) {
        throw new InputError(
          `${segment.path}: the files before it are gone; it begins the journal`,
        );
      }
      yield* segment.records;
    }
  }

  append(seq: number, text: string): void {
    if (this.failure !== undefined) return;
    if (!(seq === this.#appendedSeq + 1))
      throw new InvariantError(`journal: record ${seq} after ${this.#appendedSeq}`);
    try {
      if (this.#file === NO_FILE) this.#create();
      const bytes = Buffer.from(text);
      this.#disk.write(this.#file, bytes);
      this.bytes += bytes.length;
      this.#appendedSeq = seq;
      this.#lastCrc = text.slice(0, CRC_LENGTH);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Answered by `synced` with at least this record, or by `failed`. */
  sync(seq: number): void {
    if (this.failure !== undefined) return;
    if (!(seq <= this.#appendedSeq))
      throw new InvariantError(`journal: sync of ${seq}, appended ${this.#appendedSeq}`);
    this.#wanted = seq;
    if (Number.isNaN(this.#syncing)) this.#startSync();
  }

  /**
   * Goes on in a new file that begins with the snapshot. It gets its name only when it is whole on
   * disk, and only after the one before it is: a crash leaves the old files or the old and the new.
   */
  rotate(header: JournalHeader, snapshot: { readonly seq: number; readonly text: string }): void {
    if (this.failure !== undefined) return;
    if (!(snapshot.seq === this.#appendedSeq + 1))
      throw new InvariantError(`journal: snapshot ${snapshot.seq} after ${this.#appendedSeq}`);
    try {
      this.#disk.syncNow(this.#file);
      const first = encodeHeader({ ...header, after: this.#lastCrc }, this.#appendedSeq);
      const bytes = Buffer.from(first + snapshot.text);
      const file = this.#disk.open(this.#temporary(), true);
      this.#disk.write(file, bytes);
      this.#disk.syncNow(file);
      this.#disk.rename(this.#temporary(), this.#path(this.#number + 1));
      this.#disk.syncDir(this.#dir);
      this.#leave();
      this.#file = file;
      this.#number += 1;
      this.bytes = bytes.length;
      this.#appendedSeq = snapshot.seq;
      this.#lastCrc = snapshot.text.slice(0, CRC_LENGTH);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The files that are closed, oldest first. */
  closed(): string[] {
    const names = namesIn(this.#disk, this.#dir).filter(({ number }) => number < this.#number);
    return names.map(({ file }) => join(this.#dir, file));
  }

  /** Makes durable what there is. False where that failed. */
  close(): boolean {
    if (this.#file === NO_FILE) return this.failure === undefined;
    try {
      if (this.failure === undefined) this.#disk.syncNow(this.#file);
      this.#leave();
    } catch (error) {
      this.#fail(error);
    }
    this.#file = NO_FILE;
    this.failure ??= 'closed';
    return this.failure === 'closed';
  }

  #find(deployment: string): FoundJournal {
    for (const file of this.#disk.list(this.#dir))
      if (file.startsWith('.tmp-')) this.#disk.remove(join(this.#dir, file));
    const names = namesIn(this.#disk, this.#dir);
    const last = names.at(-1);
    if (last === undefined)
      return { header: undefined, snapshot: undefined, records: [], cutBytes: 0, files: 0 };
    const path = join(this.#dir, last.file);
    const segment = readSegment(this.#disk, path, deployment);
    const snapshot = segment.records[0]?.k === 'snapshot' ? segment.records[0] : undefined;
    if (last.packed || (last.number > 1 && snapshot === undefined)) {
      throw new InputError(`${path}: is not the end of a journal; the files after it are gone`);
    }
    this.#number = last.number;
    const cutBytes = this.#continue(path, segment.wholeBytes);
    if (segment.header !== undefined) {
      this.#appendedSeq = segment.baseSeq + segment.records.length;
      this.#lastCrc = segment.lastCrc;
    }
    const records = snapshot === undefined ? segment.records : segment.records.slice(1);
    return { header: segment.header, snapshot, records, cutBytes, files: names.length };
  }

  /** What a start goes on from is on the platter, whatever the crash had left in memory. */
  #continue(path: string, wholeBytes: number): number {
    const length = this.#disk.read(path).length;
    this.#file = this.#disk.open(path, false);
    if (length > wholeBytes) this.#disk.truncate(this.#file, wholeBytes);
    this.#disk.syncNow(this.#file);
    this.#disk.syncDir(this.#dir);
    this.bytes = wholeBytes;
    return length - wholeBytes;
  }

  #create(): void {
    this.#file = this.#disk.open(this.#path(this.#number), true);
    this.#disk.syncDir(this.#dir);
  }

  #startSync(): void {
    const file = this.#file;
    const covers = this.#appendedSeq;
    this.#syncing = covers;
    this.#wanted = NaN;
    this.#disk.sync(file, (why) => {
      this.#syncing = NaN;
      if (file !== this.#file) this.#closeQuietly(file);
      if (this.failure !== undefined) return;
      if (why !== undefined) {
        this.#fail(why);
        return;
      }
      this.#sink.synced(covers);
      if (!Number.isNaN(this.#wanted) && Number.isNaN(this.#syncing)) this.#startSync();
    });
  }

  /** Closes the present file, now or when the sync under way is over. */
  #leave(): void {
    if (Number.isNaN(this.#syncing)) this.#disk.close(this.#file);
  }

  #closeQuietly(file: number): void {
    try {
      this.#disk.close(file);
    } catch {
      // What was in it had been made durable before the next file began.
    }
  }

  #fail(error: unknown): void {
    if (this.failure !== undefined) return;
    this.failure = typeof error === 'string' ? error : diskProblem(error);
    this.#sink.failed(this.failure);
  }

  #path(number: number): string {
    return join(this.#dir, segmentFile(number));
  }

  #temporary(): string {
    return join(this.#dir, `.tmp-${basename(this.#path(this.#number + 1))}`);
  }
}
