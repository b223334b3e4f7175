import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InputError } from '../engine/invariant.ts';

/** A file as the user gave it: its plain bytes and what the manifest says about it. */
export type InputFile = {
  /** The path as given, for messages. */
  readonly name: string;
  readonly basename: string;
  /** Of the bytes on disk, so that `sha256sum FILE` shows the same. */
  readonly sha256: string;
  /** Unpacked, without a byte order mark. */
  readonly bytes: Buffer;
};

const MAX_BYTES = 2 ** 31 - 2;

export function readInputFile(path: string): InputFile {
  const raw = readRaw(path);
  const plain = isGzip(raw) ? unpack(raw, path) : raw;
  return inputOf(path, raw, plain);
}

/** Bytes that never were a file of the user's: a finished download, a converted Parquet file. */
export function inputOf(name: string, raw: Buffer, plain: Buffer): InputFile {
  const sha256 = createHash('sha256').update(raw).digest('hex');
  return { name, basename: basename(name), sha256, bytes: withoutMark(plain) };
}

function readRaw(path: string): Buffer {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new InputError(`no such file: ${path}`);
  if (stat.isDirectory()) throw new InputError(`${path} is a folder: name the files in it`);
  if (stat.size === 0) throw new InputError(`${path} is empty`);
  if (stat.size > MAX_BYTES) throw new InputError(`${path} is over 2 GiB: split it by year`);
  try {
    return readFileSync(path);
  } catch {
    throw new InputError(`cannot read ${path}: check its permissions`);
  }
}

function isGzip(raw: Buffer): boolean {
  return raw[0] === 0x1f && raw[1] === 0x8b;
}

function unpack(raw: Buffer, path: string): Buffer {
  try {
    return gunzipSync(raw, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new InputError(`${path} unpacks to over 2 GiB: split it by year`);
    }
    throw new InputError(
      `${path} is a damaged or cut-off gzip file (${code}): nothing was imported, fetch it again`,
    );
  }
}

function withoutMark(bytes: Buffer): Buffer {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked ? bytes.subarray(3) : bytes;
}
