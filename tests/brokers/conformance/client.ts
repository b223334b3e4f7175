import { subscribe } from '../../../src/brokers/bybit/wire/stream-requests.ts';
import type { Bench } from './bench.ts';

export type Row = Readonly<Record<string, unknown>>;
export type Answer = { readonly retCode: number; readonly result: Row };

const TOPICS = ['order', 'execution', 'position', 'wallet'];
/** Steps of a bench, several seconds of any. */
const MOST_STEPS = 2_000;
const TIMEOUT_MS = 10_000;

let linkIds = 0;

/** What the cards say to a broker, in Bybit's own words. */
export class Client {
  readonly bench: Bench;
  #calls = 0;
  readonly #mark = Date.now().toString(36);

  constructor(bench: Bench) {
    this.bench = bench;
  }

  async subscribed(): Promise<this> {
    const { transport, inputs } = this.bench;
    const before = inputs.length;
    const since = (): typeof inputs => inputs.slice(before);
    transport.connect('private');
    await this.until('connected', () => since().some(({ t }) => t === 'open'));
    transport.send('private', { op: 'auth', req_id: 'a' });
    await this.until('authenticated', () => since().filter(({ t }) => t === 'frame').length > 0);
    transport.send('private', subscribe('s', TOPICS));
    await this.until('subscribed', () => since().filter(({ t }) => t === 'frame').length > 1);
    return this;
  }

  linkId(): string {
    linkIds += 1;
    return `bc-${this.#mark}-${linkIds}`;
  }

  /** Sends, and gives the answer's number. */
  send(method: 'GET' | 'POST', path: string, params: object = {}): number {
    this.#calls += 1;
    const whole = { category: 'linear', symbol: this.bench.instrument.symbol, ...params };
    const call = { call: this.#calls, method, path, params: whole, timeoutMs: TIMEOUT_MS };
    this.bench.transport.call(call);
    return this.#calls;
  }

  async answer(call: number): Promise<Answer> {
    const of = (): readonly unknown[] => this.answersTo(call);
    await this.until(`an answer to call ${call}`, () => of().length > 0);
    return (of()[0] as { readonly body: Answer }).body;
  }

  answersTo(call: number): readonly unknown[] {
    return this.bench.inputs.filter((input) => 'call' in input && input.call === call);
  }

  get(path: string, params: object = {}): Promise<Answer> {
    return this.answer(this.send('GET', path, params));
  }

  post(path: string, params: object): Promise<Answer> {
    return this.answer(this.send('POST', path, params));
  }

  limit(linkId: string, side: 'Buy' | 'Sell', ticks: number, more: object = {}): Promise<Answer> {
    const price = this.bench.instrument.formatPrice(ticks);
    const order = { side, orderType: 'Limit', qty: '0.002', price, orderLinkId: linkId, ...more };
    return this.post('/v5/order/create', order);
  }

  market(linkId: string, side: 'Buy' | 'Sell', more: object = {}): Promise<Answer> {
    const order = { side, orderType: 'Market', qty: '0.002', orderLinkId: linkId, ...more };
    return this.post('/v5/order/create', order);
  }

  /** Rows that the private stream has told, by topic. */
  told(topic: string): readonly Row[] {
    return this.bench.inputs.flatMap((input) => {
      const body = input.t === 'frame' ? (input.body as Row) : {};
      return body['topic'] === topic ? (body['data'] as readonly Row[]) : [];
    });
  }

  ofOrder(linkId: string): readonly Row[] {
    return this.told('order').filter((row) => row['orderLinkId'] === linkId);
  }

  executionsOf(linkId: string): readonly Row[] {
    return this.told('execution').filter((row) => row['orderLinkId'] === linkId);
  }

  async reaches(linkId: string, status: string): Promise<Row> {
    const row = (): Row | undefined => this.ofOrder(linkId).at(-1);
    await this.until(`${linkId} ${status}`, () => row()?.['orderStatus'] === status);
    return row() ?? {};
  }

  async rows(path: string, params: object = {}): Promise<readonly Row[]> {
    const { result } = await this.get(path, params);
    return result['list'] as readonly Row[];
  }

  async position(): Promise<number> {
    const [row] = await this.rows('/v5/position/list');
    return Number(row?.['size']) * (row?.['side'] === 'Sell' ? -1 : 1);
  }

  async touch(ticks: number): Promise<void> {
    if (this.bench.touch === undefined) throw new Error('nobody can move this price');
    await this.bench.touch(ticks);
  }

  async until(what: string, isSo: () => boolean): Promise<void> {
    for (let steps = 0; !isSo(); steps += 1) {
      if (steps > MOST_STEPS)
        throw new Error(`${what} did not come: ${JSON.stringify(this.bench.inputs.slice(-6))}`);
      await this.bench.pass();
    }
  }
}
