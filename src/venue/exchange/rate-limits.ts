/** What the answer's headers say about the endpoint's limit. */
export type RateHeaders = {
  readonly limit: number;
  readonly remaining: number;
  readonly resetMs: number;
};

const WINDOW_MS = 1_000;
/** Requests a second and endpoint that Bybit allows an account without VIP level. */
const LIMITS: ReadonlyMap<string, number> = new Map([
  ['/v5/order/create', 10],
  ['/v5/order/amend', 10],
  ['/v5/order/cancel', 10],
  ['/v5/order/cancel-all', 10],
  ['/v5/order/realtime', 50],
  ['/v5/order/history', 50],
  ['/v5/execution/list', 50],
  ['/v5/position/list', 50],
  ['/v5/position/set-leverage', 10],
  ['/v5/position/trading-stop', 10],
  ['/v5/account/wallet-balance', 50],
  ['/v5/account/transaction-log', 25],
]);
const OTHER_LIMIT = 50;

/** Requests of the last second, endpoint by endpoint. */
export class RateLimits {
  headers: RateHeaders = { limit: OTHER_LIMIT, remaining: OTHER_LIMIT, resetMs: 0 };
  readonly #recent = new Map<string, number[]>();

  /** False when the endpoint's limit is reached: nothing was done. */
  admit(path: string, nowMs: number): boolean {
    const limit = LIMITS.get(path) ?? OTHER_LIMIT;
    const recent = this.#of(path);
    while (recent.length > 0 && (recent[0] ?? 0) <= nowMs - WINDOW_MS) recent.shift();
    const admitted = recent.length < limit;
    if (admitted) recent.push(nowMs);
    const resetMs = admitted ? nowMs : (recent[0] ?? nowMs) + WINDOW_MS;
    this.headers = { limit, remaining: limit - recent.length, resetMs };
    return admitted;
  }

  #of(path: string): number[] {
    const known = this.#recent.get(path);
    if (known !== undefined) return known;
    const fresh: number[] = [];
    this.#recent.set(path, fresh);
    return fresh;
  }
}
