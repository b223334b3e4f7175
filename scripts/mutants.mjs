// `npm run mutants`: un-learns one lesson at a time in a copy of the sources and shows in how many
// of 200 seeds the laboratory notices, or which test. A mutant that survives is a hole in the
// laboratory. `npm run mutants -- noFsync,randomId` runs those only; `--seeds 50` looks at fewer
// seeds, `--hours 1` at shorter ones; `--quick` stops a mutant at the first seed that kills it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgedBySeeds, judgedByTests } from './mutants/judges.mjs';
import { root, withSources } from './mutants/sources.mjs';

const all = JSON.parse(readFileSync(join(root, 'scripts', 'mutants', 'mutants.json'), 'utf8'));
const words = process.argv.slice(2);
const VALUED = ['--seeds', '--hours'];
const valueOf = (flag, otherwise) =>
  words.includes(flag) ? Number(words[words.indexOf(flag) + 1]) : otherwise;
const terms = {
  seeds: valueOf('--seeds', 200), hours: valueOf('--hours', 6), quick: words.includes('--quick'),
};
const named = words
  .filter((word, at) => !word.startsWith('--') && !VALUED.includes(words[at - 1]))
  .flatMap((word) => word.split(','));
for (const name of named) {
  if (all.some((mutant) => mutant.name === name)) continue;
  console.error(`there is no mutant "${name}"; there are ${all.map((each) => each.name).join(', ')}`);
  process.exit(2);
}
const mutants = all.filter(({ name }) => named.length === 0 || named.includes(name));

if (!(await unchangedHolds())) process.exit(1);
const survivors = [];
for (const mutant of mutants) {
  const { broken, text } = await withSources(mutant, (folder) =>
    mutant.tests === undefined ? judgedBySeeds(folder, terms) : judgedByTests(folder, mutant.tests));
  const verdict = broken > 0 ? 'killed' : 'SURVIVES';
  console.log(`${mutant.name} (${mutant.rule}): ${verdict}; ${text}`);
  if (!(broken > 0)) survivors.push(mutant.name);
}
const caught = mutants.length - survivors.length;
console.log(`${caught} of ${mutants.length} mutants killed`);
if (survivors.length > 0) console.log(`survivors: ${survivors.join(', ')}`);
process.exit(survivors.length > 0 ? 1 : 0);

/** A mutant is only killed by what the shipped code keeps: the same seeds and the same tests. */
async function unchangedHolds() {
  const files = [...new Set(mutants.flatMap(({ tests }) => tests ?? []))];
  return withSources(undefined, async (folder) => {
    let holds = true;
    if (named.length === 0) {
      const { broken, text } = await judgedBySeeds(folder, { ...terms, quick: false });
      console.log(`unchanged: ${text}`);
      holds = broken === 0;
    }
    if (files.length > 0) {
      const { broken, text } = judgedByTests(folder, files);
      console.log(`unchanged: ${text}`);
      holds = holds && broken === 0;
    }
    return holds;
  });
}
