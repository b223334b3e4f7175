import type { Topic } from '../exchange/streams.ts';
import type { Body } from '../exchange/order-ask.ts';
import { plainText } from './plain-text.ts';

/** The three ways Bybit speaks on a socket, each with envelopes of its own. */
export type Dialect = 'private' | 'public' | 'trade';

/** Whoever carries the connection: knows keys, the market's topics and what time it is. */
export type StreamDesk = {
  /** What is wrong with a login; undefined for nothing. */
  refuseLogin(args: readonly unknown[]): string | undefined;
  /** False for a topic that does not exist. */
  listen(topic: string): boolean;
  forget(topic: string): void;
  nowMs(): number;
};

export type OrderOverStream = {
  readonly reqId: string;
  readonly op: string;
  readonly path: string;
  readonly params: Body;
  readonly header: Body;
};

/** What a text from the client leads to: bodies to say, or an order to carry out. */
export type Said =
  | { readonly t: 'say'; readonly body: object }
  | { readonly t: 'order'; readonly order: OrderOverStream };

const PRIVATE_TOPICS: readonly string[] = [
  'order',
  'execution',
  'execution.fast',
  'position',
  'wallet',
];
const ORDER_PATHS: Readonly<Record<string, string>> = {
  'order.create': '/v5/order/create',
  'order.amend': '/v5/order/amend',
  'order.cancel': '/v5/order/cancel',
};
const RET_WRONG_OP = 10404;
const RET_PARAMETER = 10001;
const RET_SIGN = 10004;
const RET_REPEATED_LOGIN = 20001;
const RET_REPEATED_ID = 20006;
const MOST_REQ_ID = 36;

type Frame = {
  readonly op: string;
  readonly req_id?: unknown;
  readonly reqId?: unknown;
  readonly args?: unknown;
  readonly header?: unknown;
};

/** One socket as the venue sees it: who logged in, which topics, which request ids were used. */
export class StreamConnection {
  readonly dialect: Dialect;
  readonly id: string;
  isLoggedIn = false;
  /** Subscriptions have neither an answer nor an effect. */
  isMute = false;
  readonly topics = new Set<string>();
  readonly #desk: StreamDesk;
  readonly #category: string;
  readonly #usedIds = new Set<string>();

  constructor(dialect: Dialect, id: string, category: string, desk: StreamDesk) {
    this.dialect = dialect;
    this.id = id;
    this.#category = category;
    this.#desk = desk;
  }

