/** What a failed request means. Nothing of the SDK's error objects goes further than this. */
export type RequestFailure =
  | { readonly tag: 'blocked' }
  | { readonly tag: 'limited'; readonly resetAtMs: number | undefined }
  | { readonly tag: 'refused'; readonly problem: string }
  | { readonly tag: 'network'; readonly problem: string };

/** Bybit's codes for "slower, please". */
const RATE_LIMIT_CODES: readonly number[] = [10006, 10018];
/** Codes that pass by themselves. */
const PASSING_CODES: readonly number[] = [10000, 10016, 10019];

/** Bybit sometimes limits without saying until when. */
const LIMIT_PAUSE_MS = 2_000;
/** Its clock and ours differ. */
const RESET_MARGIN_MS = 50;
const LONGEST_PAUSE_MS = 30_000;

/** The failure a reply with a non-zero retCode stands for. */
export function failureOfReply(reply: object): RequestFailure {
  const retCode = Number(fieldOf(reply, 'retCode'));
  const retMsg = shortText(fieldOf(reply, 'retMsg'));
  if (RATE_LIMIT_CODES.includes(retCode)) {
    const limits = fieldOf(reply, 'rateLimitApi');
    return { tag: 'limited', resetAtMs: timeOrNone(fieldOf(limits, 'resetAtTimestamp')) };
  }
  const problem = `Bybit answered ${retCode} ${retMsg}`;
  return { tag: PASSING_CODES.includes(retCode) ? 'network' : 'refused', problem };
}

/** The failure a thrown value stands for: the SDK throws errors, strings and plain objects. */
export function failureOfThrown(thrown: unknown): RequestFailure {
  const code = fieldOf(thrown, 'code');
  if (code === 403) return { tag: 'blocked' };
  if (code === 429) {
    const headers = fieldOf(thrown, 'headers');
    const reset = fieldOf(headers, 'x-bapi-limit-reset-timestamp');
    return { tag: 'limited', resetAtMs: timeOrNone(reset) };
  }
  if (typeof code === 'number') {
    const problem = `HTTP ${code}`;
    return { tag: code >= 500 ? 'network' : 'refused', problem };
  }
  if (typeof code === 'string') return { tag: 'network', problem: shortText(code) };
  return { tag: 'network', problem: 'no usable answer' };
}

/** How long to wait before the next attempt. */
export function pauseMs(
  failure: RequestFailure,
  attempt: number,
  retryDelayMs: number,
  nowMs: number,
): number {
  if (failure.tag !== 'limited') {
    return Math.min(LONGEST_PAUSE_MS, retryDelayMs * 2 ** (attempt - 1));
  }
  if (failure.resetAtMs === undefined) return LIMIT_PAUSE_MS;
  return Math.min(LONGEST_PAUSE_MS, Math.max(0, failure.resetAtMs - nowMs) + RESET_MARGIN_MS);
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Reflect.get(value, name);
}

function timeOrNone(value: unknown): number | undefined {
  const ms = Number(value);
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

function shortText(value: unknown): string {
  return typeof value === 'string' ? value.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 120) : '';
}
