import { RET_PARAMETER } from '../../engine/codes.ts';
import type { Instrument } from '../../engine/instrument.ts';
import type { Venue } from '../venue.ts';
import type { Body } from './order-ask.ts';
import type { OrderEntry } from './order-entry.ts';
import { RateLimits } from './rate-limits.ts';
import type { Reads } from './reads.ts';
import { RET_RATE_LIMIT, RET_TIME_WINDOW, refusal } from './ret-codes.ts';
import type { Refusal } from './ret-codes.ts';

const RECV_WINDOW_MS = 5_000;
const AHEAD_MS = 1_000;

type Result = Readonly<Record<string, unknown>>;

export type EndpointParts = {
  readonly instrument: Instrument;
  readonly venue: Venue;
  readonly entry: OrderEntry;
  readonly reads: Reads;
};

/** Which endpoint a request is for, and what is refused before it is looked at. */
export class Endpoints {
  readonly rates = new RateLimits();
  readonly #parts: EndpointParts;

  constructor(parts: EndpointParts) {
    this.#parts = parts;
  }

  write(path: string, body: Body): Result | Refusal {
    switch (path) {
      case '/v5/order/create':
        return this.#parts.entry.create(body);
      case '/v5/order/amend':
        return this.#parts.entry.amend(body);
      case '/v5/order/cancel':
        return this.#parts.entry.cancel(body);
      case '/v5/order/cancel-all':
        return this.#parts.entry.cancelAll(body);
      case '/v5/position/set-leverage':
        return this.#parts.entry.setLeverage(body);
      case '/v5/position/trading-stop':
        return this.#parts.entry.protection.tradingStop(body);
      default:
        return refusal(RET_PARAMETER, `no such endpoint: POST ${path}`);
    }
  }

  read(atMs: number, path: string, query: Body): Result | Refusal {
    switch (path) {
      case '/v5/order/realtime':
        return this.#parts.reads.openOrders(atMs, query);
      case '/v5/order/history':
        return this.#parts.reads.orderHistory(atMs, query);
      case '/v5/execution/list':
        return this.#parts.reads.executionList(atMs, query);
      case '/v5/position/list':
        return this.#parts.reads.position(atMs, this.#parts.venue.references.markTicks);
      case '/v5/account/wallet-balance':
        return this.#parts.reads.wallet(atMs);
      case '/v5/account/transaction-log':
        return this.#parts.reads.transactionLog(atMs, query);
      case '/v5/market/time':
        return { timeSecond: String(Math.floor(atMs / 1_000)), timeNano: `${atMs}000000` };
      default:
        return refusal(RET_PARAMETER, `no such endpoint: GET ${path}`);
    }
  }

  /** What is refused before an endpoint looks at the request. */
  refuse(atMs: number, path: string, body: Body, sentMs: number): Refusal | undefined {
    if (sentMs < atMs - RECV_WINDOW_MS || sentMs >= atMs + AHEAD_MS)
      return refusal(
        RET_TIME_WINDOW,
        `the request's time ${sentMs} is outside the window of ${RECV_WINDOW_MS} ms at ${atMs}`,
      );
    if (!this.rates.admit(path, atMs)) return refusal(RET_RATE_LIMIT);
    const { category, symbol } = body;
    const { instrument } = this.#parts;
    const account = path.startsWith('/v5/account/') || path.startsWith('/v5/market/');
    if (!account && category !== instrument.spec.category)
      return refusal(RET_PARAMETER, 'parameter category does not fit');
    const mustName = path === '/v5/order/create' || path === '/v5/position/set-leverage';
    if ((mustName || (symbol !== undefined && symbol !== '')) && symbol !== instrument.symbol)
      return account ? undefined : refusal(RET_PARAMETER, 'parameter symbol is not a symbol here');
    return undefined;
  }
}
