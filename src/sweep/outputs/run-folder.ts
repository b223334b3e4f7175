import { createHash } from 'node:crypto';
import {
  existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../../engine/invariant.ts';

export const MANIFEST_NAME = 'manifest.json';
export const MANIFEST_SCHEMA = 'lockstep.manifest';

/** Text of each file by name. */
export type RunFiles = ReadonlyMap<string, string>;

/** Names and hashes of the files, for the manifest that is written with them. */
export function fileHashes(files: RunFiles): Record<string, string> {
  return Object.fromEntries([...files].map(([name, text]) => [name, sha256(text)]));
}

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Refuses a place that holds anything but an earlier run of ours: what stands there will go.
 * Asked before a run, so that nobody waits for a refusal, and again before the files are moved.
 */
export function refuseForeignFolder(dir: string): void {
  const path = resolve(dir);
  const standing = nearestExisting(path);
  if (!statSync(standing).isDirectory()) {
    throw new InputError(`--out ${dir}: ${basename(standing)} is a file, not a folder`);
  }
  if (standing !== path) return;
  const names = readdirSync(path);
  if (names.length === 0) return;
  const known = ownNames(path);
  const foreign = names.find((name) => !known.has(name));
  if (foreign === undefined) return;
  throw new InputError(
    `--out ${dir} holds ${foreign}, which is no file of a lockstep run: choose another folder`,
  );
}

function nearestExisting(path: string): string {
  let at = path;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}

/** What the folder's manifest says is ours; empty when it is no run's manifest. */
function ownNames(path: string): ReadonlySet<string> {
  try {
    const manifest = JSON.parse(readFileSync(join(path, MANIFEST_NAME), 'utf8')) as {
      schema?: unknown; files?: unknown;
    };
    if (manifest.schema !== MANIFEST_SCHEMA) return new Set();
    return new Set([MANIFEST_NAME, ...Object.keys(manifest.files ?? {})]);
  } catch {
    return new Set();
  }
}

/** The whole folder or nothing: written beside it, then put in the place of an earlier run. */
export function writeRunFolder(dir: string, files: RunFiles): void {
  const path = resolve(dir);
  const beside = (word: string): string =>
    join(dirname(path), `.${word}-${process.pid}-${basename(path)}`);
  const [fresh, old] = [beside('new'), beside('old')];
  refuseForeignFolder(dir);
  try {
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true });
    for (const [name, text] of files) writeFileSync(join(fresh, name), text);
    const had = existsSync(path);
    if (had) renameSync(path, old);
    try {
      renameSync(fresh, path);
    } catch (error) {
      if (had) renameSync(old, path);
      throw error;
    }
    rmSync(old, { recursive: true, force: true });
  } catch (error) {
    throw folderError(dir, error);
  } finally {
    if (existsSync(fresh)) rmSync(fresh, { recursive: true, force: true });
  }
}

const REFUSED = [
  'EACCES', 'EEXIST', 'ENOSPC', 'ENOTDIR', 'ENOTEMPTY', 'EPERM', 'EROFS', 'ENAMETOOLONG',
];

function folderError(dir: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!REFUSED.includes(code)) return error;
  return new InputError(`cannot write the results to ${dir} (${code}): choose another --out`);
}
