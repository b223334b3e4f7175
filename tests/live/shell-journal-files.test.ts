import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { encodeHeader, encodeRecord } from '../../src/live/journal/encode.ts';
import { JOURNAL_FORMAT } from '../../src/live/journal/record.ts';
import type { JournalHeader, NumberedRecord } from '../../src/live/journal/record.ts';
import { compact } from '../../src/live/journal-files/compaction.ts';
import { nodeDisk } from '../../src/live/journal-files/journal-disk.ts';
import type { JournalDisk } from '../../src/live/journal-files/journal-disk.ts';
import { JournalFiles } from '../../src/live/journal-files/journal-files.ts';
import type { FoundJournal } from '../../src/live/journal-files/journal-files.ts';
import { ProcessLock } from '../../src/live/journal-files/process-lock.ts';
import { FaultyDisk } from './support/faulty-disk.ts';

const HEADER: JournalHeader = {
  k: 'header',
  format: JOURNAL_FORMAT,
  deployment: 'test01',
  configHash: 'c',
  version: 'v',
};
const root = mkdtempSync(join(tmpdir(), 'lockstep-journal-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let dirs = 0;
const freshDir = (): string => join(root, String((dirs += 1)));

class Told {
  readonly synced: number[] = [];
  readonly failed: string[] = [];
  readonly sink = {
    synced: (seq: number): void => void this.synced.push(seq),
    failed: (why: string): void => void this.failed.push(why),
  };
}

type Opened = { files: JournalFiles; found: FoundJournal; told: Told };

function open(dir: string, disk: JournalDisk = nodeDisk, deployment = 'test01'): Opened {
  const told = new Told();
  return { ...JournalFiles.open(dir, deployment, disk, told.sink), told };
}

function write(files: JournalFiles, from: number, to: number): void {
  for (let seq = from; seq <= to; seq += 1) {
    const text = seq === 0 ? encodeHeader(HEADER) : encodeRecord(seq, recordOf(seq));
    files.append(seq, text);
  }
}

function recordOf(seq: number): { k: string; i: { t: string; seq: number } } {
  return { k: 'in', i: { t: 'timer', seq } };
}

function rotate(files: JournalFiles, seq: number): void {
  files.rotate(HEADER, { seq, text: encodeRecord(seq, { k: 'snapshot' }) });
}

const numbers = (records: Iterable<NumberedRecord>): number[] => [...records].map(({ n }) => n);
const upTo = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe('the journal on disk', () => {
  it('goes on after a restart where it was', () => {
    const dir = freshDir();
    const first = open(dir);
    expect(first.found).toMatchObject({ header: undefined, records: [], files: 0 });
    write(first.files, 0, 5);
    expect(first.files.close()).toBe(true);
    const second = open(dir);
    expect(second.found.header).toEqual(HEADER);
    expect(numbers(second.found.records)).toEqual(upTo(1, 5));
    write(second.files, 6, 8);
    second.files.close();
    expect(numbers(open(dir).found.records)).toEqual(upTo(1, 8));
  });

  it('covers all that was appended while a sync was under way with one further sync', () => {
    const disk = new FaultyDisk();
    const { files, told } = open('/j', disk);
    write(files, 0, 1);
    files.sync(1);
    for (let seq = 2; seq <= 40; seq += 1) {
      write(files, seq, seq);
      files.sync(seq);
    }
    expect(disk.syncs).toBe(1);
    disk.release();
    expect(told.synced).toEqual([1]);
    disk.release();
    expect(told.synced).toEqual([1, 40]);
    expect(disk.syncs).toBe(2);
  });

  it('starts from the snapshot of its last file, and can still read every record', () => {
    const dir = freshDir();
    const { files } = open(dir);
    write(files, 0, 5);
    rotate(files, 6);
    write(files, 7, 9);
    rotate(files, 10);
    write(files, 11, 12);
    files.close();
    const { found, files: again } = open(dir);
    expect(found.snapshot?.n).toBe(10);
    expect(numbers(found.records)).toEqual([11, 12]);
    expect(numbers(again.all('test01'))).toEqual(upTo(1, 12));
    again.close();
  });

  it('keeps a sync that was under way when the next file began', () => {
    const disk = new FaultyDisk();
    const { files, told } = open('/j', disk);
    write(files, 0, 3);
    files.sync(3);
    rotate(files, 4);
    write(files, 5, 6);
    files.sync(6);
    disk.release();
    disk.release();
    expect(told).toMatchObject({ synced: [3, 6], failed: [] });
    expect(disk.openCount).toBe(1);
  });

  it('says ENOSPC once, writes nothing more, and is whole up to there', () => {
    const disk = new FaultyDisk();
    const { files, told } = open('/j', disk);
    write(files, 0, 3);
    disk.room = 20;
    write(files, 4, 4);
    disk.room = Infinity;
    write(files, 5, 6);
    files.sync(4);
    expect(told).toMatchObject({ synced: [], failed: ['ENOSPC'] });
    const { found } = open('/j', disk);
    expect(numbers(found.records)).toEqual([1, 2, 3]);
    expect(found.cutBytes).toBe(20);
  });

  it('takes a sync that failed for the end, not for one to try again', () => {
    const disk = new FaultyDisk();
    const { files, told } = open('/j', disk);
    write(files, 0, 3);
    files.sync(3);
    disk.syncFails = 'EIO';
    disk.release();
    disk.syncFails = undefined;
    files.sync(3);
    disk.release();
    expect(told).toMatchObject({ synced: [], failed: ['EIO'] });
  });

  it('that cannot begin its next file keeps the one it has', () => {
    const disk = new FaultyDisk();
    const { files, told } = open('/j', disk);
    write(files, 0, 5);
    disk.room = 40;
    rotate(files, 6);
    expect(told.failed).toEqual(['ENOSPC']);
    disk.room = Infinity;
    const { found } = open('/j', disk);
    expect(numbers(found.records)).toEqual(upTo(1, 5));
    expect(disk.list()).toEqual(['000001.journal']);
  });

  it('cut at every byte is what stood before the cut, in the last file only', () => {
    const disk = new FaultyDisk();
    const { files } = open('/j', disk);
    write(files, 0, 4);
    rotate(files, 5);
    write(files, 6, 8);
    const last = disk.read('/j/000002.journal');
    const first = disk.read('/j/000001.journal');
    const begun = Buffer.from(last).indexOf('"k":"snapshot"');
    const whole = Buffer.from(last).indexOf('\n', begun) + 1;
    for (let length = whole; length <= last.length; length += 1) {
      disk.files.set('/j/000002.journal', last.subarray(0, length));
      const { found } = open('/j', disk);
      const seen = [5, ...numbers(found.records)];
      expect(seen).toEqual(upTo(5, seen.at(-1) ?? 0));
      expect(found.cutBytes).toBeLessThan(120);
    }
    disk.files.set('/j/000002.journal', last);
    for (let length = 0; length < first.length; length += 1) {
      disk.files.set('/j/000001.journal', first.subarray(0, length));
      const { files: again } = open('/j', disk);
      expect(() => [...again.all('test01')]).toThrow(/000001|000002/);
    }
  });

  it('with any bit of it changed is refused, or loses its very last record', () => {
    const disk = new FaultyDisk();
    const { files } = open('/j', disk);
    write(files, 0, 3);
    rotate(files, 4);
    write(files, 5, 6);
    const paths = ['/j/000001.journal', '/j/000002.journal'];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.nat(), fc.nat(7), (path, where, bit) => {
        const whole = disk.read(path);
        const at = where % whole.length;
        const changed = Uint8Array.from(whole);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        disk.files.set(path, changed);
        const isLastByte = path === paths[1] && at === whole.length - 1;
        const all = (): number[] => numbers(open('/j', disk).files.all('test01'));
        if (isLastByte) expect(all()).toEqual(upTo(1, 5));
        else expect(all).toThrow(/^\/j\/00000/);
        disk.files.set(path, whole);
      }),
      { numRuns: 300 },
    );
  });

  it('of another deployment, of a newer format, or without its end is refused', () => {
    const disk = new FaultyDisk();
    const { files } = open('/j', disk);
    write(files, 0, 3);
    expect(() => open('/j', disk, 'other1')).toThrow(/of deployment "test01", expected other1/);
    const newer = encodeHeader({ ...HEADER, format: JOURNAL_FORMAT + 1 });
    disk.files.set('/j/000001.journal', Buffer.from(newer));
    expect(() => open('/j', disk)).toThrow(/is newer than/);
    disk.files.set('/j/000002.journal', Buffer.from(encodeHeader({ ...HEADER, after: 'x' }, 3)));
    expect(() => open('/j', disk)).toThrow(/is not the end of a journal/);
  });

  it('reads a journal whose older files are packed, and says which one is missing', async () => {
    const dir = freshDir();
    const { files } = open(dir);
    write(files, 0, 5);
    rotate(files, 6);
    write(files, 7, 9);
    rotate(files, 10);
    expect(await compact(files.closed(), Infinity)).toHaveLength(2);
    expect(readdirSync(dir).sort()).toEqual([
      '000001.journal.gz',
      '000002.journal.gz',
      '000003.journal',
    ]);
    expect(numbers(files.all('test01'))).toEqual(upTo(1, 10));
    rmSync(join(dir, '000002.journal.gz'));
    expect(() => [...files.all('test01')]).toThrow(/a file between them is missing/);
    expect(await compact(files.closed(), 0)).toHaveLength(1);
    expect(() => [...files.all('test01')]).toThrow(/the files before it are gone/);
    files.close();
    expect(open(dir).found.snapshot?.n).toBe(10);
  });

  it('of a process that was killed while writing holds all that was synced', async () => {
    for (let round = 0; round < 3; round += 1) {
      const dir = freshDir();
      const synced = await killWhileWriting(dir, 60 + 40 * round);
      const { found, files } = open(dir);
      const last = found.records.at(-1)?.n ?? found.snapshot?.n ?? 0;
      expect(last).toBeGreaterThanOrEqual(synced);
      expect(numbers(files.all('test01'))).toEqual(upTo(1, last));
      files.close();
    }
  }, 30_000);
});

