import { line } from './check-line.ts';
import type { CheckLine } from './check-line.ts';

/** Signatures are corrected for it, so it only says that something is wrong with this machine. */
const WARN_OVER_MS = 1_000;
/** Reads of executions overlap by a minute: a clock that is further off could make a hole. */
const REFUSE_OVER_MS = 30_000;

/** NaN where the venue's clock could not be read. */
export function clockLine(offsetMs: number, tripMs: number): CheckLine {
  const wanted = `within ${WARN_OVER_MS} ms`;
  if (Number.isNaN(tripMs)) return line('clock', 'the venue’s was not to be had', wanted, 'refuse');
  const awayMs = Math.abs(offsetMs);
  const found = `${awayMs} ms ${offsetMs >= 0 ? 'behind' : 'ahead of'} the venue`;
  const verdict = awayMs > REFUSE_OVER_MS ? 'refuse' : awayMs > WARN_OVER_MS ? 'warn' : 'ok';
  return line('clock', found, wanted, verdict);
}
