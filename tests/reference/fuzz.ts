/** `npx tsx tests/reference/fuzz.ts <first seed> <count> [verbose]`: what differs, case by case. */
import { firstDifference, referenceOutcome, simulatedOutcome } from './compare.ts';
import { randomCase } from './random-case.ts';

const [first = '1', count = '50', verbose] = process.argv.slice(2);
let same = 0;
let plenty = 0;
for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) {
  const test = randomCase(seed);
  const { candles, ...rest } = test;
  const label = `${seed} ${test.strategy} ${test.path} ${candles.length}`;
  try {
    const reference = referenceOutcome(test);
    if (reference.fills.length >= 20) plenty += 1;
    const differences = (['every-candle', 'every-waypoint'] as const).map((walk) => firstDifference(reference, simulatedOutcome(test, walk)));
    if (differences.every((text) => text === undefined)) {
      same += 1;
      continue;
    }
    console.log(`${label}: ${differences[0] ?? 'same'}${differences[0] === differences[1] ? '' : `\n waypoints: ${differences[1]}`}`);
    if (verbose !== undefined) console.log(JSON.stringify({ ...rest, profile: { ...rest.profile } }));
  } catch (error) {
    console.log(label, error instanceof Error ? error.stack?.split('\n').slice(0, 5).join('\n') : error);
  }
}
console.log(`${same} of ${count} the same; ${plenty} with 20 fills`);
