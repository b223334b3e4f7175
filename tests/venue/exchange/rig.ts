import { Instrument } from '../../../src/engine/instrument.ts';
import { Exchange } from '../../../src/venue/exchange/exchange.ts';
import { NO_DELAYS } from '../../../src/venue/exchange/options.ts';
import type { ExchangeOptions } from '../../../src/venue/exchange/options.ts';
import type { Envelope } from '../../../src/venue/exchange/ret-codes.ts';
import { BTCUSD, BTCUSDT } from '../../fixtures/instruments.ts';

export const START_MS = 1_700_000_000_000;
export const LINEAR = new Instrument(BTCUSDT);
export const INVERSE = new Instrument(BTCUSD);

export type Row = Record<string, string> & { positionIdx?: number };

/** An exchange at 50,000, 10x, without delays, and the calls a client makes. */
export class Rig {
  readonly exchange: Exchange;
  readonly category: string;
  readonly symbol: string;
  nowMs = START_MS;
  #links = 0;

  constructor(changes: Partial<ExchangeOptions> = {}) {
    const instrument = changes.instrument ?? LINEAR;
    this.category = instrument.spec.category;
    this.symbol = instrument.symbol;
    this.exchange = new Exchange({
      instrument,
      seed: 7,
      startMs: START_MS,
      priceTicks: 500_000,
      leverage: 10,
      capitalMoney: (instrument.inverse ? 1_000 : 1_000_000) * instrument.moneyPerUnit,
      marginMode: 'isolated',
      delays: NO_DELAYS,
      execution: { halfSpreadTicks: 0.5, slippageBps: 0, throughTicks: 1 },
      ...changes,
    });
  }

  /** A second later than anything before, so that no rate limit is met. */
  later(ms = 1_000): number {
    this.nowMs += ms;
    return this.nowMs;
  }

  post(path: string, body: Record<string, unknown>, atMs = this.later()): Envelope {
    this.nowMs = atMs;
    const { category, symbol } = this;
    return this.exchange.post(atMs, path, { category, symbol, ...body });
  }

  get(path: string, query: Record<string, unknown> = {}, atMs = this.later()): Envelope {
    this.nowMs = atMs;
    const { category, symbol } = this;
    return this.exchange.get(atMs, path, { category, symbol, ...query });
  }

  rows(path: string, query: Record<string, unknown> = {}): Row[] {
    return this.get(path, query).result['list'] as Row[];
  }

  create(body: Record<string, unknown>, atMs = this.later()): Envelope {
    this.#links += 1;
    const orderLinkId = `t-${this.#links}`;
    const usual = { orderLinkId, side: 'Buy', orderType: 'Limit', qty: '1' };
    return this.post('/v5/order/create', { ...usual, ...body }, atMs);
  }

  buy(qty: string, more: Record<string, unknown> = {}): Envelope {
    return this.create({ side: 'Buy', orderType: 'Market', qty, ...more });
  }

  price(ticks: number, markTicks = ticks, indexTicks = markTicks): void {
    this.exchange.movePrice(this.later(), ticks, markTicks, indexTicks);
  }

  /** The order as order/realtime shows it by its id. */
  order(orderLinkId: string): Row {
    const found = this.rows('/v5/order/realtime', { orderLinkId })[0];
    if (found === undefined) throw new Error(`no order ${orderLinkId}`);
    return found;
  }

  /** All frames due by now, as (topic, record). */
  frames(): { topic: string; row: Row }[] {
    const taken: { topic: string; row: Row }[] = [];
    while (this.exchange.nextFrameMs() <= this.nowMs) {
      const { topic, body } = this.exchange.takeFrame();
      for (const row of body['data'] as Row[]) taken.push({ topic, row });
    }
    return taken;
  }

  /** Statuses of an order in the order of its frames. */
  statuses(orderLinkId: string): string[] {
    return this.frames()
      .filter(({ topic, row }) => topic === 'order' && row['orderLinkId'] === orderLinkId)
      .map(({ row }) => row['orderStatus'] ?? '');
  }
}
