/** One random case through both: the same, different, or nothing to compare. */
import { firstDifference, referenceOutcome, simulatedOutcome } from './compare.ts';
import { randomCase } from './random-case.ts';
import type { RandomCase } from './random-case.ts';

export type Verdict = {
  readonly test: RandomCase;
  readonly kind: 'same' | 'void' | 'different';
  /** Why it is void, or the first difference. */
  readonly text: string;
  /** What the case has shown. */
  readonly features: ReadonlySet<string>;
};

/** Settings that trade in a loop: both halt, or nobody would wait for the end. */
const LOOPS = /^more than (1,000|1000) deliveries|^more than \d+ moments/;

export function judge(seed: number): Verdict {
  const test = randomCase(seed);
  let expected: ReturnType<typeof referenceOutcome>;
  try {
    expected = referenceOutcome(test);
  } catch (error) {
    const text = messageOf(error);
    return { test, kind: LOOPS.test(text) ? 'void' : 'different', text, features: new Set() };
  }
  const features = new Set([`path ${test.path}`, test.strategy, ...Object.keys(expected.features)]);
  if (expected.fills.length >= 20) features.add('twenty fills');
  if (expected.liquidatedAt !== undefined) features.add('liquidation');
  if (test.candles.length >= 1_500) features.add('long tape');
  if (test.mark !== undefined) features.add('mark');
  if (test.mark !== undefined && expected.liquidatedAt !== undefined) features.add('liquidation by mark');
  for (const walk of ['every-candle', 'skip', 'every-waypoint'] as const) {
    let text: string | undefined;
    try {
      text = firstDifference(expected, simulatedOutcome(test, walk));
    } catch (error) {
      text = messageOf(error);
    }
    if (text === undefined) continue;
    // By the page a close asks only a strategy that asked for closes; this reference asks at every
    // one. Where a close overtakes a price under way that shows, and the case is not compared.
    if (features.has('overtaken')) return { test, kind: 'void', text: `overtaken: ${text}`, features };
    return { test, kind: 'different', text: `${walk}: ${text}`, features };
  }
  return { test, kind: 'same', text: '', features };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
