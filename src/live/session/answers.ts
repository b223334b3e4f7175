import { RET_ORDER_GONE } from '../../engine/codes.ts';
import {
  RESEND_ACCEPTED,
  RESEND_EXISTS,
  RESEND_REFUSED,
  RESEND_UNKNOWN,
  SOURCE_OPEN_LIST,
  SOURCE_REALTIME,
} from '../../engine/doubt-events.ts';
import type { Engine } from '../../engine/engine.ts';
import { GATE_CONFIGURATION } from '../../engine/entry-gate.ts';
import type { EngineEvent } from '../../engine/events.ts';
import type { Instrument } from '../../engine/instrument.ts';
import { verdictOfCode, verdictOfFailure, verdictOfStatus } from '../../engine/outcomes.ts';
import type { Verdict } from '../../engine/outcomes.ts';
import { decodeReply } from '../../brokers/bybit/wire/reply.ts';
import type { Reply } from '../../brokers/bybit/wire/reply.ts';
import type { CatchUp } from './catch-up.ts';
import { RET_DENIED } from './command-desk.ts';
import type { CommandDesk } from './command-desk.ts';
import type { Call, Outbox } from './outbox.ts';
import type { CallFailure } from '../../brokers/transport.ts';
import type { PositionCheck } from './position-check.ts';
import type { AlarmCode, Input } from './protocol.ts';
import type { Quarantine } from './quarantine.ts';
import type { RecordsIn } from './records-in.ts';

const HTTP_OK = 200;
const BAN_MS = 10 * 60_000;
const SLOW_DOWN_MS = 2_000;
const MOST_SLOW_DOWN_MS = 10_000;

export type AnswersParts = {
  readonly engine: Engine;
  readonly outbox: Outbox;
  readonly catchUp: CatchUp;
  readonly commands: CommandDesk;
  readonly instrument: Instrument;
  readonly tell: (event: EngineEvent) => void;
  readonly alarm: (code: AlarmCode, text: string) => void;
  readonly records: RecordsIn;
  readonly position: PositionCheck;
  readonly quarantine: Quarantine;
};

/** What comes back from calls, as news for the engine; what they mean stands in outcomes.ts. */
export class Answers {
  readonly #parts: AnswersParts;

  constructor(parts: AnswersParts) {
    this.#parts = parts;
  }

