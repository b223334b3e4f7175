import type { HostEvent } from '../venue/host/host-event.ts';
import type { RateHeaders } from '../venue/exchange/rate-limits.ts';
import type { Body } from '../venue/exchange/order-ask.ts';
import { plainBody } from '../venue/host/plain-text.ts';
import { EdgeLimit } from './edge-limit.ts';
import { faultsThatStrike } from './faults/fault-kinds.ts';
import type { Strike } from './faults/fault-dice.ts';
import type { Stage } from './stage.ts';

export type HttpCall = {
  readonly http: number;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly params: Body;
};

/** Where an answer goes: to an HTTP request, or over the stream an order came by. */
export type Answer = (status: number, body: unknown, headers: Headers) => void;
type Headers = Readonly<Record<string, string>>;
type Reply = Extract<HostEvent, { t: 'reply' }>;

type Call = {
  readonly path: string;
  readonly fault: Strike | undefined;
  readonly answer: Answer;
  readonly cut: () => void;
};

const CALL_FAULTS = faultsThatStrike('call');
/** Refusals that say nothing of the order's own state: parameter, price, margin, market halted. */
const REFUSALS = [10001, 110003, 110007, 110066] as const;
const MOST_DELAY_MS = 12_000;
const BAN_MS = 600_000;
const HTML = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
const BAN_TEXT = '<html><body><h1>403 Forbidden</h1>access too frequent</body></html>';
const NO_HEADERS: Headers = {};

/** The way of requests to the venue and of their answers, with what can go wrong on both. */
export class CallDesk {
  /** Requests that came, and answers that went. */
  received = 0;
  answered = 0;
  readonly #stage: Stage;
  readonly #edge = new EdgeLimit();
  readonly #calls = new Map<number, Call>();
  #hostIds = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Calls that the venue holds, or that will never be answered. */
  get waiting(): number {
    return this.received - this.answered;
  }

  http(call: HttpCall): void {
    const stage = this.#stage;
    this.received += 1;
    const { http, method, path, params } = call;
    const answer: Answer = (status, body, headers) => {
      this.answered += 1;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      stage.deliver({ t: 'respond', http, status, headers, body: text });
    };
    const cut = (): void => {
      this.answered += 1;
      stage.deliver({ t: 'cut', http });
    };
    if (stage.isPartitioned) return;
    if (!this.#edge.admit(stage.nowMs)) this.ban();
    if (stage.nowMs < stage.bannedUntilMs) answer(403, BAN_TEXT, NO_HEADERS);
    else this.#enter(method, path, params, answer, cut);
  }

  /** Refused at the door, before the venue is asked. */
  refuse(http: number, retCode: number, retMsg: string): void {
    this.received += 1;
    this.answered += 1;
    const body = JSON.stringify(this.#envelope(retCode, retMsg));
    this.#stage.deliver({ t: 'respond', http, status: 200, headers: NO_HEADERS, body });
  }

  /** An order over a stream: there is no HTTP, so what would be HTML there is silence here. */
  order(path: string, params: Body, answer: Answer, cut: () => void): void {
    if (!this.#stage.isPartitioned) this.#enter('POST', path, params, answer, cut);
  }

  reply({ id, body, limits }: Reply): void {
    const call = this.#calls.get(id);
    // The second of two requests that were one has nobody to answer to.
    if (call === undefined) return;
    this.#calls.delete(id);
    if (this.#stage.isPartitioned) return;
    this.#answer(call, body, limits);
  }

  ban(): void {
    this.#stage.bannedUntilMs = this.#stage.nowMs + BAN_MS;
  }

  #enter(method: 'GET' | 'POST', path: string, sent: Body, answer: Answer, cut: () => void): void {
    const stage = this.#stage;
    const params = plainBody(sent);
    const struck = stage.dice.oneOf(CALL_FAULTS, path);
    const fault = struck?.fault === 'refusal' && method === 'GET' ? undefined : struck;
    if (fault?.fault === 'requestLost') return;
    if (this.#refusedBefore(fault, answer)) return;
    this.#hostIds += 1;
    this.#calls.set(this.#hostIds, { path, fault, answer, cut });
    const lateMs = fault?.fault === 'requestSlow' ? this.#delayOf(fault, 100, MOST_DELAY_MS) : 0;
    stage.host.request(this.#hostIds, stage.nowMs + lateMs, method, path, params);
    if (fault?.fault !== 'requestTwice') return;
    this.#hostIds += 1;
    const againMs = stage.nowMs + this.#delayOf(fault, 1, 300);
    stage.host.request(this.#hostIds, againMs, method, path, params);
  }

  /** True when the answer needed no venue. */
  #refusedBefore(fault: Strike | undefined, answer: Answer): boolean {
    const { dice, nowMs } = this.#stage;
    switch (fault?.fault) {
      case 'htmlBefore':
        answer(502, HTML, NO_HEADERS);
        return true;
      case 'busyBefore':
        answer(200, this.#envelope(10016, 'server error'), NO_HEADERS);
        return true;
      case 'refusal': {
        const code = dice.chance('refusal').pick(REFUSALS);
        answer(200, this.#envelope(code, 'refused'), NO_HEADERS);
        return true;
      }
      case 'limitBare':
        answer(200, this.#envelope(10006, 'too many visits'), NO_HEADERS);
        return true;
      case 'limitWithReset': {
        const resetMs = nowMs + this.#delayOf(fault, 100, 3_000);
        const headers = headersOf({ limit: 10, remaining: 0, resetMs }, nowMs);
        answer(200, this.#envelope(10006, 'too many visits'), headers);
        return true;
      }
      default:
        return false;
    }
  }

  #answer(call: Call, body: unknown, limits: RateHeaders | undefined): void {
    const stage = this.#stage;
    const headers = headersOf(limits, stage.nowMs);
    const { fault, answer } = call;
    switch (fault?.fault) {
      case 'replyLost':
        return;
      case 'connectionReset':
        call.cut();
        return;
      case 'htmlAfter':
        answer(502, HTML, NO_HEADERS);
        return;
      case 'busyAfter': {
        const code = stage.dice.chance('busyAfter').hits(0.5) ? 10016 : 10000;
        answer(200, this.#envelope(code, 'server error'), headers);
        return;
      }
      case 'bodyCut': {
        const text = JSON.stringify(body);
        answer(200, text.slice(0, this.#delayOf(fault, 0, text.length - 1)), headers);
        return;
      }
      case 'replySlow': {
        const lateMs = this.#delayOf(fault, 100, MOST_DELAY_MS);
        stage.agenda.put(stage.nowMs + lateMs, {
          t: 'later',
          act: () => {
            answer(200, body, headers);
          },
        });
        return;
      }
      default:
        answer(200, body, headers);
    }
  }

  #delayOf(strike: Strike, low: number, high: number): number {
    return strike.delayMs ?? this.#stage.dice.chance(strike.fault).between(low, high);
  }

  #envelope(retCode: number, retMsg: string): object {
    return { retCode, retMsg, result: {}, retExtInfo: {}, time: this.#stage.nowMs };
  }
}

/** Bybit's headers; public endpoints have no limit of their own to tell. */
export function headersOf(limits: RateHeaders | undefined, nowMs: number): Headers {
  const common = { Timenow: String(nowMs) };
  if (limits === undefined) return common;
  return {
    ...common,
    'X-Bapi-Limit': String(limits.limit),
    'X-Bapi-Limit-Status': String(limits.remaining),
    'X-Bapi-Limit-Reset-Timestamp': String(limits.resetMs),
  };
}
