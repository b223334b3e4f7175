// `npm test`: build, doors between rooms, lint, types, then the tests. Stops at the first failure.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const steps = [
  ['build', process.execPath, ['scripts/build.mjs', '--if-stale']],
  ['types', bin('tsc'), ['-p', 'tsconfig.json', '--noEmit']],
  ['rooms', bin('depcruise'), ['src', '--config', '.dependency-cruiser.cjs']],
  ['lint', bin('eslint'), ['.', '--max-warnings', '0', '--cache', '--cache-location',
    'node_modules/.cache/eslint']],
  ['tests', bin('vitest'), ['run', ...process.argv.slice(2)]],
];
for (const [name, command, args] of steps) {
  console.log(`== ${name}`);
  const done = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (done.status !== 0) process.exit(done.status ?? 1);
}
