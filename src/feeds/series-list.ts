import { existsSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parseManifest } from './series-files.ts';
import type { SeriesInfo } from './series-info.ts';
import { SERIES_KINDS } from './series-key.ts';

/** A manifest found in a data folder; its content is read only when asked for. */
export type FoundSeries = {
  readonly dataDir: string;
  readonly path: string;
  readonly info: () => SeriesInfo;
};

/** All manifests of a data folder, in the order of their paths. */
export function listSeries(dataDir: string): FoundSeries[] {
  const found: FoundSeries[] = [];
  for (const roof of [dataDir, join(dataDir, 'synthetic')]) {
    for (const kind of SERIES_KINDS) {
      const dir = join(roof, kind);
      if (!existsSync(dir)) continue;
      const names = readdirSync(dir, { recursive: true, encoding: 'utf8' });
      for (const name of names.sort()) {
        const isManifest = name.split(sep).length === 3 && name.endsWith('.json');
        if (!isManifest || name.includes('.tmp-')) continue;
        const path = join(dir, name);
        found.push({ dataDir, path, info: () => parseManifest(path) });
      }
    }
  }
  return found;
}
