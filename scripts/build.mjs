// Compiles src/ to dist/. With --if-stale it does nothing when dist/ is newer than every source,
// so that `npm start` on a built tree starts at once.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function newestMs(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestMs(path) : statSync(path).mtimeMs);
  }
  return newest;
}

const stamp = join(root, 'dist', '.tsbuildinfo');
const inputs = () =>
  Math.max(newestMs(join(root, 'src')), statSync(join(root, 'tsconfig.build.json')).mtimeMs);
const fresh = existsSync(stamp) && statSync(stamp).mtimeMs >= inputs();
if (process.argv.includes('--if-stale') && fresh) process.exit(0);

const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
if (!existsSync(compiler)) {
  // A production install of an already built package has no compiler, and needs none.
  if (existsSync(join(root, 'dist', 'cli', 'main.js'))) process.exit(0);
  console.error('lockstep: TypeScript is not installed: run npm ci first');
  process.exit(2);
}
const built = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
// tsc leaves its stamp alone when nothing it emits has changed; the next --if-stale reads it.
if (built.status === 0 && existsSync(stamp)) {
  const { utimesSync } = await import('node:fs');
  utimesSync(stamp, new Date(), new Date());
}
process.exit(built.status ?? 1);
