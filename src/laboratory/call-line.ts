import { Chance } from '../venue/chance.ts';
import type { FaultKind } from './faults.ts';
import type { Call } from './happening.ts';
import type { RateHeaders } from '../brokers/transport.ts';
import type { Envelope } from '../venue/exchange/ret-codes.ts';
import type { Stage } from './stage.ts';

const CALL_FAULTS: readonly FaultKind[] = [
  'requestLost',
  'requestRefused',
  'requestSlow',
  'requestTwice',
  'replyLost',
  'replySlow',
  'htmlBefore',
  'htmlAfter',
  'bodyCut',
  'busyBefore',
  'busyAfter',
  'limitWithReset',
  'limitBare',
  'refusal',
];
/** Refusals that say nothing of the order's own state: parameter, price, margin, market halted. */
const REFUSALS = [10001, 110003, 110007, 110066] as const;
const MOST_DELAY_MS = 12_000;
const ONE_WAY_MS = [15, 60] as const;
const RECV_WINDOW_MS = 5_000;
const AHEAD_MS = 1_000;
const BAN_MS = 600_000;
const HTML = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

type CallEffect = {
  readonly call: number;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
};

/** The way of a call to the exchange and of its reply, with what can go wrong on both. */
export class CallLine {
  readonly #stage: Stage;
  readonly #delays: Chance;
  /** What the process knows of its clock's error: measured at each 10002. */
  #knownErrorMs = 0;
  /** When the ban was last seen by the process: no call may leave for ten minutes. */
  banSeenMs = -Infinity;

  constructor(stage: Stage, seed: number) {
    this.#stage = stage;
    this.#delays = new Chance(seed, 'call delays');
  }

  send(effect: CallEffect, run: number): void {
    const stage = this.#stage;
    const struck = stage.dice.oneOf(CALL_FAULTS, effect.path);
    const fault = struck === 'refusal' && effect.method === 'GET' ? undefined : struck;
    const call: Call = {
      call: effect.call,
      run,
      method: effect.method,
      path: effect.path,
      params: effect.params,
      sentMs: stage.nowMs,
      clockErrorMs: stage.clock.offsetMs(stage.nowMs) - this.#knownErrorMs,
      fault,
      faultDelayMs: fault === undefined ? 0 : this.#faultDelay(fault),
      isOver: false,
    };
    stage.put(effect.timeoutMs, { t: 'giveUp', call, why: 'timeout' });
    if (fault === 'requestRefused') {
      stage.put(1, { t: 'giveUp', call, why: 'refused' });
      return;
    }
    if (stage.isPartitioned || fault === 'requestLost') return;
    const wayMs = this.#oneWayMs() + (fault === 'requestSlow' ? call.faultDelayMs : 0);
    if (fault === 'requestSlow') stage.disturb(stage.nowMs + wayMs);
    stage.put(wayMs, { t: 'arrive', call });
    if (fault === 'requestTwice') stage.put(wayMs + call.faultDelayMs, { t: 'arrive', call });
  }

  /** The request is at the exchange. */
  arrive(call: Call): void {
    const stage = this.#stage;
    const { fault } = call;
    if (stage.nowMs < stage.bannedUntilMs) {
      this.#answer(call, 403, 'access too frequent', undefined);
      return;
    }
    if (call.clockErrorMs >= AHEAD_MS || call.clockErrorMs < -RECV_WINDOW_MS) {
      this.#answer(call, 200, this.#envelope(10002, 'timestamp outside the window'), undefined);
      return;
    }
    const instead = this.#refusedBefore(fault);
    if (instead !== undefined) {
      this.#answer(call, instead.status, instead.body, instead.headers);
      return;
    }
    const body = this.#apply(call);
    if (fault === 'replyLost') return;
    if (fault === 'htmlAfter') this.#answer(call, 502, HTML, undefined);
    else if (fault === 'busyAfter') {
      const code = stage.dice.chance('busyAfter').hits(0.5) ? 10016 : 10000;
      this.#answer(call, 200, this.#envelope(code, 'server error'), undefined);
    } else if (fault === 'bodyCut') {
      const text = JSON.stringify(body);
      const cut = stage.dice.chance('bodyCut').between(0, text.length - 1);
      this.#answer(call, 200, text.slice(0, cut), undefined);
    } else this.#answer(call, 200, body, undefined);
  }

  /** The process has been told of its clock's error, as the signer learns it from the refusal. */
  noteReply(call: Call, status: number, body: unknown): void {
    if (status === 403) this.banSeenMs = this.#stage.nowMs;
    if (isEnvelope(body) && body.retCode === 10002) this.#knownErrorMs += call.clockErrorMs;
  }

  ban(): void {
    this.#stage.bannedUntilMs = this.#stage.nowMs + BAN_MS;
    // The process keeps away for ten minutes from when it saw the ban, which may be near its end.
    this.#stage.disturb(this.#stage.bannedUntilMs + BAN_MS);
  }

  #apply(call: Call): Envelope {
    const stage = this.#stage;
    const { exchange } = stage;
    const body =
      call.method === 'POST'
        ? exchange.post(stage.nowMs, call.path, call.params)
        : exchange.get(stage.nowMs, call.path, call.params);
    stage.trace.note(stage.nowMs, `at exchange: ${call.method} ${call.path}`, {
      params: call.params,
      answer: body.retCode,
      fault: call.fault,
    });
    return body;
  }

  #answer(call: Call, status: number, body: unknown, headers: RateHeaders | undefined): void {
    const stage = this.#stage;
    const wayMs = this.#oneWayMs() + (call.fault === 'replySlow' ? call.faultDelayMs : 0);
    if (stage.nowMs + wayMs < stage.partitionedUntilMs) return;
    stage.put(wayMs, { t: 'reply', call, status, body, headers });
  }

  #refusedBefore(
    fault: FaultKind | undefined,
  ): { status: number; body: unknown; headers: RateHeaders | undefined } | undefined {
    switch (fault) {
      case 'htmlBefore':
        return { status: 502, body: HTML, headers: undefined };
      case 'busyBefore':
        return { status: 200, body: this.#envelope(10016, 'server error'), headers: undefined };
      case 'refusal': {
        const code = this.#stage.dice.chance('refusal').pick(REFUSALS);
        return { status: 200, body: this.#envelope(code, 'refused'), headers: undefined };
      }
      case 'limitBare':
        return { status: 200, body: this.#envelope(10006, 'too many visits'), headers: undefined };
      case 'limitWithReset': {
        const resetMs =
          this.#stage.nowMs + this.#stage.dice.chance('limitWithReset').between(100, 3_000);
        const body = this.#envelope(10006, 'too many visits');
        return { status: 200, body, headers: { resetMs } };
      }
      default:
        return undefined;
    }
  }

  #faultDelay(fault: FaultKind): number {
    const { dice } = this.#stage;
    if (dice.scriptedDelayMs >= 0) return dice.scriptedDelayMs;
    const chance = dice.chance(fault);
    return fault === 'requestTwice' ? chance.between(1, 300) : chance.between(100, MOST_DELAY_MS);
  }

  #oneWayMs(): number {
    return this.#delays.between(ONE_WAY_MS[0], ONE_WAY_MS[1]);
  }

  #envelope(retCode: number, retMsg: string): Envelope {
    return { retCode, retMsg, result: {}, retExtInfo: {}, time: this.#stage.nowMs };
  }
}

function isEnvelope(body: unknown): body is Envelope {
  return typeof body === 'object' && body !== null && 'retCode' in body;
}
