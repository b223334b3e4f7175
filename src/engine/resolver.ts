import {
  KIND_MARKET,
  ORDER_AMENDING,
  ORDER_AWAITED,
  ORDER_CANCELLING,
  ORDER_DRAINING,
  ORDER_ENDING,
  ORDER_LIVE,
  ORDER_NONE,
  ORDER_SENT,
  ORDER_UNKNOWN,
} from './codes.ts';
import {
  COMMAND_QUERY_EXECUTIONS,
  COMMAND_QUERY_ORDER,
  COMMAND_QUERY_POSITION,
} from './commands.ts';
import type { CommandSink } from './commands.ts';
import { SOURCE_HISTORY, SOURCE_REALTIME } from './doubt-events.ts';
import { ALARM_UNKNOWN_FOR_LONG } from './alarms.ts';
import {
  ASK_EXECUTIONS,
  ASK_HISTORY,
  ASK_POSITION,
  ASK_REALTIME,
  DOUBT_AMEND,
  DOUBT_END,
  DOUBT_EXECUTIONS,
  DOUBT_GONE,
  DOUBT_MARKET,
  DOUBT_PLACE,
  DOUBT_REQUEST,
  DOUBT_UNSIGHTED,
  NO_DOUBT,
  firstQuestion,
  firstWaitMs,
} from './doubts.ts';
import { isDue } from './attached-pair.ts';
import { LIFE_UNKNOWN } from './order-life.ts';
import type { OrderTable } from './order-table.ts';
import type { Patience } from './patience.ts';

/** What a round of questions has shown. */
type RoundEnd = 'open' | 'nothing-yet' | 'never-existed';

/**
 * Resolves doubt about orders by looking, never by assuming. What is awaited follows from the
 * order's state alone, so it does not matter in which order news, answers and time-outs come.
 */
export class Resolver {
  /** When the resolver wants to be woken; Infinity for not at all. */
  dueMs = Infinity;
  /** Some surface other than an answer has shown the order. */
  readonly sighted: Uint8Array;
  /** The outcome of the request in flight is unknown (amend, cancel). */
  readonly unanswered: Uint8Array;
  /** Most that any surface says was filled. */
  readonly countedSteps: Float64Array;
  /** Closed because it was absent behind the fence, not because the venue said so. */
  readonly fenced: Uint8Array;
  /** When the present doubt began. */
  readonly sinceMs: Float64Array;
  readonly doubt: Uint8Array;
  readonly doubtId: Float64Array;
  readonly askAtMs: Float64Array;
  readonly alarmAtMs: Float64Array;
  readonly suspected: Uint8Array;
  readonly question: Uint8Array;
  readonly asking: Uint8Array;
  /** When the last round of questions that found nothing began. */
  readonly roundMs: Float64Array;
  readonly #orders: OrderTable;
  readonly #sink: CommandSink;
  readonly #patience: Patience;

  constructor(orders: OrderTable, sink: CommandSink, patience: Patience) {
    const keys = orders.keyCount;
    this.sighted = new Uint8Array(keys);
    this.unanswered = new Uint8Array(keys);
    this.countedSteps = new Float64Array(keys);
    this.fenced = new Uint8Array(keys);
    this.sinceMs = new Float64Array(keys);
    this.doubt = new Uint8Array(keys);
    this.doubtId = new Float64Array(keys).fill(-1);
    this.askAtMs = new Float64Array(keys).fill(Infinity);
    this.alarmAtMs = new Float64Array(keys).fill(Infinity);
    this.suspected = new Uint8Array(keys);
    this.question = new Uint8Array(keys);
    this.asking = new Uint8Array(keys);
    this.roundMs = new Float64Array(keys);
    this.#orders = orders;
    this.#sink = sink;
    this.#patience = patience;
  }

  /** A read asked at this time is behind the fence: what it does not show did not happen. */
  isBehindFence(key: number, askedMs: number): boolean {
    return askedMs >= (this.sinceMs[key] ?? Infinity) + this.#patience.fenceMs;
  }

