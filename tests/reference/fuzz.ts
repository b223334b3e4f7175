/** `npx tsx tests/reference/fuzz.ts <first seed> <count> [verbose]`: what differs, case by case. */
import { judge } from './verdict.ts';

const [first = '1', count = '50', verbose] = process.argv.slice(2);
const kinds: Record<string, number> = {};
const shown: Record<string, number> = {};
for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) {
  const began = Date.now();
  const { test, kind, text, features } = judge(seed);
  const tookMs = Date.now() - began;
  if (tookMs > 2_000) console.log(`slow ${seed}: ${tookMs} ms`);
  kinds[kind] = (kinds[kind] ?? 0) + 1;
  for (const name of features) shown[name] = (shown[name] ?? 0) + 1;
  if (kind === 'same') continue;
  const { candles, funding, mark, ...rest } = test;
  console.log(`${kind} ${seed} ${test.strategy} ${test.path} ${candles.length}${mark === undefined ? '' : ' mark'}: ${text}`);
  if (verbose !== undefined) console.log(JSON.stringify({ ...rest, settlements: funding?.length }));
}
console.log(JSON.stringify(kinds), JSON.stringify(shown));
