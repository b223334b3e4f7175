// `npm run mutants`: un-learns one lesson at a time in a copy of the sources and shows in how many
// of 200 seeds the laboratory notices. A mutant that survives is a hole in the laboratory.
// `npm run mutants -- noFsync,randomId` runs those only; `--seeds 50` looks at fewer seeds; `--quick`
// stops a mutant at the first seed that kills it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { APART } from './bundle.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const all = JSON.parse(readFileSync(join(root, 'scripts', 'mutants', 'mutants.json'), 'utf8'));
const words = process.argv.slice(2);
const quick = words.includes('--quick');
const seedsAt = words.indexOf('--seeds');
const seeds = seedsAt < 0 ? 200 : Number(words[seedsAt + 1]);
const named = words.filter((word, at) => !word.startsWith('--') && words[at - 1] !== '--seeds');
const wanted = new Set(named.flatMap((word) => word.split(',')));
const mutants = all.filter(({ name }) => wanted.size === 0 || wanted.has(name));

const clean = wanted.size === 0 ? await brokenSeeds(undefined) : { broken: 0, text: 'not run' };
console.log(`unchanged: ${clean.text}`);
if (clean.broken !== 0) process.exit(1);
const survivors = [];
for (const mutant of mutants) {
  const { broken, text } = await brokenSeeds(mutant);
  const killed = quick ? 'killed' : `killed in ${broken} of ${seeds} seeds`;
  const verdict = broken > 0 ? killed : 'SURVIVES';
  console.log(`${mutant.name} (${mutant.rule}): ${verdict}; ${text}`);
  if (!(broken > 0)) survivors.push(mutant.name);
}
const caught = mutants.length - survivors.length;
console.log(`${caught} of ${mutants.length} mutants killed within ${seeds} seeds`);
if (survivors.length > 0) console.log(`survivors: ${survivors.join(', ')}`);
process.exit(survivors.length > 0 ? 1 : 0);

async function brokenSeeds(mutant) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-mutant-'));
  try {
    cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    cpSync(join(root, 'package.json'), join(folder, 'package.json'));
    for (const patch of mutant?.patches ?? []) apply(folder, mutant.name, patch);
    const outfile = join(folder, 'dist', 'bundle', 'main.js');
    await build({
      absWorkingDir: folder, entryPoints: ['src/cli/main.ts'], outfile, bundle: true,
      platform: 'node', target: 'node20', format: 'esm', mainFields: ['module', 'main'],
      external: APART, logLevel: 'warning',
    });
    const run = spawnSync(
      process.execPath,
      [outfile, 'simulate', '--seeds', `1..${seeds}`, '--brief', ...(quick ? [] : ['--keep-going'])],
      { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    return readResult(run);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A mutant whose text is no longer there tests nothing: it must be aimed anew. */
function apply(folder, name, { file, find, replace }) {
  const path = join(folder, file);
  const parts = readFileSync(path, 'utf8').split(find);
  if (parts.length !== 2) {
    throw new Error(`mutant ${name}: its text is ${parts.length - 1} times in ${file}`);
  }
  writeFileSync(path, parts.join(replace));
}

function readResult(run) {
  const found = /: (\d+) broken; hash/.exec(run.stdout);
  if (found === null) return { broken: NaN, text: `no result: ${run.stderr.slice(-400)}` };
  const rules = new Map();
  for (const [, rule] of run.stdout.matchAll(/^seed \d+ broken (\w+):/gm)) {
    rules.set(rule, (rules.get(rule) ?? 0) + 1);
  }
  const seed = /^seed (\d+) broken/m.exec(run.stdout)?.[1];
  const text = [...rules].map(([rule, times]) => `${rule} x ${times}`).join(', ');
  return { broken: Number(found[1]), text: text === '' ? 'nothing broken' : `${text}, first in seed ${seed}` };
}
