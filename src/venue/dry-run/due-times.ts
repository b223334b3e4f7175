const MINUTE_MS = 60_000;

/** Its last ms, at or after `ms`. */
export function endOfMinute(ms: number): number {
  return (Math.floor(ms / MINUTE_MS) + 1) * MINUTE_MS - 1;
}

export function nextAfter(ms: number, everyMs: number): number {
  return Number.isFinite(everyMs) ? (Math.floor(ms / everyMs) + 1) * everyMs : Infinity;
}
