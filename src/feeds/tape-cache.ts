import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { writeAtomic } from './atomic-write.ts';

/**
 * The `.bin` beside a Parquet file: 128 bytes of header, then the columns exactly as they lie in
 * shared memory (tape.ts), little-endian. It can always be made again, so whatever is wrong with
 * it means "not there".
 */
const MAGIC = 'LKSTCOL1';
const HEADER_BYTES = 128;
const VERSION = 1;

export type CacheHead = {
  readonly rows: number;
  readonly intervalMs: number;
  readonly hasVolume: boolean;
  readonly tickSize: string;
  readonly qtyStep: string;
  readonly hash: string;
};

export function bodyHash(body: SharedArrayBuffer): string {
  return createHash('sha256').update(new Uint8Array(body)).digest('hex');
}

export function writeCache(path: string, head: CacheHead, body: SharedArrayBuffer): void {
  writeAtomic(path, [headerOf(head), new Uint8Array(body)]);
}

/** The body, checked against the hash the manifest promises; undefined when it cannot be used. */
export function readCache(
  path: string,
  head: CacheHead,
  bodyBytes: number,
): SharedArrayBuffer | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    if (fstatSync(file).size !== HEADER_BYTES + bodyBytes) return undefined;
    const header = Buffer.alloc(HEADER_BYTES);
    readWhole(file, header, 0);
    if (!header.equals(headerOf(head))) return undefined;
    const body = new SharedArrayBuffer(bodyBytes);
    readWhole(file, new Uint8Array(body), HEADER_BYTES);
    return bodyHash(body) === head.hash ? body : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

function headerOf(head: CacheHead): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt32LE(VERSION, 8);
  header.writeUInt32LE(head.hasVolume ? 1 : 0, 12);
  header.writeDoubleLE(head.rows, 16);
  header.writeDoubleLE(head.intervalMs, 24);
  header.write(head.tickSize.slice(0, 32), 32, 'latin1');
  header.write(head.qtyStep.slice(0, 32), 64, 'latin1');
  header.write(head.hash, 96, 'hex');
  return header;
}

function readWhole(file: number, into: Uint8Array, position: number): void {
  for (let at = 0; at < into.length;) {
    const read = readSync(file, into, at, into.length - at, position + at);
    if (read === 0) throw new Error('short read');
    at += read;
  }
}