  /** Orders of which nobody can say whether they exist. */
  unknownCount(): number {
    let count = 0;
    for (const state of this.#orders.state) if (state === ORDER_UNKNOWN) count += 1;
    return count;
  }

  /** Nothing of a former process's questions is under way any more. */
  forgetQuestions(nowMs: number): void {
    this.asking.fill(0);
    for (let key = 0; key < this.doubt.length; key += 1)
      if (this.doubt[key] !== NO_DOUBT) this.#begin(key, this.doubt[key] ?? 0, nowMs);
  }

  /** Looks at every order: what began to be awaited, what is due to be asked, what is overdue. */
  tend(nowMs: number): void {
    this.dueMs = Infinity;
    for (let key = 0; key < this.#orders.keyCount; key += 1) {
      const id = this.#orders.id[key] ?? -1;
      if (id !== this.doubtId[key]) this.#forget(key, id);
      const doubt = this.#doubtOf(key);
      if (doubt !== this.doubt[key]) this.#begin(key, doubt, nowMs);
      if (doubt === NO_DOUBT) continue;
      if ((this.alarmAtMs[key] ?? Infinity) <= nowMs) {
        this.#sink.alarm(id, ALARM_UNKNOWN_FOR_LONG);
        this.alarmAtMs[key] = nowMs + this.#patience.alarmMs;
      }
      if (this.asking[key] === 0 && (this.askAtMs[key] ?? Infinity) <= nowMs)
        this.#ask(key, doubt, nowMs);
      this.#wake(key);
    }
  }

  /** A list of open orders does not have it: ask for it by its id. */
  suspect(key: number): void {
    if (this.doubt[key] !== NO_DOUBT || this.#orders.state[key] !== ORDER_LIVE) return;
    this.suspected[key] = 1;
  }

  /** The order was looked for and not found; false when that question was not asked. */
  absent(key: number, source: number, askedMs: number): void {
    if (!this.#isAnswer(key, askedMs)) return;
    const question = this.question[key];
    if (source === SOURCE_REALTIME && question === ASK_REALTIME) this.#next(key, ASK_HISTORY);
    else if (source === SOURCE_HISTORY && question === ASK_HISTORY) this.#next(key, ASK_EXECUTIONS);
  }

  /** The order was found; what that did not settle is asked again after a while. */
  found(key: number, nowMs: number): void {
    this.suspected[key] = 0;
    if (this.asking[key] === 1) this.#again(key, nowMs);
  }

  executionsRead(key: number, nowMs: number, askedMs: number): void {
    if (!this.#isAnswer(key, askedMs) || this.question[key] !== ASK_EXECUTIONS) return;
    if (this.doubt[key] === DOUBT_EXECUTIONS) this.#again(key, nowMs);
    else this.#next(key, ASK_POSITION);
  }

  /**
   * The last witness: the order was absent everywhere, and the position holds nothing that the
   * ledger does not. Only of a round of questions that began behind the fence that says that it
   * never existed.
   */
  positionRead(key: number, nowMs: number, askedMs: number, agrees: boolean): RoundEnd {
    if (!this.#isAnswer(key, askedMs) || this.question[key] !== ASK_POSITION) return 'open';
    const absent = agrees && this.sighted[key] === 0;
    const gone = absent && this.isBehindFence(key, this.roundMs[key] ?? -Infinity);
    this.#again(key, nowMs);
    if (gone) return 'never-existed';
    return absent ? 'nothing-yet' : 'open';
  }

  /** Something of the order is on its way, or was until now: the fence counts from here. */
  fenceAnew(key: number, nowMs: number): void {
    this.sinceMs[key] = nowMs;
  }

  failed(key: number, nowMs: number): void {
    if (this.asking[key] === 0) return;
    this.asking[key] = 0;
    this.askAtMs[key] = nowMs + this.#patience.askAgainMs;
  }

  /** To a question of this round, not to one that was asked before the doubt changed. */
  #isAnswer(key: number, askedMs: number): boolean {
    return this.asking[key] === 1 && askedMs >= (this.roundMs[key] ?? Infinity);
  }

  #doubtOf(key: number): number {
    const orders = this.#orders;
    const filled = orders.filledSteps[key] ?? 0;
    switch (orders.state[key]) {
      case ORDER_NONE:
        return NO_DOUBT;
      case ORDER_SENT:
      case ORDER_CANCELLING:
        return DOUBT_REQUEST;
      case ORDER_AMENDING:
        return this.unanswered[key] === 1 ? DOUBT_AMEND : DOUBT_REQUEST;
      case ORDER_DRAINING:
        return DOUBT_EXECUTIONS;
      case ORDER_ENDING:
        return DOUBT_END;
      case ORDER_UNKNOWN:
        return DOUBT_PLACE;
      case ORDER_AWAITED:
        return isDue(orders, key) ? DOUBT_UNSIGHTED : NO_DOUBT;
      default:
        this.unanswered[key] = 0;
        if ((this.countedSteps[key] ?? 0) > filled) return DOUBT_EXECUTIONS;
        if (orders.kind[key] === KIND_MARKET) return DOUBT_MARKET;
        if (this.suspected[key] === 1) return DOUBT_GONE;
        return this.sighted[key] === 0 ? DOUBT_UNSIGHTED : NO_DOUBT;
    }
  }

  #forget(key: number, id: number): void {
    this.doubtId[key] = id;
    this.sighted[key] = 0;
    this.unanswered[key] = 0;
    this.countedSteps[key] = 0;
    this.fenced[key] = 0;
    this.suspected[key] = 0;
    this.doubt[key] = NO_DOUBT;
    this.asking[key] = 0;
  }

  #begin(key: number, doubt: number, nowMs: number): void {
    this.doubt[key] = doubt;
    this.asking[key] = 0;
    this.sinceMs[key] = nowMs;
    this.alarmAtMs[key] = doubt === NO_DOUBT ? Infinity : nowMs + this.#patience.alarmMs;
    this.question[key] = firstQuestion(this.doubt[key] ?? NO_DOUBT);
    this.askAtMs[key] = nowMs + firstWaitMs(doubt, this.unanswered[key] === 1, this.#patience);
  }

  #ask(key: number, doubt: number, nowMs: number): void {
    const orders = this.#orders;
    const id = orders.id[key] ?? -1;
    if (doubt === DOUBT_REQUEST) {
      // Nobody answered for the request: from here on it is one of the unknown ones.
      if (orders.state[key] === ORDER_AMENDING) this.unanswered[key] = 1;
      orders.advance(key, LIFE_UNKNOWN);
      this.#begin(key, this.#doubtOf(key), nowMs);
      return;
    }
    this.asking[key] = 1;
    if (this.question[key] === firstQuestion(this.doubt[key] ?? NO_DOUBT))
      this.roundMs[key] = nowMs;
    switch (this.question[key]) {
      case ASK_REALTIME:
        this.#sink.query(COMMAND_QUERY_ORDER, id, SOURCE_REALTIME);
        return;
      case ASK_HISTORY:
        this.#sink.query(COMMAND_QUERY_ORDER, id, SOURCE_HISTORY);
        return;
      case ASK_EXECUTIONS:
        this.#sink.query(COMMAND_QUERY_EXECUTIONS, id, 0);
        return;
      default:
        this.#sink.query(COMMAND_QUERY_POSITION, id, 0);
    }
  }

  #next(key: number, question: number): void {
    this.asking[key] = 0;
    this.question[key] = question;
    this.askAtMs[key] = -Infinity;
  }

  #again(key: number, nowMs: number): void {
    this.asking[key] = 0;
    this.question[key] = firstQuestion(this.doubt[key] ?? NO_DOUBT);
    this.askAtMs[key] = nowMs + this.#patience.askAgainMs;
  }

  #wake(key: number): void {
    const askAtMs = this.asking[key] === 1 ? Infinity : (this.askAtMs[key] ?? Infinity);
    this.dueMs = Math.min(this.dueMs, askAtMs, this.alarmAtMs[key] ?? Infinity);
  }
}

/** Whether an order in this state may be concluded never to have existed. */
export function mayBeFenced(state: number | undefined): boolean {
  return (
    state === ORDER_UNKNOWN ||
    state === ORDER_LIVE ||
    state === ORDER_AWAITED ||
    state === ORDER_ENDING ||
    state === ORDER_AMENDING
  );
}
