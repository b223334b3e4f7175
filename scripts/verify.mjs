// `npm run verify`: every case of the life of an order, and 2,000 seeds of the fault laboratory, keep
// every rule; 200 of the seeds are run again in a second process and without the JIT, and give the
// same hash. A week over the wire is the same as in one process; every incident that a wire can bring
// is played over it, and 100 live processes are killed under faults.
// `--messages 4 --seeds 50 --twice 5 --hours 1 --parity-days 1 --kills 5` for less; 0 days or kills leave
// that part out.
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

const messages = number('--messages', 6);

const lives = lockstep([], ['--exhaustive', '--messages', String(messages)]);
console.log(lives.stdout.trimEnd());
const all = simulate(seeds, []);
console.log(all.text);
const hashes = [simulate(twice, []), simulate(twice, []), simulate(twice, ['--jitless'])];
for (const [i, run] of hashes.entries()) console.log(`${['once', 'again', 'jitless'][i]}: ${run.text}`);
const equal = hashes.every(({ hash }) => hash === hashes[0].hash);
console.log(equal ? `${twice} seeds: equal hashes` : `${twice} seeds: THE HASHES DIFFER`);
const parity = overTheWire('tests/live/verify-parity.ts', number('--parity-days', 7));
const wire = overTheWire('tests/live/verify-wire.ts', number('--kills', 100));
const passed = [lives.status === 0, all.ok, equal, ...hashes.map(({ ok }) => ok), parity, wire];
process.exit(passed.every(Boolean) ? 0 : 1);

function overTheWire(script, argument) {
  if (argument === 0) return true;
  const args = ['--import', 'tsx', script, String(argument)];
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status === 0;
}

function simulate(count, flags) {
  const run = lockstep(flags, ['--seeds', `1..${count}`, '--hours', String(hours)]);
  const text = run.stdout.trimEnd().split('\n').at(-1) ?? '';
  return { ok: run.status === 0, text, hash: /hash (\w+)$/.exec(text)?.[1] };
}

function lockstep(flags, words) {
  const workers = String(availableParallelism());
  return spawnSync(
    process.execPath,
    [...flags, join(root, 'bin', 'lockstep.mjs'), 'simulate', ...words, '--workers', workers],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] },
  );
}
