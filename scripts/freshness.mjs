/** Whether dist/ is newer than everything it is built from. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Written when a build is complete. */
export const STAMP = join(root, 'dist', '.built');

export function isFresh() {
  if (!existsSync(STAMP)) return false;
  const inputs = Math.max(
    newestMs(join(root, 'src')),
    newestMs(join(root, 'scripts')),
    statSync(join(root, 'tsconfig.build.json')).mtimeMs,
  );
  return statSync(STAMP).mtimeMs >= inputs;
}

function newestMs(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestMs(path) : statSync(path).mtimeMs);
  }
  return newest;
}
