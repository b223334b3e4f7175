import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/**
 * Files behind the last snapshot are needed for looking back, not for a start: they are packed to
 * about a tenth, and beyond `keep` the oldest go. Resolves to what was done, a line each.
 */
export async function compact(closed: readonly string[], keep: number): Promise<string[]> {
  const said: string[] = [];
  const surplus = Math.max(0, closed.length - keep);
  for (const [at, path] of closed.entries()) {
    if (at < surplus) {
      await rm(path, { force: true });
      said.push(`${basename(path)} removed: more than ${keep} files are closed`);
    } else if (!path.endsWith('.gz')) {
      await pack(path);
      said.push(`${basename(path)} packed`);
    }
  }
  return said;
}

async function pack(path: string): Promise<void> {
  const temporary = join(dirname(path), `.tmp-${basename(path)}.gz`);
  try {
    const options = { mode: 0o600 };
    await pipeline(createReadStream(path), createGzip(), createWriteStream(temporary, options));
    await syncFile(temporary, 'r+');
    await rename(temporary, `${path}.gz`);
    await syncFile(dirname(path), 'r');
    await rm(path, { force: true });
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function syncFile(path: string, flags: string): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
