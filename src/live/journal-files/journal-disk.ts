import {
  closeSync,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';

/** The few things a journal asks of a disk; tests put one that fails in its place. */
export interface JournalDisk {
  makeDir(dir: string): void;
  list(dir: string): readonly string[];
  read(path: string): Uint8Array;
  /** For appending; `exclusive`: the file must not be there. */
  open(path: string, exclusive: boolean): number;
  write(file: number, bytes: Uint8Array): void;
  truncate(file: number, length: number): void;
  /** Durable when `done` is told; undefined = no error. */
  sync(file: number, done: (why: string | undefined) => void): void;
  syncNow(file: number): void;
  close(file: number): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** A name is durable when its folder is. */
  syncDir(dir: string): void;
}

/** Nobody but the owner reads what an account did. */
const OWNER_ONLY = 0o600;

export const nodeDisk: JournalDisk = {
  makeDir: (dir) => void mkdirSync(dir, { recursive: true }),
  list: (dir) => readdirSync(dir),
  read: (path) => readFileSync(path),
  open: (path, exclusive) => openSync(path, exclusive ? 'ax' : 'a', OWNER_ONLY),
  write(file, bytes) {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
  },
  truncate: (file, length) => ftruncateSync(file, length),
  sync: (file, done) =>
    fdatasync(file, (error) => done(error === null ? undefined : diskProblem(error))),
  syncNow: (file) => fsyncSync(file),
  close: (file) => closeSync(file),
  rename: (from, to) => renameSync(from, to),
  remove: (path) => rmSync(path, { force: true }),
  syncDir(dir) {
    const folder = openSync(dir, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  },
};

/** `ENOSPC` says it all; the message would bring the path again. */
export function diskProblem(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return error.code;
  return error instanceof Error ? error.message : String(error);
}
