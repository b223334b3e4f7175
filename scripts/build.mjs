// Compiles src/ to dist/ and bundles the command line. With --if-stale it does nothing when dist/
// is newer than every source.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isFresh, STAMP } from './freshness.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
if (process.argv.includes('--if-stale') && isFresh()) process.exit(0);

const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
if (!existsSync(compiler)) {
  // A production install of an already built package has no compiler, and needs none.
  if (existsSync(STAMP)) process.exit(0);
  console.error('lockstep: TypeScript is not installed: run npm ci first');
  process.exit(2);
}
const { compile } = await import('./compile.mjs');
if (!compile(root)) process.exit(1);
const { bundle } = await import('./bundle.mjs');
await bundle('dist/cli/main.js', 'dist/bundle');
const { bundleHash, sourceRooms } = await import('../dist/live/program-code.js');
const code = { rooms: sourceRooms(root), bundle: bundleHash(root) };
writeFileSync(join(root, 'dist', 'code.json'), `${JSON.stringify(code, undefined, 2)}\n`);
const head = spawnSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: root, encoding: 'utf8' });
if (head.status === 0) writeFileSync(join(root, 'dist', 'commit.txt'), head.stdout);
writeFileSync(STAMP, '');