  reply(input: Extract<Input, { t: 'reply' }>, nowMs: number): void {
    const call = this.#parts.outbox.take(input.call);
    if (call === undefined) return;
    if (input.status !== HTTP_OK) {
      this.#conclude(call, verdictOfStatus(input.status), 0, input, nowMs);
      return;
    }
    const { path } = call.request;
    const decoded = decodeReply(path, input.body, this.#parts.instrument);
    if (!decoded.ok) {
      if (decoded.sound !== undefined) {
        const isNews = this.#parts.quarantine.take(decoded.problems);
        const goesOn = !isNews || call.purpose.to === 'catch-up';
        if (goesOn && call.kind === 'read') {
          this.#read(call, decoded.sound, nowMs, isNews);
          return;
        }
        this.#records(call, decoded.sound);
      }
      // A page with a hole in it is not a completed read.
      this.#conclude(call, verdictOfStatus(HTTP_OK), 0, input, nowMs);
      return;
    }
    const { value } = decoded;
    if (call.kind === 'read' && value.result.kind !== 'code') this.#read(call, value, nowMs);
    else this.#conclude(call, verdictOfCode(call.kind, value.retCode), value.retCode, input, nowMs);
  }

  failed(callId: number, why: CallFailure, nowMs: number): void {
    const call = this.#parts.outbox.take(callId);
    if (call !== undefined) this.#conclude(call, verdictOfFailure(why), RET_DENIED, {}, nowMs);
  }

  #conclude(
    call: Call,
    verdict: Verdict,
    retCode: number,
    from: Pick<Extract<Input, { t: 'reply' }>, 'headers'>,
    nowMs: number,
  ): void {
    this.#heed(verdict, retCode, from, nowMs);
    const { purpose } = call;
    switch (purpose.to) {
      case 'order':
        this.#order(call, purpose.orderId, verdict, retCode, nowMs);
        return;
      case 'resend':
        this.#parts.tell({
          kind: 'resendEnded',
          timeMs: nowMs,
          orderId: purpose.orderId,
          outcome: resendOutcome(verdict),
        });
        return;
      case 'catch-up':
        this.#parts.catchUp.failed(purpose.round, nowMs);
        return;
      case 'stray':
        this.#parts.records.lookedUp(purpose.venueId, purpose.source, purpose.tries, false);
        return;
      case 'lookup':
      case 'executions':
      case 'position':
        this.#parts.tell({ kind: 'queryFailed', timeMs: nowMs, orderId: purpose.orderId });
        return;
    }
  }

  #order(call: Call, orderId: number, verdict: Verdict, retCode: number, nowMs: number): void {
    const { tell, commands } = this.#parts;
    const timeMs = nowMs;
    switch (verdict.outcome) {
      case 'confirmed':
        tell({ kind: 'ack', timeMs, orderId });
        return;
      case 'unknown':
        tell({ kind: 'outcomeUnknown', timeMs, orderId, exists: verdict.after === 'exists' });
        return;
      case 'refused':
      case 'denied':
        if (verdict.after === 'gone')
          tell({ kind: 'refusal', timeMs, orderId, retCode: RET_ORDER_GONE });
        else if (call.kind === 'cancel') commands.cancelAgain(call, orderId, nowMs);
        else tell({ kind: 'refusal', timeMs, orderId, retCode });
        return;
    }
  }

  /** What an answer asks of all further calls. */
  #heed(
    verdict: Verdict,
    retCode: number,
    from: Pick<Extract<Input, { t: 'reply' }>, 'headers'>,
    nowMs: number,
  ): void {
    const { outbox, alarm, tell } = this.#parts;
    switch (verdict.after) {
      case 'slow-down': {
        const resetMs = from.headers?.resetMs;
        const waitMs = resetMs === undefined ? SLOW_DOWN_MS : Math.max(resetMs - nowMs, 0) + 100;
        outbox.pause(nowMs + Math.min(waitMs, MOST_SLOW_DOWN_MS));
        return;
      }
      case 'ban':
        if (outbox.bannedUntilMs > nowMs) return;
        outbox.ban(nowMs + BAN_MS);
        alarm('banned', `no call for ${BAN_MS / 60_000} minutes; the streams go on`);
        for (const held of outbox.takeBack())
          this.#conclude(held, verdictOfFailure('refused'), RET_DENIED, {}, nowMs);
        return;
      case 'configuration':
        alarm('configuration', `code ${retCode}: repeating would not mend this`);
        tell({ kind: 'gate', timeMs: nowMs, bits: GATE_CONFIGURATION, closed: true });
        return;
      case 'sync-clock':
        alarm('configuration', 'the clock is outside the window of the venue');
        return;
      case 'none':
      case 'exists':
      case 'gone':
        return;
    }
  }

  #read(call: Call, reply: Reply, nowMs: number, holed = false): void {
    const { purpose } = call;
    if (purpose.to === 'catch-up') {
      if (holed && this.#parts.catchUp.isAwaited(purpose.round)) this.#parts.catchUp.holed = true;
      this.#caughtPage(call, reply, purpose.round, nowMs);
      return;
    }
    this.#records(call, reply);
    const { tell, position } = this.#parts;
    const askedMs = call.sentMs;
    const { result } = reply;
    switch (purpose.to) {
      case 'lookup': {
        const { orderId, source } = purpose;
        const { records } = this.#parts;
        // Where the venue's id is not known yet, a list was asked for.
        if (
          result.kind === 'orders' &&
          !result.records.some((record) => records.idOf(record) === orderId)
        )
          tell({ kind: 'orderAbsent', timeMs: nowMs, orderId, source, askedMs });
        return;
      }
      case 'stray': {
        const found = result.kind === 'orders' && result.records.length > 0;
        this.#parts.records.lookedUp(purpose.venueId, purpose.source, purpose.tries, found);
        return;
      }
      case 'executions':
        tell({ kind: 'executionsRead', timeMs: nowMs, orderId: purpose.orderId, askedMs });
        return;
      case 'position': {
        const steps = this.#positionIn(reply);
        if (steps === undefined)
          tell({ kind: 'queryFailed', timeMs: nowMs, orderId: purpose.orderId });
        else position.read(steps, askedMs, false);
        return;
      }
      case 'order':
      case 'resend':
        return;
    }
  }

  #caughtPage(call: Call, reply: Reply, round: number, nowMs: number): void {
    const { catchUp, records, position } = this.#parts;
    if (!catchUp.isAwaited(round)) {
      this.#records(call, reply);
      return;
    }
    const steps = reply.result.kind === 'positions' ? this.#positionIn(reply) : 0;
    if (steps === undefined) {
      if (catchUp.holed) position.unreadable();
      else catchUp.failed(round, nowMs);
      return;
    }
    this.#records(call, reply);
    const { askedMs } = catchUp;
    switch (catchUp.answered(reply, nowMs)) {
      case 'orders-read':
        if (!catchUp.holed) records.openOrdersRead(askedMs);
        return;
      case 'position-read':
        position.read(steps, call.sentMs, true);
        return;
      case 'executions-read':
        if (!catchUp.holed) records.executionsRead();
        return;
      case 'reading':
        return;
    }
  }

  /** The records of a read, whatever it was for: each is a fact of its own. */
  #records(call: Call, { result }: Reply): void {
    const { purpose } = call;
    if (result.kind === 'executions') this.#parts.records.executions(result.records);
    if (result.kind !== 'orders') return;
    const listed = purpose.to === 'catch-up' ? SOURCE_OPEN_LIST : SOURCE_REALTIME;
    const source = purpose.to === 'lookup' ? purpose.source : listed;
    this.#parts.records.orders(result.records, source, call.sentMs);
  }

  /** Undefined where the answer has no row for the symbol: that is not a flat position. */
  #positionIn({ result }: Reply): number | undefined {
    if (result.kind !== 'positions') return undefined;
    const { symbol } = this.#parts.instrument;
    return result.records.find((record) => record.symbol === symbol)?.steps;
  }
}

/** A resend that never left says as little as one whose answer is lost. */
function resendOutcome({ outcome, after }: Verdict): number {
  switch (outcome) {
    case 'confirmed':
      return RESEND_ACCEPTED;
    case 'refused':
      return RESEND_REFUSED;
    case 'denied':
      return RESEND_UNKNOWN;
    case 'unknown':
      return after === 'exists' ? RESEND_EXISTS : RESEND_UNKNOWN;
  }
}
