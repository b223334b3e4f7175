import { makeCase } from './cases.ts';
import { compareWalks } from './compare.ts';
import { featuresOf } from './coverage.ts';

export type BatchResult = {
  readonly cases: readonly CaseResult[];
};

export type CaseResult = {
  readonly number: number;
  readonly features: readonly string[];
  readonly fills: number;
  /** What halted the run, under every walk alike. */
  readonly error: string | undefined;
  readonly difference: string | undefined;
  readonly tookMs: number;
};

/** Compares the walks of one case. */
export function judge(number: number): CaseResult {
  const began = Date.now();
  try {
    const test = makeCase(number);
    const comparison = compareWalks(test);
    const { reference, difference } = comparison;
    return {
      number,
      features: [...featuresOf(test, comparison)],
      fills: reference.simulation.fills.count,
      error: reference.outcome.error,
      difference,
      tookMs: Date.now() - began,
    };
  } catch (error) {
    // Not a run that halts, but a case that cannot be made.
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const difference = `could not be compared: ${text}`;
    return { number, features: [], fills: 0, error: text, difference, tookMs: 0 };
  }
}
