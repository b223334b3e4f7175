import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/**
 * The browser builds of the chart libraries, to stand inline in a page. The packages do not export
 * these files, so they are found beside the entry that they do export.
 */
export function chartLibraries(): readonly string[] {
  return [
    browserBuild(require.resolve('vega'), 'vega.min.js'),
    browserBuild(require.resolve('vega-lite'), 'vega-lite.min.js'),
    browserBuild(require.resolve('vega-embed'), 'vega-embed.min.js'),
  ];
}

function browserBuild(entry: string, file: string): string {
  const text = readFileSync(join(dirname(entry), file), 'utf8');
  return text.replace(/\r\n?/g, '\n').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
}
