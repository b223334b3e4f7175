import type { JournalDisk } from '../../../src/live/journal-files/journal-disk.ts';

type Held = { readonly done: (why: string | undefined) => void };

/** A disk in memory that says when it syncs, and fails when it is told to. */
export class FaultyDisk implements JournalDisk {
  readonly files = new Map<string, Uint8Array>();
  readonly held: Held[] = [];
  syncs = 0;
  /** Bytes that still fit; beyond them a write is cut short. */
  room = Infinity;
  syncFails: string | undefined;
  /** Every sync is over at once. */
  isPrompt = false;
  readonly #open = new Map<number, string>();
  #next = 3;

  makeDir(): void {}

  list(): readonly string[] {
    return [...this.files.keys()].map((path) => path.slice(path.lastIndexOf('/') + 1));
  }

  read(path: string): Uint8Array {
    const bytes = this.files.get(path);
    if (bytes === undefined) throw failure('ENOENT');
    return bytes;
  }

  open(path: string, exclusive: boolean): number {
    if (exclusive && this.files.has(path)) throw failure('EEXIST');
    if (!this.files.has(path)) this.files.set(path, new Uint8Array());
    this.#next += 1;
    this.#open.set(this.#next, path);
    return this.#next;
  }

  write(file: number, bytes: Uint8Array): void {
    const path = this.#path(file);
    const fits = bytes.subarray(0, Math.min(bytes.length, this.room));
    this.room -= fits.length;
    this.files.set(path, Buffer.concat([this.read(path), fits]));
    if (fits.length < bytes.length) throw failure('ENOSPC');
  }

  truncate(file: number, length: number): void {
    const path = this.#path(file);
    this.files.set(path, this.read(path).subarray(0, length));
  }

  sync(file: number, done: (why: string | undefined) => void): void {
    this.#path(file);
    this.syncs += 1;
    this.held.push({ done });
    if (this.isPrompt) this.release();
  }

  /** The syncs under way are over. */
  release(): void {
    for (const { done } of this.held.splice(0)) done(this.syncFails);
  }

  syncNow(file: number): void {
    this.#path(file);
    if (this.syncFails !== undefined) throw failure(this.syncFails);
  }

  close(file: number): void {
    this.#path(file);
    this.#open.delete(file);
  }

  rename(from: string, to: string): void {
    this.files.set(to, this.read(from));
    this.files.delete(from);
    for (const [file, path] of this.#open) if (path === from) this.#open.set(file, to);
  }

  remove(path: string): void {
    this.files.delete(path);
  }

  syncDir(): void {}

  get openCount(): number {
    return this.#open.size;
  }

  #path(file: number): string {
    const path = this.#open.get(file);
    if (path === undefined) throw failure('EBADF');
    return path;
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
