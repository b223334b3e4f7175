/**
 * `npm run bench:profile -- [few|many] [ideal|home] [walk|metrics] [points]`: where the time of a
 * point goes. Runs the skip walk's points under --cpu-prof and prints each function's own time, as a
 * share and in us of a point-year, then the same by room. Inlined functions count as themselves.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readProfile } from './profile-read.mjs';
import { textTable } from './table.mjs';
import { makeYear } from './year.mjs';

const [setting = 'few', execution = 'ideal', what = 'walk', points = '20000'] =
  process.argv.slice(2);
const LEAST_PERCENT = 0.4;

const home = mkdtempSync(join(tmpdir(), 'lockstep-profile-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
await makeYear(home);

const program = what === 'metrics' ? 'metrics' : 'skip';
const script = fileURLToPath(new URL('./profile-process.mjs', import.meta.url));
const profiler = [
  '--cpu-prof',
  '--cpu-prof-interval',
  '200',
  '--cpu-prof-dir',
  join(home, 'profile'),
];
const job = JSON.stringify({ program, setting, execution, dataDir: home, points: Number(points) });
const { status, stdout } = spawnSync(process.execPath, [...profiler, script, job], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (status !== 0) throw new Error(`the profiled process ended with code ${status}`);
const { us, fills, plainUs } = JSON.parse(stdout);
const [file] = readdirSync(join(home, 'profile'));
const { functions, rooms, samples } = readProfile(
  JSON.parse(readFileSync(join(home, 'profile', file), 'utf8')),
);

const say = (text) => process.stdout.write(`${text}\n`);
say(
  `skip walk${what === 'metrics' ? ' and metrics' : ''}, ${execution}, ${points} points of ${setting} ` +
    `fills, ${fills.toFixed(0)} fills a year: ${us.toFixed(1)} us a point while profiled (processor time, ` +
    `warm; before it ${plainUs.toFixed(1)}), ${samples} samples`,
);
const row = ({ share, where }) => [
  where,
  (100 * share).toFixed(1),
  (us * share).toFixed(2),
  ((us * share) / fills).toFixed(3),
];
const shown = functions.filter(({ share }) => 100 * share >= LEAST_PERCENT);
const rest = 1 - shown.reduce((sum, { share }) => sum + share, 0);
const head = ['self %', 'us a point-year', 'us a fill'];
say(
  textTable([
    ['by function', ...head],
    ...shown.map(row),
    row({ share: rest, where: '(all others)' }),
  ]),
);
say(`\n${textTable([['by room', ...head], ...rooms.map(row)])}`);