/** Resolves to the last record that the child was told to be durable. */
async function killWhileWriting(dir: string, afterSyncs: number): Promise<number> {
  const script = new URL('./support/journal-child.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', script, dir]);
  let synced = 0;
  let lines = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n').slice(0, -1)) {
      synced = Math.max(synced, Number(line));
      lines += 1;
    }
    if (lines >= afterSyncs) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.on('close', resolve));
  expect(lines).toBeGreaterThanOrEqual(afterSyncs);
  return synced;
}

describe('the lock of a state folder', () => {
  it('is held by one process at a time, and given back', () => {
    const dir = freshDir();
    const lock = ProcessLock.take(dir, Date.now());
    expect(() => ProcessLock.take(dir, Date.now())).toThrow(
      new RegExp(`process ${process.pid} already runs this deployment`),
    );
    lock.release();
    ProcessLock.take(dir, Date.now()).release();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('of a process that is gone is taken over, also when its number lives again', () => {
    const dir = freshDir();
    const lock = ProcessLock.take(dir, Date.now());
    const path = join(dir, 'lock');
    const held = JSON.parse(readFileSync(path, 'utf8')) as { host: string };
    writeFileSync(path, JSON.stringify({ ...held, started: '1' }));
    ProcessLock.take(dir, Date.now());
    expect(readdirSync(dir)).toEqual(['lock']);
    lock.release();
    writeFileSync(path, 'half a li');
    ProcessLock.take(dir, Date.now()).release();
  });

  it('of another host counts while it is touched', () => {
    const dir = freshDir();
    const nowMs = Date.now();
    const lock = ProcessLock.take(dir, nowMs);
    const path = join(dir, 'lock');
    const held = JSON.parse(readFileSync(path, 'utf8')) as { host: string };
    writeFileSync(path, JSON.stringify({ ...held, host: 'elsewhere' }));
    expect(() => ProcessLock.take(dir, nowMs)).toThrow(/on elsewhere already runs/);
    lock.touch(nowMs - 20_000);
    ProcessLock.take(dir, nowMs).release();
  });
});
