import type { PreparedRun } from './prepared-run.ts';
import type { RunSpec } from './run-spec.ts';

export type { PreparedRun } from './prepared-run.ts';

/**
 * Loads what the spec names. Every refusal is an InputError of one line. What reads files is
 * fetched only here: the threads of a sweep are given what was read, and start without it.
 */
export async function prepareRun(spec: RunSpec): Promise<PreparedRun> {
  const { loadRun } = await import('./prepare-load.ts');
  return loadRun(spec);
}
