import { existsSync, readFileSync } from 'node:fs';

/** Written by the build beside the bundle; a run from the sources has none. */
const PLACES = ['../commit.txt', '../../dist/commit.txt'];

/** The commit the program was built from, for whoever has to find it again. */
export function buildCommit(): string {
  for (const place of PLACES) {
    const url = new URL(place, import.meta.url);
    if (existsSync(url)) return readFileSync(url, 'utf8').trim();
  }
  return 'unknown';
}
