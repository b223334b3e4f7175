// `npm run verify`: 2,000 seeds of the fault laboratory keep every rule; 200 of them are run again in
// a second process and without the JIT, and give the same hash. `--seeds 50 --twice 5 --hours 1` for
// less.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const number = (flag, otherwise) => {
  const at = process.argv.indexOf(flag);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const seeds = number('--seeds', 2_000);
const twice = number('--twice', 200);
const hours = number('--hours', 6);

const all = simulate(seeds, []);
console.log(all.text);
const hashes = [simulate(twice, []), simulate(twice, []), simulate(twice, ['--jitless'])];
for (const [i, run] of hashes.entries()) console.log(`${['once', 'again', 'jitless'][i]}: ${run.text}`);
const equal = hashes.every(({ hash }) => hash === hashes[0].hash);
console.log(equal ? `${twice} seeds: equal hashes` : `${twice} seeds: THE HASHES DIFFER`);
process.exit(equal && all.ok && hashes.every(({ ok }) => ok) ? 0 : 1);

function simulate(count, flags) {
  const run = spawnSync(
    process.execPath,
    [...flags, join(root, 'bin', 'lockstep.mjs'), 'simulate', '--seeds', `1..${count}`,
      '--hours', String(hours), '--workers', String(availableParallelism())],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const text = run.stdout.trimEnd().split('\n').at(-1) ?? '';
  return { ok: run.status === 0, text, hash: /hash (\w+)$/.exec(text)?.[1] };
}
