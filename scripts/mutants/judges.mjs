// The two judges of a mutant: the fault laboratory, or the test files that it names.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { APART } from '../bundle.mjs';

/** How many seeds break a rule, and which. NaN where there was no result. */
export async function judgedBySeeds(folder, { seeds, hours, quick }) {
  const outfile = join(folder, 'dist', 'bundle', 'main.js');
  await build({
    absWorkingDir: folder, entryPoints: ['src/cli/main.ts'], outfile, bundle: true,
    platform: 'node', target: 'node20', format: 'esm', mainFields: ['module', 'main'],
    external: APART, logLevel: 'warning',
  });
  const words = ['--seeds', `1..${seeds}`, '--hours', String(hours), '--brief'];
  const run = spawnSync(
    process.execPath, [outfile, 'simulate', ...words, ...(quick ? [] : ['--keep-going'])],
    { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const found = /: (\d+) broken; hash/.exec(run.stdout);
  if (found === null) return { broken: NaN, text: `no result: ${run.stderr.slice(-400)}` };
  const rules = new Map();
  for (const [, rule] of run.stdout.matchAll(/^seed \d+ broken (\w+):/gm)) {
    rules.set(rule, (rules.get(rule) ?? 0) + 1);
  }
  const seed = /^seed (\d+) broken/m.exec(run.stdout)?.[1];
  const text = [...rules].map(([rule, times]) => (quick ? rule : `${rule} x ${times}`)).join(', ');
  const broken = Number(found[1]);
  if (broken === 0) return { broken, text: `nothing broken in ${seeds} seeds` };
  return { broken, text: `${quick ? '' : `${broken} of ${seeds} seeds, `}first seed ${seed}: ${text}` };
}

/** How many tests fail, and the first of them. A test file that does not run at all is no verdict. */
export function judgedByTests(folder, files) {
  const run = spawnSync(
    process.execPath,
    [join(folder, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...files, '--reporter=json'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const at = run.stdout.indexOf('{"num');
  if (at < 0) return { broken: NaN, text: `no result: ${run.stderr.slice(-400)}` };
  const { testResults } = JSON.parse(run.stdout.slice(at));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  if (testResults.length !== files.length || testResults.some((each) => each.assertionResults.length === 0))
    return { broken: NaN, text: `no result: ${testResults.map(({ message }) => message).join(' ')}` };
  const failed = tests.filter(({ status }) => status === 'failed');
  const text = failed.length === 0 ? `all ${tests.length} tests pass` : `test "${failed[0].fullName}"`;
  return { broken: failed.length, text };
}
