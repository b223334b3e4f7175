/** `npx tsx tests/reference/trace.ts <seed> <from ms> <to ms>`: every event of the reference in that time. */
import { referenceOutcome } from './compare.ts';
import { randomCase } from './random-case.ts';
import { tracing } from './tracing.ts';

const [seed = '1', from = '0', to = '0'] = process.argv.slice(2);
tracing.from = Number(from);
tracing.to = Number(to);
const test = randomCase(Number(seed));
const { candles, ...rest } = test;
console.log(JSON.stringify(rest));
for (const c of candles) if (c.t + rest.intervalMs > tracing.from && c.t <= tracing.to) console.log(JSON.stringify(c));
referenceOutcome(test);
