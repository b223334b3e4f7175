/**
 * Packs what a process loads at its start into a few files: reading two hundred small modules
 * takes longer than what is in them. dist/ itself stays as compiled, one file a module.
 */
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Loaded when they are needed only, and as they were installed. */
export const APART = [
  '@duckdb/node-api', 'bybit-api', 'cli-progress', 'danfojs-node', 'pino', 'vega', 'vega-embed',
  'vega-lite', 'ws', 'yaml', 'yargs',
];

/**
 * Bundles an entry and the thread of a sweep beside it. `folder` lies two levels below the root,
 * like every built module that looks for a file of the package (package.json, data/).
 */
export async function bundle(entry, folder) {
  const outdir = join(root, folder);
  const common = {
    absWorkingDir: root, outdir, bundle: true, platform: 'node', target: 'node20', format: 'esm',
    mainFields: ['module', 'main'], sourcemap: 'linked', external: APART, logLevel: 'warning',
    metafile: true,
  };
  const built = [
    await build({ ...common, entryPoints: [entry], splitting: true }),
    await build({ ...common, entryPoints: ['dist/sweep/worker-main.js'] }),
  ];
  const files = built.flatMap(({ metafile }) => Object.keys(metafile.outputs));
  removeOthers(outdir, new Set(files.map((file) => basename(file))));
}

/** Chunks of earlier builds: their names tell their content. */
function removeOthers(folder, kept) {
  for (const name of readdirSync(folder)) if (!kept.has(name)) rmSync(join(folder, name));
}
