/**
 * `npm run fuzz:walks [-- FIRST COUNT]`: every-waypoint, every-candle and skip on random cases.
 * `-- show N` one case in full; `-- mutants`: seeded bugs; `-- --data DIR`: real series.
 */
import { judge } from './batch.ts';
import type { CaseResult } from './batch.ts';
import { makeCase } from './cases.ts';
import { Coverage } from './coverage.ts';
import { catchMutants } from './catch-mutants.ts';
import { runFuzz } from './processes.ts';
import { compareSeries } from './series.ts';

const DEFAULT_COUNT = 10_000;
const PROGRESS_EVERY = 1_000;
/** Settings that trade in a loop within one ms are halted: there is little to compare. */
const MOST_LOOPS = 0.01;
const SHOWN_DIFFERENCES = 20;

async function fuzz(first: number, count: number): Promise<boolean> {
  const began = Date.now();
  const coverage = new Coverage();
  const different: CaseResult[] = [];
  let fills = 0;
  let halted = 0;
  let loops = 0;
  await runFuzz({
    root: new URL('../../', import.meta.url),
    first,
    count,
    onResult(result) {
      coverage.add(result.features);
      fills += result.fills;
      if (result.error !== undefined) halted += 1;
      if (result.error?.includes('a loop') === true) loops += 1;
      if (result.difference !== undefined) {
        different.push(result);
        if (different.length <= SHOWN_DIFFERENCES)
          console.log(`case ${result.number} differs: ${result.difference}`);
      }
      if (coverage.cases % PROGRESS_EVERY === 0) {
        const seconds = ((Date.now() - began) / 1_000).toFixed(0);
        console.log(`${coverage.cases} of ${count}, ${different.length} differ, ${seconds} s`);
      }
      return false;
    },
  });
  console.log(`\nShare of ${coverage.cases} cases in which each feature occurs:`);
  console.log(coverage.table());
  console.log(
    `${fills} fills; ${halted} cases were halted (too busy to go on), ${loops} of them in a loop`,
  );
  const numbers = different.map(({ number }) => number).sort((a, b) => a - b);
  const shown = numbers.slice(0, 50).join(' ');
  console.log(`${numbers.length} cases differ between walks${shown === '' ? '' : `: ${shown}`}`);
  if (numbers.length > 0) console.log('one of them: npm run fuzz:walks -- show N');
  for (const text of coverage.lacking()) console.log(`too few cases show ${text}`);
  if (loops > MOST_LOOPS * coverage.cases) console.log(`too many loops: ${loops}`);
  return (
    numbers.length === 0 &&
    coverage.lacking().length === 0 &&
    loops <= MOST_LOOPS * coverage.cases &&
    coverage.cases === count
  );
}

function show(number: number): boolean {
  console.log(JSON.stringify(makeCase(number).drawn, null, 1));
  const { difference, features, ...rest } = judge(number);
  console.log(JSON.stringify(rest), [...features].join(', '));
  console.log(difference ?? 'no difference');
  return difference === undefined;
}

async function main(args: readonly string[]): Promise<boolean> {
  const [word, value] = args;
  if (word === '--data') return compareSeries(value ?? '');
  if (word === 'mutants' || word === '--mutants') return catchMutants();
  if (word === 'show') return show(Number(value));
  const [first, count] = [Number(word ?? 1), Number(value ?? DEFAULT_COUNT)];
  if (Number.isInteger(first) && Number.isInteger(count) && count > 0) return fuzz(first, count);
  console.log('npm run fuzz:walks [-- FIRST COUNT | show N | mutants | --data DIR]');
  return false;
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
