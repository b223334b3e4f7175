/** `npx tsx tests/reference/fuzz.ts <first seed> <count> [verbose]`: what differs, case by case. */
import { firstDifference, referenceOutcome, simulatedOutcome } from './compare.ts';
import { randomCase } from './random-case.ts';

const [first = '1', count = '50', verbose] = process.argv.slice(2);
function attempt<T>(run: () => T): T | Error {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

let halted = 0;
let same = 0;
let plenty = 0;
for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) {
  const test = randomCase(seed);
  const { candles, ...rest } = test;
  const label = `${seed} ${test.strategy} ${test.path} ${candles.length}`;
  try {
    const reference = attempt(() => referenceOutcome(test));
    const found = (['every-candle', 'every-waypoint'] as const).map((walk) => attempt(() => simulatedOutcome(test, walk)));
    const errors = [reference, ...found].filter((one) => one instanceof Error);
    if (errors.length === 3 && errors.every((one) => one instanceof Error && one.message.startsWith('more than 1,000'))) {
      same += 1;
      halted += 1;
      continue;
    }
    if (reference instanceof Error) throw reference;
    if (reference.fills.length >= 20) plenty += 1;
    const differences = found.map((one) => (one instanceof Error ? one.message : firstDifference(reference, one)));
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
console.log(`${same} of ${count} the same; ${plenty} with 20 fills; ${halted} halted`);
