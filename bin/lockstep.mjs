#!/usr/bin/env node
// Builds when the sources are newer than dist/, then hands over to the command line.
import { existsSync } from 'node:fs';

const freshness = new URL('../scripts/freshness.mjs', import.meta.url);
if (existsSync(freshness) && !(await import(freshness.href)).isFresh()) {
  const { spawnSync } = await import('node:child_process');
  const { fileURLToPath } = await import('node:url');
  const build = fileURLToPath(new URL('../scripts/build.mjs', import.meta.url));
  const built = spawnSync(process.execPath, [build, '--if-stale'], { stdio: ['ignore', 2, 2] });
  if (built.status !== 0) process.exit(built.status ?? 1);
}
await import('../dist/bundle/main.js');
