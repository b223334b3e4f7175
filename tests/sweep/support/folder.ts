import { readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Every file of a folder by the hash of its bytes. */
export function bytesOf(dir: string): Record<string, string> {
  return Object.fromEntries(readdirSync(dir).sort().map((name) =>
    [name, createHash('sha256').update(readFileSync(join(dir, name))).digest('hex')]));
}

export const FINISHED = [
  'daily-returns.f32', 'daily-returns.json', 'manifest.json', 'points.csv', 'points.parquet',
  'report.html', 'result.json',
];
