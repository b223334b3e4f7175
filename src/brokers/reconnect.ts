const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
const MOST_FAILURES = 8;
const SCATTER = 997;

/** Past eight the wait grows no more. */
export function nextFailures(failures: number): number {
  return Math.min(failures + 1, MOST_FAILURES);
}

/**
 * Longer from failure to failure, and from half of that to all of it: clients that were cut off
 * together do not come back together. The chance is in the moment itself, so that a journal gives
 * the same waits again.
 */
export function retryWaitMs(failures: number, nowMs: number): number {
  const longestMs = Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS);
  const share = (Math.floor(nowMs) % SCATTER) / SCATTER;
  return Math.ceil(longestMs * (0.5 + share / 2));
}
