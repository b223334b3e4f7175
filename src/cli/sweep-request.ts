import type { ResumeMode } from '../sweep/sweep-folder.ts';
import type { RunRequest } from './run-options.ts';

/** What a sweep's command line (and its file) asks for. */
export type SweepRequest = {
  readonly run: RunRequest;
  readonly grid: ReadonlyMap<string, string>;
  readonly sample: 'random' | 'sobol' | undefined;
  readonly points: number | undefined;
  readonly workers: number | undefined;
  readonly rankBy: string | undefined;
  readonly resume: ResumeMode;
};