  receive(frame: unknown): readonly Said[] {
    if (!isFrame(frame)) return [this.#say(this.#ack('', '', 'error:invalid op'))];
    const reqId = plainText(frame.req_id ?? frame.reqId ?? '');
    switch (frame.op) {
      case 'ping':
        return [this.#say(this.#pong(reqId))];
      case 'auth':
        return [this.#say(this.#login(frame, reqId))];
      case 'subscribe':
      case 'unsubscribe':
        return this.#subscribe(frame, reqId);
      default:
        if (this.dialect === 'trade') return [this.#order(frame, reqId)];
        return [this.#say(this.#ack(frame.op, reqId, 'error:invalid op'))];
    }
  }

  /** The name under which this connection hears a private topic; undefined when it does not. */
  nameOf(topic: Topic | 'execution.fast'): string | undefined {
    if (!this.isLoggedIn) return undefined;
    if (this.topics.has(topic)) return topic;
    const categorised = `${topic}.${this.#category}`;
    return this.topics.has(categorised) ? categorised : undefined;
  }

  /** The answer to an order that came over this stream. */
  orderAnswer(order: Pick<OrderOverStream, 'reqId' | 'op'>, answer: OrderAnswer): object {
    const { retCode, retMsg, data, header } = answer;
    const { reqId, op } = order;
    return { reqId, retCode, retMsg, op, data, retExtInfo: {}, header, connId: this.id };
  }

  close(): void {
    if (this.dialect === 'public') for (const topic of this.topics) this.#desk.forget(topic);
    this.topics.clear();
  }

  #login(frame: Frame, reqId: string): object {
    const args: readonly unknown[] = Array.isArray(frame.args) ? frame.args : [];
    if (this.dialect === 'trade' && this.isLoggedIn)
      return { ...this.#tradeAck('auth', reqId, RET_REPEATED_LOGIN, 'already logged in') };
    const wrong = this.dialect === 'public' ? 'error:invalid op' : this.#desk.refuseLogin(args);
    this.isLoggedIn = wrong === undefined;
    if (this.dialect !== 'trade') return this.#ack('auth', reqId, wrong);
    return wrong === undefined
      ? this.#tradeAck('auth', reqId, 0, 'OK')
      : this.#tradeAck('auth', reqId, RET_SIGN, wrong);
  }

  #subscribe(frame: Frame, reqId: string): readonly Said[] {
    if (this.isMute) return [];
    const topics = Array.isArray(frame.args) ? frame.args.map(plainText) : [];
    const wrong =
      this.dialect === 'private' && !this.isLoggedIn
        ? 'error:not logged in'
        : frame.op === 'subscribe'
          ? this.#add(topics)
          : this.#drop(topics);
    return [this.#say(this.#ack(frame.op, reqId, wrong))];
  }

  /** All of them, or none and why. */
  #add(topics: readonly string[]): string | undefined {
    if (topics.length === 0 || this.dialect === 'trade') return 'error:invalid args';
    for (const topic of topics) {
      if (this.topics.has(topic)) return `error:already subscribed,topic:${topic}`;
      if (this.dialect === 'private' && !this.#isPrivate(topic))
        return `error:handler not found,topic:${topic}`;
    }
    if (this.dialect === 'private') {
      for (const topic of topics) this.topics.add(topic);
      return undefined;
    }
    for (const topic of topics) {
      if (!this.#desk.listen(topic)) return `error:handler not found,topic:${topic}`;
      this.topics.add(topic);
    }
    return undefined;
  }

  #drop(topics: readonly string[]): undefined {
    for (const topic of topics) {
      if (this.topics.delete(topic) && this.dialect === 'public') this.#desk.forget(topic);
    }
  }

  #isPrivate(topic: string): boolean {
    const suffix = `.${this.#category}`;
    const plain = topic.endsWith(suffix) ? topic.slice(0, -suffix.length) : topic;
    return PRIVATE_TOPICS.includes(plain);
  }

  #order(frame: Frame, reqId: string): Said {
    const path = ORDER_PATHS[frame.op];
    const refuse = (retCode: number, retMsg: string): Said =>
      this.#say(
        this.orderAnswer({ reqId, op: frame.op }, { retCode, retMsg, data: {}, header: {} }),
      );
    if (path === undefined) return refuse(RET_WRONG_OP, 'op is not one of this stream');
    if (!this.isLoggedIn) return refuse(RET_SIGN, 'not logged in');
    if (reqId.length > MOST_REQ_ID) return refuse(RET_PARAMETER, 'reqId is too long');
    if (reqId !== '' && this.#usedIds.has(reqId)) return refuse(RET_REPEATED_ID, 'reqId was used');
    const [params] = Array.isArray(frame.args) ? (frame.args as readonly unknown[]) : [];
    if (!isBody(params)) return refuse(RET_PARAMETER, 'args must hold one order');
    this.#usedIds.add(reqId);
    const header = isBody(frame.header) ? frame.header : {};
    return { t: 'order', order: { reqId, op: frame.op, path, params, header } };
  }

  #ack(op: string, reqId: string, wrong: string | undefined): object {
    if (this.dialect === 'trade') return this.#tradeAck(op, reqId, RET_PARAMETER, wrong ?? '');
    const success = wrong === undefined;
    return { success, ret_msg: wrong ?? '', conn_id: this.id, req_id: reqId, op };
  }

  #tradeAck(op: string, reqId: string, retCode: number, retMsg: string): object {
    return { reqId, retCode, retMsg, op, connId: this.id };
  }

  #pong(reqId: string): object {
    const nowMs = String(this.#desk.nowMs());
    switch (this.dialect) {
      case 'public':
        return { success: true, ret_msg: 'pong', conn_id: this.id, req_id: reqId, op: 'ping' };
      case 'private':
        return { req_id: reqId, op: 'pong', args: [nowMs], conn_id: this.id };
      case 'trade':
        return { retCode: 0, retMsg: 'OK', op: 'pong', data: [nowMs], connId: this.id };
    }
  }

  #say(body: object): Said {
    return { t: 'say', body };
  }
}

export type OrderAnswer = {
  readonly retCode: number;
  readonly retMsg: string;
  readonly data: object;
  readonly header: object;
};

function isFrame(value: unknown): value is Frame {
  return isBody(value) && typeof value['op'] === 'string';
}

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
