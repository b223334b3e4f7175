import { isRow } from '../../brokers/bybit/wire/decoded.ts';
import {
  EXECUTION_LIST,
  ORDER_AMEND,
  ORDER_CANCEL,
  ORDER_CREATE,
  ORDER_HISTORY,
  ORDER_REALTIME,
} from '../../brokers/bybit/wire/paths.ts';
import type { Effect, Input } from '../session/protocol.ts';

/** Where an order or an execution may be seen. */
export const SURFACES = [
  'stream-order',
  'stream-execution',
  'rest-open',
  'rest-history',
  'rest-execution',
] as const;
export type Surface = (typeof SURFACES)[number];
export type SeenMs = { readonly [surface in Surface]?: number };

/** One request and what came of it; times are the process's clock but for `venueMs`. */
export type OrderLeg = {
  readonly linkId: string;
  readonly action: 'create' | 'amend' | 'cancel';
  readonly sentMs: number;
  /** The venue's stamp on its answer; NaN without one. */
  readonly venueMs: number;
  readonly answeredMs: number;
  readonly retCode: number;
  /** When each surface first showed the order; only for `create`. */
  readonly seenMs: SeenMs;
};

/** One execution: when the venue says it happened, and when each surface first showed it. */
export type ExecutionLeg = {
  readonly linkId: string;
  readonly execId: string;
  readonly venueMs: number;
  readonly seenMs: SeenMs;
};

type Open<T> = { -readonly [field in keyof T]: T[field] };

const ACTIONS: ReadonlyMap<string, OrderLeg['action']> = new Map([
  [ORDER_CREATE, 'create'],
  [ORDER_AMEND, 'amend'],
  [ORDER_CANCEL, 'cancel'],
]);
const SURFACE_OF_PATH: ReadonlyMap<string, Surface> = new Map([
  [ORDER_REALTIME, 'rest-open'],
  [ORDER_HISTORY, 'rest-history'],
  [EXECUTION_LIST, 'rest-execution'],
]);

/**
 * Latency of every leg and surface, from what the session was told and what it sent: the same
 * whether it is read off a running process or off a journal that is folded again.
 */
export class LatencyBook {
  readonly orders: Open<OrderLeg>[] = [];
  readonly executions: Open<ExecutionLeg>[] = [];
  readonly #keep: number;
  readonly #byCall = new Map<number, Open<OrderLeg>>();
  readonly #byLink = new Map<string, Open<OrderLeg>>();
  readonly #byExec = new Map<string, Open<ExecutionLeg>>();
  readonly #reads = new Map<number, Surface>();

  /** `keep`: so many of the latest orders and executions; a running process forgets the rest. */
  constructor(keep = Infinity) {
    this.#keep = keep;
  }

  take(input: Input, effects: readonly Effect[]): void {
    if (input.t === 'boot') {
      this.#byCall.clear();
      this.#reads.clear();
    } else if (input.t === 'reply') this.#reply(input);
    else if (input.t === 'failed') {
      this.#byCall.delete(input.call);
      this.#reads.delete(input.call);
    } else if (input.t === 'frame' && input.socket === 'private') this.#frame(input);
    for (const effect of effects) if (effect.t === 'call') this.#call(effect, input.atMs);
  }

  #call({ call, path, params }: Extract<Effect, { t: 'call' }>, sentMs: number): void {
    const surface = SURFACE_OF_PATH.get(path);
    if (surface !== undefined) this.#reads.set(call, surface);
    const action = ACTIONS.get(path);
    const linkId = params['orderLinkId'];
    if (action === undefined || typeof linkId !== 'string') return;
    const unanswered = { venueMs: NaN, answeredMs: NaN, retCode: NaN };
    const leg: Open<OrderLeg> = { linkId, action, sentMs, ...unanswered, seenMs: {} };
    this.orders.push(leg);
    this.#byCall.set(call, leg);
    if (action === 'create') this.#byLink.set(linkId, leg);
    if (this.orders.length > this.#keep) {
      const gone = this.orders.shift();
      if (gone !== undefined && this.#byLink.get(gone.linkId) === gone)
        this.#byLink.delete(gone.linkId);
    }
  }

  #reply({ call, body, atMs }: Extract<Input, { t: 'reply' }>): void {
    const leg = this.#byCall.get(call);
    const surface = this.#reads.get(call);
    this.#byCall.delete(call);
    this.#reads.delete(call);
    if (!isRow(body)) return;
    if (leg !== undefined) {
      leg.answeredMs = atMs;
      if (typeof body['time'] === 'number') leg.venueMs = body['time'];
      if (typeof body['retCode'] === 'number') leg.retCode = body['retCode'];
    }
    const { result } = body;
    if (surface !== undefined && isRow(result)) this.#rows(result['list'], surface, atMs);
  }

  #frame({ body, atMs }: Extract<Input, { t: 'frame' }>): void {
    if (!isRow(body)) return;
    const topic = String(body['topic']);
    if (topic.startsWith('order')) this.#rows(body['data'], 'stream-order', atMs);
    if (topic.startsWith('execution')) this.#rows(body['data'], 'stream-execution', atMs);
  }

  #rows(rows: unknown, surface: Surface, atMs: number): void {
    if (!Array.isArray(rows)) return;
    for (const row of rows) {
      if (!isRow(row) || typeof row['orderLinkId'] !== 'string') continue;
      const linkId = row['orderLinkId'];
      const leg = this.#byLink.get(linkId);
      if (leg !== undefined) leg.seenMs = firstSeen(leg.seenMs, surface, atMs);
      const { execId } = row;
      if (leg !== undefined && typeof execId === 'string')
        this.#execution(linkId, execId, Number(row['execTime']), surface, atMs);
    }
  }

  #execution(
    linkId: string,
    execId: string,
    venueMs: number,
    surface: Surface,
    atMs: number,
  ): void {
    let leg = this.#byExec.get(execId);
    if (leg === undefined) {
      leg = { linkId, execId, venueMs, seenMs: {} };
      this.#byExec.set(execId, leg);
      this.executions.push(leg);
      if (this.executions.length > this.#keep)
        this.#byExec.delete(this.executions.shift()?.execId ?? '');
    }
    leg.seenMs = firstSeen(leg.seenMs, surface, atMs);
  }
}

function firstSeen(seen: SeenMs, surface: Surface, atMs: number): SeenMs {
  return seen[surface] === undefined ? { ...seen, [surface]: atMs } : seen;
}
